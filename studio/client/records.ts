/** Records over the API: the requests that lists, forms and fields make, and display names of records by id. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { nameText } from '../../metadata/contract/person-name.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Answer, Api, Query } from './api.js'

/** A record as the engine sends it: only the fields asked for, always `id`. */
export type Rec = JsonObject & { readonly id: number }

export interface RecordPage {
  readonly records: readonly Rec[]
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null
  readonly count?: number
  /** True when there are more than `count`. */
  readonly capped?: boolean
}

/** One change of a record. */
export interface HistoryEntry {
  readonly version: number
  readonly action: string
  /** RFC 3339. */
  readonly at: string
  /** Id of the user; null for the system. */
  readonly by: number | null
  /** Field key → value before and after. */
  readonly changes: Readonly<Record<string, readonly [Json, Json]>>
  /** Keys of the fields that a rule has set. */
  readonly byRule: readonly string[]
}

/** A transition that leads away from where a record is. */
export interface Offer {
  readonly name: string
  /** False: it would be refused now, whatever is sent with it. */
  readonly allowed: boolean
  /** Keys of required fields that have no value yet. */
  readonly missing: readonly string[]
  /** Why it is not allowed: `rights` or `guard`. */
  readonly reason: string | null
}

/** A record as it was, in the fields that the caller reads. */
export interface PastRecord {
  /** 0 when it was not there yet. */
  readonly version: number
  readonly archived: boolean
  readonly values: JsonObject
  /** Keys of values that the field cannot hold any more. */
  readonly unfit: readonly string[]
}

export interface ListQuery {
  readonly filter?: JsonObject
  readonly sort?: string
  readonly fields?: string
  readonly q?: string
  readonly limit?: number
  readonly cursor?: string
  readonly count?: boolean
  readonly archived?: boolean
}

/** What is asked over all records at once. */
export interface AggregateQuery {
  readonly filter?: JsonObject
  readonly q?: string
  readonly groupBy?: readonly string[]
  readonly measures?: JsonObject
  /** Names of groups and measures, a minus in front for the largest first. */
  readonly sort?: readonly string[]
  readonly limit?: number
}

const root = (entity: string): string => `/api/records/${encodeURIComponent(entity)}`

/** Requests about records. */
export class Records {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  async list(entity: string, query: ListQuery, signal?: AbortSignal): Promise<RecordPage> {
    const { body } = await this.#api.get<RecordPage>(root(entity), { query: query as Query, ...(signal && { signal }) })
    return body
  }

  /** One record with all fields that the caller reads; references are ids. `archived` asks among archived ones; `expand` names related records to come along. */
  get(entity: string, id: number, { archived = false, expand = [] }: { readonly archived?: boolean; readonly expand?: readonly string[] } = {}): Promise<Answer<Rec>> {
    return this.#api.get<Rec>(`${root(entity)}/${id}`, { query: { archived: archived || undefined, expand: expand.length === 0 ? undefined : expand.join(',') } })
  }

  create(entity: string, body: JsonObject, idempotencyKey: string): Promise<Answer<Rec>> {
    return this.#api.post<Rec>(root(entity), body, { idempotencyKey })
  }

  update(entity: string, id: number, body: JsonObject, ifMatch: string): Promise<Answer<Rec>> {
    return this.#api.patch<Rec>(`${root(entity)}/${id}`, body, { ifMatch })
  }

  /** Moves a record on by a transition of its lifecycle; the body has what that requires. */
  transit(entity: string, id: number, name: string, body: JsonObject, ifMatch: string): Promise<Answer<Rec>> {
    return this.#api.post<Rec>(`${root(entity)}/${id}/transitions/${encodeURIComponent(name)}`, body, { ifMatch })
  }

  /** What may be done with a record now. */
  async offers(entity: string, id: number): Promise<readonly Offer[]> {
    const { body } = await this.#api.get<{ readonly transitions: readonly Offer[] }>(`${root(entity)}/${id}/transitions`)
    return body.transitions
  }

  /**
   * Changes many records, all or nothing; each row has `id`, `version` and its new values, or what the transition requires. Gives
   * the new versions in the same order.
   */
  async bulkUpdate(entity: string, rows: readonly JsonObject[], dryRun: boolean, transition?: string): Promise<readonly { readonly id: number; readonly version: number }[]> {
    const { body } = await this.#api.post<{ readonly records: readonly { readonly id: number; readonly version: number }[] }>(`${root(entity)}/bulk`, { update: rows, ...(transition !== undefined && { transition }) }, { query: { dryRun } })
    return body.records
  }

  /** Groups with their measures, in the order of their keys. */
  async aggregate(entity: string, query: AggregateQuery, signal?: AbortSignal): Promise<readonly JsonObject[]> {
    const { body } = await this.#api.post<{ readonly groups: readonly JsonObject[] }>(`${root(entity)}/aggregate`, query, signal === undefined ? {} : { signal })
    return body.groups
  }

  archive(entity: string, id: number): Promise<Answer<Json>> {
    return this.#api.delete(`${root(entity)}/${id}`)
  }

  restore(entity: string, id: number): Promise<Answer<Json>> {
    return this.#api.post(`${root(entity)}/${id}/restore`, {})
  }

  /** Newest first. */
  async history(entity: string, id: number): Promise<readonly HistoryEntry[]> {
    const { body } = await this.#api.get<{ readonly entries: readonly HistoryEntry[] }>(`${root(entity)}/${id}/history`)
    return body.entries
  }

  /** What rules would set if a record were saved as it is typed; of one that is stored only what differs is sent. */
  async wouldSet(entity: string, values: JsonObject, id: number | null, signal: AbortSignal): Promise<JsonObject> {
    const { body } = await this.#api.post<{ readonly set: JsonObject }>(`${root(entity)}/rules`, { values, ...(id === null ? {} : { id }) }, { signal })
    return body.set
  }

  /** The record as it was in a version. */
  async past(entity: string, id: number, version: number): Promise<PastRecord> {
    const { body } = await this.#api.get<PastRecord>(`${root(entity)}/${id}/history`, { query: { version } })
    return body
  }

  /** Address of a CSV with what a list shows. */
  exportAddress(entity: string, query: ListQuery, format: ExportFormat): string {
    return this.#api.address(`${root(entity)}/export`, { ...(query as Query), format })
  }
}

/** Formats of exported files. */
export const exportFormats = ['xlsx', 'csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** Key of the field whose value names a record of an entity. */
export const displayKey = (entity: UiEntity | undefined): string => entity?.display ?? 'id'

/** How a record is called, as it is stored. What is shown is made of it by `fields/name-of.ts`. */
export function storedName(entity: UiEntity | undefined, record: JsonObject): string {
  const value = record[displayKey(entity)]
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number' && displayKey(entity) !== 'id') return String(value)
  if (isObject(value)) return nameText(value) || `#${Number(record['id'])}`
  return `#${Number(record['id'])}`
}

/** Names of records by id, asked for together and kept while the page is open. */
export class Names {
  readonly #records: Records
  readonly #known = new Map<string, Promise<string>>()
  readonly #waiting = new Map<string, Map<number, (name: string) => void>>()
  /** The model to read display fields from; set by the shell. */
  model: UiModel | null = null

  constructor(records: Records) {
    this.#records = records
  }

  /** Tells a name that came with another answer. */
  learn(entity: string, id: number, name: string): void {
    this.#known.set(`${entity}/${id}`, Promise.resolve(name))
  }

  forget(entity: string, id: number): void {
    this.#known.delete(`${entity}/${id}`)
  }

  /** The name of a record; `#12` when the caller may not read it. */
  of(entity: string, id: number): Promise<string> {
    const key = `${entity}/${id}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const asked = new Promise<string>((resolve) => {
      const batch = this.#waiting.get(entity)
      if (batch !== undefined) {
        batch.set(id, resolve)
        return
      }
      this.#waiting.set(entity, new Map([[id, resolve]]))
      queueMicrotask(() => void this.#ask(entity))
    })
    this.#known.set(key, asked)
    return asked
  }

  async #ask(entity: string): Promise<void> {
    const batch = this.#waiting.get(entity) ?? new Map<number, (name: string) => void>()
    this.#waiting.delete(entity)
    const target = this.model?.entities[entity]
    const names = new Map<number, string>()
    try {
      const ids = [...batch.keys()]
      const page = await this.#records.list(entity, { filter: { id: { $in: ids } }, fields: displayKey(target), limit: Math.min(500, ids.length) })
      for (const record of page.records) names.set(record.id, storedName(target, record))
    } catch {
      // The caller may see the link and not the record behind it: the number is all there is to show.
    }
    for (const [id, resolve] of batch) resolve(names.get(id) ?? `#${id}`)
  }
}
