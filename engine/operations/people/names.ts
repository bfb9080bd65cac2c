/** What people are called, as far as the caller may know it. */
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import type { Call } from '../call.js'
import { idIn } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'
import { all } from '../../model/conditions/predicate.js'

/** User id → name, without those whom the caller may not know. One statement. */
export async function namesOf(call: Call, users: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const access = call.access.entity('user')
  const field = access?.entity.fields.get(access.entity.display)
  const ids = [...new Set(users)]
  if (access === undefined || field === undefined || access.field(field.key) === undefined || ids.length === 0) return new Map()
  const selection = selectionOf(call.model, call.access, access, { fields: ['id', field.key] })
  const page = await records.list(call.engine.database.read, { entity: access.entity, rows: all(access.rows, idIn(access.entity, ids)), archived: 'without', selection, sort: [], limit: ids.length }, call.bindings)
  looked(call, 'list', access.entity, selection, page.records)
  return new Map(page.records.flatMap((record) => {
    const value = record[field.key] ?? null
    return value === null ? [] : [[Number(record['id']), field.type.format(value, field.options)] as const]
  }))
}
