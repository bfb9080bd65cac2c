/** Reads roles the way the pages of access show them: what each may do with each entity, by which rule, from which role. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { canonical, listOf, member, textOf, titleFrom, translated, type Origin, type Published } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'

/** What a role can be granted, in the order of the pages. */
export const grantActions = ['read', 'create', 'update', 'archive', 'purge', 'export', 'history'] as const
export type GrantAction = (typeof grantActions)[number]

/** Actions whose rule names fields. */
export const fieldActions = ['read', 'create', 'update'] as const
export type FieldAction = (typeof fieldActions)[number]

/** What a role may do besides, in all entities. */
export const roleSwitches = ['design', 'people', 'audit', 'share'] as const

/** Stands for every entity that a role does not name, and for every field that a rule does not name. */
export const everyOther = '*'

/** How far a right goes: on no record, on some records or fields, on all. */
export type Reach = 'none' | 'some' | 'all'

export interface RoleDefinition {
  readonly name: string
  readonly path: string
  readonly title: string
  readonly description: string
  readonly archived: boolean
  readonly document: JsonObject
}

export const rolePath = (name: string): string => `roles/${name}.json`
const nameOf = (path: string): string => path.slice('roles/'.length, -'.json'.length)

/** All roles by title, archived ones last. */
export function rolesOf(documents: Documents, language: string): readonly RoleDefinition[] {
  return Object.entries(documents)
    .filter(([path]) => path.startsWith('roles/'))
    .map(([path, document]): RoleDefinition => {
      const name = nameOf(path)
      return {
        name, path, document, archived: document['archived'] === true,
        title: translated(documents, language, path, '/title') || textOf(document['title']) || titleFrom(name),
        description: translated(documents, language, path, '/description') || textOf(document['description']),
      }
    })
    .toSorted((a, b) => Number(a.archived) - Number(b.archived) || a.title.localeCompare(b.title, language))
}

/** Names of the roles whose grants a role has too, each once, without itself. */
export function inheritedBy(documents: Documents, name: string): readonly string[] {
  const found = new Set<string>()
  const waiting = [name]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const one of listOf(documents[rolePath(next)]?.['inherits'])) {
      if (typeof one !== 'string' || one === name || found.has(one)) continue
      found.add(one)
      waiting.push(one)
    }
  }
  return [...found]
}

export interface Grant {
  readonly rules: JsonObject
  /** `named`: the role says it of the entity itself; `other`: by what it says of every other entity; `none`: not at all. */
  readonly by: 'named' | 'other' | 'none'
}

/** What a role itself says about an entity. */
export function grantOn(document: JsonObject | undefined, entity: string): Grant {
  const entities = document?.['entities']
  const own = member(entities, entity)
  if (isObject(own)) return { rules: own, by: 'named' }
  const other = member(entities, everyOther)
  return isObject(other) ? { rules: other, by: 'other' } : { rules: {}, by: 'none' }
}

/** The rule of one action; null where it grants nothing. */
export function ruleOf(grant: Grant, action: GrantAction): true | JsonObject | null {
  const rule = grant.rules[action]
  return rule === true ? true : isObject(rule) ? rule : null
}

/** How far a rule goes. */
export function reachOfRule(rule: true | JsonObject | null): Reach {
  if (rule === null) return 'none'
  if (rule === true) return 'all'
  return rule['where'] === undefined && rule['follows'] === undefined && coversAll(rule['fields']) ? 'all' : 'some'
}

/** True when every field is granted, also one that is new. */
const coversAll = (fields: Json | undefined): boolean =>
  fields === undefined || (isObject(fields) && fields[everyOther] === true && Object.values(fields).every((granted) => granted === true))

/** How far a role goes with an action: by itself and by what it inherits. */
export function reachOf(documents: Documents, role: string, entity: string, action: GrantAction): Reach {
  return [role, ...inheritedBy(documents, role)]
    .map((name) => documents[rolePath(name)])
    .filter((document) => document?.['archived'] !== true)
    .reduce<Reach>((reach, document) => wider(reach, reachOfRule(ruleOf(grantOn(document, entity), action))), 'none')
}

/** The inherited roles that a role has something on an entity from. */
export const grantedThrough = (documents: Documents, language: string, role: string, entity: string): readonly RoleDefinition[] => {
  const inherited = inheritedBy(documents, role)
  return rolesOf(documents, language).filter(({ name, archived, document }) => !archived && inherited.includes(name) && grantActions.some((action) => ruleOf(grantOn(document, entity), action) !== null))
}

const order: readonly Reach[] = ['none', 'some', 'all']
const wider = (a: Reach, b: Reach): Reach => (order.indexOf(a) > order.indexOf(b) ? a : b)

/** What a rule says about a field: read in full, masked, not at all. */
export type FieldGrant = true | 'masked' | false

/** What a rule says about one field; `*` asks about the fields that it does not name. */
export function fieldGrant(rule: true | JsonObject | null, key: string): FieldGrant {
  if (rule === null) return false
  const fields = rule === true ? undefined : rule['fields']
  if (fields === undefined) return true
  if (Array.isArray(fields)) return (fields as readonly Json[]).includes(key)
  const named = member(fields, key) ?? member(fields, everyOther)
  return named === true || named === 'masked' ? named : false
}

/** Attributes of the person that conditions of the role compare with, e.g. `stores`. */
export function personAttributes(documents: Documents, role: string): readonly string[] {
  const found = new Set<string>()
  for (const name of [role, ...inheritedBy(documents, role)]) collect(documents[rolePath(name)]?.['entities'], found)
  return [...found].toSorted()
}

function collect(value: Json | undefined, found: Set<string>): void {
  if (typeof value === 'string' && value.startsWith(personPrefix)) found.add(value.slice(personPrefix.length))
  else if (Array.isArray(value)) for (const one of value as readonly Json[]) collect(one, found)
  else if (isObject(value)) for (const one of Object.values(value)) collect(one, found)
}

/** How conditions call a field of the person who asks. */
const personPrefix = '$user.'

/** Where a place of a role comes from: `/entities/member`, or '' for the whole role. */
export function originOfRole(published: Published, documents: Documents, path: string, place: readonly string[] = []): Origin {
  const at = (all: Documents): Json | undefined => place.reduce<Json | undefined>((value, key) => member(value, key), all[path])
  const before = at(published.documents)
  if (before === undefined) return { layer: '', change: at(documents) === undefined ? 'none' : 'new' }
  const pointer = place.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  const marks = Object.entries(published.provenance[path] ?? {}).filter(([mark]) => mark === pointer || mark.startsWith(`${pointer}/`))
  const below = marks.find(([, layer]) => layer !== 'studio')?.[1]
  const layer = below ?? 'studio'
  if (canonical(at(documents)) !== canonical(before)) return { layer, change: 'changed' }
  return { layer, change: below !== undefined && marks.some(([, by]) => by === 'studio') ? 'here' : 'none' }
}
