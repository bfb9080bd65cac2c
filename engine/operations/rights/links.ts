/** Linking needs the right to read the target: a target that is missing, archived or not the caller's is one and the same fault. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import type { Entity, Field } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import { pointerPart } from '../../permissions/fields.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Change } from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import { listedIds, listFields } from '../../storage/links.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { readableRows } from './rights.js'
import type { PreparedRow, Rec } from '../records/row.js'

/** So few targets are asked for by name in one statement, whatever entities they belong to: it is compiled already. */
const askedByName = 6

/** A record that a row refers to. */
interface Link {
  readonly row: PreparedRow
  readonly field: Field
  /** Name of the entity. */
  readonly to: string
  readonly id: number
}

/**
 * What a list holds already, as `before` of a row tells, is not linked anew.
 * @throws Problem record.invalid with one finding per reference that points to nothing the caller may read
 */
export async function assertLinks(tx: Executor, call: Call, entity: Entity, rows: readonly (PreparedRow & { readonly before?: Rec })[]): Promise<void> {
  const links = [...entity.fields.values()].flatMap((field): readonly Link[] => {
    const to = (field.link ?? field.links)?.to
    return to === undefined || field.system ? [] : rows.flatMap((row) => targetsOf(row, field, row.before ?? {}).map((id) => ({ row, field, to, id })))
  })
  if (links.length === 0) return
  const readable = await readableTargets(tx, call, links)
  const known = ({ within, key }: Field): boolean => call.access.entity(entity.name)?.field(within ?? key) !== undefined // a rule also sets what its writer does not know
  const findings = links.filter(({ to, id }) => readable.get(to)?.has(id) !== true).map(({ row, field }): Finding =>
    known(field) ? noTarget(row, field) : { path: row.at, code: 'reference.unavailable', message: 'A rule of these records links to a record that you may not link to.' })
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
}

/** The finding for a reference whose target is not there for the caller. */
export const noTarget = (row: PreparedRow, field: Field): Finding => ({
  path: `${row.at}/${pointerPart(field.within ?? field.key)}`,
  code: 'reference.unavailable',
  message: `${field.title}: there is no such record that you may link to.`,
})

function targetsOf(row: PreparedRow, field: Field, before: Rec): readonly number[] {
  const value = row.values[field.key]
  if (typeof value === 'number') return [value]
  const linked = new Set(listedIds(before[field.key]))
  return listedIds(value).filter((id) => !linked.has(id))
}

/**
 * What was sent, with those records in each list that the caller cannot see: nobody takes out what they do not know of.
 * @throws Problem record.invalid when one of them was sent, like for a record that is not there
 */
export async function keepingUnseen(tx: Executor, call: Call, entity: Entity, before: Rec, row: PreparedRow): Promise<PreparedRow['values']> {
  const values = { ...row.values }
  for (const field of listFields(entity)) {
    const linked = listedIds(before[field.key])
    if (!Object.hasOwn(values, field.key) || linked.length === 0) continue
    const seen = await readableIds(tx, call, field, linked)
    const unseen = linked.filter((id) => !seen(id))
    const sent = listedIds(values[field.key])
    if (sent.some((id) => unseen.includes(id))) throw new Problem('record.invalid', {}, { problems: [noTarget(row, field)] })
    values[field.key] = [...sent, ...unseen].sort((a, b) => a - b)
  }
  return values
}

/**
 * Past values of lists without the records that the caller may not read now, and none of records of entities that do not
 * exist for them. One statement for each list at most.
 */
export async function readableChanges(x: Executor, call: Call, entity: Entity, all: readonly Change[]): Promise<readonly Change[]> {
  let told = all
  for (const { id } of [...entity.fields.values()].filter(({ targets }) => targets !== null)) {
    const shown = (value: Json): Json => (isObject(value) && typeof value['entity'] === 'string' && call.access.entity(value['entity']) !== undefined ? value : null)
    told = told.map((change) => shownPair(change, id, shown))
  }
  for (const field of [...entity.fields.values()].filter(({ links, lines }) => links !== null || lines !== null)) {
    const named = new Set(told.flatMap(({ changes }) => (changes?.[field.id] ?? []).flatMap(listedIds)))
    if (named.size === 0) continue
    const seen = await readableIds(x, call, field, [...named])
    const shown = (value: Json): Json => listedIds(value).filter(seen)
    told = told.map((change) => shownPair(change, field.id, shown))
  }
  return told
}

function shownPair(change: Change, id: string, shown: (value: Json) => Json): Change {
  const pair = change.changes?.[id]
  return pair === undefined ? change : { ...change, changes: { ...change.changes, [id]: [shown(pair[0]), shown(pair[1])] as const } }
}

/** Which of the records that a list names the caller may read, archived or not. One statement at most. */
export async function readableIds(x: Executor, call: Call, field: Field, ids: readonly number[]): Promise<(id: number) => boolean> {
  const target = call.access.entity(field.links?.to ?? field.lines?.entity ?? '')
  if (target === undefined) return () => false
  if (target.rows === everything || ids.length === 0) return () => true
  const found = await records.existing(x, { entity: target.entity, rows: target.rows, ids }, call.bindings)
  return (id) => found.has(id)
}

/** By entity the targets that the caller may read and that are not archived. */
async function readableTargets(tx: Executor, call: Call, links: readonly Link[]): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const wanted = new Map<EntityAccess, Set<number>>()
  for (const { to, id } of links) {
    const access = call.access.entity(to)
    if (access !== undefined) wanted.set(access, (wanted.get(access) ?? new Set()).add(id))
  }
  const asked = [...wanted].flatMap(([access, ids]) => [...ids].map((id) => ({ entity: access.entity, rows: readableRows(access, false), id })))
  if (asked.length <= askedByName) {
    const found = await records.existEach(tx, asked, call.bindings)
    return new Map([...wanted.keys()].map(({ entity }) => [entity.name, new Set(asked.flatMap((one, i) => (one.entity === entity && found[i] === true ? [one.id] : [])))]))
  }
  const readable = new Map<string, ReadonlySet<number>>()
  for (const [access, ids] of wanted) readable.set(access.entity.name, await records.existing(tx, { entity: access.entity, rows: readableRows(access, false), ids: [...ids] }, call.bindings))
  return readable
}
