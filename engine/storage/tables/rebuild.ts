/**
 * A table made anew, where SQLite can't change a constraint in place. The unit runs with the foreign keys off (dropping
 * a table would otherwise fire the cascades of its children), and is checked before it ends.
 */
import type { Entity, Field, Model } from '../../model/model.js'
import type { Executor } from '../contract.js'
import { quote } from '../dialect.js'
import { knownColumns } from './registry.js'
import { columnsOf, columnSql, createTableSql, foreignKeyName, foreignKeyOf, systemColumnNames } from './tables.js'

/** Rows by table. */
export type RowCounts = ReadonlyMap<string, number>

/** Counts the rows of every entity table. */
export async function rowCounts(tx: Executor): Promise<RowCounts> {
  const counts = new Map<string, number>()
  for (const row of await tx.all('SELECT DISTINCT table_name FROM tessera_column', [])) {
    const table = String(row['table_name'])
    const [count] = await tx.all(`SELECT count(*) AS n FROM ${quote(table)}`, [])
    counts.set(table, Number(count?.['n']))
  }
  return counts
}

/** SQLite: copies the table into one with the constraints of the model, parked columns included. Indexes are the caller's to make. */
export async function rebuildTable(tx: Executor, entity: Entity, model: Model): Promise<void> {
  const { table } = entity
  const copy = `${table}__new`
  const modelled = new Map(columnsOf(entity).map((one) => [one.column.name, one]))
  const known = [...(await knownColumns(tx, table)).values()]
  const columns = known.map((column) => {
    const one = modelled.get(column.name)
    const shape = { name: column.name, kind: column.kind, ...(column.scale === undefined ? {} : { scale: column.scale }) }
    return columnSql(tx.dialect, shape, one === undefined ? undefined : foreignKeyOf(entity, one.field, one.column, model))
  })
  const names = [...systemColumnNames, ...known.map(({ name }) => name)].map(quote).join(', ')
  await tx.run(createTableSql(tx.dialect, copy, columns), [])
  await tx.run(`INSERT INTO ${quote(copy)} (${names}) SELECT ${names} FROM ${quote(table)}`, [])
  // The next id goes on from the old table's, whose newest records may have been erased.
  await tx.run('DELETE FROM sqlite_sequence WHERE name = ?', [copy])
  await tx.run('INSERT INTO sqlite_sequence (name, seq) SELECT ?, seq FROM sqlite_sequence WHERE name = ?', [copy, table])
  await tx.run(`DROP TABLE ${quote(table)}`, [])
  await tx.run(`ALTER TABLE ${quote(copy)} RENAME TO ${quote(table)}`, [])
}

/** PostgreSQL: replaces the foreign key of a field. */
export async function relinkColumn(tx: Executor, entity: Entity, field: Field, model: Model): Promise<void> {
  for (const column of field.columns) {
    const key = foreignKeyOf(entity, field, column, model)
    await dropForeignKey(tx, entity.table, column.name)
    if (key !== undefined) await tx.run(`ALTER TABLE ${quote(entity.table)} ADD CONSTRAINT ${quote(key.name)} FOREIGN KEY (${quote(column.name)}) REFERENCES ${quote(key.table)} (id) ON DELETE ${key.action}`, [])
  }
}

/** PostgreSQL: removes the foreign key of a column, if it has one. */
export async function dropForeignKey(tx: Executor, table: string, column: string): Promise<void> {
  await tx.run(`ALTER TABLE ${quote(table)} DROP CONSTRAINT IF EXISTS ${quote(foreignKeyName(table, column))}`, [])
}
