/** Which records were in a segment when it was last looked at. There are rows only for segments that workflows wait for. */
import type { Knex } from 'knex'
import type { Entity } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import type { Bindings, Executor } from '../contract.js'
import { quote } from '../dialect.js'
import { rowsParameter, rowsSource } from '../queries/rows.js'
import { bind, Writer } from '../queries/statement.js'
import { where } from '../queries/where.js'

export const memberTable = (schema: Knex.SchemaBuilder): Knex.SchemaBuilder =>
  schema.createTable('tessera_segment_member', (t) => {
    t.text('segment').notNullable()
    t.bigInteger('record_id').notNullable()
    t.primary(['segment', 'record_id'])
  })

/** A segment as it is looked at. */
export interface Membership {
  readonly segment: string
  readonly entity: Entity
  /** Which records are in it. */
  readonly rows: Predicate
}

/** Ids of records that are in the segment and were not: those above `after`, in order, `limit` at most. */
export async function entrants(x: Executor, { segment, entity, rows }: Membership, { after, limit }: { readonly after: number; readonly limit: number }, b: Bindings): Promise<readonly number[]> {
  const w = new Writer(x.dialect, b)
  const alias = w.alias()
  const sql = `SELECT ${alias}.id AS id FROM ${quote(entity.table)} ${alias} WHERE ${alias}.id > ${w.value(after)} AND NOT EXISTS (SELECT 1 FROM tessera_segment_member m WHERE m.segment = ${w.value(segment)} AND m.record_id = ${alias}.id) AND ${where(w, rows, { entity, alias })} ORDER BY ${alias}.id LIMIT ${String(limit)}`
  return (await x.all(sql, bind(w.statement(sql), b))).map((row) => Number(row['id']))
}

/** Ids of records that were in the segment and are not, also of those that were erased. */
export async function leavers(x: Executor, { segment, entity, rows }: Membership, { after, limit }: { readonly after: number; readonly limit: number }, b: Bindings): Promise<readonly number[]> {
  const w = new Writer(x.dialect, b)
  const alias = w.alias()
  const sql = `SELECT m.record_id AS id FROM tessera_segment_member m WHERE m.segment = ${w.value(segment)} AND m.record_id > ${w.value(after)} AND NOT EXISTS (SELECT 1 FROM ${quote(entity.table)} ${alias} WHERE ${alias}.id = m.record_id AND ${where(w, rows, { entity, alias })}) ORDER BY m.record_id LIMIT ${String(limit)}`
  return (await x.all(sql, bind(w.statement(sql), b))).map((row) => Number(row['id']))
}

export async function addMembers(tx: Executor, segment: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  const { cells, from } = rowsSource(tx.dialect, ['text', 'integer'])
  await tx.run(`INSERT INTO tessera_segment_member (segment, record_id) SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE ON CONFLICT DO NOTHING`, [rowsParameter(ids.map((id) => [segment, id]))])
}

export async function removeMembers(tx: Executor, segment: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  const { cells, from } = rowsSource(tx.dialect, ['integer'])
  await tx.run(`DELETE FROM tessera_segment_member WHERE segment = ? AND record_id IN (SELECT ${cells.join(', ')} FROM ${from})`, [segment, rowsParameter(ids.map((id) => [id]))])
}

/** Nobody waits for the segment any more. */
export const forgetMembers = (tx: Executor, segment: string): Promise<number> => tx.run('DELETE FROM tessera_segment_member WHERE segment = ?', [segment])
