/**
 * What computed fields give, before any entity is compiled: over the definitions alone, field by field as each asks for
 * those that it is computed from. Fields that go round in a circle are found on the way.
 */
import { formulaFault } from '../../../metadata/contract/formula-faults.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { computedType } from '../../fields/computed/index.js'
import type { ComputedField, Derived, Found, Surroundings } from '../../fields/computed/contract.js'
import { unknownField, type Path } from '../../formulas/formula.js'
import { typedProperty, systemFields } from '../field.js'
import { finding, type Report } from '../findings.js'
import { pointer } from '../paths.js'
import { valueErrors } from '../validation.js'

/** Entity name → field key → what it is. Fields that cannot be computed were reported and are not here. */
export type ComputedFields = ReadonlyMap<string, ReadonlyMap<string, ComputedField>>

/** `documents`: the entities that are not archived, by name; `published`: they were checked before, so their settings are right. */
export function computedFields(documents: ReadonlyMap<string, JsonObject>, published: boolean, report: Report): ComputedFields {
  const resolver = new Resolver(documents, published, report)
  return new Map([...documents].flatMap(([name, document]) => {
    const keys = computedKeys(document)
    return keys.length === 0 ? [] : [[name, resolver.entity(name, keys)] as const]
  }))
}

const known = new WeakMap<JsonObject, readonly string[]>()

/** Keys of the computed fields of an entity; kept for its document. */
function computedKeys(document: JsonObject): readonly string[] {
  let keys = known.get(document)
  if (keys === undefined) {
    keys = Object.entries(propertiesOf(document)).flatMap(([key, property]) => (isComputed(property) && !isArchived(property) ? [key] : []))
    known.set(document, keys)
  }
  return keys
}

const propertiesOf = (document: JsonObject): JsonObject => (isObject(document.properties) ? document.properties : {})
const settingsIn = (property: Json | undefined): JsonObject => (isObject(property) && isObject(property.crm) ? property.crm : {})
const isArchived = (property: Json | undefined): boolean => settingsIn(property).archived === true

/** True for a property whose values the engine computes. */
export const isComputed = (property: Json | undefined): boolean => computedType(settingsIn(property).type) !== undefined

/** System fields that a value can be computed from: known when a record is made, and never changed by saving it. */
const usable: ReadonlySet<string> = new Set(['createdAt', 'createdBy', 'owner'])

/** A chain of references longer than this is too long to be kept up to date. */
const hopsMost = 3

class Resolver {
  readonly #documents: ReadonlyMap<string, JsonObject>
  readonly #published: boolean
  readonly #report: Report
  readonly #done = new Map<string, Found & { readonly derived?: Derived }>()
  /** Computed fields that wait for others right now, from the first to the last. */
  readonly #open: string[] = []

  constructor(documents: ReadonlyMap<string, JsonObject>, published: boolean, report: Report) {
    this.#documents = documents
    this.#published = published
    this.#report = report
  }

  entity(name: string, keys: readonly string[]): ReadonlyMap<string, ComputedField> {
    return new Map(keys.flatMap((key) => {
      const found = this.#field(name, key)
      return 'problem' in found || found.derived === undefined ? [] : [[key, { type: found.type, options: found.options, derived: found.derived }] as const]
    }))
  }

  #field(entity: string, key: string): Found & { readonly derived?: Derived } {
    const name = `${entity}.${key}`
    const done = this.#done.get(name)
    if (done !== undefined) return done
    const circle = this.#open.indexOf(name)
    if (circle >= 0) return { problem: formulaFault('circle', { found: [...this.#open.slice(circle), name].join(' → ') }) }
    this.#open.push(name)
    const found = this.#look(entity, key)
    this.#open.pop()
    this.#done.set(name, found)
    return found
  }

  #look(entity: string, key: string): Found & { readonly derived?: Derived } {
    const document = this.#documents.get(entity)
    if (document === undefined) return { problem: formulaFault('noEntity', { found: entity }) }
    if (usable.has(key)) return shapeOfSystem(key, this.#documents.has('user'))
    const properties = propertiesOf(document)
    const property = Object.hasOwn(properties, key) && !isArchived(properties[key]) ? properties[key] : undefined
    if (!isObject(property)) return { problem: unknownField(key, this.#keysOf(entity) ?? [], entity) }
    const at = `${entity}/entity.json#${pointer('properties', key)}`
    if (isComputed(property)) return this.#computed(entity, key, property, at)
    return typedProperty(document, property, at, () => undefined) ?? { problem: formulaFault('broken', { found: `${entity}.${key}` }) }
  }

  #computed(entity: string, key: string, property: JsonObject, at: string): Found & { readonly derived?: Derived } {
    const crm = settingsIn(property)
    const type = computedType(crm.type)
    if (type === undefined) throw new Error(`${entity}.${key} is not computed`)
    const settings = type.settings(crm)
    const wrong = this.#published ? [] : valueErrors(type.options, settings)
    if (wrong.length > 0) {
      for (const { path, problem } of wrong) this.#report(finding(`${at}/crm${path}`, 'field.option', { option: path.slice(1) || type.name, problem }))
      return { problem: formulaFault('brokenSettings', { found: `${entity}.${key}` }) }
    }
    const derivation = type.derive(settings, property, this.#around(entity))
    if ('shape' in derivation) return { ...derivation.shape, derived: derivation.derived }
    this.#report(finding(`${at}/crm${derivation.at === undefined ? '' : pointer(derivation.at)}`, 'field.computed', { problem: derivation.problem }))
    return { problem: derivation.problem.startsWith('It is computed from itself') ? derivation.problem : formulaFault('brokenItself', { found: `${entity}.${key}`, reason: derivation.problem }) }
  }

  #around(entity: string): Surroundings {
    return {
      entity,
      isTree: () => this.#isTree(entity),
      keysOf: (name) => this.#keysOf(name),
      field: (name, key) => this.#field(name, key),
      along: (path) => this.#along(entity, path),
    }
  }

  #keysOf(entity: string): readonly string[] | undefined {
    const document = this.#documents.get(entity)
    return document === undefined ? undefined : [...Object.entries(propertiesOf(document)).flatMap(([key, property]) => (isArchived(property) ? [] : [key])), ...usable]
  }

  #isTree(entity: string): boolean {
    const document = this.#documents.get(entity)
    return document !== undefined && Object.values(propertiesOf(document)).some((property) => {
      const typed = isObject(property) && !isArchived(property) && !isComputed(property) ? typedProperty(document, property, entity, () => undefined) : undefined
      return typed?.type.link?.(typed.options).hierarchy === true
    })
  }

  #along(entity: string, path: Path): Found {
    const [key = '', ...rest] = path
    if (path.length > hopsMost + 1) return { problem: formulaFault('hops', { found: path.join('.'), most: String(hopsMost) }) }
    const found = this.#field(entity, key)
    if ('problem' in found || rest.length === 0) return found
    const parts = found.type.parts?.(found.options) ?? {}
    const [name = '', ...beyond] = rest
    const part = Object.hasOwn(parts, name) && beyond.length === 0 ? parts[name] : undefined
    if (part !== undefined) return { type: part.type, options: part.options }
    const target = found.type.link?.(found.options).to
    return target === undefined ? { problem: formulaFault('noReference', { found: key }) } : this.#along(target, rest)
  }
}

function shapeOfSystem(key: string, linked: boolean): Found {
  const field = systemFields(linked).find((one) => one.key === key)
  return field === undefined ? { problem: formulaFault('noField', { found: key }) } : { type: field.type, options: field.options }
}

/** True when both are computed in the same way. */
export const sameComputed = (a: ReadonlyMap<string, ComputedField> | undefined, b: ReadonlyMap<string, ComputedField> | undefined): boolean =>
  (a?.size ?? 0) === (b?.size ?? 0) && [...(a ?? [])].every(([key, field]) => sameField(field, b?.get(key)))

export const sameField = (a: ComputedField | undefined, b: ComputedField | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.type === b.type && JSON.stringify([a.options, a.derived]) === JSON.stringify([b.options, b.derived]))
