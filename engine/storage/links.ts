/** Writing the link tables of fields that list records: pairs of ids, each pair once. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Entity, Field } from '../model/model.js'
import type { Executor } from './contract.js'
import { quote } from './dialect.js'
import { ConstraintError } from './failure.js'
import { rowsMost, rowsParameter, rowsSource } from './queries/rows.js'

/** Fields of an entity that list records. */
export const listFields = (entity: Entity): readonly Field[] => [...entity.fields.values()].filter((field) => field.links !== null)

/** The ids in a list's value; none for null. */
export const listedIds = (value: Json | undefined): readonly number[] => (Array.isArray(value) ? (value as readonly Json[]).filter((id) => typeof id === 'number') : [])

/** Links records that were just inserted, one statement for each field. @throws Problem record.invalid for an id that leads to nothing */
export async function insertLinks(tx: Executor, entity: Entity, records: readonly Readonly<Record<string, Json>>[], at: (row: number) => string): Promise<void> {
  for (const field of listFields(entity)) {
    const pairs = records.flatMap((record) => listedIds(record[field.key]).map((target) => [record['id'], target]))
    await addPairs(tx, field, pairs, at(0))
  }
}

/** Ids of records whose field lists `target`, in order, `limit` at most. */
export async function linkedFrom(x: Executor, field: Field, target: number, limit: number): Promise<readonly number[]> {
  if (field.links === null) return []
  const rows = await x.all(`SELECT source FROM ${quote(field.links.table)} WHERE target = ? ORDER BY source LIMIT ${String(limit)}`, [target])
  return rows.map((row) => Number(row['source']))
}

/** Makes the field list exactly these records. @throws Problem record.invalid for an id that leads to nothing */
export async function setLinks(tx: Executor, field: Field, id: number, targets: readonly number[], at: string): Promise<void> {
  if (field.links === null) return
  const kept = tx.dialect === 'sqlite' ? 'target NOT IN (SELECT value FROM json_each(?))' : 'target <> ALL(?::bigint[])'
  await tx.run(`DELETE FROM ${quote(field.links.table)} WHERE source = ? AND ${kept}`, [id, tx.dialect === 'sqlite' ? JSON.stringify(targets) : targets])
  await addPairs(tx, field, targets.map((target) => [id, target]), at)
}

async function addPairs(tx: Executor, field: Field, pairs: readonly (readonly unknown[])[], at: string): Promise<void> {
  if (field.links === null) return
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer'])
  try {
    for (let start = 0; start < pairs.length; start += rowsMost) {
      await tx.run(`INSERT INTO ${quote(field.links.table)} (source, target) SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE ON CONFLICT DO NOTHING`, [rowsParameter(pairs.slice(start, start + rowsMost))])
    }
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.kind !== 'foreignKey') throw error
    throw new Problem('record.invalid', {}, { cause: error, problems: [{ path: `${at}/${field.key}`, code: 'reference.unavailable', message: `${field.title}: there is no such record that you may link to.` }] })
  }
}
