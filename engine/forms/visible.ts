/** What one caller may see of paths, conditions and expressions that definitions contain. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { namesIn } from '../formulas/formula.js'
import type { Entity, Field, Relation, SettingRule } from '../model/model.js'
import { placeOf } from '../model/parts.js'
import type { Access, EntityAccess } from '../permissions/access.js'

/** The field, or part of one, at a path such as `store.name` when the caller may read every step of it, masked ones only at the end. */
export function readableField(access: Access, entity: string, path: string): Field | undefined {
  const [key = '', ...rest] = path.split('.')
  const rights = access.entity(entity)
  const field = rights?.entity.fields.get(key)
  const how = rights?.field(key)?.how
  if (field === undefined || how === undefined) return undefined
  if (rest.length === 0) return field
  if (field.link === null) return rights === undefined ? undefined : placeOf(rights.entity, path)?.field
  return how === 'full' ? readableField(access, field.link.to, rest.join('.')) : undefined
}

/** True when the caller may use every field that a condition names; masked fields can't be filtered by. */
export function mayFilter(access: Access, entity: Entity, condition: JsonObject): boolean {
  return Object.entries(condition).every(([key, value]) => {
    if (key === '$and' || key === '$or') return Array.isArray(value) && (value as readonly Json[]).every((part) => isObject(part) && mayFilter(access, entity, part))
    if (key === '$not') return isObject(value) && mayFilter(access, entity, value)
    const relation = entity.relations.get(key)
    if ((relation === undefined || entity.fields.has(key)) && !mayCompare(access, entity.name, key)) return false
    if (relation === undefined) return !isObject(value) || typeof value.$segment !== 'string' || mayAskFor(access, value.$segment)
    return isObject(value) && mayFilterRelation(access, relation, value)
  })
}

/** True when the caller may use a segment: everything that its condition names. */
export function mayAskFor(access: Access, name: string): boolean {
  const segment = access.segment(name)
  const entity = access.entity(segment?.entity ?? '')?.entity
  return segment !== undefined && entity !== undefined && mayFilter(access, entity, segment.where)
}

function mayFilterRelation(access: Access, relation: Relation, condition: JsonObject): boolean {
  const target = access.entity(relation.entity)?.entity
  if (target === undefined || (relation.field !== null && !mayCompare(access, target.name, relation.field))) return false
  return Object.entries(condition).every(([operator, value]) => {
    if (operator === '$count' || operator === '$contains' || !isObject(value)) return true
    if (operator === '$some' || operator === '$none' || operator === '$every') return mayFilter(access, target, value)
    return Object.keys(value).every((key) => mayCompare(access, target.name, key))
  })
}

/** True when the caller sees the field in full, as far as filters and sorting go. */
export function mayCompare(access: Access, entity: string, path: string): boolean {
  const [key = '', ...rest] = path.split('.')
  const rights = access.entity(entity)
  const link = rights?.entity.fields.get(key)?.link ?? null
  if (readableField(access, entity, path) === undefined || rights?.field(key)?.how !== 'full') return false
  return link === null || rest.length === 0 || mayCompare(access, link.to, rest.join('.'))
}

/** True when every field that an expression names is one that the caller reads in full. */
export const mayCompute = (access: Access, entity: Entity, cel: string): boolean =>
  (cel.match(/[A-Za-z_]\w*/g) ?? []).every((word) => !namesField(entity, word) || mayCompare(access, entity.name, word))

const namesField = (entity: Entity, word: string): boolean => entity.fields.has(word) || entity.archived.some((field) => field.key === word)

/** True when a rule names and sets only fields that the caller sees in full on every record, and whose sight is not recorded: then what it would set may be told. */
export function mayFollow(access: EntityAccess, { when, changed, set }: SettingRule): boolean {
  const keys = new Set([...Object.keys(set), ...(changed ?? []), ...[...(when === null ? [] : [when]), ...Object.values(set)].flatMap((cel) => [...namesIn(cel)])])
  return [...keys].every((key) => {
    const field = access.entity.fields.get(key)
    if (field === undefined) return true // today, now
    const how = access.field(key)
    return how?.how === 'full' && how.visible === undefined && !field.sensitive
  })
}
