/** Records that may be the same: the requests, and their answers in the shape that screens show. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Api } from './api.js'

export interface Alike {
  readonly id: number
  readonly title: string
  /** Keys of the fields that agree. */
  readonly fields: readonly string[]
  readonly score: number
}

export interface AlikePair {
  readonly a: { readonly id: number; readonly title: string; readonly values: JsonObject }
  readonly b: { readonly id: number; readonly title: string; readonly values: JsonObject }
  readonly fields: readonly string[]
  readonly score: number
}

export interface Pairs {
  readonly pairs: readonly AlikePair[]
  readonly next: string | null
  /** All changes until then are considered (RFC 3339); null while the engine looks at more. */
  readonly asOf: string | null
  /** Records that were looked at while all are being searched; null when they were. */
  readonly searched: number | null
}

export interface Merged {
  readonly merge: number | null
  readonly moved: readonly { readonly entity: string; readonly count: number }[]
}

const root = (entity: string): string => `/api/records/${encodeURIComponent(entity)}`

/** What may be the same as the values that stand in a form. */
export async function alike(api: Api, entity: string, values: JsonObject, id: number | null, signal: AbortSignal): Promise<readonly Alike[]> {
  const { body } = await api.post<{ readonly duplicates: readonly Alike[] }>(`${root(entity)}/duplicates`, { values, ...(id === null ? {} : { id }) }, { signal })
  return body.duplicates
}

export async function pairs(api: Api, entity: string, cursor: string | null, signal: AbortSignal): Promise<Pairs> {
  const { body } = await api.get<Pairs>(`${root(entity)}/duplicates`, { query: cursor === null ? {} : { cursor }, signal })
  return body
}

export const distinct = (api: Api, entity: string, ids: readonly number[]): Promise<unknown> => api.post(`${root(entity)}/duplicates/distinct`, { ids })

/** `dryRun` tells what would move. */
export async function merge(api: Api, entity: string, sent: { readonly survivor: number; readonly others: readonly number[]; readonly values: Readonly<Record<string, number>> }, dryRun: boolean): Promise<Merged> {
  const { body } = await api.post<Merged>(`${root(entity)}/merge${dryRun ? '?dryRun=true' : ''}`, { ...sent })
  return body
}

/** A merge that was done. */
export interface DoneMerge {
  readonly id: number
  readonly survivor: { readonly id: number; readonly title: string }
  readonly others: readonly { readonly id: number; readonly title: string | null }[]
  /** RFC 3339. */
  readonly at: string
  readonly undone: boolean
}

/** The newest first. @param before the `next` of the page before */
export const merges = async (api: Api, entity: string, before: number | null): Promise<{ readonly merges: readonly DoneMerge[]; readonly next: number | null }> =>
  (await api.get<{ readonly merges: readonly DoneMerge[]; readonly next: number | null }>(`${root(entity)}/merges`, { query: before === null ? {} : { before: String(before) } })).body

export const unmerge = (api: Api, entity: string, id: number): Promise<unknown> => api.post(`${root(entity)}/unmerge`, { merge: id })
