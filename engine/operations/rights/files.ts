/**
 * A record may hold a file that its writer uploaded and nobody holds, or one that the writer reads in some field of some
 * record, now or in its history. Any other is one and the same fault, whether it is there or not.
 */
import { Problem, type Finding } from '../../errors.js'
import type { Entity, Field } from '../../model/model.js'
import { pointerPart } from '../../permissions/fields.js'
import type { Executor } from '../../storage/contract.js'
import { filesById, forgetUses, holdFiles, usesOf, type StoredFile, type Use } from '../../storage/own/files.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import type { PreparedRow, Rec } from '../records/row.js'
import { all, type Predicate } from '../../model/conditions/predicate.js'
import { readableRows } from './rights.js'

const kept = new WeakMap<Entity, readonly Field[]>()

/** Fields that hold files; the same list each time. */
export function fileFields(entity: Entity): readonly Field[] {
  let fields = kept.get(entity)
  if (fields === undefined) kept.set(entity, (fields = [...entity.fields.values()].filter((field) => field.type.files !== undefined)))
  return fields
}

const heldIn = (field: Field, value: unknown): readonly number[] => (value === null || value === undefined ? [] : (field.type.files?.held(value as never) ?? [])) // a value of this very type

/**
 * The rows with what is really known of their files, whatever was sent besides the ids.
 * @throws Problem record.invalid with a finding for each field that names a file which is not the caller's to use, or that the field does not take
 */
export async function describedFiles(tx: Executor, call: Call, entity: Entity, rows: readonly PreparedRow[], before?: Rec): Promise<readonly PreparedRow[]> {
  const fields = fileFields(entity)
  const wanted = fields.flatMap((field) => rows.flatMap((row) => heldIn(field, row.values[field.key]).map((id) => ({ field, id }))))
  if (wanted.length === 0) return rows
  const known = await filesById(tx, [...new Set(wanted.map(({ id }) => id))])
  const facts = new Map([...known].map(([id, { name, size, type }]) => [id, { id, name, size, type }]))
  // What the very field holds already stays; one of another field may be hidden from the writer.
  const stays = ({ field, id }: { readonly field: Field; readonly id: number }): boolean => heldIn(field, before?.[field.key]).includes(id)
  const asked = new Set(wanted.filter((one) => !stays(one)).map(({ id }) => id))
  const usable = await usableFiles(tx, call, [...known.values()].filter(({ id }) => asked.has(id)))
  const findings: Finding[] = []
  const described = rows.map((row) => {
    const values = { ...row.values }
    for (const field of fields) {
      const held = heldIn(field, values[field.key])
      if (held.length === 0) continue
      const fault = held.map((id) => faultOf(field, known.get(id), stays({ field, id }) || usable.has(id))).find((one) => one !== undefined)
      if (fault !== undefined) findings.push({ path: `${row.at}/${pointerPart(field.key)}`, code: 'file', message: `${field.title}: ${fault}` })
      else values[field.key] = field.type.files?.described(values[field.key] as never, facts) ?? null
    }
    return { ...row, values }
  })
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
  return described
}

function faultOf(field: Field, file: StoredFile | undefined, usable: boolean): string | undefined {
  if (file === undefined || !usable) return 'there is no such file that you may use.'
  const refusal = field.type.files?.refusal({ id: file.id, name: file.name, size: file.size, type: file.type }, field.options)
  return refusal === undefined ? undefined : `the file ${refusal}.`
}

async function usableFiles(tx: Executor, call: Call, files: readonly StoredFile[]): Promise<ReadonlySet<number>> {
  if (call.actor.id === null) return new Set(files.map(({ id }) => id))
  const uses = await usesOf(tx, files.map(({ id }) => id))
  const usable = new Set<number>()
  for (const { id, owner } of files) {
    const held = uses.filter((use) => use.file === id)
    const isFree = !held.some(({ live }) => live)
    if ((isFree && owner === call.actor.id) || (await someReadable(tx, call, held))) usable.add(id)
  }
  return usable
}

async function someReadable(tx: Executor, call: Call, uses: readonly Use[]): Promise<boolean> {
  for (const use of uses) if (await isReadable(tx, call, use)) return true
  return false
}

async function isReadable(tx: Executor, call: Call, use: Use): Promise<boolean> {
  const entity = [...call.model.entities.values()].find(({ id }) => id === use.entity)
  const access = entity === undefined ? undefined : call.access.entity(entity.name)
  const field = entity === undefined ? undefined : [...entity.fields.values()].find(({ id }) => id === use.field)
  const how = field === undefined ? undefined : access?.field(field.key)
  if (access === undefined || how?.how !== 'full') return false
  // What was let go can be taken back by who sees it in the history.
  if (!use.live && (!access.history || how.visible !== undefined)) return false
  const isIn = (rows: Predicate): Promise<boolean> => records.exists(tx, { entity: access.entity, rows: how.visible === undefined ? rows : all(rows, how.visible), id: use.record }, call.bindings)
  // Who may archive reads what was put away, such as the other record of a merge.
  return (await isIn(readableRows(access, false))) || (access.archive !== false && (await isIn(all(readableRows(access, true), access.archive))))
}

/** After a write: the record holds these files, and lets go those that it does not name any more. */
export async function holdFilesOf(tx: Executor, entity: Entity, record: Rec, changed: ReadonlySet<string>, at: Date, isNew: boolean): Promise<void> {
  for (const field of fileFields(entity)) {
    const ids = heldIn(field, record[field.key])
    if (changed.has(field.key) && !(isNew && ids.length === 0)) await holdFiles(tx, { entity: entity.id, record: Number(record['id']), field: field.id }, ids, at)
  }
}

/** A record is erased: its files go with it, unless another record holds them. */
export async function forgetFilesOf(tx: Executor, entity: Entity, ids: readonly number[]): Promise<void> {
  if (fileFields(entity).length > 0) await forgetUses(tx, entity.id, ids)
}
