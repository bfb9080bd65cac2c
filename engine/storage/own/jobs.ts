/**
 * Work that outlives a request. A job is one row; whoever works on it holds it until `due_at` and is fenced by
 * `revision`: each unit of its work counts it up, so that a worker who was overtaken can write nothing more.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'

export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

export interface NewJob {
  /** Name of a registered kind. */
  readonly kind: string
  readonly input: JsonObject
  /** What may be told of it to its owner and to administrators: names of things, never values of records. */
  readonly about?: JsonObject
  /** User id; null for the system. */
  readonly owner: number | null
  /** While a job with this key is waiting or running there is no second one. */
  readonly key?: string
  /** Name of the working folder that its files are in: only processes with that folder take it. Absent: any process does. */
  readonly place?: string
  /** Earliest moment; at once when absent. */
  readonly dueAt?: Date
}

export interface Job {
  readonly id: number
  readonly kind: string
  readonly input: JsonObject
  readonly about: JsonObject
  readonly state: JobState
  /** As the last unit left it; null before the first. */
  readonly checkpoint: JsonObject | null
  readonly done: number
  /** Null while nobody knows. */
  readonly total: number | null
  readonly owner: number | null
  /** Why it failed, as it may be shown. */
  readonly error: JsonObject | null
  /** Times it was taken since it last came forward. */
  readonly attempts: number
  readonly revision: number
  /** RFC 3339. */
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** How far a job is, as a unit of its work leaves it. */
export interface JobProgress {
  readonly checkpoint: JsonObject
  readonly done: number
  readonly total: number | null
}

/** Who holds a job. */
export interface JobHold {
  readonly id: number
  readonly runner: string
  readonly revision: number
}

const columns = 'id, kind, input, about, state, checkpoint, done, total, owner, error, attempts, revision, created_at, started_at, ended_at'

/** Adds a job in the unit that needs it. @returns its id; null when one with the same key is not over yet */
export async function addJob(tx: Executor, job: NewJob, at: Date): Promise<number | null> {
  const json = codec(tx.dialect, { kind: 'json' }).encode
  const [row] = await tx.all(
    `INSERT INTO tessera_job (kind, input, about, state, done, owner, job_key, place, attempts, revision, created_at, due_at)
     VALUES (?, ?, ?, 'waiting', 0, ?, ?, ?, 0, 0, ?, ?) ON CONFLICT (job_key) WHERE state IN ('waiting', 'running') DO NOTHING RETURNING id`,
    [job.kind, json(job.input), json(job.about ?? {}), job.owner, job.key ?? null, job.place ?? null, moment(tx, at), moment(tx, job.dueAt ?? at)],
  )
  return row === undefined ? null : Number(row['id'])
}

/**
 * Takes the oldest job that is due: a new one, or one whose worker let its time pass. Never one that somebody else is
 * taking or writing to at this moment.
 */
export async function takeJob(tx: Executor, kinds: readonly string[], places: readonly string[], runner: string, at: Date, until: Date): Promise<Job | null> {
  const free = tx.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const [row] = await tx.all(
    `UPDATE tessera_job SET state = 'running', runner = ?, due_at = ?, revision = revision + 1, attempts = attempts + 1, started_at = coalesce(started_at, ?)
     WHERE id = (SELECT id FROM tessera_job WHERE state IN ('waiting', 'running') AND due_at <= ? AND kind IN (${kinds.map(() => '?').join(', ')})
       AND (place IS NULL${places.map(() => ' OR place = ?').join('')}) ORDER BY due_at, id LIMIT 1${free}) RETURNING ${columns}`,
    [runner, moment(tx, until), moment(tx, at), moment(tx, at), ...kinds, ...places],
  )
  return row === undefined ? null : toJob(tx, row)
}

/** Cheap look before `takeJob`, which takes the writing connection. */
export async function jobDue(x: Executor, at: Date): Promise<boolean> {
  return (await x.all("SELECT 1 AS due FROM tessera_job WHERE state IN ('waiting', 'running') AND due_at <= ? LIMIT 1", [moment(x, at)])).length > 0
}

/** First thing in a unit of work: true when the job is still held. Nobody else takes it until the unit ends. */
export async function holdJob(tx: Executor, hold: JobHold, until: Date): Promise<boolean> {
  return (await tx.run("UPDATE tessera_job SET revision = revision + 1, due_at = ? WHERE id = ? AND runner = ? AND revision = ? AND state = 'running'", [moment(tx, until), hold.id, hold.runner, hold.revision])) === 1
}

/** Last thing in a unit of work, after `holdJob`. */
export async function noteJob(tx: Executor, id: number, { checkpoint, done, total }: JobProgress): Promise<void> {
  await tx.run('UPDATE tessera_job SET checkpoint = ?, done = ?, total = ?, attempts = 0 WHERE id = ?', [codec(tx.dialect, { kind: 'json' }).encode(checkpoint), done, total, id])
}

/** Between two units: says that the worker is alive. False when the job is no longer its. */
export async function renewJob(tx: Executor, { id, runner }: JobHold, until: Date): Promise<boolean> {
  return (await tx.run("UPDATE tessera_job SET due_at = ? WHERE id = ? AND runner = ? AND state = 'running'", [moment(tx, until), id, runner])) === 1
}

/** Gives a job back: somebody goes on with it from `dueAt` on. */
export async function releaseJob(tx: Executor, hold: JobHold, dueAt: Date, attempts?: number): Promise<void> {
  await tx.run(
    "UPDATE tessera_job SET state = 'waiting', runner = NULL, due_at = ?, revision = revision + 1, attempts = coalesce(?, attempts) WHERE id = ? AND runner = ? AND revision = ? AND state = 'running'",
    [moment(tx, dueAt), attempts ?? null, hold.id, hold.runner, hold.revision],
  )
}

/** What a starting process on SQLite does, where nobody else can be at work: what the last one held is free. */
export async function releaseAll(tx: Executor, at: Date): Promise<void> {
  await tx.run("UPDATE tessera_job SET state = 'waiting', runner = NULL, due_at = ?, revision = revision + 1 WHERE state = 'running'", [moment(tx, at)])
}

/** Ends a job that is held. False when it no longer is. */
export async function endJob(tx: Executor, hold: JobHold, state: 'done' | 'failed', error: JsonObject | null, at: Date): Promise<boolean> {
  const json = codec(tx.dialect, { kind: 'json' }).encode
  const changed = await tx.run("UPDATE tessera_job SET state = ?, runner = NULL, error = ?, ended_at = ?, revision = revision + 1 WHERE id = ? AND runner = ? AND revision = ? AND state = 'running'", [
    state, json(error), moment(tx, at), hold.id, hold.runner, hold.revision,
  ])
  return changed === 1
}

/** Cancels a job that is not over; its worker stops before its next unit. False when it is over. */
export async function cancelJob(tx: Executor, id: number, at: Date): Promise<boolean> {
  return (await tx.run("UPDATE tessera_job SET state = 'cancelled', runner = NULL, ended_at = ?, revision = revision + 1 WHERE id = ? AND state IN ('waiting', 'running')", [moment(tx, at), id])) === 1
}

/** Lets a job that failed or was cancelled go on where it stood. False when it is neither, or another one with its key is at work. */
export async function resumeJob(tx: Executor, id: number, at: Date): Promise<boolean> {
  const changed = await tx.run("UPDATE tessera_job SET state = 'waiting', error = NULL, ended_at = NULL, attempts = 0, due_at = ?, revision = revision + 1 WHERE id = ? AND state IN ('failed', 'cancelled') AND NOT EXISTS (SELECT 1 FROM tessera_job other WHERE other.job_key = tessera_job.job_key AND other.state IN ('waiting', 'running'))", [moment(tx, at), id])
  return changed === 1
}

export async function jobById(x: Executor, id: number): Promise<Job | null> {
  const [row] = await x.all(`SELECT ${columns} FROM tessera_job WHERE id = ?`, [id])
  return row === undefined ? null : toJob(x, row)
}

/** Jobs of a kind that are not over, the oldest first. */
export async function activeJobs(x: Executor, kind: string): Promise<readonly Job[]> {
  return (await x.all(`SELECT ${columns} FROM tessera_job WHERE state IN ('waiting', 'running') AND kind = ? ORDER BY id`, [kind])).map((row) => toJob(x, row))
}

/** Newest first. `owner` undefined: everybody's. */
export async function listJobs(x: Executor, question: { readonly owner?: number | null; readonly limit: number }): Promise<readonly Job[]> {
  const mine = question.owner !== undefined
  const rows = await x.all(`SELECT ${columns} FROM tessera_job${mine ? ' WHERE owner = ?' : ''} ORDER BY id DESC LIMIT ${String(question.limit)}`, mine ? [question.owner] : [])
  return rows.map((row) => toJob(x, row))
}

/** How many jobs are in each state, and how many nobody has come forward with since `before`: they should have been taken. */
export async function countJobs(x: Executor, before: Date): Promise<{ readonly states: Readonly<Record<JobState, number>>; readonly stuck: number }> {
  const rows = await x.all("SELECT state, count(*) AS n, sum(CASE WHEN state IN ('waiting', 'running') AND due_at < ? THEN 1 ELSE 0 END) AS stuck FROM tessera_job GROUP BY state", [moment(x, before)])
  const byState = new Map(rows.map((row) => [String(row['state']), Number(row['n'])]))
  const states = Object.fromEntries(jobStates.map((state) => [state, byState.get(state) ?? 0])) as Record<JobState, number> // one member for each state
  return { states, stuck: rows.reduce((sum, row) => sum + Number(row['stuck']), 0) }
}

const moment = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())

function toJob(x: Executor, row: Row): Job {
  const instant = (name: string): string | null => codec(x.dialect, { kind: 'instant' }).decode(row[name]) as string | null // what the codec gives for an instant
  const json = (name: string): Json => codec(x.dialect, { kind: 'json' }).decode(row[name])
  return {
    id: Number(row['id']),
    kind: String(row['kind']),
    input: json('input') as JsonObject, // written by addJob
    about: json('about') as JsonObject, // written by addJob
    state: row['state'] as JobState,
    checkpoint: json('checkpoint') as JsonObject | null, // written by noteJob
    done: Number(row['done']),
    total: row['total'] === null ? null : Number(row['total']),
    owner: row['owner'] === null ? null : Number(row['owner']),
    error: json('error') as JsonObject | null, // written by endJob
    attempts: Number(row['attempts']),
    revision: Number(row['revision']),
    createdAt: instant('created_at') ?? '',
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  }
}
