/** What the engine says about an import, and what the screens conclude from it. Pure. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import { ApiProblem } from '../client/problem.js'
import { recentRate, type Look } from '../ui/time-left.js'

export interface ImportColumn {
  readonly column: number
  readonly field: string
  readonly by: string
}

export interface ImportReading {
  readonly format: 'csv' | 'xlsx'
  readonly header: number
  readonly encoding?: string
  readonly separator?: string
  readonly quote?: string
  readonly sheet?: string
}

/** How the author of the file writes days, numbers and times. */
export interface ImportHabits {
  readonly dates: 'ymd' | 'dmy' | 'mdy'
  readonly decimal: '.' | ','
  readonly timeZone: string
}

export const likenesses = ['create', 'skip', 'update'] as const
/** What becomes of a row that looks like a record that is there. */
export type Likeness = (typeof likenesses)[number]

/** What a row looks like: a record, or an earlier row of the file. */
export interface Alike {
  readonly row: number
  readonly id: number | null
  readonly earlier: number | null
  readonly title: string
  readonly fields: readonly string[]
}

export type ImportMode = 'create' | 'update' | 'upsert'

/** A problem that is part of an answer. */
export interface ToldProblem extends JsonObject {
  readonly code: string
  readonly title: string
  readonly detail: string
}

export interface Job {
  readonly id: number
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly done: number
  readonly total: number | null
  readonly error: ToldProblem | null
  readonly startedAt: string | null
  readonly endedAt: string | null
}

export interface Counts {
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly alike: number
  readonly skipped: number
  readonly rejected: number
}

export interface RowProblem {
  /** Title of the column; '' for the row as a whole. */
  readonly column: string
  readonly code: string
  readonly params?: Readonly<Record<string, string | number>>
  /** JSON Pointer into the record. */
  readonly path?: string
  /** In English. */
  readonly message: string
}

export interface Imported {
  readonly id: number
  readonly entity: string
  readonly fileName: string
  readonly bytes: number
  readonly settings: { readonly reading: ImportReading; readonly habits: ImportHabits; readonly mode: ImportMode; readonly key: string | null; readonly columns: readonly ImportColumn[]; readonly alike: Likeness }
  readonly titles: readonly string[]
  readonly sheets: readonly string[]
  /** Fields by which a record can be found. */
  readonly keys: readonly string[]
  readonly check: Job | null
  readonly checked: (Counts & { readonly shown: readonly { readonly row: number; readonly problems: readonly RowProblem[] }[]; readonly shownAlike: readonly Alike[] }) | null
  readonly job: Job | null
  readonly result: Counts | null
  readonly undo: Job | null
  readonly undone: { readonly removed: number; readonly restored: number; /** Missing, as `partlyIds`, in what an earlier engine undid. */ readonly partly?: number; readonly partlyIds?: readonly number[]; readonly kept: number; readonly keptIds: readonly number[] } | null
  readonly createdAt: string
}

export interface Preview {
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[]; readonly problems: readonly RowProblem[] }[]
  readonly alike: readonly Alike[]
  readonly incomplete: ToldProblem | null
}

export const isGoingOn = (job: Job | null): boolean => job !== null && (job.state === 'waiting' || job.state === 'running')

/** True while something happens that the page should follow. */
export const isBusy = ({ check, job, undo }: Imported): boolean => [check, job, undo].some(isGoingOn)

/** Duplicate rules of which every field has a column: no other one can find anything. */
export const comparedRules = ({ duplicates = [] }: UiEntity, { mode, columns }: Imported['settings']): readonly (readonly string[])[] =>
  mode === 'update' ? [] : duplicates.filter((rule) => rule.every((key) => columns.some(({ field }) => field === key)))

/** Fields that a column may go to. */
export function targets(entity: UiEntity, mode: ImportMode, keys: readonly string[]): readonly UiField[] {
  return entity.fields.filter((field) => (mode !== 'update' && field.createable) || (mode !== 'create' && (field.updateable || keys.includes(field.key))))
}

/** The columns after one of them was sent elsewhere; a field takes one column at most. */
export function withColumn(columns: readonly ImportColumn[], column: number, field: string, by: string): readonly ImportColumn[] {
  const others = columns.filter((one) => one.column !== column && (field === '' || one.field !== field))
  return field === '' ? others : [...others, { column, field, by }].toSorted((a, b) => a.column - b.column)
}

/** Before that nobody can say how long it takes: the first rows are written much faster than the rest. */
const estimateAfterSeconds = 5

/**
 * Rows a second so far, and seconds that are left: by the pace of all or of the latest rows, whichever is slower. `secondsLeft` is
 * null when it is over or nobody can say yet.
 */
export function pace(job: Job, now: number, looks: readonly Look[] = []): { readonly rate: number; readonly secondsLeft: number | null } | null {
  if (job.startedAt === null || job.done === 0) return null
  const end = job.endedAt === null ? now : Date.parse(job.endedAt)
  const seconds = Math.max(0.001, (end - Date.parse(job.startedAt)) / 1000)
  const rate = job.done / seconds
  const slower = Math.min(rate, recentRate(looks, { at: now, done: job.done }) ?? rate)
  const known = job.total !== null && !isOver(job) && seconds >= estimateAfterSeconds && slower > 0
  return { rate, secondsLeft: known ? Math.max(0, ((job.total ?? 0) - job.done) / slower) : null }
}

const isOver = (job: Job): boolean => !isGoingOn(job)

/** A problem of an answer as one that was thrown, so that it is said in the same words. */
export const asThrown = ({ code, title, ...body }: ToldProblem): ApiProblem => new ApiProblem(0, code, title, body)
