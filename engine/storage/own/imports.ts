/** Imports: the file, how it is read, what came of it; and chunk by chunk what was done, so that it can be undone. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'
import { ConstraintError } from '../failure.js'
import { rowsMost, rowsParameter, rowsSource, typed } from '../queries/rows.js'

export interface NewImport {
  readonly owner: number | null
  /** Identity of the entity. */
  readonly entity: string
  readonly fileName: string
  /** Name in the working folder. */
  readonly file: string
  /** Which working folder. */
  readonly place: string
  /** SHA-256 of the content. */
  readonly hash: string
  readonly bytes: number
  /** What was found out about the file. */
  readonly analysis: JsonObject
  readonly settings: JsonObject
  /** Hash of the header row: files with the same one are read alike. */
  readonly headers: string
}

export interface StoredImport extends NewImport {
  readonly id: number
  readonly checkJob: number | null
  readonly checked: JsonObject | null
  readonly job: number | null
  readonly result: JsonObject | null
  readonly undoJob: number | null
  readonly undone: JsonObject | null
  /** RFC 3339. */
  readonly createdAt: string
  readonly startedAt: string | null
}

/** A row that was not taken: its number in the file, its cells, and why. */
export interface RejectedRow extends JsonObject {
  readonly row: number
  readonly cells: readonly string[]
  readonly problems: readonly (JsonObject & { readonly column: string; readonly message: string })[]
}

/** What a chunk did. */
export interface ImportedChunk {
  readonly fromRow: number
  /** Ids in runs `[first, last]`. */
  readonly created: readonly (readonly [number, number])[]
  /** Id and the version that the import made. */
  readonly updated: readonly (readonly [number, number])[]
  readonly rejected: readonly RejectedRow[]
}

const columns = 'id, owner, entity, file_name, file, place, hash, bytes, analysis, settings, headers, check_job, checked, job, result, undo_job, undone, created_at, started_at'

export async function addImport(tx: Executor, made: NewImport, at: Date): Promise<number> {
  const json = codec(tx.dialect, { kind: 'json' }).encode
  const [row] = await tx.all('INSERT INTO tessera_import (owner, entity, file_name, file, place, hash, bytes, analysis, settings, headers, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id', [
    made.owner, made.entity, made.fileName, made.file, made.place, made.hash, made.bytes, json(made.analysis), json(made.settings), made.headers, moment(tx, at),
  ])
  return Number(row?.['id'])
}

export async function importById(x: Executor, id: number): Promise<StoredImport | null> {
  const [row] = await x.all(`SELECT ${columns} FROM tessera_import WHERE id = ?`, [id])
  return row === undefined ? null : toImport(x, row)
}

/** The import of an uploaded file; null when there is none. */
export async function importOfFile(x: Executor, file: string): Promise<StoredImport | null> {
  const [row] = await x.all(`SELECT ${columns} FROM tessera_import WHERE file = ?`, [file])
  return row === undefined ? null : toImport(x, row)
}

/** Newest first; of one user unless `owner` is undefined. */
export async function listImports(x: Executor, question: { readonly owner?: number | null; readonly entity?: string; readonly limit: number }): Promise<readonly StoredImport[]> {
  const conditions = [...(question.owner === undefined ? [] : ['owner = ?']), ...(question.entity === undefined ? [] : ['entity = ?'])]
  const bindings = [...(question.owner === undefined ? [] : [question.owner]), ...(question.entity === undefined ? [] : [question.entity])]
  const rows = await x.all(`SELECT ${columns} FROM tessera_import${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`} ORDER BY id DESC LIMIT ${String(question.limit)}`, bindings)
  return rows.map((row) => toImport(x, row))
}

/** How the user last imported a file with these headers; null when never. */
export async function lastSettings(x: Executor, owner: number | null, entity: string, headers: string): Promise<JsonObject | null> {
  const [row] = await x.all('SELECT settings FROM tessera_import WHERE owner = ? AND entity = ? AND headers = ? AND job IS NOT NULL ORDER BY id DESC LIMIT 1', [owner, entity, headers])
  return row === undefined ? null : (codec(x.dialect, { kind: 'json' }).decode(row['settings']) as JsonObject) // written by addImport
}

/** Changes how a file is read; only as long as its import has not begun. */
export async function setSettings(tx: Executor, id: number, settings: JsonObject, analysis: JsonObject, headers: string): Promise<boolean> {
  const json = codec(tx.dialect, { kind: 'json' }).encode
  return (await tx.run('UPDATE tessera_import SET settings = ?, analysis = ?, headers = ?, checked = NULL, check_job = NULL WHERE id = ? AND job IS NULL', [json(settings), json(analysis), headers, id])) === 1
}

/** Notes that a check began. */
export async function setCheckJob(tx: Executor, id: number, job: number): Promise<void> {
  await tx.run('UPDATE tessera_import SET check_job = ?, checked = NULL WHERE id = ?', [job, id])
}

export async function setChecked(tx: Executor, id: number, checked: JsonObject): Promise<void> {
  await tx.run('UPDATE tessera_import SET checked = ? WHERE id = ?', [codec(tx.dialect, { kind: 'json' }).encode(checked), id])
}

/**
 * Takes the key of the run for this import: of two that come at the same time one gets it.
 * @returns the id of the import that has it
 */
export async function claimRun(tx: Executor, id: number, key: string, at: Date): Promise<number> {
  const claim = async (x: Executor): Promise<number> => x.run('UPDATE tessera_import SET run_key = ?, started_at = ? WHERE id = ? AND job IS NULL AND NOT EXISTS (SELECT 1 FROM tessera_import other WHERE other.run_key = ?)', [key, moment(x, at), id, key])
  await (tx.attempt?.(claim) ?? claim(tx)).catch((error: unknown) => {
    // On PostgreSQL both may find it free; the index lets one of them have it.
    if (!(error instanceof ConstraintError)) throw error
  })
  const [row] = await tx.all('SELECT id FROM tessera_import WHERE run_key = ?', [key])
  return Number(row?.['id'] ?? id)
}

export async function setJob(tx: Executor, id: number, job: number): Promise<void> {
  await tx.run('UPDATE tessera_import SET job = ? WHERE id = ?', [job, id])
}

/** Keeps what a chunk did, and the sums so far. */
export async function keepChunk(tx: Executor, id: number, chunk: ImportedChunk, result: JsonObject): Promise<void> {
  await tx.run("INSERT INTO tessera_import_chunk (import, from_row, created, updated, rejected, kept) VALUES (?, ?, ?, ?, ?, '[]')", [
    id, chunk.fromRow, JSON.stringify(chunk.created), JSON.stringify(chunk.updated), JSON.stringify(chunk.rejected),
  ])
  await tx.run('UPDATE tessera_import SET result = ? WHERE id = ?', [codec(tx.dialect, { kind: 'json' }).encode(result), id])
}

/** The next chunk behind a row, in the order of the file; null at the end. */
export async function chunkAfter(x: Executor, id: number, row: number): Promise<ImportedChunk | null> {
  const [found] = await x.all('SELECT from_row, created, updated, rejected FROM tessera_import_chunk WHERE import = ? AND from_row > ? ORDER BY from_row LIMIT 1', [id, row])
  return found === undefined ? null : toChunk(found)
}

/** The chunk before a row, for undoing from the end; null at the beginning. */
export async function chunkBefore(x: Executor, id: number, row: number): Promise<ImportedChunk | null> {
  const [found] = await x.all('SELECT from_row, created, updated, rejected FROM tessera_import_chunk WHERE import = ? AND from_row < ? ORDER BY from_row DESC LIMIT 1', [id, row])
  return found === undefined ? null : toChunk(found)
}

/** From now on the same file may be imported again. */
export async function beginUndo(tx: Executor, id: number, job: number): Promise<boolean> {
  return (await tx.run('UPDATE tessera_import SET undo_job = ? WHERE id = ? AND undo_job IS NULL', [job, id])) === 1
}

/** Ids that undoing left alone in a chunk, and the sums so far; the last one lets the file be imported again. */
export async function keepUndone(tx: Executor, id: number, fromRow: number, kept: readonly number[], undone: JsonObject, last: boolean): Promise<void> {
  await tx.run('UPDATE tessera_import_chunk SET kept = ? WHERE import = ? AND from_row = ?', [JSON.stringify(kept), id, fromRow])
  await tx.run(last ? 'UPDATE tessera_import SET undone = ?, run_key = NULL WHERE id = ?' : 'UPDATE tessera_import SET undone = ? WHERE id = ?', [codec(tx.dialect, { kind: 'json' }).encode(undone), id])
}

/** Removes an import that never began. False when it did. */
export async function removeImport(tx: Executor, id: number): Promise<boolean> {
  return (await tx.run('DELETE FROM tessera_import WHERE id = ? AND job IS NULL', [id])) === 1
}

/** What a check remembers of a row for the rows behind it. */
export interface SeenMark {
  /** Hash of what rows are told apart by. */
  readonly mark: number
  readonly row: number
  readonly detail: JsonObject | null
}

export async function addSeen(tx: Executor, id: number, marks: readonly SeenMark[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer', 'text'])
  for (let start = 0; start < marks.length; start += rowsMost) {
    const rows = marks.slice(start, start + rowsMost).map(({ mark, row, detail }) => [mark, row, detail === null ? null : JSON.stringify(detail)])
    await tx.run(`INSERT INTO tessera_import_seen (import, mark, source_row, detail) SELECT ${typed(tx.dialect, 'integer')}, ${cells.join(', ')} FROM ${from} WHERE TRUE ON CONFLICT (import, mark, source_row) DO NOTHING`, [id, rowsParameter(rows)])
  }
}

/** What is remembered under these marks, the first rows first. */
export async function seenMarks(x: Executor, id: number, marks: readonly number[]): Promise<ReadonlyMap<number, readonly SeenMark[]>> {
  const found = new Map<number, SeenMark[]>()
  if (marks.length === 0) return found
  const list = x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'
  for (const { mark, source_row: row, detail } of await x.all(`SELECT mark, source_row, detail FROM tessera_import_seen WHERE import = ? AND mark ${list} ORDER BY source_row`, [id, x.dialect === 'sqlite' ? JSON.stringify(marks) : marks])) {
    const one = { mark: Number(mark), row: Number(row), detail: typeof detail === 'string' ? (JSON.parse(detail) as JsonObject) : null } // written by addSeen
    const same = found.get(one.mark)
    if (same === undefined) found.set(one.mark, [one])
    else same.push(one)
  }
  return found
}

const forgottenAtOnce = 20_000

/** Forgets some of what a check remembers. True when there is more. */
export async function forgetSeen(tx: Executor, id: number): Promise<boolean> {
  return (await tx.run(`DELETE FROM tessera_import_seen WHERE import = ? AND (mark, source_row) IN (SELECT mark, source_row FROM tessera_import_seen WHERE import = ? LIMIT ${String(forgottenAtOnce)})`, [id, id])) === forgottenAtOnce
}

const moment = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())

const toChunk = (row: Row): ImportedChunk => ({
  fromRow: Number(row['from_row']),
  created: JSON.parse(String(row['created'])) as ImportedChunk['created'], // written by keepChunk, like the next two
  updated: JSON.parse(String(row['updated'])) as ImportedChunk['updated'],
  rejected: JSON.parse(String(row['rejected'])) as ImportedChunk['rejected'],
})

function toImport(x: Executor, row: Row): StoredImport {
  const number = (name: string): number | null => (row[name] === null ? null : Number(row[name]))
  const json = (name: string): Json => codec(x.dialect, { kind: 'json' }).decode(row[name])
  const instant = (name: string): string | null => codec(x.dialect, { kind: 'instant' }).decode(row[name]) as string | null // what the codec gives for an instant
  return {
    id: Number(row['id']),
    owner: number('owner'),
    entity: String(row['entity']),
    fileName: String(row['file_name']),
    file: String(row['file']),
    place: String(row['place']),
    hash: String(row['hash']),
    bytes: Number(row['bytes']),
    analysis: json('analysis') as JsonObject, // objects, written by the functions above
    settings: json('settings') as JsonObject,
    headers: String(row['headers']),
    checkJob: number('check_job'),
    checked: json('checked') as JsonObject | null,
    job: number('job'),
    result: json('result') as JsonObject | null,
    undoJob: number('undo_job'),
    undone: json('undone') as JsonObject | null,
    createdAt: instant('created_at') ?? '',
    startedAt: instant('started_at'),
  }
}
