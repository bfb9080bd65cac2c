/** Pairs of records that look alike and that somebody said are not the same. */
import type { Entity } from '../../model/model.js'
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'
import type { Stamp } from '../store.js'

export type Pair = readonly [low: number, high: number]

export const pairOf = (a: number, b: number): Pair => (a < b ? [a, b] : [b, a])

export async function addDistinct(tx: Executor, entity: Entity, [low, high]: Pair, stamp: Stamp): Promise<void> {
  const at = codec(tx.dialect, { kind: 'instant' }).encode(stamp.at.toISOString())
  await tx.run('INSERT INTO tessera_distinct (entity, low_id, high_id, decided_by, decided_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (entity, low_id, high_id) DO NOTHING', [entity.id, low, high, stamp.by, at])
}

/** Of the pairs that have a record among `ids`, as `low-high`. */
export async function distinctAmong(x: Executor, entity: Entity, ids: readonly number[]): Promise<ReadonlySet<string>> {
  const list = x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'
  const value = x.dialect === 'sqlite' ? JSON.stringify(ids) : ids
  const rows = await x.all(`SELECT low_id, high_id FROM tessera_distinct WHERE entity = ? AND (low_id ${list} OR high_id ${list})`, [entity.id, value, value])
  return new Set(rows.map((row) => `${String(row['low_id'])}-${String(row['high_id'])}`))
}
