/** The screens of two states of the definitions, one beside the other: which of them people see changed, and what is on them. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiList, UiModel } from '../../../metadata/contract/ui-model.js'
import { columnsOf } from '../../lists/table/columns.js'
import { formsOf, usualForm } from '../commands/forms.js'
import { viewPath } from '../commands/set-view.js'
import { canonical, listOf, objectOf, textOf } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { fieldOf, formPath, nodeOf, readForm, shownForm, typeOf, type FormNode } from '../screens/form-tree.js'
import { differences, type Difference, type Part } from './parts.js'

/** One state of the definitions: what is written, and what the reader's screens are told of it. */
export interface Side {
  readonly documents: Documents
  readonly model: UiModel
}

/** Two states, and the one whose records there are. */
export interface Sides {
  readonly before: Side
  readonly after: Side
  readonly inForce: Side
}

/** A screen in one state. `arrangement`: what says that it looks the same. */
interface Shown {
  readonly entity: UiEntity
  readonly parts: readonly Part[]
  readonly arrangement: string
}

/** A form; its entity has it in the place of its own. */
export type ShownForm = Shown

export interface ShownList extends Shown {
  readonly list: UiList
}

interface Change<What> {
  /** Of the definition that is this screen; where none is written, of the one that would be. */
  readonly path: string
  /** Null: there is no such screen on that side. */
  readonly before: What | null
  readonly after: What | null
  /** Empty: only arranged in another way, or all of it came or went. */
  readonly differences: readonly Difference[]
  /** Both sides are there, and are arranged in different ways. */
  readonly arranged: boolean
}

export interface ScreenChanges {
  readonly forms: readonly Change<ShownForm>[]
  readonly lists: readonly Change<ShownList>[]
}

export type FormChange = Change<ShownForm>
export type ListChange = Change<ShownList>

/** What an entity or a field was first called, which it stays for good. */
const identityOf = (definition: Json | undefined, name: string): string => textOf(objectOf(objectOf(definition)['crm'])['id']) || name

const definitionOf = ({ documents }: Side, entity: string): JsonObject => objectOf(documents[`${entity}/entity.json`])

export const entityIdentity = (side: Side, name: string): string => identityOf(definitionOf(side, name), name)

const fieldIdentity = (side: Side, entity: string, key: string): string => identityOf(objectOf(definitionOf(side, entity)['properties'])[key], key)

/** A path such as `store.name` by the identity of its first field. */
function pathIdentity(side: Side, entity: string, path: string): string {
  const [first = '', ...rest] = path.split('.')
  return [fieldIdentity(side, entity, first), ...rest].join('.')
}

/** The entity with an identity, under the name that it has on a side. */
export const entityWith = (side: Side, identity: string): UiEntity | undefined => Object.values(side.model.entities).find(({ name }) => entityIdentity(side, name) === identity)

/** @param tag BCP 47 tag of the texts */
export function changedScreens(before: Side, after: Side, tag: string): ScreenChanges {
  const identities = [...new Set([after, before].flatMap((side) => Object.keys(side.model.entities).map((name) => entityIdentity(side, name))))]
  const pairs = identities.map((identity) => ({ was: entityWith(before, identity), is: entityWith(after, identity) }))
  const forms = pairs.flatMap(({ was, is }) => namesOf(formNames, before, was, after, is).map((name) => changeOf(formPath(is?.name ?? was?.name ?? '', name), shownFormOf(before, was, name, tag), shownFormOf(after, is, name, tag))))
  const lists = pairs.flatMap(({ was, is }) => namesOf(listNames, before, was, after, is).map((name) => changeOf(viewPath(is?.name ?? was?.name ?? '', name), shownListOf(before, was, name), shownListOf(after, is, name))))
  return { forms: forms.filter((change) => change !== null), lists: lists.filter((change) => change !== null) }
}

function namesOf(read: (side: Side, entity: UiEntity) => readonly string[], before: Side, was: UiEntity | undefined, after: Side, is: UiEntity | undefined): readonly string[] {
  return [...new Set([...(is === undefined ? [] : read(after, is)), ...(was === undefined ? [] : read(before, was))])]
}

/** Null: nobody sees that anything changed. */
function changeOf<What extends Shown>(path: string, before: What | null, after: What | null): Change<What> | null {
  if (before === null || after === null) return before === after ? null : { path, before, after, differences: [], arranged: false }
  const found = differences(before.parts, after.parts)
  const arranged = before.arrangement !== after.arrangement
  return found.length === 0 && !arranged ? null : { path, before, after, differences: found, arranged }
}

// ── forms ──

/** Where none is written, people get the one that is made from the fields. */
function formNames({ documents }: Side, { name }: UiEntity): readonly string[] {
  const written = formsOf(documents, name, '').map((form) => form.name)
  return written.length === 0 ? [usualForm] : written
}

function shownFormOf(side: Side, entity: UiEntity | undefined, name: string, tag: string): ShownForm | null {
  if (entity === undefined || !formNames(side, entity).includes(name)) return null
  const form = readForm(side.documents, formPath(entity.name, name)) ?? nodeOf(entity.form as unknown as JsonObject)
  const parts = partsIn(form, { side, entity, tag })
  return { entity: { ...entity, form: shownForm(form, tag) }, parts, arrangement: canonical(parts.map(({ place, key }) => [place, key])) }
}

interface Reading {
  readonly side: Side
  readonly entity: UiEntity
  readonly tag: string
}

const sections: ReadonlySet<string> = new Set(['Group', 'Category'])

/** What people see of a form, from above to below. Lines and columns only arrange; their conditions are those of what stands in them. */
function partsIn(node: FormNode, reading: Reading, place = '', parent = '', conditions: readonly Json[] = []): readonly Part[] {
  const rules = node.own['rule'] === undefined ? conditions : [...conditions, node.own['rule']]
  const own = place === '' ? null : partOf(node, reading, { place, parent, condition: canonical([...rules]) })
  const section = own !== null && own.section !== ''
  const inner = (node.children ?? []).flatMap((child, index) => partsIn(child, reading, `${place}/${String(index)}`, section ? place : parent, section ? [] : rules))
  return own === null ? inner : [own, ...inner]
}

function partOf(node: FormNode, { side, entity, tag }: Reading, { place, parent, condition }: { readonly place: string; readonly parent: string; readonly condition: string }): Part | null {
  const type = typeOf(node)
  const said = (key: string): string => node.texts[tag]?.[`/${key}`] ?? textOf(node.own[key])
  const own = { place, parent, section: '', aspects: { condition, look: canonical(node.own['options'] ?? {}) } }
  if (sections.has(type)) return { ...own, key: '', section: type, title: said('label') }
  if (type === 'Label') return { ...own, key: `text ${said('text')}`, title: said('text') }
  if (type === 'RelatedList') {
    const relation = entity.relations.find(({ name }) => name === objectOf(node.own['options'])['relation'])
    if (relation === undefined) return null
    const { relation: _relation, columns, ...look } = objectOf(node.own['options'])
    return { ...own, key: `relation ${relation.name}`, title: said('label') || relation.title, aspects: { condition, look: canonical({ ...look, columns: listOf(columns).map((path) => pathIdentity(side, relation.entity, textOf(path))) }) } }
  }
  const field = type === 'Control' ? entity.fields.find(({ key }) => key === fieldOf(node)) : undefined
  if (field === undefined) return null
  return { ...own, key: `field ${fieldIdentity(side, entity.name, field.key)}`, title: said('label') || field.title, aspects: { ...own.aspects, ...aspectsOf(side, field) } }
}

/** What a reference leads to is the same under another name. */
function aspectsOf(side: Side, { type, computed, required, requiredWhen, options, help }: UiField): Part['aspects'] {
  const to = [options['to'] ?? []].flat().map((name) => entityIdentity(side, textOf(name)))
  return { type: computed ?? type, required: canonical([required, requiredWhen ?? null]), settings: canonical({ ...options, to }), help: help ?? '' }
}

// ── lists ──

const listNames = (_side: Side, { lists }: UiEntity): readonly string[] => lists.map(({ name }) => name)

function shownListOf(side: Side, entity: UiEntity | undefined, name: string): ShownList | null {
  const list = entity?.lists.find((one) => one.name === name)
  if (entity === undefined || list === undefined) return null
  const parts = columnsOf(side.model, entity, list.columns).map(({ path, title, field }): Part =>
    ({ place: path, key: pathIdentity(side, entity.name, path), title, section: '', parent: '', aspects: { type: field.computed ?? field.type } }))
  const { name: _name, columns: _columns, ...look } = list
  const arrangement = canonical(byIdentity(look, new Map(entity.fields.map(({ key }) => [key, fieldIdentity(side, entity.name, key)]))))
  return { entity, list, parts, arrangement }
}

/** Names of fields by their identities, wherever a list says them: as they are, at the begin of a path (`store.name`, `joined:month`), in a sort (`-name`) and as keys of conditions and totals. Titles stay. */
function byIdentity(value: Json, identities: ReadonlyMap<string, string>): Json {
  const named = (text: string): string => text.replace(/^(-?)([A-Za-z]\w*)(?=$|[.:])/, (whole, sign: string, key: string) => (identities.has(key) ? `${sign}${identities.get(key) ?? ''}` : whole))
  if (typeof value === 'string') return value.split(',').map(named).join(',')
  if (Array.isArray(value)) return value.map((item: Json) => byIdentity(item, identities))
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [named(key), key === 'title' ? inner : byIdentity(inner, identities)])) : value
}

// ── what they are shown with ──

/** The values of a record of what is in force, under the keys of a side; of what is another field now, none. */
export function valuesOn(side: Side, entity: UiEntity, inForce: Side, record: JsonObject): JsonObject {
  const live = entityWith(inForce, entityIdentity(side, entity.name))
  const known = new Map((live?.fields ?? []).map((field) => [fieldIdentity(inForce, live?.name ?? '', field.key), field]))
  const values = entity.fields.map((field): readonly [string, Json] => {
    const now = known.get(fieldIdentity(side, entity.name, field.key))
    return [field.key, now?.type === field.type ? (record[now.key] ?? null) : null]
  })
  return { id: record['id'] ?? null, ...Object.fromEntries(values) }
}

/** The columns of a list on either side, as what is in force calls them; those that it does not have are left out. */
export function pathsInForce({ before, after }: ListChange, inForce: Side, live: UiEntity): readonly string[] {
  const keys = new Map(live.fields.map(({ key }) => [fieldIdentity(inForce, live.name, key), key]))
  return [...(before?.parts ?? []), ...(after?.parts ?? [])].flatMap(({ key }) => {
    const [first = '', ...rest] = key.split('.')
    const now = keys.get(first)
    return now === undefined ? [] : [[now, ...rest].join('.')]
  })
}
