/** Merges that were done, so that one can be taken back. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { all } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { mergesBefore } from '../../storage/own/merges.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { assertGranted } from '../records/prepare.js'
import { idOf, type Rec } from '../records/row.js'
import { accessTo, granted, idIn, systemField } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'

const pageMax = 50

export interface ToldMerge extends JsonObject {
  readonly id: number
  readonly survivor: { readonly id: number; readonly title: string }
  /** Those that were put away; the title is null where the caller may not read it. */
  readonly others: readonly { readonly id: number; readonly title: string | null }[]
  /** User id. */
  readonly by: number | null
  /** RFC 3339. */
  readonly at: string
  readonly undone: boolean
}

/**
 * The newest merges first, of survivors that the caller reads; for those who could take them back.
 * @param before id of a merge: go on behind it
 * @throws Problem request.path, access.denied
 */
export async function mergesOf(call: Call, entity: string, before?: number): Promise<{ readonly merges: readonly ToldMerge[]; readonly next: number | null }> {
  const access = accessTo(call, entity)
  assertGranted(access.update)
  granted(access.archive)
  const found = await mergesBefore(call.engine.database.read, access.entity, before ?? Number.MAX_SAFE_INTEGER, pageMax)
  const titles = await titlesOf(call, access, found.flatMap(({ survivor, detail }) => [survivor, ...detail.others]))
  const merges = found.flatMap(({ id, survivor, detail, by, at, undone }): readonly ToldMerge[] => {
    const title = titles.get(survivor)
    return title === undefined ? [] : [{ id, survivor: { id: survivor, title }, others: detail.others.map((other) => ({ id: other, title: titles.get(other) ?? null })), by, at, undone }]
  })
  return { merges, next: found.length < pageMax ? null : (found.at(-1)?.id ?? null) }
}

/** Titles of those that the caller may read, put away or not. */
async function titlesOf(call: Call, access: EntityAccess, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map()
  const field = access.entity.fields.get(access.entity.display)
  const selection = selectionOf(call.model, call.access, access, { fields: ['id', ...(field === undefined || access.field(field.key) === undefined ? [] : [field.key])] })
  const query = { entity: access.entity, rows: all(access.rows, idIn(access.entity, [...new Set(ids)])), selection, sort: [{ field: systemField(access.entity, 'id'), descending: false }], limit: ids.length }
  const titleOf = (record: Rec): string => {
    const value = field === undefined ? null : (record[field.key] ?? null)
    return field === undefined || value === null ? `#${String(idOf(record))}` : field.type.format(value, field.options)
  }
  const found: Rec[] = []
  const { read } = call.engine.database
  found.push(...(await records.list(read, { ...query, archived: 'without' }, call.bindings)).records)
  found.push(...(await records.list(read, { ...query, rows: all(query.rows, granted(access.archive)), archived: 'only' }, call.bindings)).records)
  return new Map(found.map((record) => [idOf(record), titleOf(record)]))
}
