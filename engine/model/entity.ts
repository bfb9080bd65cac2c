/** One entity definition becomes a compiled entity: fields, indexes, screens, validators. */
import type { FormDefinition, ViewDefinition } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { ComputedField } from '../fields/computed/contract.js'
import { sameComputed, sameField } from './computed/computed.js'
import { compileField, systemFields } from './field.js'
import { finding, type Report } from './findings.js'
import { limits } from './limits.js'
import { duplicatesOf } from './duplicates.js'
import { indexesOf } from './indexes.js'
import type { Documents, Entity, Field, Relation } from './model.js'
import { beginning, lifecycleOf } from './lifecycle.js'
import { noticesOf } from './notices.js'
import { identifier, isReserved, physicalName, titleFrom } from './names.js'
import { parsePath, pointer } from './paths.js'
import { lackingIn, needsOf } from './rules/required.js'
import { refusingRules, ruleCheck, settingRules } from './rules/rules.js'
import { fieldSetter } from './rules/setting-rules.js'
import { createValidator, patchValidator } from './record.js'
import { sameDefinition } from './equal.js'
import { sameTargets } from './targets.js'
import { defaultList, defaultViewName } from './view.js'

/** What an entity is made from; kept beside it, so that an unchanged one is not compiled again. */
export interface EntitySource {
  readonly name: string
  readonly document: JsonObject
  /** Forms, views and the lifecycle by path. */
  readonly screens: Documents
  /** Its computed fields: what they are depends on other entities too. */
  readonly computed: ReadonlyMap<string, ComputedField> | undefined
}

/** Same documents: the same entity, as far as it does not depend on others. */
export const sameSource = (a: EntitySource, b: EntitySource): boolean =>
  a.name === b.name && sameDefinition(a.document, b.document) && sameDefinition(a.screens, b.screens) && sameComputed(a.computed, b.computed)

export interface EntityContext {
  /** Names of the entities that fields may point to. */
  readonly targets: ReadonlySet<string>
  readonly timeZone: string
  /** The entity and its source before this change: fields whose definition is the same are taken from it. */
  readonly before?: { readonly entity: Entity; readonly source: EntitySource }
}

/** Makes the entity without its relations. Fields that cannot be used are reported and left out; undefined when nothing is left. */
export function compileEntity(source: EntitySource, context: EntityContext, report: Report): Entity | undefined {
  const { name, document } = source
  const at = `${name}/entity.json#`
  if (!nameIsFine(name, at, report)) return undefined
  const crm = isObject(document.crm) ? document.crm : {}
  const id = identityOf(name, document)
  const table = physicalName(id)
  const compiled = compileFields(source, context, report)
  const { fields, archived } = compiled
  const title = text(document.title) ?? titleFrom(name)
  const plural = text(crm.plural) ?? title
  const display = displayField(crm, compiled, at, report)
  const rules = refusingRules(crm, display)
  const duplicates = duplicatesOf({ document, fields, archived, at }, report)
  const all = new Map([...fields, ...systemFields(context.targets.has('user')).map((field): [string, Field] => [field.key, field])])
  checkRequired(document, all, at, report)
  const needs = needsOf(all)
  const lifecycle = lifecycleOf(source.screens[`${name}/lifecycle.json`], fields)
  const sets = fieldSetter(settingRules(crm), fields, context.timeZone)
  return {
    name, id, table, title, plural, display, rules, duplicates, archived, lifecycle,
    facts: (Array.isArray(crm.facts) ? (crm.facts as readonly Json[]) : []).filter((key): key is string => typeof key === 'string' && fields.has(key)),
    timeline: (Array.isArray(crm.timeline) ? (crm.timeline as readonly Json[]) : []).filter((path): path is string => typeof path === 'string'),
    notices: noticesOf(crm),
    icon: text(crm.icon) ?? 'table',
    history: crm.history !== false,
    fields: all,
    relations: new Map<string, Relation>(),
    indexes: indexesOf({ table, document, fields: all, archived, duplicates, at }, report),
    forms: screens<FormDefinition>(source, 'form', report),
    views: viewsOf(source, fields, { display, plural, lifecycle }, report),
    validateCreate: beginning(lifecycle, createValidator(fields, sets?.fills.create)),
    validatePatch: patchValidator(fields, sets?.fills.update),
    checkRules: ruleCheck(rules, fields, context.timeZone),
    needs,
    lacking: lackingIn(needs, context.timeZone),
    sets,
  }
}

/** The name under which an entity was first published. */
export const identityOf = (name: string, document: JsonObject): string => (isObject(document.crm) && typeof document.crm.id === 'string' ? document.crm.id : name)

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function nameIsFine(name: string, at: string, report: Report): boolean {
  if (!identifier.test(name)) report(finding(at, 'name.grammar', { name }))
  else if (isReserved(name)) report(finding(at, 'name.reserved', { name }))
  else return true
  return false
}

interface CompiledFields {
  readonly fields: ReadonlyMap<string, Field>
  readonly archived: readonly Field[]
}

function compileFields(source: EntitySource, context: EntityContext, report: Report): CompiledFields {
  const properties = isObject(source.document.properties) ? Object.entries(source.document.properties) : []
  const required = new Set(Array.isArray(source.document.required) ? (source.document.required as readonly Json[]) : [])
  const fields = new Map<string, Field>()
  const archived: Field[] = []
  const columns = new Map<string, string>()
  if (properties.length > limits.fieldsPerEntity) report(finding(`${source.name}/entity.json#/properties`, 'limit.fields', { limit: limits.fieldsPerEntity }))
  for (const [key, property] of properties.slice(0, limits.fieldsPerEntity)) {
    const at = `${source.name}/entity.json#${pointer('properties', key)}`
    const put = isObject(property) && isObject(property.crm) && property.crm.archived === true
    const field = isObject(property) ? fieldFor(source, context, { key, property, required: required.has(key), at }, report) : undefined
    if (!isObject(property)) report(finding(at, 'field.unclear'))
    if (field === undefined) continue
    const link = field.link ?? field.links
    if (link !== null && !put && !context.targets.has(link.to)) {
      report(finding(`${at}/crm/to`, 'field.link', { entity: link.to }))
      continue
    }
    const physical = physicalName(field.id)
    const other = columns.get(physical)
    if (other !== undefined) {
      report(finding(at, 'name.collision', { name: key, other }))
      continue
    }
    columns.set(physical, key)
    if (put) archived.push(field)
    else fields.set(key, field)
  }
  return { fields, archived }
}

interface Property {
  readonly key: string
  readonly property: JsonObject
  readonly required: boolean
  readonly at: string
}

function fieldFor(source: EntitySource, context: EntityContext, { key, property, required, at }: Property, report: Report): Field | undefined {
  const crm = isObject(property.crm) ? property.crm : {}
  const id = typeof crm.id === 'string' ? crm.id : key
  for (const name of new Set([key, id])) {
    const path = name === key ? at : `${at}/crm/id`
    if (!identifier.test(name)) report(finding(path, 'name.grammar', { name }))
    else if (isReserved(name)) report(finding(path, 'name.reserved', { name }))
    else continue
    return undefined
  }
  const computed = source.computed?.get(key)
  return unchanged(source, context, key, property, required) ?? compileField({ document: source.document, key, property, required, entity: identityOf(source.name, source.document), at, computed }, report)
}

/** The field of the model before, when everything that it was made from is the same. */
function unchanged(source: EntitySource, context: EntityContext, key: string, property: JsonObject, required: boolean): Field | undefined {
  const { before } = context
  if (before === undefined) return undefined
  const old = before.source.document
  const oldProperty = isObject(old.properties) && Object.hasOwn(old.properties, key) ? old.properties[key] : undefined
  const wasRequired = Array.isArray(old.required) && (old.required as readonly Json[]).includes(key)
  if (!sameField(before.source.computed?.get(key), source.computed?.get(key))) return undefined
  if (wasRequired !== required || !sameDefinition(oldProperty, property) || !isObject(oldProperty) || !sameTargets(oldProperty, property)) return undefined
  if (JSON.stringify(property).includes('"$ref"') && !sameDefinition(old, source.document)) return undefined
  return before.entity.fields.get(key) ?? before.entity.archived.find((field) => field.key === key)
}

function displayField(crm: JsonObject, { fields, archived }: CompiledFields, at: string, report: Report): string {
  const named = text(crm.display)
  if (named !== undefined && fields.has(named)) return named
  if (named !== undefined && !archived.some((field) => field.key === named)) report(finding(`${at}/crm/display`, 'entity.field', { field: named, entity: at.split('/')[0] ?? '' }))
  for (const key of ['name', 'title']) if (fields.get(key)?.type.formula === 'text') return key
  return [...fields.values()].find((field) => field.type.formula === 'text' && !field.sensitive)?.key ?? 'id'
}

function checkRequired(document: JsonObject, fields: ReadonlyMap<string, Field>, at: string, report: Report): void {
  const known = isObject(document.properties) ? document.properties : {}
  for (const [i, key] of (Array.isArray(document.required) ? (document.required as readonly Json[]) : []).entries()) {
    if (typeof key === 'string' && !fields.has(key) && !Object.hasOwn(known, key)) report(finding(`${at}/required/${i}`, 'entity.required', { field: key }))
  }
}

/** Forms or views by name. What is not even an object with the word that makes it one is reported and left out. */
function screens<T>(source: EntitySource, kind: 'form' | 'view', report: Report): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const [path, document] of Object.entries(source.screens)) {
    const parsed = parsePath(path)
    if (parsed?.kind !== kind) continue
    const word = kind === 'form' ? document.type : document.kind
    if (typeof word === 'string') found.set(parsed.name, document as unknown as T)
    else report(finding(`${path}#`, 'document.broken', { reason: kind === 'form' ? 'it has no type' : 'it has no kind' }))
  }
  return found
}

function viewsOf(source: EntitySource, fields: ReadonlyMap<string, Field>, entity: Pick<Entity, 'display' | 'plural' | 'lifecycle'>, report: Report): ReadonlyMap<string, ViewDefinition> {
  const views = screens<ViewDefinition>(source, 'view', report)
  if ([...views.values()].some((view) => view.kind === 'list')) return views
  return new Map([...views, [defaultViewName, defaultList(fields.values(), entity)]])
}
