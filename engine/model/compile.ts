/** Definitions → model: the list of steps. Pure; a definition that cannot be used is left out and reported, the rest works. */
import type { CalendarDefinition, DashboardDefinition, RoleDefinition, SegmentDefinition, WorkflowDefinition } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { isLanguage } from '../../metadata/contract/language.js'
import { isTimeZone } from '../../metadata/contract/time.js'
import type { Finding } from '../errors.js'
import { computedFields } from './computed/computed.js'
import { compileEntity, identityOf, sameSource, type EntitySource } from './entity.js'
import { finding, type Report } from './findings.js'
import { withInferredLines } from './inferred.js'
import { withTargets } from './targets.js'
import { limits } from './limits.js'
import type { Documents, Entity, Model, Relation } from './model.js'
import { documentName, physicalName } from './names.js'
import { parsePath, type DocumentKind } from './paths.js'
import { relationsOf, sameRelations } from './relation.js'

/** What each compiled entity was made from; only entities without findings are here, so that findings are told again. */
const sources = new WeakMap<Entity, EntitySource>()

/**
 * Compiles merged documents. Entities of `before` whose definitions are the same are reused as they are, so that one
 * changed field costs one entity. What was left out stands in the model's `quarantined`. Definitions that were
 * `published` have been checked: their settings are not looked at once more, which would cost a third of a start.
 */
export function compile(documents: Documents, version: number, before?: Model, published = false): Model {
  const layer = documents['layer.json'] ?? {}
  const timeZone = typeof layer.timeZone === 'string' && isTimeZone(layer.timeZone) ? layer.timeZone : 'UTC'
  // Compiled rules have the zone in them.
  const previous = before?.timeZone === timeZone ? before : undefined
  const quarantined: Finding[] = []
  const report: Report = (one) => void quarantined.push(one)
  const entities = withRelations(compileEntities(entitySources(withTargets(withInferredLines(documents), report), published, report), { timeZone, previous }, report), previous, report)
  return Object.freeze({
    version,
    entities,
    roles: namedDocuments<RoleDefinition>(documents, 'role', report),
    dashboards: namedDocuments<DashboardDefinition>(documents, 'dashboard', report),
    calendars: namedDocuments<CalendarDefinition>(documents, 'calendar', report),
    workflows: namedDocuments<WorkflowDefinition>(documents, 'workflow', report),
    segments: namedDocuments<SegmentDefinition>(documents, 'segment', report),
    navigation: navigationOf(layer, entities),
    title: typeof layer.title === 'string' ? layer.title : 'Tessera',
    timeZone,
    language: typeof layer.language === 'string' && isLanguage(layer.language) ? layer.language : 'en',
    texts: textsOf(documents, report),
    documents,
    quarantined,
  })
}

function entitySources(documents: Documents, published: boolean, report: Report): readonly EntitySource[] {
  const screens = new Map<string, Record<string, JsonObject>>()
  const found: { name: string; document: JsonObject }[] = []
  for (const [path, document] of Object.entries(documents)) {
    const parsed = parsePath(path)
    if (parsed === null || parsed.entity === '') continue
    if (!isObject(document)) report(finding(`${path}#`, 'document.broken', { reason: 'it is not an object' }))
    else if (parsed.kind === 'entity') found.push({ name: parsed.entity, document })
    else screens.set(parsed.entity, { ...screens.get(parsed.entity), [path]: document })
  }
  if (found.length > limits.entities) report(finding(`${found[limits.entities]?.name ?? ''}/entity.json#`, 'limit.entities', { limit: limits.entities }))
  const within = found.slice(0, limits.entities)
  const computed = computedFields(new Map(within.flatMap(({ name, document }) => (isArchived(document) ? [] : [[name, document]]))), published, report)
  return within.map(({ name, document }) => ({ name, document, screens: screens.get(name) ?? {}, computed: computed.get(name) }))
}

interface Around {
  readonly timeZone: string
  readonly previous: Model | undefined
}

function compileEntities(all: readonly EntitySource[], around: Around, report: Report): ReadonlyMap<string, Entity> {
  const live = all.filter((source) => !isArchived(source.document))
  const targets = new Set(live.map(({ name }) => name))
  const entities = new Map<string, Entity>()
  // The tables of archived entities stay, so their names stay taken.
  const tables = new Map(all.filter((source) => isArchived(source.document)).map(({ name, document }) => [physicalName(identityOf(name, document)), name]))
  for (const source of live) {
    const entity = entityFor(source, targets, around, report)
    if (entity === undefined) continue
    const other = tables.get(entity.table)
    if (other !== undefined) {
      report(finding(`${source.name}/entity.json#`, 'name.collision', { name: source.name, other }))
      continue
    }
    tables.set(entity.table, source.name)
    entities.set(source.name, entity)
  }
  return entities
}

const isArchived = (document: JsonObject): boolean => isObject(document.crm) && document.crm.archived === true

function entityFor(source: EntitySource, targets: ReadonlySet<string>, { timeZone, previous }: Around, report: Report): Entity | undefined {
  const entity = previous?.entities.get(source.name)
  const made = entity === undefined ? undefined : sources.get(entity)
  const linked = entity?.fields.get('owner')?.link !== null
  if (entity !== undefined && made !== undefined && linked === targets.has('user') && linksHold(entity, targets)) {
    if (sameSource(made, source)) return entity
    return compileOne(source, { targets, timeZone, before: { entity, source: made } }, report)
  }
  return compileOne(source, { targets, timeZone }, report)
}

const linksHold = (entity: Entity, targets: ReadonlySet<string>): boolean =>
  [...entity.fields.values()].every(({ link, links }) => (link === null || targets.has(link.to)) && (links === null || targets.has(links.to)))

/** One broken entity must not keep the others from working, whatever is wrong with it. */
function compileOne(source: EntitySource, context: Parameters<typeof compileEntity>[1], report: Report): Entity | undefined {
  let fine = true
  try {
    const entity = compileEntity(source, context, (one) => {
      fine = false
      report(one)
    })
    if (entity !== undefined && fine) sources.set(entity, source)
    return entity === undefined ? undefined : Object.freeze(entity)
  } catch (error) {
    report(finding(`${source.name}/entity.json#`, 'document.broken', { reason: error instanceof Error ? error.message : String(error) }))
    return undefined
  }
}

const noRelations: ReadonlyMap<string, Relation> = new Map()

/** Entities with the other sides of all links. The objects of the model before are kept where nothing differs. */
function withRelations(entities: ReadonlyMap<string, Entity>, previous: Model | undefined, report: Report): ReadonlyMap<string, Entity> {
  const relations = relationsOf(entities, report)
  return new Map([...entities].map(([name, entity]) => {
    const own = relations.get(name) ?? noRelations
    if (sameRelations(entity.relations, own)) return [name, entity]
    const complete = Object.freeze({ ...entity, relations: own })
    const source = sources.get(entity)
    if (source !== undefined) sources.set(complete, source)
    return [name, complete]
  }))
}

function namedDocuments<T>(documents: Documents, kind: DocumentKind, report: Report): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const [path, document] of Object.entries(documents)) {
    const parsed = parsePath(path)
    if (parsed?.kind !== kind) continue
    if (!isObject(document)) report(finding(`${path}#`, 'document.broken', { reason: 'it is not an object' }))
    else if (!documentName.test(parsed.name)) report(finding(`${path}#`, 'name.grammar', { name: parsed.name }))
    else found.set(parsed.name, document as unknown as T)
  }
  return found
}

function navigationOf(layer: JsonObject, entities: ReadonlyMap<string, Entity>): Model['navigation'] {
  const groups = Array.isArray(layer.navigation) ? (layer.navigation as readonly Json[]) : []
  const named = groups.flatMap((group) => {
    if (!isObject(group) || typeof group.title !== 'string' || !Array.isArray(group.entities)) return []
    const roles = Array.isArray(group.roles) ? { roles: textsIn(group.roles) } : {}
    return [{ title: group.title, entities: textsIn(group.entities).filter((name) => entities.has(name)), ...roles }]
  })
  return named.length > 0 ? named : [{ title: typeof layer.title === 'string' ? layer.title : 'Records', entities: [...entities.keys()] }]
}

const textsIn = (list: readonly Json[]): readonly string[] => list.filter((one) => typeof one === 'string')

function textsOf(documents: Documents, report: Report): Model['texts'] {
  const byTag = new Map<string, Record<string, Record<string, string>>>()
  for (const [tag, document] of namedDocuments<JsonObject>(documents, 'texts', report)) {
    const paths: Record<string, Record<string, string>> = {}
    for (const [path, entries] of Object.entries(document)) {
      if (!isObject(entries)) continue
      paths[path] = Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    }
    byTag.set(tag, paths)
  }
  return byTag
}
