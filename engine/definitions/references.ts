/**
 * Where definitions name fields and entities: one walk that rewrites every such place, for renames. It follows paths
 * (`store.region`) and relations (`purchases: { $some: ... }`) from entity to entity by the links in the documents.
 */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Documents } from '../model/model.js'
import { rewriteWorkflow } from './workflow-references.js'

/** New names for old ones; names that stay are returned as they are. */
export interface Rewrite {
  entity(name: string): string
  field(entity: string, key: string): string
}

/** Rewrites what refers to fields and entities. The keys of the definitions themselves (file paths, `properties`) stay. */
export function rewriteReferences(documents: Documents, rewrite: Rewrite): Documents {
  const walk = walkerOf(documents, rewrite)
  return Object.fromEntries(Object.entries(documents).map(([path, document]) => [path, rewriteDocument(path, document, walk)]))
}

type Walk = ReturnType<typeof walker>

/** A view of `entity` with other names; `target` tells where a link or relation leads by the name that it has before. */
export const rewriteViewOf = (entity: string, view: JsonObject, target: Target, rewrite: Rewrite): JsonObject => rewriteView(entity, view, walker(target, () => true, rewrite))

function rewriteDocument(path: string, document: JsonObject, walk: Walk): JsonObject {
  const [folder = '', file] = path.split('/')
  if (file === undefined) return path === 'layer.json' ? rewriteLayer(document, walk) : document
  if (folder === 'roles') return rewriteRole(document, walk)
  if (folder === 'texts') return rewriteTexts(document, walk)
  if (folder === 'dashboards') return rewriteDashboard(document, walk)
  if (folder === 'workflows') return rewriteWorkflow(document, walk)
  if (folder === 'segments') return rewriteSegment(document, walk)
  if (file === 'entity.json') return rewriteEntity(folder, document, walk)
  if (file === 'lifecycle.json') return rewriteLifecycle(folder, document, walk)
  if (file.startsWith('view.')) return rewriteView(folder, document, walk)
  if (file.startsWith('form.')) return rewriteForm(folder, document, walk) as JsonObject
  return document
}

function rewriteEntity(entity: string, document: JsonObject, walk: Walk): JsonObject {
  const key = (value: Json): Json => (typeof value === 'string' ? walk.match(entity, value) : value)
  const path = (value: Json): Json => (typeof value === 'string' ? walk.path(entity, value) : value)
  const cel = (value: Json): Json => (typeof value === 'string' ? walk.expression(entity, value) : value)
  const keyLists = (value: Json): Json => (Array.isArray(value) ? value.map((keys: Json) => listOf(keys, path)) : value)
  const property = (value: Json): Json => mapKeys(value, { crm: (options) => rewriteOptions(entity, options, walk) }) ?? value
  return (mapKeys(document, {
    properties: (properties) => (isObject(properties) ? Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, property(value)])) : properties),
    required: (keys) => listOf(keys, key),
    crm: (options) => mapKeys(options, {
      display: key,
      facts: (keys) => listOf(keys, key),
      timeline: (paths) => listOf(paths, path),
      notify: (rules) => (isObject(rules) ? Object.fromEntries(Object.entries(rules).map(([kind, rule]) => [kind, mapKeys(rule, { to: key, at: key, where: (where) => walk.condition(entity, where) }) ?? rule])) : rules),
      unique: keyLists,
      indexes: keyLists,
      duplicates: (value) => listOf(value, (rule) => mapKeys(rule, { match: (keys) => listOf(keys, key) })),
      rules: (value) => listOf(value, (rule) => mapKeys(rule, { cel, at: key, when: cel, changed: (keys) => listOf(keys, key), set: (set) => (isObject(set) ? Object.fromEntries(Object.entries(set).map(([name, value]) => [walk.match(entity, name), cel(value)])) : set) })),
    }),
  }) ?? document)
}

/** What the states and transitions of a lifecycle set, ask for and are guarded by. */
function rewriteLifecycle(entity: string, document: JsonObject, walk: Walk): JsonObject {
  const key = (value: Json): Json => (typeof value === 'string' ? walk.match(entity, value) : value)
  const set = (values: Json): Json => (isObject(values) ? Object.fromEntries(Object.entries(values).map(([name, value]) => [walk.match(entity, name), value])) : values)
  const action = (one: Json): Json => mapKeys(one, { set }) ?? one
  const transition = (one: Json): Json => mapKeys(one, { set, require: (keys) => listOf(keys, key), guard: (guard) => walk.condition(entity, guard) }) ?? one
  const state = (one: Json): Json => mapKeys(one, { entry: action, exit: action, on: (transitions) => each(transitions, transition) }) ?? one
  return mapKeys(document, { field: key, sla: (sla) => mapKeys(sla, { until: key, breached: key, to: key }) ?? sla, states: (states) => each(states, state) }) ?? document
}

/** Options of a property that name other definitions; which type has them does not matter here. */
const rewriteOptions = (entity: string, options: Json, walk: Walk): Json =>
  mapKeys(options, {
    to: (to) => (typeof to === 'string' ? walk.entityName(to) : listOf(to, (name) => (typeof name === 'string' ? walk.entityName(name) : name))),
    cel: (cel) => (typeof cel === 'string' ? walk.expression(entity, cel) : cel),
    of: (of) => (typeof of === 'string' ? walk.owned(of) : of),
    requiredWhen: (when) => walk.condition(entity, when),
  }) ?? options

const rewriteView = (entity: string, document: JsonObject, walk: Walk): JsonObject => {
  const path = (value: Json): Json => (typeof value === 'string' ? walk.path(entity, value) : value)
  return mapKeys(document, {
    columns: (columns) => listOf(columns, path),
    sort: (sort) => (typeof sort === 'string' ? sort.split(',').map((part) => walk.signed(entity, part)).join(',') : sort),
    filter: (filter) => walk.condition(entity, filter),
    board: (board) => mapKeys(board, { by: path }) ?? board,
    calendar: (calendar) => mapKeys(calendar, { by: path, end: path, color: path }) ?? calendar,
    timeline: (timeline) => mapKeys(timeline, { by: path, end: path, group: path, color: path }) ?? timeline,
    chart: (chart) => rewriteChart(entity, chart, walk),
    map: (map) => mapKeys(map, { at: path, color: path }) ?? map,
    gallery: (gallery) => mapKeys(gallery, { picture: path }) ?? gallery,
    pivot: (pivot) => rewritePivot(entity, pivot, walk),
    groupBy: (groups) => listOf(groups, (group) => rewriteGroup(entity, group, walk)),
    totals: (totals) => (isObject(totals) ? Object.fromEntries(Object.entries(totals).map(([key, measure]) => [walk.path(entity, key), measure])) : totals),
  }) ?? document
}

/** `at:month`: a path with a bucket behind it. */
const rewriteGroup = (entity: string, group: Json, walk: Walk): Json => (typeof group === 'string' ? group.replace(/^[^:]+/, (key) => walk.path(entity, key)) : group)

const rewriteMeasure = (entity: string, measure: Json, walk: Walk): Json =>
  isObject(measure) ? Object.fromEntries(Object.entries(measure).map(([name, key]) => [name, typeof key === 'string' ? walk.path(entity, key) : key])) : measure

const rewriteChart = (entity: string, chart: Json, walk: Walk): Json =>
  mapKeys(chart, { by: (by) => rewriteGroup(entity, by, walk), series: (series) => rewriteGroup(entity, series, walk), measure: (measure) => rewriteMeasure(entity, measure, walk) }) ?? chart

const rewritePivot = (entity: string, pivot: Json, walk: Walk): Json => {
  const groups = (texts: Json): Json => listOf(texts, (text) => rewriteGroup(entity, text, walk))
  return mapKeys(pivot, { rows: groups, columns: groups, measure: (measure) => rewriteMeasure(entity, measure, walk) }) ?? pivot
}

const rewriteSegment = (document: JsonObject, walk: Walk): JsonObject => {
  const { entity } = document
  return typeof entity !== 'string' ? document : (mapKeys(document, { entity: () => walk.entityName(entity), where: (where) => walk.condition(entity, where) }) ?? document)
}

/** Pages and tiles name entities with one of their fields behind (`purchase.store`); what stands in a tile is of its own entity. */
const rewriteDashboard = (document: JsonObject, walk: Walk): JsonObject => {
  const placed = (value: Json): Json => (typeof value === 'string' ? walk.placed(value) : value)
  return mapKeys(document, {
    period: (period) => mapKeys(period, { newest: placed }),
    filters: (filters) => each(filters, (filter) => mapKeys(filter, { field: placed }) ?? filter),
    tiles: (tiles) => each(tiles, (tile) => rewriteTile(tile, walk)),
  }) ?? document
}

function rewriteTile(tile: Json, walk: Walk): Json {
  if (!isObject(tile) || typeof tile['entity'] !== 'string') return tile
  const { entity } = tile
  const path = (value: Json): Json => (typeof value === 'string' ? walk.path(entity, value) : value)
  return mapKeys(rewriteView(entity, tile, walk), {
    entity: () => walk.entityName(entity),
    period: path,
    filters: (filters) => (isObject(filters) ? Object.fromEntries(Object.entries(filters).map(([name, to]) => [name, path(to)])) : filters),
    measure: (measure) => rewriteMeasure(entity, measure, walk),
    list: (list) => (isObject(list) ? rewriteView(entity, list, walk) : list),
    steps: (steps) => listOf(steps, (step) => mapKeys(step, { filter: (filter) => walk.condition(entity, filter) }) ?? step),
  }) ?? tile
}

function rewriteForm(entity: string, element: Json, walk: Walk): Json {
  return mapKeys(element, {
    scope: (scope) => (typeof scope === 'string' ? walk.scope(entity, scope) : scope),
    rule: (rule) => mapKeys(rule, { condition: (condition) => mapKeys(condition, { scope: (scope) => (typeof scope === 'string' ? walk.scope(entity, scope) : scope) }) }) ?? rule,
    elements: (elements) => listOf(elements, (child) => rewriteForm(entity, child, walk)),
    options: (options) => {
      const related = isObject(options) && typeof options['relation'] === 'string' ? walk.target(entity, options['relation']) : undefined
      return related === undefined ? options : (mapKeys(options, { columns: (columns) => listOf(columns, (column) => (typeof column === 'string' ? walk.path(related, column) : column)) }) ?? options)
    },
  }) ?? element
}

function rewriteRole(document: JsonObject, walk: Walk): JsonObject {
  const { entities, tests } = document
  return {
    ...document,
    ...(isObject(entities) ? { entities: Object.fromEntries(Object.entries(entities).map(([name, grants]) => [walk.entityName(name), rewriteGrants(name, grants, walk)])) } : {}),
    ...(isObject(tests) ? { tests: Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, rewriteTest(test, walk)])) } : {}),
  }
}

function rewriteTest(test: Json, walk: Walk): Json {
  if (!isObject(test) || typeof test['entity'] !== 'string') return test
  const { entity, field } = test
  return { ...test, entity: walk.entityName(entity), ...(typeof field === 'string' ? { field: walk.match(entity, field) } : {}) }
}

const rewriteGrants = (entity: string, grants: Json, walk: Walk): Json =>
  isObject(grants)
    ? Object.fromEntries(Object.entries(grants).map(([action, grant]) => [action, mapKeys(grant, {
        where: (where) => walk.condition(entity, where),
        follows: (key) => (typeof key === 'string' ? walk.match(entity, key) : key),
        fields: (fields) => isObject(fields)
          ? Object.fromEntries(Object.entries(fields).map(([key, how]) => [walk.match(entity, key), how]))
          : listOf(fields, (key) => (typeof key === 'string' ? walk.match(entity, key) : key)),
      }) ?? grant]))
    : grants

const rewriteLayer = (document: JsonObject, walk: Walk): JsonObject =>
  (mapKeys(document, {
    navigation: (groups) => listOf(groups, (group) => mapKeys(group, { entities: (names) => listOf(names, (name) => (typeof name === 'string' ? walk.entityName(name) : name)) }) ?? group),
  }) ?? document)

/** `{ "member/entity.json": { "/properties/name/title": "..." } }`: both keys name what may be renamed. */
const rewriteTexts = (document: JsonObject, walk: Walk): JsonObject =>
  Object.fromEntries(Object.entries(document).map(([path, texts]) => {
    const [folder = '', ...rest] = path.split('/')
    if (rest.length === 0 || !walk.isEntity(folder)) return [path, texts]
    const renamed = isObject(texts) && rest[0] === 'entity.json'
      ? Object.fromEntries(Object.entries(texts).map(([at, text]) => [at.replace(/^\/properties\/([^/]+)/, (_all, key: string) => `/properties/${walk.match(folder, key)}`), text]))
      : texts
    return [[walk.entityName(folder), ...rest].join('/'), renamed]
  }))

/** The entity that a link or relation leads to, or undefined. */
export type Target = (entity: string, key: string) => string | undefined

function walkerOf(documents: Documents, rewrite: Rewrite): Walk {
  const links = readLinks(documents)
  return walker((entity, key) => links.get(entity)?.get(key), (name) => links.has(name), rewrite)
}

/** The rewriting of each kind of reference, knowing which entity a link or relation leads to. */
function walker(target: Target, isEntity: (name: string) => boolean, rewrite: Rewrite) {

  const path = (entity: string, text: string): string => {
    let current: string | undefined = entity
    return text.split('.').map((segment) => {
      if (current === undefined) return segment
      const renamed = rewrite.field(current, segment)
      current = target(current, segment)
      return renamed
    }).join('.')
  }

  const condition = (entity: string, tree: Json): Json => {
    if (Array.isArray(tree)) return tree.map((part: Json) => condition(entity, part))
    if (!isObject(tree)) return tree
    return Object.fromEntries(Object.entries(tree).map(([key, operand]) => {
      if (key.startsWith('$')) return [key, condition(entity, operand)]
      const related = endOf(entity, key)
      return [path(entity, key), related === undefined ? operand : relationOperand(related, operand)]
    }))
  }

  /** Operand of a relation or link: `$some` and its kin hold conditions, `$sum` and its kin name fields of the other entity. */
  const relationOperand = (related: string, operand: Json): Json =>
    isObject(operand)
      ? Object.fromEntries(Object.entries(operand).map(([key, value]) => [key, condition(related, value)]))
      : operand

  const endOf = (entity: string, text: string): string | undefined =>
    text.split('.').reduce<string | undefined>((current, segment) => (current === undefined ? undefined : target(current, segment)), entity)

  return {
    path,
    condition,
    target,
    entityName: rewrite.entity,
    isEntity,
    /** `purchase.store.name`: an entity and a path from there. */
    placed: (text: string): string => {
      const [name = '', ...rest] = text.split('.')
      return rest.length === 0 ? text : `${rewrite.entity(name)}.${path(name, rest.join('.'))}`
    },
    /** `purchaseLine.purchase`: an entity and one of its references. */
    owned: (of: string): string => {
      const [name = '', ...keys] = of.split('.')
      return [rewrite.entity(name), ...keys.map((key) => rewrite.field(name, key))].join('.')
    },
    /** A key with an optional `~` (fuzzy match) behind it. */
    match: (entity: string, key: string): string => (key.endsWith('~') ? `${rewrite.field(entity, key.slice(0, -1))}~` : rewrite.field(entity, key)),
    signed: (entity: string, part: string): string => part.replace(/^(\s*-?)(.*)$/, (_all, sign: string, rest: string) => sign + path(entity, rest)),
    scope: (entity: string, scope: string): string => scope.replace(/^(#\/properties\/)([^/]+)/, (_all, before: string, key: string) => before + rewrite.field(entity, key)),
    /** CEL: names outside of string literals that are not members of something else. */
    expression: (entity: string, cel: string): string =>
      cel.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g, (token) => (/^["']/.test(token) ? token : path(entity, token))),
  }
}

/** Entity → key of a link or name of a relation → entity on the other side. */
function readLinks(documents: Documents): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const links = new Map<string, Map<string, string>>()
  for (const path of Object.keys(documents)) {
    const name = /^([^/]+)\/entity\.json$/.exec(path)?.[1]
    if (name !== undefined) links.set(name, new Map())
  }
  for (const [entity, own] of links) {
    const properties = documents[`${entity}/entity.json`]?.['properties']
    if (!isObject(properties)) continue
    for (const [key, property] of Object.entries(properties)) {
      const crm = isObject(property) ? property['crm'] : undefined
      if (isObject(crm) && typeof crm['of'] === 'string') own.set(key, crm['of'].split('.')[0] ?? '')
      if (!isObject(crm) || typeof crm['to'] !== 'string') continue
      own.set(key, crm['to'])
      if (typeof crm['inverse'] === 'string') links.get(crm['to'])?.set(crm['inverse'], entity)
    }
  }
  return links
}

const listOf = (value: Json | undefined, each: (item: Json) => Json | undefined): Json =>
  Array.isArray(value) ? value.map((item: Json) => each(item) ?? item) : (value ?? null)

/** A copy of an object whose members, under names that people chose, went through a function. */
const each = (members: Json, rewrite: (member: Json) => Json): Json =>
  isObject(members) ? Object.fromEntries(Object.entries(members).map(([name, member]) => [name, rewrite(member)])) : members

/** A copy of an object in which the named members went through their functions; undefined when it is no object. */
function mapKeys(value: Json | undefined, members: Readonly<Record<string, (member: Json) => Json | undefined>>): JsonObject | undefined {
  if (!isObject(value)) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, (Object.hasOwn(members, key) ? members[key]?.(member) : member) ?? member]))
}

/** Paths of the documents that name an entity, or a field of it; the entity's own document is left out. */
export function referencesTo(documents: Documents, named: { readonly entity: string; readonly field?: string }): readonly string[] {
  const walkOf = (hit: () => void): Walk => walkerOf(documents, {
    entity: (name) => {
      if (named.field === undefined && name === named.entity) hit()
      return name
    },
    field: (entity, key) => {
      if (entity === named.entity && key === named.field) hit()
      return key
    },
  })
  return Object.entries(documents).flatMap(([path, document]) => {
    let hits = 0
    rewriteDocument(path, document, walkOf(() => hits++))
    return hits > 0 && path !== `${named.entity}/entity.json` ? [path] : []
  })
}

/** Paths of the definitions of entities that a document names, also through fields of theirs, its own entity left out; and of what it names in any other way. */
export function referencesFrom(documents: Documents, path: string): readonly string[] {
  const document = documents[path]
  if (document === undefined) return []
  const own = /^([^/]+)\/(?:entity|lifecycle|view|form)\b/.exec(path)?.[1]
  const found = new Set<string>()
  const note = (name: string): void => {
    if (name !== own && documents[`${name}/entity.json`] !== undefined) found.add(`${name}/entity.json`)
  }
  rewriteDocument(path, document, walkerOf(documents, {
    entity: (name) => {
      note(name)
      return name
    },
    field: (entity, key) => {
      note(entity)
      return key
    },
  }))
  if (own !== undefined && !path.endsWith('/entity.json')) found.add(`${own}/entity.json`)
  for (const other of Object.keys(documents)) {
    const [folder = '', file = ''] = other.split('/')
    const name = file.replace(/\.json$/, '')
    if (other !== path && ((folder === 'roles' && namesRole(document, name)) || (folder === 'workflows' && namesWorkflow(document, name)) || (folder === 'segments' && namesSegment(document, name)))) found.add(other)
  }
  return [...found].toSorted()
}

/** Paths of the definitions that name a role: those that inherit from it, act with its rights, or are for its holders. */
export const roleReferences = (documents: Documents, name: string): readonly string[] => documentsThat(documents, `roles/${name}.json`, (document) => namesRole(document, name))

/** Paths of the definitions that begin or call a workflow. */
export const workflowReferences = (documents: Documents, name: string): readonly string[] => documentsThat(documents, `workflows/${name}.json`, (document) => namesWorkflow(document, name))

/** Paths of the definitions that ask for a segment, or that it begins. */
export const segmentReferences = (documents: Documents, name: string): readonly string[] => documentsThat(documents, `segments/${name}.json`, (document) => namesSegment(document, name))

const documentsThat = (documents: Documents, self: string, names: (document: JsonObject) => boolean): readonly string[] =>
  Object.entries(documents).flatMap(([path, document]) => (path !== self && !path.startsWith('texts/') && names(document) ? [path] : []))

const namesRole = (value: Json, name: string): boolean => namedUnder(value, new Set(['role', 'roles', 'inherits']), name)
const namesWorkflow = (value: Json, name: string): boolean => namedUnder(value, new Set(['run', 'workflow']), name)
const namesSegment = (value: Json, name: string): boolean => namedUnder(value, new Set(['$segment', 'segment']), name)

/** True when the name stands below one of the keys, by itself or in a list. */
function namedUnder(value: Json, keys: ReadonlySet<string>, name: string): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => namedUnder(item, keys, name))
  if (!isObject(value)) return false
  return Object.entries(value).some(([key, member]) => (keys.has(key) && (member === name || (Array.isArray(member) && (member as readonly Json[]).includes(name)))) || namedUnder(member, keys, name))
}
