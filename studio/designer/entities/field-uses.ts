/** Where a field is used by roles, lists, forms and rules: what people should know before it is put away. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, listOf, objectOf, textOf } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { segmentDocument } from '../segments/segments.js'

export interface FieldUse {
  /** Place as in problems: `roles/clerk.json#/entities/member`. */
  readonly path: string
  /** True when publishing is refused while it names the field; otherwise the field just disappears there. */
  readonly needsIt: boolean
}

/** `resting`: an entity that is put away with the field, so that nothing about it is needed any more. */
export function usesOf(documents: Documents, entity: string, key: string, resting = ''): readonly FieldUse[] {
  const links = linksTo(documents, entity)
  const own = objectOf(objectOf(objectOf(documents[entityPath(entity)]?.['properties'])[key])['crm'])
  const isTree = own['hierarchy'] === true
  // Without a reference there is no list of records on its other side, whose name stands for it there.
  const { to, inverse } = own
  // A link to records of any kind has its other side everywhere.
  const everywhere = to === undefined && typeof inverse === 'string' ? inverse : null
  const there = typeof to === 'string' && typeof inverse === 'string' ? { to, inverse, links: linksTo(documents, to) } : null
  return Object.entries(spelledOut(documents)).flatMap(([path, document]): readonly FieldUse[] => {
    const [folder = '', file = ''] = path.split('/')
    const names = (value: Json | undefined, of: string): boolean => mentions(value, of === entity, key, links) || (there !== null && mentions(value, of === there.to, there.inverse, there.links)) || (everywhere !== null && mentions(value, true, everywhere, links))
    if (folder === 'dashboards') return usesOfDashboard(path, document, names, resting)
    if (folder === 'roles') return usesOfRole(path, document, names)
    if (folder === 'workflows') return usesOfWorkflow(path, document, names)
    if (folder === 'segments') return document['entity'] !== resting && names(keysIn(document['where'] ?? null), textOf(document['entity'])) ? [{ path, needsIt: true }] : []
    const use = (needsIt: boolean): readonly FieldUse[] => [{ path, needsIt }]
    if (file === 'entity.json') {
      const computed = Object.entries(objectOf(document['properties'])).filter(([own, property]) => !(folder === entity && own === key) && ((isTree && folder === entity && isOverSubtree(property)) || comesFrom(objectOf(objectOf(property)['crm']), folder, entity, key, names))).map(([own]) => own)
      const ruled = path === entityPath(entity) && names(objectOf(document['crm'])['rules'], folder)
      const { notify } = objectOf(document['crm'])
      const asked = path === entityPath(entity) && Object.entries(objectOf(document['properties'])).some(([own, property]) => own !== key && names(objectOf(objectOf(property)['crm'])['requiredWhen'], folder))
      const reminded = path === entityPath(entity) && names(objectOf(objectOf(notify)['reminder'])['where'], folder)
      return [...(ruled || reminded || computed.length > 0 ? use(true) : asked || names(notify, folder) ? use(false) : []), ...computed.flatMap((own) => neededBy(documents, folder, own))]
    }
    if (file.startsWith('view.')) return names(document['filter'], folder) ? use(true) : names([...viewParts.map((part) => document[part] ?? null), namesIn(document['chart']), namesIn(document['pivot'])], folder) ? use(false) : []
    if (file === 'lifecycle.json') return names(namesInLifecycle(document), folder) ? use(true) : []
    return file.startsWith('form.') && names(document, folder) ? use(false) : []
  })
}

const spelled = new WeakMap<Documents, Documents>()

/** The documents with every segment spelled out where a condition asks for it. Workflows only have to name one that there is. */
function spelledOut(documents: Documents): Documents {
  const known = spelled.get(documents)
  if (known !== undefined) return known
  const made = Object.fromEntries(Object.entries(documents).map(([path, document]) => [path, path.startsWith('workflows/') ? document : objectOf(withSegments(documents, document))]))
  spelled.set(documents, made)
  return made
}

/** With what the segments ask in the place of their names: who asks for one needs what it asks. */
function withSegments(documents: Documents, part: Json, within: readonly string[] = []): Json {
  if (Array.isArray(part)) return (part as readonly Json[]).map((one) => withSegments(documents, one, within))
  if (!isObject(part)) return part
  return Object.fromEntries(Object.entries(part).map(([key, value]): readonly [string, Json] => {
    const name = key === '$segment' && typeof value === 'string' && !within.includes(value) ? value : undefined
    return [key, name === undefined ? withSegments(documents, value, within) : withSegments(documents, documents[segmentDocument(name)]?.['where'] ?? {}, [...within, name])]
  }))
}

/** Parts of a view that name fields as they are; charts and pivot tables add buckets and measures. */
const viewParts = ['columns', 'sort', 'groupBy', 'totals', 'board', 'calendar', 'timeline', 'map', 'gallery'] as const

/** What cannot do without a computed field. Definitions never compute in a circle. */
const neededBy = (documents: Documents, entity: string, key: string): readonly FieldUse[] => usesOf(documents, entity, key).filter(({ needsIt }) => needsIt)

/** True for a value that also counts what refers to the records below: it needs the field that makes the tree. */
const isOverSubtree = (property: Json): boolean => objectOf(objectOf(property)['crm'])['subtree'] === true && objectOf(objectOf(property)['crm'])['archived'] !== true

/** True when a value is computed from the field, or a list is one of its reference: what has `cel`, `via` or `of`, unless it is put away. */
function comesFrom(crm: JsonObject, folder: string, entity: string, key: string, names: (value: Json | undefined, of: string) => boolean): boolean {
  if (crm['archived'] === true) return false
  const { of, via, cel } = crm
  const [child = '', reference = ''] = typeof of === 'string' ? of.split('.') : []
  if (child === entity && reference === key) return true
  // What is measured, and where, are fields of the related records.
  if (child !== '' && names(Object.fromEntries(Object.entries(crm).filter(([name]) => name !== 'of' && name !== 'type')), child)) return true
  if (typeof via === 'string' && (names(via, folder) || names(`${via}.${typeof crm['field'] === 'string' ? crm['field'] : ''}`, folder))) return true
  return typeof cel === 'string' && names(cel, folder)
}

/** An entity is archived together with the fields that point to it: those, and who needs one of them. */
export function usesOfEntity(documents: Documents, entity: string): readonly FieldUse[] {
  const links = Object.entries(documents).flatMap(([path, document]) =>
    Object.entries(objectOf(document['properties'])).flatMap(([key, property]): readonly FieldUse[] => {
      const { to, of, archived } = objectOf(objectOf(property)['crm'])
      const from = path.slice(0, path.indexOf('/'))
      if (typeof of === 'string' && of.split('.')[0] === entity && archived !== true && from !== entity) return [{ path, needsIt: true }, ...neededBy(documents, from, key)]
      if (to !== entity || archived === true || from === entity) return []
      return [{ path: `${path}#/properties/${key}`, needsIt: false }, ...usesOf(documents, from, key, entity).filter(({ needsIt, path: place }) => needsIt && (!isOf(place, entity) || (from === 'user' && place.startsWith('roles/'))))]
    }))
  // The lists of its records on other sides go with it, too.
  const lists = Object.entries(objectOf(documents[entityPath(entity)]?.['properties'])).flatMap(([key, property]) =>
    typeof objectOf(objectOf(property)['crm'])['inverse'] === 'string' ? usesOf(documents, entity, key, entity).filter(({ needsIt, path }) => needsIt && !isOf(path, entity)) : [])
  const workflows = Object.entries(documents).flatMap(([path, document]) => (path.startsWith('workflows/') && namedByWorkflow(document).some(({ of }) => of === entity) ? [{ path, needsIt: true }] : []))
  const all = [...links, ...lists, ...workflows]
  return all.filter(({ path }, index) => !(path.startsWith('segments/') && documents[path]?.['entity'] === entity) && all.findIndex((use) => use.path === path) === index)
}

/** What belongs to the entity itself rests with it. What its grants ask about the caller is read all the same. */
const isOf = (path: string, entity: string): boolean => path.startsWith(`${entity}/`) || path.endsWith(`#/entities/${entity}`)

function usesOfRole(path: string, document: JsonObject, names: (value: Json | undefined, of: string) => boolean): readonly FieldUse[] {
  // What must stay so about a field rests with it.
  const tests = Object.entries(objectOf(document['tests'])).flatMap(([name, test]): readonly FieldUse[] => {
    const { entity, field } = objectOf(test)
    return typeof entity === 'string' && names(field, entity) ? [{ path: `${path}#/tests/${name}`, needsIt: false }] : []
  })
  return [...tests, ...usesOfGrants(path, document, names)]
}

function usesOfGrants(path: string, document: JsonObject, names: (value: Json | undefined, of: string) => boolean): readonly FieldUse[] {
  return Object.entries(objectOf(document['entities'])).flatMap(([of, grants]): readonly FieldUse[] => {
    const parts = Object.values(objectOf(grants)).map(objectOf)
    const needsIt = parts.some((grant) => names(grant['where'], of) || names(grant['follows'], of))
    return needsIt || parts.some((grant) => names(grant['fields'], of)) ? [{ path: `${path}#/entities/${of}`, needsIt }] : []
  })
}

/** A workflow needs what its steps name and what begins it. Its tests go on without what only their records name. */
function usesOfWorkflow(path: string, document: JsonObject, names: (value: Json | undefined, of: string) => boolean): readonly FieldUse[] {
  const about = objectOf(document['document'])
  const { tests = null, ...metadata } = objectOf(about['metadata'])
  const isNamed = (part: Json): boolean => namedByWorkflow(part).some(({ of, what }) => names(what, of))
  const needsIt = isNamed({ ...document, document: { ...about, metadata } })
  return needsIt || isNamed(tests) ? [{ path, needsIt }] : []
}

/** What the calls of a workflow name, what begins it, and the records of its tests, by entity. What an expression gives is not known. */
function namedByWorkflow(part: Json): readonly { readonly of: string; readonly what: Json }[] {
  if (Array.isArray(part)) return (part as readonly Json[]).flatMap(namedByWorkflow)
  if (!isObject(part)) return []
  const given = objectOf(part['with'])
  const inner = Object.values(part).flatMap(namedByWorkflow)
  const { call } = part
  const [, begins] = typeof given['type'] === 'string' ? /^crm\.(\w+)\.\w+$/.exec(given['type']) ?? [] : []
  if (begins !== undefined) return [...inner, { of: begins, what: [given['fields'] ?? null, keysIn(given['where'] ?? null)] }]
  if (typeof part['entity'] === 'string' && isObject(part['record'])) return [...inner, { of: part['entity'], what: [Object.keys(part['record']), part['fields'] ?? null] }]
  if (typeof call !== 'string' || !call.startsWith('crm.')) return inner
  const of = typeof given['entity'] === 'string' ? given['entity'] : ''
  // A task is what is made; the entity beside it is what it is about.
  const made = call === 'crm.task' ? [{ of: 'task', what: Object.keys(objectOf(given['values'])) }, { of, what: null }] : [{ of, what: [Object.keys(objectOf(given['values'])), keysIn(given['filter'] ?? null), keysIn(given['open'] ?? null), given['sort'] ?? null, given['field'] ?? null, given['consent'] ?? null] }]
  return [...inner, ...made]
}

/** The names in a condition without what they are compared with. */
const keysIn = (condition: Json): Json =>
  Array.isArray(condition) ? (condition as readonly Json[]).map(keysIn) : isObject(condition) ? Object.fromEntries(Object.entries(condition).map(([key, value]) => [key, keysIn(value)])) : null

/** What a lifecycle names: its field, and what its states and transitions set, ask for and are guarded by. */
function namesInLifecycle(document: JsonObject): Json {
  const sets = (action: Json | undefined): readonly string[] => Object.keys(objectOf(objectOf(action)['set']))
  const states = Object.values(objectOf(document['states'])).map(objectOf).map((state): Json => {
    const transitions = Object.values(objectOf(state['on'])).map(objectOf)
    return [...sets(state['entry']), ...sets(state['exit']), ...transitions.flatMap((one): readonly Json[] => [...sets(one), ...listOf(one['require']), one['guard'] ?? null])]
  })
  return [document['field'] ?? null, Object.values(objectOf(document['sla'])), ...states]
}

/** What a chart or a pivot table names, without its own words. */
function namesIn(part: Json | undefined): Json {
  const { measure, ...groups } = objectOf(part)
  return [Object.values(groups), Object.values(objectOf(measure))]
}

/** A dashboard needs what its tiles are narrowed by; a tile by a field that is gone is not there. */
function usesOfDashboard(path: string, document: JsonObject, names: (value: Json | undefined, of: string) => boolean, resting: string): readonly FieldUse[] {
  const placed = (value: Json | undefined): boolean => {
    const [entity = '', ...rest] = typeof value === 'string' ? value.split('.') : []
    return names(rest.join('.'), entity)
  }
  const of = ({ entity }: JsonObject): string => (typeof entity === 'string' ? entity : '')
  const tiles = Object.values(objectOf(document['tiles'])).map(objectOf).filter((tile) => of(tile) !== resting)
  const needsIt = tiles.some((tile) => names([tile['filter'] ?? null, ...listOf(tile['steps']).map((step) => objectOf(step)['filter'] ?? null)], of(tile)))
  const shows = (tile: JsonObject): boolean => names([tile['period'] ?? null, Object.values(objectOf(tile['filters'])), Object.values(objectOf(tile['measure'])), namesIn(tile['chart']), namesIn(tile['pivot']), tile['list'] ?? null], of(tile))
  const narrows = [objectOf(document['period'])['newest'], ...Object.values(objectOf(document['filters'])).map((filter) => objectOf(filter)['field'])].some(placed)
  return needsIt || narrows || tiles.some(shows) ? [{ path, needsIt }] : []
}

/** Keys of fields that lead to the entity, and names of the lists it has on other sides. */
function linksTo(documents: Documents, entity: string): ReadonlySet<string> {
  const found = Object.entries(documents).flatMap(([path, document]) =>
    Object.entries(objectOf(document['properties'])).flatMap(([key, property]): readonly string[] => {
      const { to, inverse } = objectOf(objectOf(property)['crm'])
      return [...(to === entity ? [key] : []), ...(path === entityPath(entity) && typeof inverse === 'string' ? [inverse] : [])]
    }))
  // Row rules call the person who asks `$user`.
  return new Set(entity === 'user' ? [...found, 'user'] : found)
}

/** True when a name in the value means the field: by itself within its own entity, or behind a link to it. */
function mentions(value: Json | undefined, own: boolean, key: string, links: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return named(value, own, key, links)
  if (Array.isArray(value)) return value.some((part: Json) => mentions(part, own, key, links))
  if (!isObject(value)) return false
  // A list of related records names its columns beside the relation.
  const here = own || (typeof value['relation'] === 'string' && links.has(value['relation']))
  return Object.entries(value).some(([name, part]) => named(name, here, key, links) || mentions(part, here || links.has(name), key, links))
}

const named = (text: string, own: boolean, key: string, links: ReadonlySet<string>): boolean =>
  (text.match(/[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g) ?? []).some((path) => {
    const names = path.split('.')
    return names.some((name, index) => name === key && (index === 0 ? own : links.has(names[index - 1] ?? '')))
  })
