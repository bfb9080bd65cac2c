/**
 * A reference to one of several entities. For each of them the entity gets a reference field of its own, so that foreign keys,
 * indexes, rights and lists on the other side are those of every reference; the field itself keeps nothing and is put together
 * from them. Pure, and the same definitions give the same objects, so that nothing is compiled again without need.
 */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { OneOf } from '../fields/contract.js'
import { fieldType } from '../fields/index.js'
import { singleReference } from '../fields/single-reference.js'
import { finding, type Report } from './findings.js'
import type { Documents, Field } from './model.js'
import { titleFrom } from './names.js'
import { parsePath, pointer } from './paths.js'

/** The reference to one entity that stands behind a field, before it is compiled. */
export interface Target {
  /** API name of the entity that is pointed to. */
  readonly entity: string
  readonly key: string
  readonly id: string
}

const targets = new WeakMap<JsonObject, readonly Target[]>()
const wholes = new WeakMap<JsonObject, string>()

/** The references behind a property, as far as their entities are there; undefined for a property of another kind. */
export const targetsOf = (property: JsonObject): readonly Target[] | undefined => targets.get(property)

/** Key of the field that a property was made for; null for one that a person wrote. */
export const wholeOf = (property: JsonObject): string | null => wholes.get(property) ?? null

/** True when the same references stand behind both, and both behind the same field. */
export const sameTargets = (a: JsonObject, b: JsonObject): boolean => wholeOf(a) === wholeOf(b) && JSON.stringify(targetsOf(a)) === JSON.stringify(targetsOf(b))

/** A document as it was and all that was added for it, as long as that is the same. */
const kept = new WeakMap<JsonObject, { readonly around: string; readonly document: JsonObject }>()

/** The documents with the references that such fields need. What cannot be made is reported and left out. */
export function withTargets(documents: Documents, report: Report): Documents {
  const entities = Object.entries(documents).flatMap(([path, document]) => {
    const parsed = parsePath(path)
    return parsed?.kind === 'entity' && isObject(document) ? [{ name: parsed.entity, path, document, several: severalIn(document) }] : []
  })
  const asking = entities.filter(({ several }) => several.length > 0)
  if (asking.length === 0) return documents
  const known = entities.map(({ name, document }): Known => ({ name, id: identity(document, name), archived: settings(document).archived === true, owned: isOwned(document) }))
  const around = JSON.stringify(known)
  return { ...documents, ...Object.fromEntries(asking.map((one) => [one.path, expanded(one, known, around, report)])) }
}

interface Several {
  readonly key: string
  readonly property: JsonObject
  readonly oneOf: OneOf
}

interface Known {
  readonly name: string
  readonly id: string
  readonly archived: boolean
  /** Its records belong to others, as lines do. */
  readonly owned: boolean
}

const severals = new WeakMap<JsonObject, readonly Several[]>()

/** Fields of an entity that point to one of several. */
function severalIn(document: JsonObject): readonly Several[] {
  let found = severals.get(document)
  if (found === undefined) {
    found = Object.entries(isObject(document.properties) ? document.properties : {}).flatMap(([key, property]): readonly Several[] => {
      const name = isObject(property) ? settings(property).type : undefined
      const type = typeof name === 'string' ? fieldType(name) : undefined
      const options = isObject(property) && type?.oneOf !== undefined ? type.infer(property, true) : undefined
      return !isObject(property) || options === undefined || type?.oneOf === undefined ? [] : [{ key, property, oneOf: type.oneOf(options) }]
    })
    severals.set(document, found)
  }
  return found
}

interface Asking {
  readonly name: string
  readonly document: JsonObject
  readonly several: readonly Several[]
}

function expanded({ name, document, several }: Asking, known: readonly Known[], around: string, report: Report): JsonObject {
  const before = kept.get(document)
  if (before?.around === around) return before.document
  const properties: Record<string, Json> = isObject(document.properties) ? { ...document.properties } : {}
  let fine = true
  const told: Report = (one) => {
    fine = false
    report(one)
  }
  for (const { key, property, oneOf } of several) {
    const at = `${name}/entity.json#${pointer('properties', key)}/crm`
    const archived = settings(property).archived === true
    const made: Target[] = []
    for (const target of chosen(name, oneOf, known, archived ? () => {} : told, at)) {
      const own = joined(key, target.name)
      if (Object.hasOwn(properties, own)) {
        told(finding(at, 'name.collision', { name: own, other: own }))
        continue
      }
      const id = joined(identity(property, key), target.id)
      const member = singleReference({ to: target.name, oneOf, id, archived: archived || target.archived, title: typeof property.title === 'string' ? property.title : titleFrom(key) })
      wholes.set(member, key)
      properties[own] = member
      if (!target.archived) made.push({ entity: target.name, key: own, id })
    }
    const whole = { ...property }
    targets.set(whole, made)
    properties[key] = whole
  }
  const whole = { ...document, properties }
  if (fine) kept.set(document, { around, document: whole })
  return whole
}

/** The entities that a field points to, in their order. Where every one is meant: those whose records stand by themselves. */
function chosen(own: string, { to, except }: OneOf, known: readonly Known[], report: Report, at: string): readonly Known[] {
  if (to === undefined) return known.filter((one) => one.name !== own && !one.owned && !except.includes(one.name))
  return to.flatMap((name, i) => {
    const found = known.find((one) => one.name === name && !one.archived)
    if (found === undefined) report(finding(`${at}/to/${String(i)}`, 'field.link', { entity: name }))
    return found ?? []
  })
}

const settings = (of: JsonObject): JsonObject => (isObject(of.crm) ? of.crm : {})
const identity = (of: JsonObject, name: string): string => { const { id } = settings(of); return typeof id === 'string' ? id : name }
const isOwned = (document: JsonObject): boolean => Object.values(isObject(document.properties) ? document.properties : {}).some((property) => isObject(property) && settings(property).owned === true)
const joined = (key: string, entity: string): string => `${key}${entity.charAt(0).toUpperCase()}${entity.slice(1)}`

// ── values ──

/** The values of a record with those of the references behind its fields. */
export function placed(fields: ReadonlyMap<string, Field>, values: Readonly<Record<string, Json>>): Record<string, Json> {
  const all: Record<string, Json> = { ...values }
  for (const [key, value] of Object.entries(values)) {
    for (const [entity, target] of fields.get(key)?.targets ?? []) all[target.key] = isObject(value) && value.entity === entity ? (value.id ?? null) : null
  }
  return all
}

/** The value of such a field, put together from what stands behind it; `idOf` gives the id of one target. */
export function composed(field: Field, idOf: (entity: string, key: string) => Json): Json {
  for (const [entity, { key }] of field.targets ?? []) {
    const id = idOf(entity, key)
    if (id !== null) return { entity, id }
  }
  return null
}
