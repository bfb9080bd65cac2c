/**
 * One field of many records: a look at what would happen, the change itself, and the way back. The engine takes some
 * hundred rows at a time, all or nothing; what it refuses is set aside by row, so that the others go through.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { hasText, t } from '../../client/i18n.js'
import { ApiProblem } from '../../client/problem.js'
import type { ListQuery, Rec, Records } from '../../client/records.js'

/** Most records that one bulk change takes: more is an import's work. */
export const targetsMax = 10_000
/** Rows of one request: few enough that progress is seen and nobody waits long for the writer. */
const chunkRows = 200
/** Largest page of the engine. */
const pageRows = 500

/** A record as it was when the person looked. */
export interface Target {
  readonly id: number
  readonly version: number
  readonly record: Rec
  readonly before: Json
}

export interface Refusal {
  readonly target: Target
  readonly message: string
}

export interface Outcome {
  readonly changed: readonly Target[]
  readonly refused: readonly Refusal[]
}

/** Told how many rows are behind us. */
export type Progress = (done: number) => void

/** Reads the records that are meant, at most `targetsMax`: those with these ids, or all that the list shows. */
export async function gather(records: Records, entity: string, which: { readonly ids: readonly number[] } | { readonly query: ListQuery }, fields: readonly string[], key: string): Promise<readonly Target[]> {
  const wanted = [...new Set(['version', ...fields, key])].join(',')
  const targets: Target[] = []
  const add = (page: readonly Rec[]): void => {
    for (const record of page) targets.push({ id: record.id, version: Number(record['version']), record, before: record[key] ?? null })
  }
  if ('ids' in which) {
    for (let from = 0; from < which.ids.length; from += pageRows) {
      const ids = which.ids.slice(from, from + pageRows)
      add((await records.list(entity, { filter: { id: { $in: ids } }, fields: wanted, limit: pageRows })).records)
    }
    return targets
  }
  let cursor: string | null | undefined
  while (cursor !== null && targets.length < targetsMax) {
    const page = await records.list(entity, { ...which.query, fields: wanted, limit: pageRows, ...(cursor === undefined ? {} : { cursor }) })
    add(page.records)
    cursor = page.next
  }
  return targets.slice(0, targetsMax)
}

/** What setting the field would do; nothing is changed. Records that have the value already are left out. */
export const look = (records: Records, entity: string, key: string, value: Json, targets: readonly Target[], progress: Progress): Promise<Outcome> =>
  inChunks(targets.filter(({ before }) => JSON.stringify(before) !== JSON.stringify(value)), progress, (chunk) => sent(records, entity, chunk, () => ({ [key]: value }), true))

/** Sets the field; records that somebody changed since the look are refused. Gives the records with their new versions. */
export const change = (records: Records, entity: string, key: string, value: Json, targets: readonly Target[], progress: Progress): Promise<Outcome> =>
  inChunks(targets, progress, (chunk) => sent(records, entity, chunk, () => ({ [key]: value }), false))

/** Gives each record its old value back, where nobody changed it since. */
export const takeBack = (records: Records, entity: string, key: string, changed: readonly Target[], progress: Progress): Promise<Outcome> =>
  inChunks(changed, progress, (chunk) => sent(records, entity, chunk, ({ before }) => ({ [key]: before }), false))

/** Moves the records on, each with what it lacks of the required values; in a dry run nothing is changed. */
export const transitAll = (records: Records, entity: string, transition: string, values: (target: Target) => JsonObject, targets: readonly Target[], dryRun: boolean, progress: Progress): Promise<Outcome> =>
  inChunks(targets, progress, (chunk) => sent(records, entity, chunk, values, dryRun, transition))

async function inChunks(targets: readonly Target[], progress: Progress, work: (chunk: readonly Target[]) => Promise<Outcome>): Promise<Outcome> {
  const changed: Target[] = []
  const refused: Refusal[] = []
  for (let from = 0; from < targets.length; from += chunkRows) {
    const chunk = targets.slice(from, from + chunkRows)
    const outcome = await work(chunk)
    changed.push(...outcome.changed)
    refused.push(...outcome.refused)
    progress(from + chunk.length)
  }
  return { changed, refused }
}

/** One chunk: rows that are refused are set aside, and the rest is sent again until it goes through. */
async function sent(records: Records, entity: string, chunk: readonly Target[], values: (target: Target) => JsonObject, dryRun: boolean, transition?: string): Promise<Outcome> {
  const refused: Refusal[] = []
  let left = chunk
  while (left.length > 0) {
    try {
      const done = await records.bulkUpdate(entity, left.map((target) => ({ id: target.id, version: target.version, ...values(target) })), dryRun, transition)
      return { changed: dryRun ? left : left.map((target, index) => ({ ...target, version: done[index]?.version ?? target.version })), refused }
    } catch (thrown) {
      const rows = thrown instanceof ApiProblem ? refusedRows(thrown) : new Map<number, string>()
      if (rows.size === 0) throw thrown
      for (const [row, message] of rows) {
        const target = left[row]
        if (target !== undefined) refused.push({ target, message })
      }
      left = left.filter((_, row) => !rows.has(row))
    }
  }
  return { changed: [], refused }
}

/** Row → why, for problems that name rows. */
function refusedRows(problem: ApiProblem): ReadonlyMap<number, string> {
  const rows = new Map<number, string>()
  for (const { path, code, message } of problem.problems) {
    const own = `refused.${code}`
    const row = /^\/update\/(\d+)(?:\/|$)/.exec(path)?.[1]
    if (row !== undefined && !rows.has(Number(row))) rows.set(Number(row), hasText(own) ? t(own, { message }) : message)
  }
  return rows
}
