/** What a merge did, as it must be known to be undone, and where merged records went. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { Entity } from '../../model/model.js'
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'
import type { Stamp } from '../store.js'

/** A reference that led to a merged record. Entity and field by their identities. */
export interface MovedReference extends JsonObject {
  readonly entity: string
  readonly field: string
  readonly id: number
  /** The merged record that it led to. */
  readonly from: number
  /** `moved`: it leads to the survivor now; `emptied`: the survivor itself had it; `archived`: the survivor had the same already, so its record was put away. */
  readonly how: 'moved' | 'emptied' | 'archived'
}

export interface MergeDetail extends JsonObject {
  readonly others: readonly number[]
  readonly references: readonly MovedReference[]
  /** Field identity → value of the survivor before and after. */
  readonly changes: Readonly<Record<string, readonly Json[]>>
}

export interface Merge {
  readonly id: number
  readonly survivor: number
  readonly detail: MergeDetail
  readonly undone: boolean
}

const instantOf = (tx: Executor, at: Date): unknown => codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString())

/** Gives the number of the merge. */
export async function addMerge(tx: Executor, entity: Entity, survivor: number, detail: MergeDetail, stamp: Stamp): Promise<number> {
  const [row] = await tx.all('INSERT INTO tessera_merge (entity, survivor, merged_by, merged_at, detail) VALUES (?, ?, ?, ?, ?) RETURNING id', [entity.id, survivor, stamp.by, instantOf(tx, stamp.at), JSON.stringify(detail)])
  const id = Number(row?.['id'])
  for (const other of detail.others) {
    await tx.run('INSERT INTO tessera_merged (entity, record_id, merge_id, survivor) VALUES (?, ?, ?, ?) ON CONFLICT (entity, record_id) DO UPDATE SET merge_id = excluded.merge_id, survivor = excluded.survivor', [entity.id, other, id, survivor])
  }
  return id
}

export async function mergeOf(x: Executor, entity: Entity, id: number): Promise<Merge | null> {
  const [row] = await x.all('SELECT id, survivor, detail, undone_at FROM tessera_merge WHERE entity = ? AND id = ?', [entity.id, id])
  if (row === undefined) return null
  return { id: Number(row['id']), survivor: Number(row['survivor']), detail: JSON.parse(String(row['detail'])) as MergeDetail, undone: row['undone_at'] !== null }
}

export async function endMerge(tx: Executor, id: number, at: Date): Promise<void> {
  await tx.run('UPDATE tessera_merge SET undone_at = ? WHERE id = ?', [instantOf(tx, at), id])
  await tx.run('DELETE FROM tessera_merged WHERE merge_id = ?', [id])
}

/** A merge as it is listed. */
export interface ListedMerge extends Merge {
  /** User id. */
  readonly by: number | null
  /** RFC 3339. */
  readonly at: string
}

/** The newest first, those before `id`. */
export async function mergesBefore(x: Executor, entity: Entity, id: number, limit: number): Promise<readonly ListedMerge[]> {
  const rows = await x.all(`SELECT id, survivor, detail, undone_at, merged_by, merged_at FROM tessera_merge WHERE entity = ? AND id < ? ORDER BY id DESC LIMIT ${String(limit)}`, [entity.id, id])
  return rows.map((row) => ({
    id: Number(row['id']),
    survivor: Number(row['survivor']),
    detail: JSON.parse(String(row['detail'])) as MergeDetail, // written by addMerge
    undone: row['undone_at'] !== null,
    by: row['merged_by'] === null ? null : Number(row['merged_by']),
    at: codec(x.dialect, { kind: 'instant' }).decode(row['merged_at']) as string, // what the codec gives for an instant
  }))
}

/** A survivor may have been merged again: so many steps are followed. */
const stepsMax = 20

/** The record that `id` was merged into, at the end of all merges; null when it was not. */
export async function survivorOf(x: Executor, entity: Entity, id: number): Promise<number | null> {
  let survivor: number | null = null
  for (let step = 0; step < stepsMax; step++) {
    const [row] = await x.all('SELECT survivor FROM tessera_merged WHERE entity = ? AND record_id = ?', [entity.id, survivor ?? id])
    if (row === undefined) break
    survivor = Number(row['survivor'])
  }
  return survivor
}
