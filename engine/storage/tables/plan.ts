/**
 * What has to change in storage from one model to another, by identity: a new name is not a new field. Pure; how many
 * rows are touched is measured in `impact.ts`, the work is done in `apply.ts`.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { PlanStep } from '../../../metadata/contract/plan.js'
import type { Entity, Field, Index, LinkTable, Model, Need } from '../../model/model.js'
import { sameJson } from '../../model/equal.js'
import { questionsIn } from '../../model/rules/required.js'
import { isNarrower } from './narrower.js'
import { searchColumns, titleColumn } from './search.js'

/** The work on one table. */
export interface EntityWork {
  readonly entity: Entity
  /** The same entity before; null when it is new or comes back. */
  readonly before: Entity | null
  /** Fields whose columns must be there; those that are there already stay as they are. */
  readonly add: readonly Field[]
  readonly convert: readonly Conversion[]
  /** Links that do something else when their target is erased. */
  readonly relink: readonly Field[]
  readonly dropIndexes: readonly Index[]
  readonly addIndexes: readonly Index[]
  /** Columns of the text index before and after; equal when nothing is to do. */
  readonly search: { readonly before: readonly string[]; readonly after: readonly string[] }
}

export interface Conversion {
  readonly before: Field
  readonly after: Field
  /** The field points to another entity now: ids of the old one mean nothing there. */
  readonly discard: boolean
}

/** What to look at in the data to know how safe a step is. */
export type Check =
  | ({ readonly kind: 'convert'; readonly entity: Entity } & Conversion)
  | { readonly kind: 'narrow'; readonly entity: Entity; readonly before: Field; readonly after: Field }
  | ({ readonly kind: 'require' } & Requirement)
  | { readonly kind: 'unique'; readonly entity: Entity; readonly index: Index }
  | { readonly kind: 'rows'; readonly entity: Entity }

/** A value that is asked for from now on. */
export interface Requirement {
  readonly entity: Entity
  /** The field before; null when it is new. */
  readonly field: Field | null
  /** Where it is asked for, and what its condition names, as it is before; null: on every record. */
  readonly when: { readonly need: Need; readonly known: ReadonlyMap<string, Field> } | null
  /** What selects the records without a value in what is in force; null where that cannot be asked there. */
  readonly filter: JsonObject | null
}

export interface StoragePlan {
  readonly steps: readonly PlanStep[]
  readonly work: readonly EntityWork[]
  /** By step key, for steps whose safety the data decides. The entities in it are those before the change. */
  readonly checks: ReadonlyMap<string, Check>
}

/** The plan from `before` (null: an empty database) to `after`. */
export function plan(before: Model | null, after: Model): StoragePlan {
  const draft: Draft = { steps: [], work: [], checks: new Map() }
  const known = new Map([...(before?.entities.values() ?? [])].map((entity) => [entity.id, entity]))
  for (const entity of after.entities.values()) {
    const previous = known.get(entity.id)
    known.delete(entity.id)
    if (previous === entity) continue
    if (previous === undefined) planNew(draft, entity, before)
    else planChanged(draft, previous, entity, before, after)
  }
  for (const gone of known.values()) draft.steps.push({ key: `archiveEntity:${gone.name}`, action: 'archiveEntity', entity: gone.name, safety: 'safe' })
  return draft
}

interface Draft {
  readonly steps: PlanStep[]
  readonly work: EntityWork[]
  readonly checks: Map<string, Check>
}

function planNew(draft: Draft, entity: Entity, before: Model | null): void {
  const comesBack = before?.documents[`${entity.name}/entity.json`] !== undefined
  const action = comesBack ? 'restoreEntity' : 'createEntity'
  draft.steps.push({ key: `${action}:${entity.name}`, action, entity: entity.name, safety: 'safe' })
  draft.work.push({
    entity, before: null, add: storedFields(entity), convert: [], relink: [], dropIndexes: [],
    addIndexes: entity.indexes, search: { before: [], after: searchColumns(entity) },
  })
}

function planChanged(draft: Draft, before: Entity, after: Entity, modelBefore: Model | null, modelAfter: Model): void {
  const steps: Step = (action, field, more = {}) => {
    const step: PlanStep = { key: `${action}:${after.name}${field === null ? '' : `.${field}`}`, action, entity: after.name, ...(field === null ? {} : { field }), safety: 'safe', ...more }
    draft.steps.push(step)
    return step.key
  }
  if (before.name !== after.name) steps('renameEntity', null, { from: before.name, to: after.name })
  const fields = planFields(draft, steps, before, after, { before: modelBefore, after: modelAfter })
  const converted = new Set(fields.convert.flatMap((one) => [...one.before.columns, ...one.after.columns].map(({ name }) => name)))
  const indexes = planIndexes(draft, steps, before, after, converted)
  const search = { before: searchColumns(before), after: searchColumns(after) }
  if (search.before.join() !== search.after.join()) draft.checks.set(steps('changeSearch', null, { safety: 'slow' }), { kind: 'rows', entity: before })
  const work = { entity: after, before, ...fields, ...indexes, search }
  const touched = search.after.some((column) => converted.has(column)) || search.before.join() !== search.after.join() || titleColumn(before) !== titleColumn(after)
  if (touched || [...fields.add, ...fields.convert, ...fields.relink, ...indexes.addIndexes, ...indexes.dropIndexes].length > 0) draft.work.push(work)
}

type Step = (action: PlanStep['action'], field: string | null, more?: Partial<PlanStep>) => string

// ── fields ──

interface Models {
  readonly before: Model | null
  readonly after: Model
}

function planFields(draft: Draft, step: Step, before: Entity, after: Entity, models: Models): Pick<EntityWork, 'add' | 'convert' | 'relink'> {
  const add: Field[] = []
  const convert: Conversion[] = []
  const relink: Field[] = []
  const live = new Map(storedFields(before).map((field) => [field.id, field]))
  const archived = new Map(before.archived.map((field) => [field.id, field]))
  for (const field of storedFields(after)) {
    const was = live.get(field.id) ?? archived.get(field.id)
    if (was === undefined) {
      step('addField', field.key, { to: field.derived?.as ?? field.type.name })
      planRequired(draft, step, before, after, undefined, field)
      add.push(field)
      continue
    }
    if (!live.delete(field.id)) {
      step('restoreField', field.key)
      // It may have lost columns to a conversion meanwhile.
      add.push(field)
    } else if (was.key !== field.key) step('renameField', field.key, { from: was.key, to: field.key })
    if (was === field) continue
    planRequired(draft, step, before, after, was, field)
    const change = planValues(draft, step, before, was, field, models)
    if (change === 'relink') relink.push(field)
    else if (change !== null) convert.push(change)
  }
  for (const gone of live.values()) step('archiveField', gone.key)
  return { add, convert, relink }
}

/** Where a value is asked for: on every record, or where a condition holds. */
const askedOf = ({ needs }: Entity, field: Field): Need | 'always' | undefined => (field.required ? 'always' : needs.find((need) => need.field === field))

/** Records that lack a value which is asked for from now on stay as they are; how many there are is to be known. */
function planRequired(draft: Draft, step: Step, before: Entity, after: Entity, was: Field | undefined, now: Field): void {
  const asked = now.derived === null ? askedOf(after, now) : undefined
  const earlier = was === undefined ? undefined : askedOf(before, was)
  if (asked === undefined || earlier === 'always' || (asked !== 'always' && earlier !== undefined && sameJson(earlier.when, asked.when))) return
  const named = asked === 'always' ? [] : questionsIn(asked.when).map(({ path: [key = ''] }) => key)
  const earlierFields = new Map([...before.fields.values()].map((field) => [field.id, field]))
  const known = new Map(named.flatMap((key) => {
    const found = earlierFields.get(after.fields.get(key)?.id ?? '')
    return found === undefined ? [] : [[key, found] as const]
  }))
  const when = asked === 'always' ? null : { need: asked, known }
  const live = was !== undefined && before.fields.get(was.key) === was ? was : undefined
  const sameNames = before.name === after.name && (live === undefined || (live.key === now.key && live.links === null)) && named.every((key) => key !== now.key && known.get(key)?.key === key)
  const filter = sameNames ? { ...(asked === 'always' ? {} : asked.when), ...(live === undefined ? {} : { [now.key]: null }) } : null
  draft.checks.set(step('requireField', now.key, { safety: 'slow' }), { kind: 'require', entity: before, field: live ?? null, when, filter })
}

/** What becomes of the values of a field that stays. */
function planValues(draft: Draft, step: Step, entity: Entity, was: Field, now: Field, models: Models): Conversion | 'relink' | null {
  if (now.derived !== null) return planComputed(draft, step, entity, was, now)
  const target = targetChange(was, now, models)
  const narrower = isNarrower(was.schema, now.schema)
  if (target === 'moved') {
    const conversion = { before: was, after: now, discard: true }
    draft.checks.set(step('relinkField', now.key, { safety: 'slow', from: linkOf(was)?.to ?? '', to: linkOf(now)?.to ?? '' }), { kind: 'convert', entity, ...conversion })
    return conversion
  }
  if (was.type.name !== now.type.name || !sameColumns(was, now)) {
    const rewrites = !sameColumns(was, now) || narrower || (was.link === null) !== (now.link === null) || (was.links === null) !== (now.links === null)
    const key = step('convertField', now.key, { safety: rewrites ? 'slow' : 'safe', from: was.type.name, to: now.type.name })
    if (!rewrites) return null
    const conversion = { before: was, after: now, discard: false }
    draft.checks.set(key, { kind: 'convert', entity, ...conversion })
    return conversion
  }
  if (narrower) draft.checks.set(step('narrowField', now.key, { safety: 'slow' }), { kind: 'narrow', entity, before: was, after: now })
  if (target === 'rule') {
    step('relinkField', now.key, { safety: 'slow', from: linkOf(was)?.onDelete ?? '', to: linkOf(now)?.onDelete ?? '' })
    return 'relink'
  }
  return null
}

/** Computed values are computed anew; what people had entered there until now goes. */
function planComputed(draft: Draft, step: Step, entity: Entity, was: Field, now: Field): Conversion | null {
  if (was.derived !== null && sameColumns(was, now)) return null
  const conversion = { before: was, after: now, discard: true }
  const key = step('convertField', now.key, { safety: 'slow', from: was.derived?.as ?? was.type.name, to: now.derived?.as ?? now.type.name })
  if (was.derived === null) draft.checks.set(key, { kind: 'convert', entity, ...conversion })
  return conversion
}

/** `moved`: the link leads to another entity; `rule`: only what happens on erasing differs. */
function targetChange(was: Field, now: Field, models: Models): 'moved' | 'rule' | 'same' {
  const [before, after] = [linkOf(was), linkOf(now)]
  if (before === null || after === null) return 'same'
  const from = models.before?.entities.get(before.to)?.id ?? before.to
  const to = models.after.entities.get(after.to)?.id ?? after.to
  if (from !== to) return 'moved'
  return before.onDelete !== after.onDelete && (was.links === null) === (now.links === null) ? 'rule' : 'same'
}

/** Where a field points to: one record, or those that it lists. */
const linkOf = ({ link, links }: Field): Pick<LinkTable, 'to' | 'onDelete'> | null => link ?? links

/** Fields that have columns or a link table of their own, without the system's. */
export const storedFields = (entity: Entity): readonly Field[] => [...entity.fields.values()].filter((field) => !field.system && isStored(field))

const isStored = ({ columns, links }: Field): boolean => columns.length > 0 || links !== null

/** True when the columns can hold each other's values unchanged. */
export const sameColumns = (a: Field, b: Field): boolean => shapeOf(a) === shapeOf(b)

/** The columns of a field in words: what must be equal for values to stay as they are. */
export const shapeOf = (field: Field): string => field.columns.map(({ suffix, kind, scale, role }) => `${suffix}:${kind}:${String(scale ?? 0)}:${role ?? ''}`).join(' ')

// ── indexes ──

function planIndexes(draft: Draft, step: Step, before: Entity, after: Entity, converted: ReadonlySet<string>): Pick<EntityWork, 'addIndexes' | 'dropIndexes'> {
  const had = new Map(before.indexes.map((index) => [index.name, index]))
  const have = new Map(after.indexes.map((index) => [index.name, index]))
  const isTouched = (index: Index): boolean => index.columns.some((column) => converted.has(column))
  const added = after.indexes.filter((index) => !had.has(index.name))
  const dropped = before.indexes.filter((index) => !have.has(index.name))
  for (const [fields, indexes] of byFields(after, added)) {
    const index = indexes.find(({ unique }) => unique)
    const key = step('addIndex', fields, { safety: index === undefined ? 'safe' : 'slow' })
    draft.checks.set(key, index === undefined ? { kind: 'rows', entity: before } : { kind: 'unique', entity: before, index })
  }
  for (const fields of byFields(before, dropped).keys()) step('dropIndex', fields)
  return {
    addIndexes: after.indexes.filter((index) => !had.has(index.name) || isTouched(index)),
    dropIndexes: before.indexes.filter((index) => !have.has(index.name) || isTouched(index)),
  }
}

/** Several indexes about the same fields are one step: their key, and what people know of them, is the same. */
function byFields(entity: Entity, indexes: readonly Index[]): ReadonlyMap<string, readonly Index[]> {
  const groups = new Map<string, Index[]>()
  for (const index of indexes) {
    const fields = fieldsIn(entity, index)
    groups.set(fields, [...(groups.get(fields) ?? []), index])
  }
  return groups
}

/** Keys of the fields that an index is about, for people. */
const fieldsIn = (entity: Entity, index: Index): string =>
  index.columns.map((name) => [...entity.fields.values()].find((field) => field.columns.some((column) => column.name === name))?.key ?? name).join('+')
