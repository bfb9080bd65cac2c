/** Do roles name what exists, and can their row rules be used? A rule that cannot would show nobody anything. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { finding, shown } from '../model/findings.js'
import type { Entity, Model } from '../model/model.js'
import { parsePath, pointer } from '../model/paths.js'
import { conditionProblem, isDeclared } from './check-screens.js'

/** Findings of one role. */
export function roleFindings(path: string, role: JsonObject, model: Model): readonly Finding[] {
  const grants = isObject(role.entities) ? Object.entries(role.entities) : []
  return [
    ...inheritsFindings(path, role, model),
    ...grants.flatMap(([name, grant]) => (isObject(grant) ? grantFindings(`${path}#${pointer('entities', name)}`, name, grant, model) : [])),
  ]
}

function inheritsFindings(path: string, role: JsonObject, model: Model): readonly Finding[] {
  const inherits = Array.isArray(role.inherits) ? (role.inherits as readonly Json[]) : []
  const unknown = inherits.flatMap((name, i) => (typeof name === 'string' && !model.roles.has(name) ? [finding(`${path}#/inherits/${i}`, 'role.inherits', { role: name })] : []))
  const cycle = cycleFrom(parsePath(path)?.name ?? '', model)
  return cycle === undefined ? unknown : [...unknown, finding(`${path}#/inherits`, 'role.cycle', { path: cycle.join(' → ') })]
}

/** The way from a role back to itself, or undefined. */
function cycleFrom(start: string, model: Model): readonly string[] | undefined {
  const visited = new Set<string>()
  const search = (name: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of model.roles.get(name)?.inherits ?? []) {
      if (next === start) return [...way, next]
      if (visited.has(next)) continue
      visited.add(next)
      const found = search(next, [...way, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(start, [start])
}

function grantFindings(at: string, name: string, grant: JsonObject, model: Model): readonly Finding[] {
  const entity = model.entities.get(name)
  const known = name === '*' || Object.hasOwn(model.documents, `${name}/entity.json`)
  if (!known) return [finding(at, 'role.entity', { entity: name })]
  const entities = name === '*' ? [...model.entities.values()] : entity === undefined ? [] : [entity]
  return Object.entries(grant).flatMap(([action, rule]) => {
    if (!isObject(rule)) return []
    const place = `${at}${pointer(action)}`
    const fields = entity === undefined ? [] : fieldFindings(`${place}/fields`, rule.fields, entity, model)
    const follows = entity === undefined || typeof rule.follows !== 'string' ? [] : followsFindings(`${place}/follows`, rule.follows, entity)
    return [...fields, ...follows, ...(isObject(rule.where) ? whereFindings(`${place}/where`, rule.where, entities, model) : [])]
  })
}

function fieldFindings(at: string, fields: Json | undefined, entity: Entity, model: Model): readonly Finding[] {
  const keys: readonly (readonly [string, string])[] = Array.isArray(fields)
    ? (fields as readonly Json[]).map((key, i) => [shown(key), `${at}/${i}`] as const)
    : isObject(fields) ? Object.keys(fields).map((key) => [key, at + pointer(key)] as const) : []
  return keys.flatMap(([key, place]) =>
    key === '*' || isDeclared(entity, key, model.documents) ? [] : [finding(place, 'role.field', { field: key, entity: entity.name })])
}

/** Only a reference leads to a record whose rights can be followed. */
function followsFindings(at: string, key: string, entity: Entity): readonly Finding[] {
  const field = entity.fields.get(key)
  return field !== undefined && (field.link !== null || field.targets !== null) ? [] : [finding(at, 'role.follows', { field: key, entity: entity.name })]
}

/** A rule for every entity must work on each; the first that it does not work on is told. */
function whereFindings(at: string, where: JsonObject, entities: readonly Entity[], model: Model): readonly Finding[] {
  const person = model.entities.get('user')
  const unknown = person === undefined ? [] : [...userAttributes(where)].filter((attribute) => !person.fields.has(attribute))
  const found = unknown.map((field) => finding(at, 'role.user', { field }))
  for (const entity of entities) {
    const reason = conditionProblem(model, entity.name, where)
    if (reason !== undefined) return [...found, finding(at, 'role.where', { reason: entities.length > 1 ? `${entity.title}: ${reason}` : reason })]
  }
  return found
}

/** Attributes that `$user.<attribute>` placeholders name. */
function userAttributes(value: Json, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value === 'string' && value.startsWith('$user.')) found.add(value.slice('$user.'.length))
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) userAttributes(inner, found)
  return found
}
