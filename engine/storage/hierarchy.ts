/**
 * Trees of records: a reference to the own entity with `hierarchy` keeps, beside each record's parent, the ids above it as
 * text (`/1/5/`, `/` at the top) and their number. The records below one are a range of those texts.
 */
import { Problem } from '../errors.js'
import type { Entity, Field } from '../model/model.js'
import { treeField } from '../model/tree.js'
import type { Executor } from './contract.js'
import { quote } from './dialect.js'

/** Columns of a tree, quoted. */
export function treeColumns(field: Field): { readonly parent: string; readonly path: string; readonly depth: string } {
  const named = (role: 'path' | 'depth' | undefined): string => quote(field.columns.find((column) => column.role === role)?.name ?? '')
  return { parent: named(undefined), path: named('path'), depth: named('depth') }
}

const idList = (tx: Executor): string => (tx.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])')
const ids = (tx: Executor, list: readonly number[]): unknown => (tx.dialect === 'sqlite' ? JSON.stringify(list) : list)

/** Records that were just inserted get their places; their parents were there before them. */
export async function placeInserted(tx: Executor, entity: Entity, inserted: readonly number[]): Promise<void> {
  const field = treeField(entity)
  if (field === undefined || inserted.length === 0) return
  await holdTree(tx, entity, 'look')
  const { parent, path, depth } = treeColumns(field)
  const table = quote(entity.table)
  await tx.run(
    `UPDATE ${table} SET ${path} = coalesce((SELECT above.${path} || above.id || '/' FROM ${table} above WHERE above.id = ${table}.${parent}), '/'),
     ${depth} = coalesce((SELECT above.${depth} + 1 FROM ${table} above WHERE above.id = ${table}.${parent}), 0) WHERE id ${idList(tx)}`, [ids(tx, inserted)])
}

/**
 * Moves a record with all that is below it, in one statement, before its parent is stored.
 * @throws Problem record.invalid when the new parent is the record itself or below it
 */
export async function moveInTree(tx: Executor, entity: Entity, field: Field, id: number, parent: number | null, at: string): Promise<void> {
  await holdTree(tx, entity, 'change')
  const { path, depth } = treeColumns(field)
  const table = quote(entity.table)
  const rows = await tx.all(`SELECT id, ${path} AS path, ${depth} AS depth FROM ${table} WHERE id ${idList(tx)}`, [ids(tx, parent === null ? [id] : [id, parent])])
  const place = (of: number | null): { path: string; depth: number } | undefined => {
    const row = rows.find((one) => Number(one['id']) === of)
    return row === undefined ? undefined : { path: typeof row['path'] === 'string' ? row['path'] : '/', depth: Number(row['depth'] ?? 0) }
  }
  const [own, above] = [place(id), place(parent)]
  if (own === undefined) return
  if (parent === id || above?.path.includes(`/${String(id)}/`) === true) {
    throw new Problem('record.invalid', {}, { problems: [{ path: `${at}/${field.key}`, code: 'hierarchy.cycle', message: `${field.title}: a record cannot stand below itself.` }] })
  }
  const next = above === undefined ? '/' : `${above.path}${String(parent)}/`
  const rise = above === undefined ? -own.depth : above.depth + 1 - own.depth
  const under = `${own.path}${String(id)}`
  await tx.run(
    `UPDATE ${table} SET ${path} = ${tx.dialect === 'sqlite' ? '?' : '?::text'} || substr(${path}, ${String(own.path.length + 1)}), ${depth} = ${depth} + ${String(rise)} WHERE id = ? OR (${path} >= ? AND ${path} < ?)`,
    [next, id, `${under}/`, `${under}0`],
  )
}

/** Before a record is erased whose children stay: they go to the top with all that is below them. */
export async function liftChildren(tx: Executor, entity: Entity, id: number): Promise<void> {
  const field = treeField(entity)
  if (field?.link?.onDelete !== 'clear') return
  await holdTree(tx, entity, 'change')
  const { path, depth } = treeColumns(field)
  const [row] = await tx.all(`SELECT ${path} AS path, ${depth} AS depth FROM ${quote(entity.table)} WHERE id = ?`, [id])
  if (typeof row?.['path'] !== 'string') return
  const under = `${row['path']}${String(id)}`
  await tx.run(
    `UPDATE ${quote(entity.table)} SET ${path} = substr(${path}, ${String(under.length + 1)}), ${depth} = ${depth} - ${String(Number(row['depth']) + 1)} WHERE ${path} >= ? AND ${path} < ?`,
    [`${under}/`, `${under}0`],
  )
}

/**
 * The ids of each record and of all above it, from the top. Nobody moves a record of the tree until the unit ends. Ids that
 * lead to nothing are left out.
 */
export async function waysUp(tx: Executor, entity: Entity, of: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
  const field = treeField(entity)
  if (field === undefined || of.length === 0) return new Map()
  await holdTree(tx, entity, 'look')
  const rows = await tx.all(`SELECT id, ${treeColumns(field).path} AS path FROM ${quote(entity.table)} WHERE id ${idList(tx)}`, [ids(tx, of)])
  return new Map(rows.map(({ id, path }) => {
    const above = typeof path === 'string' ? path.split('/').filter((part) => part !== '').map(Number) : []
    return [Number(id), [...above, Number(id)]]
  }))
}

/** Places of all records, counted from their parents: when a field becomes a tree. Gives a record that stands below itself, if there is one. */
export async function placeAll(tx: Executor, entity: Entity, field: Field): Promise<number | undefined> {
  const { parent, path, depth } = treeColumns(field)
  const table = quote(entity.table)
  await tx.run(
    `WITH RECURSIVE tree(id, path, depth) AS (
       SELECT id, '/', 0 FROM ${table} WHERE ${parent} IS NULL
       UNION ALL SELECT below.id, tree.path || tree.id || '/', tree.depth + 1 FROM ${table} below JOIN tree ON below.${parent} = tree.id)
     UPDATE ${table} SET ${path} = tree.path, ${depth} = tree.depth FROM tree WHERE ${table}.id = tree.id`, [])
  const [lost] = await tx.all(`SELECT id FROM ${table} WHERE ${path} IS NULL ORDER BY id LIMIT 1`, [])
  return lost === undefined ? undefined : Number(lost['id'])
}

/**
 * PostgreSQL: whoever moves a record does so alone, so that two moves never make a ring together; whoever only adds
 * records, or counts over subtrees, waits for a move. Asked for before records are locked, nobody waits for anybody in a
 * circle. SQLite has one writer.
 */
export async function holdTree(tx: Executor, entity: Entity, how: 'look' | 'change'): Promise<void> {
  if (tx.dialect === 'postgres') await tx.all(how === 'change' ? 'SELECT pg_advisory_xact_lock(hashtext(?))' : 'SELECT pg_advisory_xact_lock_shared(hashtext(?))', [`tree ${entity.table}`])
}
