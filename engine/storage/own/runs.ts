/**
 * Runs of workflows. A run is one row; whoever moves it holds it until `due_at` and is fenced by `revision`, as with jobs. What
 * happens for a run meanwhile goes into its inbox, so that nobody overwrites anything.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec, quote } from '../dialect.js'
import { rowsMost, rowsParameter, rowsSource } from '../queries/rows.js'

/** Statuses of runs that are not over and not stopped. */
const active = "('pending', 'running', 'waiting')"

export interface NewRun {
  /** Name of the document of definitions. */
  readonly workflow: string
  /** The version that the document gives itself. */
  readonly version: string | null
  /** Version of the definitions: the run keeps to it. */
  readonly definitions: number
  readonly input: Json
  /** User id; null: it began by itself. */
  readonly starter: number | null
  /** Identity of the entity, and the record that it is about. */
  readonly entity: string | null
  readonly recordId: number | null
  /** There is no second run with the same cause. */
  readonly cause: string | null
  /** How many runs stand between this one and a person or a moment. */
  readonly depth: number
  /** The run and the step that wait for it. */
  readonly parent: { readonly run: number; readonly seq: number } | null
  readonly status: 'pending' | 'faulted'
  readonly document: JsonObject
}

export interface StoredRun extends Omit<NewRun, 'status' | 'cause'> {
  readonly id: number
  readonly status: string
  readonly attempts: number
  readonly revision: number
  /** RFC 3339. */
  readonly createdAt: string
  readonly endedAt: string | null
  readonly dueAt: string | null
}

/** Who holds a run. */
export interface RunHold {
  readonly id: number
  readonly runner: string
  readonly revision: number
}

const columns = 'id, workflow, version, definitions, status, starter, entity, record_id, depth, parent_id, parent_seq, input, document, attempts, revision, created_at, ended_at, due_at'

const added = ['text', 'text', 'integer', 'text', 'integer', 'text', 'integer', 'text', 'integer', 'integer', 'integer', 'text', 'text', 'instant', 'instant', 'instant'] as const

type AddedRow = readonly unknown[]

function rowsOf(x: Executor, runs: readonly NewRun[], at: Date): readonly AddedRow[] {
  const now = moment(x, at)
  return runs.map((run) => {
    const over = run.status === 'faulted'
    return [run.workflow, run.version, run.definitions, run.status, run.starter, run.entity, run.recordId, run.cause, run.depth, run.parent?.run ?? null, run.parent?.seq ?? null, JSON.stringify(run.input), JSON.stringify(run.document), now, over ? now : null, over ? null : now]
  })
}

/** @returns ids of those that were not there, in no order */
async function insertRuns(tx: Executor, rows: readonly AddedRow[]): Promise<readonly number[]> {
  const { cells, from } = rowsSource(tx.dialect, added)
  const sql = `INSERT INTO tessera_run (workflow, version, definitions, status, starter, entity, record_id, cause, depth, parent_id, parent_seq, input, document, created_at, ended_at, due_at, attempts, revision)
     SELECT ${cells.join(', ')}, 0, 0 FROM ${from} WHERE TRUE ON CONFLICT (cause) DO NOTHING RETURNING id`
  const ids: number[] = []
  for (let start = 0; start < rows.length; start += rowsMost) ids.push(...(await tx.all(sql, [rowsParameter(rows.slice(start, start + rowsMost))])).map((row) => Number(row['id'])))
  return ids
}

const flushRuns = async (tx: Executor, rows: readonly AddedRow[]): Promise<void> => void (await insertRuns(tx, rows))

/** Adds a run, unless there is one with the same cause. @returns its id */
export const addRun = async (tx: Executor, run: NewRun, at: Date): Promise<number | undefined> => (await insertRuns(tx, rowsOf(tx, [run], at)))[0]

/** Adds runs whose ids nobody asks for, at the end of the unit; of those with the cause of one that is there none. */
export async function addRuns(tx: Executor, runs: readonly NewRun[], at: Date): Promise<void> {
  if (tx.later === undefined) await flushRuns(tx, rowsOf(tx, runs, at))
  else tx.later(flushRuns, rowsOf(tx, runs, at))
}

/** The run that a cause began; null when there is none (any more). */
export async function runOfCause(x: Executor, cause: string): Promise<number | null> {
  const [row] = await x.all('SELECT id FROM tessera_run WHERE cause = ?', [cause])
  return row === undefined ? null : Number(row['id'])
}

/** Cheap look before `takeRuns`, which takes the writing connection. */
export const runsDue = async (x: Executor, at: Date): Promise<boolean> =>
  (await x.all(`SELECT 1 AS due FROM tessera_run WHERE due_at <= ? AND status IN ${active} LIMIT 1`, [moment(x, at)])).length > 0

/** Takes those that are due, the longest waiting first; never one that somebody else is taking at this moment. */
export async function takeRuns(tx: Executor, runner: string, at: Date, until: Date, most: number): Promise<readonly StoredRun[]> {
  const free = tx.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const rows = await tx.all(
    `UPDATE tessera_run SET runner = ?, due_at = ?, revision = revision + 1, attempts = attempts + 1
     WHERE id IN (SELECT id FROM tessera_run WHERE due_at <= ? AND status IN ${active} ORDER BY due_at, id LIMIT ${String(most)}${free}) RETURNING ${columns}`,
    [runner, moment(tx, until), moment(tx, at)],
  )
  return rows.map((row) => toRun(tx, row))
}

/** First thing in a unit of work on runs: gives those that are still held, and keeps everybody else from them until the unit ends. */
export async function holdRuns(tx: Executor, runner: string, holds: readonly Pick<RunHold, 'id' | 'revision'>[]): Promise<ReadonlySet<number>> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer'])
  // On SQLite a unit excludes every other one, so there is nothing to lock.
  const locked = tx.dialect === 'postgres' ? ' ORDER BY id FOR UPDATE' : ''
  const rows = await tx.all(
    `SELECT id FROM tessera_run WHERE runner = ? AND status IN ${active} AND (id, revision) IN (SELECT ${cells.join(', ')} FROM ${from})${locked}`,
    [runner, rowsParameter(holds.map(({ id, revision }) => [id, revision]))],
  )
  return new Set(rows.map((row) => Number(row['id'])))
}

/** Between two units: says that the worker is alive. Runs that a unit is moving at this moment are left to it. */
export async function renewRuns(tx: Executor, runner: string, ids: readonly number[], until: Date): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer'])
  const free = tx.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  await tx.run(
    `UPDATE tessera_run SET due_at = ${typedMoment(tx)} WHERE id IN (SELECT id FROM tessera_run WHERE runner = ? AND status IN ${active} AND id IN (SELECT ${cells.join(', ')} FROM ${from})${free})`,
    [moment(tx, until), runner, rowsParameter(ids.map((id) => [id]))],
  )
}

/** How a run stands after a unit of work on it. */
export interface RunStanding {
  readonly id: number
  readonly status: string
  readonly document: JsonObject
  readonly ended: Date | null
  /** `{ due }`: it is given back until then (null: for good), or at once when something came for it meanwhile. null: it stays held. */
  readonly released: { readonly due: Date | null } | null
}

/** Keeps how runs stand, those that stay held until `until`; after `holdRuns`, in the same unit. */
export async function keepRuns(tx: Executor, standings: readonly RunStanding[], now: Date, until: Date): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'text', 'text', 'instant', 'integer', 'instant'])
  const kept = standings.map((one) => [one.id, one.status, JSON.stringify(one.document), one.ended === null ? null : moment(tx, one.ended), one.released === null ? 0 : 1, one.released === null || one.released.due === null ? null : moment(tx, one.released.due)])
  await tx.run(
    `WITH kept (id, status, document, ended, released, due) AS (SELECT ${cells.join(', ')} FROM ${from})
     UPDATE tessera_run SET status = kept.status, document = kept.document, ended_at = kept.ended, attempts = 0, revision = revision + 1,
       runner = CASE WHEN kept.released = 1 THEN NULL ELSE runner END,
       due_at = CASE WHEN kept.released = 0 THEN ${typedMoment(tx)} WHEN kept.ended IS NULL AND EXISTS (SELECT 1 FROM tessera_run_inbox WHERE run_id = tessera_run.id) THEN ${typedMoment(tx)} ELSE kept.due END
     FROM kept WHERE tessera_run.id = kept.id`,
    [rowsParameter(kept), moment(tx, until), moment(tx, now)],
  )
}

/** A run that broke off is taken again later. */
export const putOffRun = async (tx: Executor, { id, runner, revision }: RunHold, due: Date): Promise<void> => void (await tx.run('UPDATE tessera_run SET runner = NULL, due_at = ?, revision = revision + 1 WHERE id = ? AND runner = ? AND revision = ?', [moment(tx, due), id, runner, revision]))

/** What a starting process on SQLite does, where nobody else can be at work: what the last one held is free. */
export const releaseAllRuns = async (tx: Executor, at: Date): Promise<void> => void (await tx.run(`UPDATE tessera_run SET runner = NULL, due_at = ?, revision = revision + 1 WHERE runner IS NOT NULL AND status IN ${active}`, [moment(tx, at)]))

/** Something happened for a run. Its row is locked first, so that whoever gives it back meanwhile sees it or leaves it to us. */
export async function addToInbox(tx: Executor, run: number, document: JsonObject, at: Date): Promise<void> {
  const changed = await tx.run(`UPDATE tessera_run SET due_at = CASE WHEN runner IS NULL AND status IN ${active} THEN ${typedMoment(tx)} ELSE due_at END WHERE id = ? AND ended_at IS NULL`, [moment(tx, at), run])
  if (changed === 1) await tx.run('INSERT INTO tessera_run_inbox (run_id, document) VALUES (?, ?)', [run, JSON.stringify(document)])
}

/** Something that happened for a run. */
export interface InboxItem {
  readonly id: number
  readonly run: number
  readonly document: JsonObject
}

/** What was not given to these runs yet, the oldest first. */
export async function inboxOf(x: Executor, ids: readonly number[]): Promise<readonly InboxItem[]> {
  const { cells, from } = rowsSource(x.dialect, ['integer'])
  const rows = await x.all(`SELECT id, run_id, document FROM tessera_run_inbox WHERE run_id IN (SELECT ${cells.join(', ')} FROM ${from}) ORDER BY id LIMIT ${String(rowsMost)}`, [rowsParameter(ids.map((id) => [id]))])
  return rows.map((row) => ({ id: Number(row['id']), run: Number(row['run_id']), document: JSON.parse(String(row['document'])) as JsonObject })) // written by addToInbox
}

export async function removeFromInbox(tx: Executor, ids: readonly number[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer'])
  await tx.run(`DELETE FROM tessera_run_inbox WHERE id IN (SELECT ${cells.join(', ')} FROM ${from})`, [rowsParameter(ids.map((id) => [id]))])
}

/** A step of a run by its number. */
export interface StoredStep {
  readonly run: number
  readonly seq: number
  readonly document: JsonObject
}

/** Keeps steps, the last word on each; one that is named twice must not be among them. */
export async function keepSteps(tx: Executor, steps: readonly StoredStep[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer', 'text'])
  const sql = `INSERT INTO tessera_run_step (run_id, seq, document) SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE ON CONFLICT (run_id, seq) DO UPDATE SET document = excluded.document`
  for (let start = 0; start < steps.length; start += rowsMost) {
    await tx.run(sql, [rowsParameter(steps.slice(start, start + rowsMost).map(({ run, seq, document }) => [run, seq, JSON.stringify(document)]))])
  }
}

export async function stepsOf(x: Executor, run: number, most: number): Promise<readonly JsonObject[]> {
  const rows = await x.all(`SELECT document FROM tessera_run_step WHERE run_id = ? ORDER BY seq LIMIT ${String(most)}`, [run])
  return rows.map((row) => JSON.parse(String(row['document'])) as JsonObject)
}

/** What a run listens to from now on. */
export async function keepHears(tx: Executor, run: number, types: readonly string[]): Promise<void> {
  await tx.run('DELETE FROM tessera_run_hears WHERE run_id = ?', [run])
  for (const type of new Set(types)) await tx.run('INSERT INTO tessera_run_hears (run_id, type) VALUES (?, ?)', [run, type])
}

/** Does any run listen to anything? */
export const anyHears = async (x: Executor): Promise<boolean> => (await x.all('SELECT 1 AS found FROM tessera_run_hears LIMIT 1', [])).length > 0

/** Does any run listen to events of one of these types? */
export async function anyHearing(x: Executor, types: readonly string[]): Promise<boolean> {
  const { cells, from } = rowsSource(x.dialect, ['text'])
  const asked = [...new Set([...types, '*'])].map((type) => [type])
  return (await x.all(`SELECT 1 AS found FROM tessera_run_hears WHERE type IN (SELECT ${cells.join(', ')} FROM ${from}) LIMIT 1`, [rowsParameter(asked)])).length > 0
}

/** Runs that listen to events of this type. */
export async function hearing(x: Executor, type: string): Promise<readonly number[]> {
  return (await x.all("SELECT DISTINCT run_id FROM tessera_run_hears WHERE type IN (?, '*') ORDER BY run_id", [type])).map((row) => Number(row['run_id']))
}

/** A version of a record that a run made. */
export interface MadeVersion {
  readonly entity: string
  readonly record: number
  readonly version: number
  readonly run: number
  readonly depth: number
}

/** A run made this version of a record; what shares a commit is kept in one statement. */
export async function noteChange(tx: Executor, made: MadeVersion): Promise<void> {
  if (tx.later === undefined) await noteChanges(tx, [made])
  else tx.later(noteChanges, [made])
}

async function noteChanges(tx: Executor, all: readonly MadeVersion[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['text', 'integer', 'integer', 'integer', 'integer'])
  const sql = `INSERT INTO tessera_run_change (entity, record_id, version, run_id, depth) SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE ON CONFLICT (entity, record_id, version) DO NOTHING`
  for (let start = 0; start < all.length; start += rowsMost) await tx.run(sql, [rowsParameter(all.slice(start, start + rowsMost).map((one) => [one.entity, one.record, one.version, one.run, one.depth]))])
}

/** How deep the runs lay that made these versions; null for those that no run made. */
export async function depthsOfChanges(x: Executor, versions: readonly Pick<MadeVersion, 'entity' | 'record' | 'version'>[]): Promise<readonly (number | null)[]> {
  const { cells, from } = rowsSource(x.dialect, ['text', 'integer', 'integer'])
  const rows = await x.all(`SELECT entity, record_id, version, depth FROM tessera_run_change WHERE (entity, record_id, version) IN (SELECT ${cells.join(', ')} FROM ${from})`, [rowsParameter(versions.map((one) => [one.entity, one.record, one.version]))])
  const known = new Map(rows.map((row) => [`${String(row['entity'])} ${String(row['record_id'])} ${String(row['version'])}`, Number(row['depth'])]))
  return versions.map(({ entity, record, version }) => known.get(`${entity} ${String(record)} ${String(version)}`) ?? null)
}

/** In a writing unit the run stays as it is until the unit ends. */
export async function runById(x: Executor, id: number): Promise<StoredRun | null> {
  const lock = x.writing && x.dialect === 'postgres' ? ' FOR UPDATE' : ''
  const [row] = await x.all(`SELECT ${columns} FROM tessera_run WHERE id = ?${lock}`, [id])
  return row === undefined ? null : toRun(x, row)
}

export interface RunQuestion {
  readonly workflow?: string
  readonly status?: string
  /** Identity of the entity, and the record. */
  readonly record?: { readonly entity: string; readonly id: number }
  readonly starter?: number | null
  readonly before?: number
  readonly limit: number
}

/** Newest first. */
export async function listRuns(x: Executor, { workflow, status, record, starter, before, limit }: RunQuestion): Promise<readonly StoredRun[]> {
  const rows = await x.all(
    `SELECT ${columns} FROM tessera_run WHERE id < ?${workflow === undefined ? '' : ' AND workflow = ?'}${status === undefined ? '' : ' AND status = ?'}${record === undefined ? '' : ' AND entity = ? AND record_id = ?'}${starter === undefined ? '' : ' AND starter = ?'} ORDER BY id DESC LIMIT ${String(limit)}`,
    [before ?? Number.MAX_SAFE_INTEGER, ...(workflow === undefined ? [] : [workflow]), ...(status === undefined ? [] : [status]), ...(record === undefined ? [] : [record.entity, record.id]), ...(starter === undefined ? [] : [starter])],
  )
  return rows.map((row) => toRun(x, row))
}

/** How many runs stand where, by workflow. */
export async function countRuns(x: Executor): Promise<readonly { readonly workflow: string; readonly status: string; readonly count: number }[]> {
  return (await x.all('SELECT workflow, status, count(*) AS n FROM tessera_run GROUP BY workflow, status', [])).map((row) => ({ workflow: String(row['workflow']), status: String(row['status']), count: Number(row['n']) }))
}

/** Puts a run into another status by hand: whoever moves it at this moment can write nothing more. `from`: only out of these. */
export async function changeRun(tx: Executor, run: Pick<StoredRun, 'id' | 'revision'>, to: { readonly status: string; readonly document: JsonObject; readonly ended: Date | null; readonly due: Date | null }): Promise<boolean> {
  const changed = await tx.run('UPDATE tessera_run SET status = ?, document = ?, ended_at = ?, due_at = ?, runner = NULL, attempts = 0, revision = revision + 1 WHERE id = ? AND revision = ?', [
    to.status, JSON.stringify(to.document), to.ended === null ? null : moment(tx, to.ended), to.due === null ? null : moment(tx, to.due), run.id, run.revision,
  ])
  return changed === 1
}

/** Runs of a workflow that are not over (one that failed can be repaired) and follow an earlier version, the oldest first; held until the unit ends. */
export async function runsToMove(tx: Executor, workflow: string, { before, ids, most }: { readonly before: number; readonly ids?: readonly number[]; readonly most: number }): Promise<readonly StoredRun[]> {
  const { cells, from } = rowsSource(tx.dialect, ['integer'])
  const rows = await tx.all(
    `SELECT ${columns} FROM tessera_run WHERE workflow = ? AND definitions < ? AND status NOT IN ('completed', 'cancelled')${ids === undefined ? " AND status <> 'faulted'" : ` AND id IN (SELECT ${cells.join(', ')} FROM ${from})`} ORDER BY id LIMIT ${String(most)}${tx.dialect === 'postgres' ? ' FOR UPDATE' : ''}`,
    [workflow, before, ...(ids === undefined ? [] : [rowsParameter(ids.map((id) => [id]))])],
  )
  return rows.map((row) => toRun(tx, row))
}

/** Lets a run that was read in this unit follow other definitions; one that goes on by itself is looked at soon. Whoever moves it at this moment can write nothing more. */
export async function moveRun(tx: Executor, run: Pick<StoredRun, 'id'>, to: { readonly definitions: number; readonly version: string | null; readonly document: JsonObject; readonly at: Date }): Promise<void> {
  await tx.run(`UPDATE tessera_run SET definitions = ?, version = ?, document = ?, runner = NULL, attempts = 0, revision = revision + 1, due_at = CASE WHEN status IN ${active} THEN ${typedMoment(tx)} ELSE due_at END WHERE id = ?`, [
    to.definitions, to.version, JSON.stringify(to.document), moment(tx, to.at), run.id,
  ])
}

/** Forgets some of the runs that ended before a moment, or beyond the `most` that ended last; gives how many. */
export async function forgetRuns(tx: Executor, kept: { readonly before: Date; readonly most: number }, batch: number): Promise<number> {
  const [surplus] = await tx.all(`SELECT ended_at FROM tessera_run WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1 OFFSET ${String(kept.most)}`, [])
  const ended = surplus === undefined ? '' : ' OR ended_at <= ?'
  const ids = (await tx.all(`SELECT id FROM tessera_run WHERE ended_at < ?${ended} ORDER BY ended_at LIMIT ${String(batch)}`, [moment(tx, kept.before), ...(surplus === undefined ? [] : [surplus['ended_at']])])).map((row) => Number(row['id']))
  const { cells, from } = rowsSource(tx.dialect, ['integer'])
  const these = `IN (SELECT ${cells.join(', ')} FROM ${from})`
  await tx.run(`DELETE FROM tessera_approval_seat WHERE approval_id IN (SELECT id FROM tessera_approval WHERE run_id ${these})`, [rowsParameter(ids.map((id) => [id]))])
  for (const table of ['tessera_approval', 'tessera_run_step', 'tessera_run_change', 'tessera_run_inbox', 'tessera_run_hears'] as const) await tx.run(`DELETE FROM ${quote(table)} WHERE run_id ${these}`, [rowsParameter(ids.map((id) => [id]))])
  await tx.run(`DELETE FROM tessera_run WHERE id ${these}`, [rowsParameter(ids.map((id) => [id]))])
  return ids.length
}

/** A short text under a name, changed only by whoever saw the last one: positions and next moments. */
export async function readMark(x: Executor, name: string): Promise<string | null> {
  const [row] = await x.all('SELECT value FROM tessera_meta WHERE name = ?', [`workflows ${name}`])
  return row === undefined ? null : String(row['value'])
}

/** Marks whose names begin so. */
export async function marksBelow(x: Executor, beginning: string): Promise<readonly { readonly name: string; readonly value: string }[]> {
  const rows = await x.all("SELECT name, value FROM tessera_meta WHERE name LIKE 'workflows %'", [])
  return rows.map((row) => ({ name: String(row['name']).slice('workflows '.length), value: String(row['value']) })).filter(({ name }) => name.startsWith(beginning))
}

/** False when somebody else changed it. */
export async function moveMark(tx: Executor, name: string, from: string | null, to: string): Promise<boolean> {
  if (from === null) return (await tx.run('INSERT INTO tessera_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', [`workflows ${name}`, to])) === 1
  return (await tx.run('UPDATE tessera_meta SET value = ? WHERE name = ? AND value = ?', [to, `workflows ${name}`, from])) === 1
}

/** Whoever asks for one of these marks begins anew. */
export const clearMarks = (tx: Executor, beginning: string): Promise<number> => tx.run("UPDATE tessera_meta SET value = '' WHERE name LIKE ?", [`workflows ${beginning}%`])

/** A placeholder of a moment where PostgreSQL cannot tell of which type it is. */
const typedMoment = (x: Executor): string => (x.dialect === 'postgres' ? '?::timestamptz' : '?')

const moment = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())

function toRun(x: Executor, row: Row): StoredRun {
  const instant = (name: string): string | null => codec(x.dialect, { kind: 'instant' }).decode(row[name]) as string | null // what the codec gives for an instant
  const number = (name: string): number | null => (row[name] === null ? null : Number(row[name]))
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null)
  const [parent, seq] = [number('parent_id'), number('parent_seq')]
  return {
    id: Number(row['id']), workflow: String(row['workflow']), version: text('version'), definitions: Number(row['definitions']), status: String(row['status']),
    starter: number('starter'), entity: text('entity'), recordId: number('record_id'), depth: Number(row['depth']), parent: parent === null || seq === null ? null : { run: parent, seq },
    input: JSON.parse(String(row['input'])) as Json, document: JSON.parse(String(row['document'])) as JsonObject, // written by addRun and keepRun
    attempts: Number(row['attempts']), revision: Number(row['revision']), createdAt: instant('created_at') ?? '', endedAt: instant('ended_at'), dueAt: instant('due_at'),
  }
}
