/** Linking needs the right to read the target: a target that is missing, archived or not the caller's is one and the same fault. */
import { Problem, type Finding } from '../../errors.js'
import type { Entity, Field } from '../../model/model.js'
import { all } from '../../model/predicate.js'
import { pointerPart } from '../../permissions/fields.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idIn, readableRows, systemField } from './rights.js'
import { idOf, type PreparedRow } from '../records/row.js'

/** Few targets are asked one by one: that statement is compiled already. */
const askedOneByOne = 4

/** @throws Problem record.invalid with one finding per reference that points to nothing the caller may read */
export async function assertLinks(tx: Executor, call: Call, entity: Entity, rows: readonly PreparedRow[]): Promise<void> {
  const findings: Finding[] = []
  for (const field of entity.fields.values()) {
    if (field.link === null || field.system) continue
    const sent = rows.flatMap((row) => targetOf(row, field))
    if (sent.length === 0) continue
    const readable = await readableTargets(tx, call, call.access.entity(field.link.to), [...new Set(sent.map(({ id }) => id))])
    for (const { row, id } of sent) if (!readable.has(id)) findings.push(noTarget(row, field))
  }
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
}

/** The finding for a reference whose target is not there for the caller. */
export const noTarget = (row: PreparedRow, field: Field): Finding => ({
  path: `${row.at}/${pointerPart(field.key)}`,
  code: 'reference.unavailable',
  message: `${field.title}: there is no such record that you may link to.`,
})

function targetOf(row: PreparedRow, field: Field): readonly { row: PreparedRow; id: number }[] {
  const id = row.values[field.key]
  return typeof id === 'number' ? [{ row, id }] : []
}

async function readableTargets(tx: Executor, call: Call, target: EntityAccess | undefined, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (target === undefined) return new Set()
  if (ids.length <= askedOneByOne) {
    const rows = readableRows(target, false)
    const found = new Set<number>()
    for (const id of ids) if (await records.exists(tx, { entity: target.entity, rows, id }, call.bindings)) found.add(id)
    return found
  }
  const selection = { fields: [{ field: systemField(target.entity, 'id'), masked: false }], toOne: [], toMany: [] }
  const query = { entity: target.entity, rows: all(target.rows, idIn(target.entity, ids)), archived: 'without' as const, selection, sort: [], limit: ids.length }
  const page = await records.list(tx, query, call.bindings)
  return new Set(page.records.map(idOf))
}
