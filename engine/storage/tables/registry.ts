/** The columns that entity tables really have, in use or parked. Written in the unit that changes the table. */
import type { Field, PhysicalColumn } from '../../model/model.js'
import type { ColumnKind } from '../../fields/contract.js'
import type { Executor } from '../contract.js'

export interface KnownColumn {
  readonly name: string
  /** Identity of the field that it belongs to. */
  readonly field: string
  readonly suffix: string
  readonly kind: ColumnKind
  readonly scale: number | undefined
  /** Field type whose values it holds. */
  readonly type: string
  /** Version whose conversion replaced it; null while it is in use. */
  readonly parkedAt: number | null
}

/** Columns of a table by name; empty when the table does not exist. */
export async function knownColumns(x: Executor, table: string): Promise<Map<string, KnownColumn>> {
  const rows = await x.all('SELECT column_name, field, suffix, kind, scale, type, parked_version FROM tessera_column WHERE table_name = ? ORDER BY column_name', [table])
  return new Map(
    rows.map((row) => [
      String(row['column_name']),
      {
        name: String(row['column_name']),
        field: String(row['field']),
        suffix: String(row['suffix']),
        kind: row['kind'] as ColumnKind,
        scale: row['scale'] === null ? undefined : Number(row['scale']),
        type: String(row['type']),
        parkedAt: row['parked_version'] === null ? null : Number(row['parked_version']),
      },
    ]),
  )
}

export async function registerColumns(tx: Executor, table: string, columns: readonly { readonly field: Field; readonly column: PhysicalColumn }[]): Promise<void> {
  if (columns.length === 0) return
  const bindings = columns.flatMap(({ field, column }) => [table, column.name, field.id, column.suffix, column.kind, column.scale ?? null, field.type.name])
  await tx.run(`INSERT INTO tessera_column (table_name, column_name, field, suffix, kind, scale, type) VALUES ${columns.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`, bindings)
}

/** `type`: the field's type until now; its columns may be older, when they served an earlier type unchanged. */
export async function registerParked(tx: Executor, table: string, name: string, parked: { readonly name: string; readonly version: number; readonly type: string | null }): Promise<void> {
  await tx.run('UPDATE tessera_column SET column_name = ?, parked_version = ?, type = COALESCE(?, type) WHERE table_name = ? AND column_name = ?', [parked.name, parked.version, parked.type, table, name])
}

/** True when the column holds values of this shape. */
export const fits = (known: KnownColumn, column: PhysicalColumn): boolean => known.kind === column.kind && (known.scale ?? 0) === (column.scale ?? 0)
