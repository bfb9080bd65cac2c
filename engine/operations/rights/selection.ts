/** What is read of a record: the fields and expansions that were asked for, as far as the caller may read them. */
import { Problem } from '../../errors.js'
import type { Entity, Field, Model, Relation } from '../../model/model.js'
import { everything, nothing } from '../../model/conditions/predicate.js'
import type { Access, EntityAccess, FieldAccess } from '../../permissions/access.js'
import type { SelectedField, Selection, TargetName } from '../../storage/contract.js'

export const selectionLimits = { pathsMax: 200, depthMax: 3 } as const

/** Field paths (`name`, `store.name`, `address.city`); undefined fields: all that the caller reads. */
export interface Wanted {
  readonly fields?: readonly string[]
  readonly expand?: readonly string[]
}

/** One level of what was asked. */
interface Tree {
  /** Own fields by name; undefined: all. */
  readonly own: Set<string> | undefined
  readonly below: Map<string, Tree>
}

/**
 * @throws Problem access.field for what does not exist or may not be read, on every hop by the rules of its own entity
 */
export function selectionOf(model: Model, access: Access, entity: EntityAccess, wanted: Wanted): Selection {
  const count = (wanted.fields?.length ?? 0) + (wanted.expand?.length ?? 0)
  if (count > selectionLimits.pathsMax) throw new Problem('query.invalid', { reason: `more than ${selectionLimits.pathsMax} fields` })
  const tree: Tree = { own: wanted.fields === undefined ? undefined : new Set(), below: new Map() }
  for (const path of wanted.fields ?? []) addField(tree, path.split('.'), path)
  for (const path of wanted.expand ?? []) addExpansion(tree, path.split('.'), path)
  return select(model, access, entity, tree, '')
}

function addField(tree: Tree, [first = '', ...rest]: readonly string[], path: string): void {
  if (rest.length === 0) tree.own?.add(first)
  else addField(below(tree, first, path, rest.length, new Set()), rest, path)
}

function addExpansion(tree: Tree, [first = '', ...rest]: readonly string[], path: string): void {
  const next = below(tree, first, path, rest.length + 1, undefined)
  if (rest.length > 0) addExpansion(next, rest, path)
}

function below(tree: Tree, name: string, path: string, depth: number, own: Set<string> | undefined): Tree {
  if (depth > selectionLimits.depthMax) throw new Problem('query.invalid', { reason: `${path} goes further than ${selectionLimits.depthMax} steps` })
  const known = tree.below.get(name)
  if (known !== undefined) return known
  const made: Tree = { own, below: new Map() }
  tree.below.set(name, made)
  return made
}

function select(model: Model, access: Access, from: EntityAccess, tree: Tree, at: string): Selection {
  const named = tree.own === undefined ? [...from.entity.fields.values()].flatMap(({ key, within }) => (within === null && from.field(key) !== undefined ? [key] : [])) : [...alwaysRead(at), ...tree.own]
  const lines = named.filter((key) => from.entity.fields.get(key)?.lines)
  // Lines cost a statement, so they are read only when they are named.
  if (tree.own !== undefined) for (const key of lines) below(tree, key, key, 1, undefined)
  const keys = named.filter((key) => !lines.includes(key))
  const toOne: Selection['toOne'][number][] = []
  const toMany: Selection['toMany'][number][] = []
  const ofParts: SelectedField[] = []
  const labelled: SelectedField[] = []
  for (const [name, subtree] of tree.below) {
    const path = `${at}${name}`
    const field = from.entity.fields.get(name)
    if (field !== undefined && field.targets !== null) labelled.push(withLabels(selected(access, from, name, path), access, from, subtree, path))
    else if (field !== undefined && field.parts.size > 0) ofParts.push({ ...selected(access, from, name, path), parts: partsIn(field, subtree, path) })
    else if (field?.link) toOne.push(expandToOne(model, access, from, field, subtree, path))
    else toMany.push(expandToMany(model, access, from, name, subtree, path))
  }
  const expanded = new Set([...[...toOne, ...labelled].map(({ field }) => field.key), ...toMany.map(({ relation }) => relation.name)])
  const fields = [...new Set(keys)].filter((key) => !expanded.has(key)).map((key) => selected(access, from, key, `${at}${key}`))
  // Who asks for the whole beside some of its parts gets the whole.
  const whole = new Set(fields.map(({ field }) => field.key))
  return { fields: [...fields, ...labelled, ...ofParts.filter(({ field }) => !whole.has(field.key))], toOne, toMany }
}

/** The parts of a value that were asked for: a value is no record, so nothing lies behind them and nothing is expanded. */
function partsIn(field: Field, { own, below: deeper }: Tree, path: string): readonly string[] {
  const names = [...(own ?? [])]
  const wrong = own === undefined ? path : [...deeper.keys(), ...names.filter((name) => !field.parts.has(name))].map((name) => `${path}.${name}`)[0]
  if (wrong !== undefined) throw new Problem('access.field', { field: wrong })
  return names
}

/** A record is always named by its id; its version is what a later save refers to. */
const alwaysRead = (at: string): readonly string[] => (at === '' ? ['id', 'version'] : ['id'])

function selected(access: Access, from: EntityAccess, key: string, path: string): SelectedField {
  const { field, access: how } = readable(from, key, path)
  return selectedField(field, how, access)
}

/** A field with how the caller sees it; of the records that it lists, those that the caller may read. */
export function selectedField(field: Field, how: FieldAccess, access: Access): SelectedField {
  const target = field.links === null ? undefined : access.entity(field.links.to)
  return {
    field,
    masked: how.masked !== undefined,
    ...(how.visible === undefined ? {} : { visible: how.visible }),
    ...(how.masked === undefined || how.masked === everything ? {} : { maskedWhere: how.masked }),
    ...(field.targets === null ? {} : { targets: [...field.targets.keys()].filter((name) => access.entity(name) !== undefined).map((entity) => ({ entity })) }),
    ...(field.links === null ? {} : { listed: { target: target?.entity ?? null, rows: target?.rows ?? nothing } }),
  }
}

/** The same with the names of the records, where the caller may read them: `expand=about`, or `fields=about.label`. */
function withLabels(chosen: SelectedField, access: Access, from: EntityAccess, { own, below: deeper }: Tree, path: string): SelectedField {
  const wrong = [...(own ?? []), ...deeper.keys()].find((name) => name !== 'label')
  if (wrong !== undefined) throw new Problem('access.field', { field: `${path}.${wrong}` })
  const names = targetNames(access, from, chosen.field)
  const targets = (chosen.targets ?? []).map(({ entity }) => {
    const name = names.find(({ target }) => target.name === entity)
    if (name === undefined) return { entity }
    const { reference, target, rows, display, visible } = name
    const shown = { field: display, masked: false, ...(visible === undefined ? {} : { visible }) }
    return { entity, label: { field: reference, target, rows, selection: { fields: [shown], toOne: [], toMany: [] } } }
  })
  return { ...chosen, targets }
}

/** The names of the records that a reference to one of several may point to, as far as the caller reads them. */
export const targetNames = (access: Access, from: EntityAccess, field: Field): readonly TargetName[] =>
  [...(field.targets ?? [])].flatMap(([entity, { key }]) => {
    const target = access.entity(entity)
    const reference = from.entity.fields.get(key)
    const display = target?.entity.fields.get(target.entity.display)
    const how = display === undefined ? undefined : target?.field(display.key)
    if (target === undefined || reference === undefined || display === undefined || how?.how !== 'full') return []
    return [{ reference, target: target.entity, rows: target.rows, display, ...(how.visible === undefined ? {} : { visible: how.visible }) }]
  })

function readable(from: EntityAccess, key: string, path: string): { field: Field; access: FieldAccess } {
  const field = from.entity.fields.get(key)
  const access = from.field(key)
  if (field === undefined || access === undefined) throw new Problem('access.field', { field: path })
  return { field, access }
}

function expandToOne(model: Model, access: Access, from: EntityAccess, link: Field, tree: Tree, path: string): Selection['toOne'][number] {
  const { field, access: how } = readable(from, link.key, path)
  const target = field.link === null ? undefined : access.entity(field.link.to)
  if (target === undefined || how.how === 'masked') throw new Problem('access.field', { field: path })
  return {
    field,
    target: target.entity,
    rows: target.rows,
    selection: select(model, access, target, tree, `${path}.`),
    ...(how.visible === undefined ? {} : { visible: how.visible }),
  }
}

function expandToMany(model: Model, access: Access, from: EntityAccess, name: string, tree: Tree, path: string): Selection['toMany'][number] {
  const relation = from.entity.relations.get(name)
  const target = relation === undefined ? undefined : access.entity(relation.entity)
  const own = from.field(name)
  if (relation === undefined || target === undefined || !leadsBack(target, relation) || (from.entity.fields.has(name) && own?.how !== 'full')) throw new Problem('access.field', { field: path })
  return {
    relation,
    target: target.entity,
    rows: target.rows,
    selection: select(model, access, target, tree, `${path}.`),
    ...(own?.visible === undefined ? {} : { visible: own.visible }),
  }
}

/** Through a field that is seen on some rows only, the relation itself would tell its value: refused like an unknown one. */
function leadsBack(target: EntityAccess, { field }: Relation): boolean {
  const how = field === null ? undefined : target.field(field)
  return field === null || (how?.how === 'full' && how.visible === undefined)
}

/** All that the caller reads of a record, without expansions; the same object each time. */
export function ownSelection(all: Access, access: EntityAccess): Selection {
  const known = ownSelections.get(access)
  if (known !== undefined) return known
  const fields = [...access.entity.fields.values()].flatMap((field) => {
    const how = field.within === null ? access.field(field.key) : undefined
    return how === undefined ? [] : [selectedField(field, how, all)]
  })
  const made = { fields, toOne: [], toMany: [] }
  ownSelections.set(access, made)
  return made
}
const ownSelections = new WeakMap<EntityAccess, Selection>()

/** Every field of an entity in full, for the engine itself; the same object each time. */
export function everyField(entity: Entity): Selection {
  const known = everyFields.get(entity)
  if (known !== undefined) return known
  const made = { fields: [...entity.fields.values()].map((field) => ({ field, masked: false })), toOne: [], toMany: [] }
  everyFields.set(entity, made)
  return made
}
const everyFields = new WeakMap<Entity, Selection>()
