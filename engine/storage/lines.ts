/** Owned records in bulk: those of one owner in their order, and where they stand. */
import type { Entity, Field, PhysicalColumn } from '../model/model.js'
import type { Predicate } from '../model/conditions/predicate.js'
import type { Bindings, Executor } from './contract.js'
import { quote } from './dialect.js'
import { rowsParameter, rowsSource } from './queries/rows.js'
import { bind, compiled } from './queries/statement.js'
import { mainColumn, where } from './queries/where.js'

/** The column that keeps the place of an owned record among those of its owner; undefined for references that own nothing. */
export const positionOf = (via: Field): PhysicalColumn | undefined => via.columns.find(({ role }) => role === 'position')

/** `ORDER BY` of owned records: in their order, then those that came by themselves. */
export function positionOrder(via: Field | undefined, alias: string): string {
  const column = via === undefined ? undefined : positionOf(via)
  return column === undefined ? '' : `${alias}.${quote(column.name)} IS NULL, ${alias}.${quote(column.name)}, `
}

/** Ids of the live owned records of one owner that are in `rows`, in their order. */
export async function ownedIds(x: Executor, entity: Entity, via: Field, owner: number, rows: Predicate, b: Bindings): Promise<readonly number[]> {
  const plan = compiled(x.dialect, rows, via, 'owned', b, (w) => {
    const scope = { entity, alias: w.alias() }
    return { statement: w.statement(`SELECT ${scope.alias}.id FROM ${quote(entity.table)} ${scope.alias} WHERE ${scope.alias}.${mainColumn(via)} = ${w.argument(0)} AND ${scope.alias}.archived_at IS NULL AND ${where(w, rows, scope)} ORDER BY ${positionOrder(via, scope.alias)}${scope.alias}.id`) }
  })
  return (await x.all(plan.statement.sql, bind(plan.statement, b, [owner]))).map((row) => Number(row['id']))
}

/** Puts owned records in their places, one statement for all. Their order is a fact of the owner: versions and times of the rows stay. */
export async function place(tx: Executor, entity: Entity, via: Field, places: readonly { readonly id: number; readonly position: number }[]): Promise<void> {
  const column = positionOf(via)
  if (column === undefined || places.length === 0) return
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer'])
  const given = cells.map((cell, i) => `${cell} AS c${String(i)}`).join(', ')
  const differs = tx.dialect === 'sqlite' ? 'IS NOT' : 'IS DISTINCT FROM'
  await tx.run(
    `UPDATE ${quote(entity.table)} SET ${quote(column.name)} = given.c1 FROM (SELECT ${given} FROM ${from}) AS given
     WHERE ${quote(entity.table)}.id = given.c0 AND ${quote(column.name)} ${differs} given.c1`,
    [rowsParameter(places.map((one) => [one.id, one.position]))],
  )
}
