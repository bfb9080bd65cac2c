/** What is known of uploaded files, and which records hold them. Contents are in the file store, named by their hash. */
import type { Entity } from '../../model/model.js'
import type { Executor, Row } from '../contract.js'
import { codec, quote } from '../dialect.js'

export interface StoredFile {
  readonly id: number
  /** SHA-256 of the content, hexadecimal. */
  readonly hash: string
  readonly name: string
  readonly size: number
  /** Media type by content. */
  readonly type: string
  /** Id of the user who uploaded it. */
  readonly owner: number
  /** RFC 3339. */
  readonly createdAt: string
}

/** A field of a record that holds a file, by identities. */
export interface Use {
  readonly file: number
  readonly entity: string
  readonly record: number
  readonly field: string
  /** False for one that let the file go. */
  readonly live: boolean
}

const columns = 'id, hash, name, size, type, owner, created_at'

/** Notes a file whose content is in the store. Gives its id. */
export async function insertFile(tx: Executor, file: Omit<StoredFile, 'id' | 'createdAt'>, at: Date): Promise<number> {
  const [row] = await tx.all('INSERT INTO tessera_file (hash, name, size, type, owner, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id', [file.hash, file.name, file.size, file.type, file.owner, instant(tx, at)])
  return Number(row?.['id'])
}

/** Files by id; those that are not there are left out. */
export async function filesById(x: Executor, ids: readonly number[]): Promise<ReadonlyMap<number, StoredFile>> {
  const rows = ids.length === 0 ? [] : await x.all(`SELECT ${columns} FROM tessera_file WHERE id ${listed(x)}`, [list(x, ids)])
  return new Map(rows.map((row) => [Number(row['id']), toFile(x, row)]))
}

/** Where files are held, and were held before. */
export async function usesOf(x: Executor, ids: readonly number[]): Promise<readonly Use[]> {
  const rows = ids.length === 0 ? [] : await x.all(`SELECT file_id, entity, record_id, field, removed_at FROM tessera_file_use WHERE file_id ${listed(x)}`, [list(x, ids)])
  return rows.map((row) => ({ file: Number(row['file_id']), entity: String(row['entity']), record: Number(row['record_id']), field: String(row['field']), live: row['removed_at'] === null }))
}

/** A field of a record holds these files from now on; those that it held and that are not among them are let go. */
export async function holdFiles(tx: Executor, holder: Omit<Use, 'file' | 'live'>, ids: readonly number[], at: Date): Promise<void> {
  const key = [holder.entity, holder.record, holder.field]
  await tx.run(`UPDATE tessera_file_use SET removed_at = ? WHERE entity = ? AND record_id = ? AND field = ? AND removed_at IS NULL AND NOT file_id ${listed(tx)}`, [instant(tx, at), ...key, list(tx, ids)])
  for (const id of ids) {
    await tx.run('INSERT INTO tessera_file_use (file_id, entity, record_id, field) VALUES (?, ?, ?, ?) ON CONFLICT (file_id, entity, record_id, field) DO UPDATE SET removed_at = NULL', [id, ...key])
  }
}

/** A record is gone for good. */
export const forgetUses = (tx: Executor, entity: string, records: readonly number[]): Promise<number> =>
  tx.run(`DELETE FROM tessera_file_use WHERE entity = ? AND record_id ${tx.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'}`, [entity, tx.dialect === 'sqlite' ? JSON.stringify(records) : records])

/** Uses by records that went with another one. */
export const forgetLostUses = (tx: Executor, entity: Entity): Promise<number> =>
  tx.run(`DELETE FROM tessera_file_use WHERE entity = ? AND NOT EXISTS (SELECT 1 FROM ${quote(entity.table)} r WHERE r.id = record_id)`, [entity.id])

/** How many files of a user no record holds or held, and their bytes. */
export async function waitingOf(x: Executor, owner: number): Promise<{ readonly files: number; readonly bytes: number }> {
  const [row] = await x.all('SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM tessera_file f WHERE owner = ? AND NOT EXISTS (SELECT 1 FROM tessera_file_use u WHERE u.file_id = f.id)', [owner])
  return { files: Number(row?.['files']), bytes: Number(row?.['bytes']) }
}

const uselessFiles = `created_at < ? AND NOT EXISTS (SELECT 1 FROM tessera_file_use u WHERE u.file_id = f.id AND (u.removed_at IS NULL OR u.removed_at >= ?))`

/** Files uploaded before `uploaded` that no record holds, nor held after `held`. */
export async function uselessIds(x: Executor, uploaded: Date, held: Date, limit: number): Promise<readonly number[]> {
  const rows = await x.all(`SELECT id FROM tessera_file f WHERE ${uselessFiles} ORDER BY id LIMIT ${String(limit)}`, [instant(x, uploaded), instant(x, held)])
  return rows.map((row) => Number(row['id']))
}

/** Deletes those of them that are still useless. Gives the hashes that no file has any more. */
export async function deleteUseless(tx: Executor, ids: readonly number[], uploaded: Date, held: Date): Promise<readonly string[]> {
  const gone = await tx.all(`DELETE FROM tessera_file AS f WHERE id ${listed(tx)} AND ${uselessFiles} RETURNING id, hash`, [list(tx, ids), instant(tx, uploaded), instant(tx, held)])
  await tx.run(`DELETE FROM tessera_file_use WHERE file_id ${listed(tx)}`, [list(tx, gone.map((row) => Number(row['id'])))])
  return unused(tx, [...new Set(gone.map((row) => String(row['hash'])))])
}

async function unused(x: Executor, hashes: readonly string[]): Promise<readonly string[]> {
  const free: string[] = []
  for (const hash of hashes) if ((await x.all('SELECT 1 AS found FROM tessera_file WHERE hash = ? LIMIT 1', [hash])).length === 0) free.push(hash)
  return free
}

/** Every content that must be in the store, in pages, each once. */
export async function* contents(x: Executor): AsyncGenerator<{ readonly hash: string; readonly size: number }> {
  for (let last = ''; ; ) {
    const rows = await x.all('SELECT hash, max(size) AS size FROM tessera_file WHERE hash > ? GROUP BY hash ORDER BY hash LIMIT 500', [last])
    for (const row of rows) yield { hash: String(row['hash']), size: Number(row['size']) }
    if (rows.length < 500) return
    last = String(rows.at(-1)?.['hash'])
  }
}

const toFile = (x: Executor, row: Row): StoredFile => ({
  id: Number(row['id']), hash: String(row['hash']), name: String(row['name']), size: Number(row['size']), type: String(row['type']), owner: Number(row['owner']),
  createdAt: codec(x.dialect, { kind: 'instant' }).decode(row['created_at']) as string,
})

const instant = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())
const listed = (x: Executor): string => (x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])')
const list = (x: Executor, ids: readonly number[]): unknown => (x.dialect === 'sqlite' ? JSON.stringify(ids) : ids)
