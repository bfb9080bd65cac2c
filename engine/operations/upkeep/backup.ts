/**
 * Backup and restore. A backup is one gzip file of JSON lines, the same for both databases and every file store: a header,
 * per table one line with its columns and one line per row, then the contents of files in pieces, then an end line with
 * the number of rows, so that a file that was cut off is noticed. Sessions are left out.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { appendFile, rename, rm, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { mergeLayers } from '../../definitions/layers.js'
import { Problem } from '../../errors.js'
import type { Cell } from '../../fields/contract.js'
import { compile } from '../../model/compile.js'
import type { Documents, Model } from '../../model/model.js'
import { forgetPositions } from '../../storage/audit/chain.js'
import { appendEvents } from '../../storage/audit/events.js'
import { createTables } from '../../storage/tables/apply.js'
import type { Database, Executor } from '../../storage/contract.js'
import { completeTable, continueNumbers, dumpedTables, dumpRows, emptyTable, loadRows, withoutForeignKeys } from '../../storage/tables/dump.js'
import { tablesOf, type TableFacts } from '../../storage/tables/inspect.js'
import type { FileStore } from '../../storage/files/contract.js'
import { contents } from '../../storage/own/files.js'
import { currentVersion, loadVersion } from '../../storage/own/versions.js'
import { pauseAllWebhooks } from '../../storage/own/webhooks.js'
import type { Engine } from '../call.js'
import { measured, withWorkingFile } from '../files/incoming.js'

const format = 2
/** Format 1 had no files. */
const readable: readonly unknown[] = [1, format]
/** Bytes of a file's content in one line. */
const pieceBytes = 512 * 1024
const rowsAtOnce = 1_000
const versionTable = 'tessera_version'

export interface BackupReport {
  readonly version: number
  readonly tables: number
  readonly rows: number
  /** Contents of files. */
  readonly files: number
}

/** Writes everything, as it is at one moment, into a file that appears only when it is complete. Writers do not wait. */
export async function backup(engine: Engine, file: string): Promise<BackupReport> {
  const partial = `${file}.partial`
  try {
    const report = await written(partial, { database: engine.database, model: engine.current.get(), files: engine.files })
    await rename(partial, file)
    await engine.database.write((tx) => appendEvents(tx, [{ action: 'backedUp', by: null, at: new Date(), detail: { version: report.version, rows: report.rows } }]))
    return report
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Writes all rows, as they are at one moment, into a file that `restore` reads. Leaves no trace in the database, and takes no contents of files. */
export const copyRows = (database: Database, model: Model, file: string): Promise<BackupReport> => written(file, { database, model, files: null })

interface Source {
  readonly database: Database
  readonly model: Model
  /** Null: contents of files are left out. */
  readonly files: FileStore | null
}

const written = (file: string, source: Source): Promise<BackupReport> => source.database.snapshot(async (x) => {
  const counts = { version: await currentVersion(x), tables: 0, rows: 0, files: 0 }
  await pipeline(Readable.from(backupLines(x, source, counts)), createGzip({ level: 6 }), createWriteStream(file, { mode: 0o600 }))
  return counts
})

async function* backupLines(x: Executor, { model, files }: Source, counts: { version: number; tables: number; rows: number; files: number }): AsyncGenerator<string> {
  yield line({ tessera: 'backup', format, version: counts.version, at: new Date().toISOString() })
  const tables = await dumpedTables(x, model)
  // The versions come first: what is restored needs the tables that they define.
  for (const table of tables.toSorted((a, b) => Number(b.name === versionTable) - Number(a.name === versionTable))) {
    yield line({ table: table.name, columns: table.columns as unknown as Json })
    counts.tables += 1
    for await (const rows of dumpRows(x, table)) {
      counts.rows += rows.length
      yield rows.map((row) => line(row)).join('')
    }
  }
  if (files !== null) for await (const { hash } of contents(x)) {
    counts.files += 1
    for await (const piece of pieces(await files.read(hash))) yield line({ file: hash, bytes: piece.toString('base64') })
  }
  yield line({ end: true, tables: counts.tables, rows: counts.rows, files: counts.files })
}

async function* pieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of content) for (let from = 0; from < chunk.length; from += pieceBytes) yield Buffer.from(chunk.subarray(from, from + pieceBytes))
}

const line = (value: Json): string => `${JSON.stringify(value)}\n`

/** The documents with archived entities as if they were in use: their tables are there. */
const withArchived = (documents: Documents): Documents =>
  Object.fromEntries(Object.entries(documents).map(([path, document]) => {
    if (!path.endsWith('/entity.json') || !isObject(document['crm']) || document['crm']['archived'] !== true) return [path, document]
    const { archived: _archived, ...crm } = document['crm']
    return [path, { ...document, crm }]
  }))

/**
 * Fills an empty database of either kind from a backup, all or nothing.
 * @throws Problem request.invalid when the database is not empty, or the file is no complete backup
 */
export async function restore(engine: Engine, file: string): Promise<BackupReport> {
  if ((await currentVersion(engine.database.read)) > 0) throw invalid('the database is not empty; a backup is restored into an empty one')
  const report = await withWorkingFile((path) => engine.database.change((tx) => restoreInto(tx, file, { files: engine.files, path }), { foreignKeysOff: true }))
  await engine.refresh()
  return report
}

async function restoreInto(tx: Executor, file: string, contentsTo: { readonly files: FileStore; readonly path: string }): Promise<BackupReport> {
  const reader = backupReader(file)
  const header = await reader.next()
  if (header.value === undefined || !isObject(header.value) || header.value['tessera'] !== 'backup') throw invalid(`${file} is not a backup`)
  if (!readable.includes(header.value['format'])) throw invalid(`${file} is a backup of another format; this version reads format ${format}`)
  const version = Number(header.value['version'])
  const state: Restoring = { tx, counts: { version, tables: 0, rows: 0, files: 0 }, table: null, rows: [], there: new Map(), content: null, ...contentsTo }
  await withoutForeignKeys(tx, async () => {
    for await (const value of reader) {
      if (Array.isArray(value)) await takeRow(state, value as readonly Cell[])
      else if (isObject(value) && typeof value['table'] === 'string') await takeTable(state, { name: value['table'], columns: value['columns'] as unknown as TableFacts['columns'] })
      else if (isObject(value) && typeof value['file'] === 'string' && typeof value['bytes'] === 'string') await takePiece(state, value['file'], Buffer.from(value['bytes'], 'base64'))
      else if (isObject(value) && value['end'] === true) return finish(state, value)
      else throw invalid(`${file} holds something that is not of a backup`)
    }
    throw invalid(`${file} is cut off`)
  })
  if ((await currentVersion(tx)) !== version) throw invalid(`${file} does not hold version ${version}`)
  return state.counts
}

interface Restoring {
  readonly tx: Executor
  readonly counts: { version: number; tables: number; rows: number; files: number }
  readonly files: FileStore
  /** Where the content that is being read is gathered, and whose it is. */
  readonly path: string
  content: string | null
  table: TableFacts | null
  rows: (readonly Cell[])[]
  /** What the database has by now. */
  there: Map<string, TableFacts>
}

async function takeRow(state: Restoring, row: readonly Cell[]): Promise<void> {
  state.rows.push(row)
  if (state.rows.length >= rowsAtOnce) await flush(state)
}

async function flush({ tx, table, rows, counts }: Restoring): Promise<void> {
  if (table === null || rows.length === 0) return
  await loadRows(tx, table, rows)
  counts.rows += rows.length
  rows.length = 0
}

async function takeTable(state: Restoring, table: TableFacts): Promise<void> {
  await flush(state)
  if (state.table?.name === versionTable) await makeTables(state)
  if (state.there.size === 0) await look(state)
  await completeTable(state.tx, table, state.there.get(table.name))
  await emptyTable(state.tx, table.name)
  state.table = table
  state.counts.tables += 1
}

/** Contents come piece by piece, one after another. */
async function takePiece(state: Restoring, hash: string, bytes: Buffer): Promise<void> {
  if (state.content !== hash) {
    await keepContent(state)
    state.content = hash
    await writeFile(state.path, '')
  }
  await appendFile(state.path, bytes)
}

async function keepContent(state: Restoring): Promise<void> {
  if (state.content === null) return
  if ((await measured(state.path)).hash !== state.content) throw invalid('the content of a file in the backup is damaged')
  await state.files.put(state.content, state.path)
  state.counts.files += 1
}

/** The tables of the version that is restored; archived entities have theirs, too. */
async function makeTables(state: Restoring): Promise<void> {
  const stored = await loadVersion(state.tx, state.counts.version)
  if (stored !== null) await createTables(state.tx, compile(withArchived(mergeLayers(stored.layers).documents), state.counts.version))
  await look(state)
}

async function look(state: Restoring): Promise<void> {
  state.there = new Map((await tablesOf(state.tx)).map((table) => [table.name, table]))
}

async function finish(state: Restoring, end: { readonly [key: string]: Json }): Promise<void> {
  await flush(state)
  await keepContent(state)
  if ((end['files'] ?? 0) !== state.counts.files || end['rows'] !== state.counts.rows || end['tables'] !== state.counts.tables) throw invalid('the backup is not complete')
  await continueNumbers(state.tx, [...state.there.values()])
  await forgetPositions(state.tx)
  await pauseAllWebhooks(state.tx)
  await appendEvents(state.tx, [{ action: 'restored', by: null, at: new Date(), detail: { version: state.counts.version, rows: state.counts.rows } }])
}

async function* backupReader(file: string): AsyncGenerator<Json> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  const failed = pipeline(source, gunzip).then(() => undefined, () => invalid(`${file} cannot be read as a backup`))
  for await (const text of createInterface({ input: gunzip, crlfDelay: Infinity })) yield parsed(text, file)
  const failure = await failed
  if (failure !== undefined) throw failure
}

function parsed(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw invalid(`${file} is damaged`)
  }
}

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })
