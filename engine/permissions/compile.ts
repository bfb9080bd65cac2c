/**
 * Roles → what their holder may do. Compiled once per model and set of roles, entity by entity on first use. A rule
 * that cannot be resolved grants nothing and is reported: never a wider right than the one that was written.
 */
import type { RoleDefinition, RoleReadRule, RoleRowRule, RoleWriteRule } from '../../metadata/contract/definitions.gen.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Entity, Field, Model } from '../model/model.js'
import { all, any, everything, nothing, type Predicate } from '../model/conditions/predicate.js'
import { resolve, unrestricted, type Lens } from '../model/conditions/resolve.js'
import type { Access, EntityAccess, FieldAccess, ReadGrant, WriteGrant } from './access.js'
import { mayFollow } from './computed.js'
import { grantOf, grantsOn, isNamed, type FieldRule, type NamedGrant } from './grant.js'

/** Told about rules that cannot be resolved; the engine's log. */
export interface FaultLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

const compiled = new WeakMap<Model, Map<string, Access>>()

/** Rights of somebody who holds `roles`; the same object for the same model and roles. */
export function accessFor(model: Model, roles: readonly string[], log: FaultLog): Access {
  let byKey = compiled.get(model)
  if (byKey === undefined) compiled.set(model, (byKey = new Map()))
  const key = keyOf(roles)
  let access = byKey.get(key)
  if (access === undefined) byKey.set(key, (access = compileAccess(model, key, roles, log)))
  return access
}

/** How conditions of the caller see the model: exactly what the caller may read. */
export const lensFor = (access: Access): Lens => access

/** Published roles of the set with all that they inherit, each once. Unknown names, and roles that are put away, grant nothing. */
export function inheritedRoles(model: Model, roles: readonly string[]): ReadonlyMap<string, RoleDefinition> {
  const found = new Map<string, RoleDefinition>()
  const waiting = [...roles]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const role = model.roles.get(name)
    if (role === undefined || role.archived === true || found.has(name)) continue
    found.set(name, role)
    waiting.push(...(role.inherits ?? []))
  }
  return found
}

const keyOf = (roles: readonly string[]): string => (roles.length === 1 && roles[0] !== undefined ? roles[0] : [...new Set(roles)].toSorted().join(' '))

function compileAccess(model: Model, key: string, names: readonly string[], log: FaultLog): Access {
  const roles = inheritedRoles(model, names)
  const entities = new Map<string, EntityAccess | undefined>()
  const begun = new Set<string>()
  const access: Access = Object.freeze({
    key,
    roles: new Set(roles.keys()),
    design: [...roles.values()].some((role) => role.design === true),
    audit: [...roles.values()].some((role) => role.audit === true),
    people: [...roles.values()].some((role) => role.people === true || role.design === true),
    share: [...roles.values()].some((role) => role.share === true || role.design === true),
    segment: (name: string) => model.segments.get(name),
    entity(name: string): EntityAccess | undefined {
      if (entities.has(name)) return entities.get(name)
      const entity = model.entities.get(name)
      // Not kept: names come from requests. What follows what follows it grants nothing.
      if (entity === undefined || begun.has(name)) return undefined
      begun.add(name)
      const made = compileEntity(entity, grantsOn(roles, name), rowsOf(model, entity, log, access), { follows: (field, own) => mayFollow({ model, roles }, entity, field, own), reads: (other) => grantsOn(roles, other).some(({ grant }) => grant.read !== undefined && grant.read !== false) })
      entities.set(name, made)
      begun.delete(name)
      return made
    },
  })
  return access
}

/** Resolves the rows of one rule; `nothing` for one that grants nothing. */
export type RowsOf = (rule: boolean | RoleRowRule, role: string, action: string) => Predicate

function compileEntity(entity: Entity, grants: readonly NamedGrant[], rows: RowsOf, holder: Holder): EntityAccess | undefined {
  const read = grants.flatMap(({ role, grant }) => readGrant(entity, grant.read, rows, role, holder))
  if (read.length === 0) return undefined
  const union = (action: 'archive' | 'purge' | 'export'): Predicate | false => {
    const parts = grants.flatMap(({ role, grant }) => (grant[action] === undefined || grant[action] === false ? [] : [rows(grant[action], role, action)]))
    return disjunction(parts) ?? false
  }
  return Object.freeze({
    entity,
    read,
    rows: disjunction(read.map((grant) => grant.rows)) ?? nothing,
    create: grants.flatMap(({ role, grant }) => writeGrant(entity, grant.create, rows, role, 'create')),
    update: grants.flatMap(({ role, grant }) => writeGrant(entity, grant.update, rows, role, 'update')),
    archive: union('archive'),
    purge: union('purge'),
    export: union('export'),
    history: grants.some(({ grant }) => grant.history === true),
    field: fieldsOf(entity, read),
  })
}

function readGrant(entity: Entity, rule: boolean | RoleReadRule | undefined, rows: RowsOf, role: string, { follows, reads }: Holder): readonly ReadGrant[] {
  if (rule === undefined || rule === false) return []
  const where = rows(rule, role, 'read')
  if (where === nothing) return []
  const named = rule === true ? undefined : rule.fields
  const fields = new Map<string, 'full' | 'masked'>()
  for (const field of entity.fields.values()) {
    // What stands behind a field has its rights, and says nothing of entities that do not exist for the caller.
    if (field.within !== null && !reads(field.link?.to ?? '')) continue
    const granted = field.system ? true : grantOf(named, field.within ?? field.key)
    const how = field.derived !== null && granted !== false && !isNamed(named, field.key) && !follows(field, named) ? false : granted
    if (how === true) fields.set(field.key, 'full')
    else if (how === 'masked') fields.set(field.key, 'masked')
  }
  return [Object.freeze({ rows: where, fields })]
}

function writeGrant(entity: Entity, rule: boolean | RoleWriteRule | undefined, rows: RowsOf, role: string, action: 'create' | 'update'): readonly WriteGrant[] {
  if (rule === undefined || rule === false) return []
  const where = rows(rule, role, action)
  if (where === nothing) return []
  const named = rule === true ? undefined : rule.fields
  const settable = [...entity.fields.values()].filter((field) => isSettable(field) && grantOf(named, field.key) === true)
  return [Object.freeze({ rows: where, fields: new Set(settable.map((field) => field.key)) })]
}

const isSettable = (field: Field): boolean => !field.system && !field.readOnly

/** What is asked of the roles as a whole. */
interface Holder {
  /** Whether what a field is computed from may be read. */
  follows(field: Field, named: FieldRule): boolean
  /** Whether some role reads records of that entity. */
  reads(entity: string): boolean
}

/** Resolves rules of one entity for who has `access`. Equal rules give the same predicate, so that equal rows are known by identity. */
export function rowsOf(model: Model, entity: Entity, log: FaultLog, access: Pick<Access, 'entity'>): RowsOf {
  const known = predicatesOf(model, entity)
  const followed = new Map<string, Predicate>()
  const where = (condition: JsonObject | undefined, role: string, action: string): Predicate => {
    if (condition === undefined) return everything
    const key = JSON.stringify(condition)
    let predicate = known.get(key)
    if (predicate === undefined) {
      predicate = resolved(model, entity, condition, (cause) => log.error({ role, entity: entity.name, action, cause: String(cause) }, 'a role rule cannot be resolved and grants nothing'))
      known.set(key, predicate)
    }
    return predicate
  }
  return (rule, role, action) => {
    if (rule === false) return nothing
    if (rule === true || rule.follows === undefined) return where(rule === true ? undefined : rule.where, role, action)
    const key = `${rule.follows} ${JSON.stringify(rule.where)}`
    const rows = followed.get(key) ?? all(where(rule.where, role, action), following(entity, rule.follows, access))
    followed.set(key, rows)
    return rows
  }
}

/** The record that the reference points to may be read; of one that points to several entities, whichever it is. */
function following(entity: Entity, key: string, access: Pick<Access, 'entity'>): Predicate {
  const field = entity.fields.get(key)
  const keys = field === undefined || field.targets === null ? [key] : [...field.targets.values()].map((target) => target.key)
  return any(...keys.flatMap((behind): readonly Predicate[] => {
    const link = entity.fields.get(behind)
    const other = link === undefined || link.link === null ? undefined : access.entity(link.link.to)
    return link === undefined || other === undefined ? [] : [{ kind: 'toOne', field: link, target: other.entity, of: other.rows }]
  }))
}

function resolved(model: Model, entity: Entity, where: JsonObject, fault: (cause: unknown) => void): Predicate {
  try {
    return resolve(model, entity.name, where, unrestricted(model), '')
  } catch (cause) {
    fault(cause)
    return nothing
  }
}

const predicates = new WeakMap<Entity, { readonly model: Model; readonly byCondition: Map<string, Predicate> }>()

// Keyed by model too: an entity object is reused by the next model, but its neighbours may have changed.
function predicatesOf(model: Model, entity: Entity): Map<string, Predicate> {
  let entry = predicates.get(entity)
  if (entry?.model !== model) predicates.set(entity, (entry = { model, byCondition: new Map() }))
  return entry.byCondition
}

/** Undefined for no parts. One part stays itself. */
function disjunction(parts: readonly Predicate[]): Predicate | undefined {
  const distinct = [...new Set(parts)]
  if (distinct.includes(everything)) return everything
  return distinct.length <= 1 ? distinct[0] : any(...distinct)
}

function fieldsOf(entity: Entity, read: readonly ReadGrant[]): (key: string) => FieldAccess | undefined {
  const fields = new Map<string, FieldAccess>()
  for (const key of entity.fields.keys()) {
    const access = fieldAccess(key, read)
    if (access !== undefined) fields.set(key, access)
  }
  return (key) => fields.get(key)
}

function fieldAccess(key: string, read: readonly ReadGrant[]): FieldAccess | undefined {
  const full = read.filter((grant) => grant.fields.get(key) === 'full')
  const masked = read.filter((grant) => grant.fields.get(key) === 'masked')
  if (full.length === read.length) return fullyVisible
  const visible = disjunction(full.map((grant) => grant.rows))
  if (visible === everything) return fullyVisible
  const shown = full.length + masked.length === read.length ? everything : disjunction(masked.map((grant) => grant.rows))
  const mask = masked.length === 0 || shown === undefined ? {} : { masked: shown }
  if (visible !== undefined) return Object.freeze({ how: 'full', visible, ...mask })
  return masked.length === 0 ? undefined : Object.freeze({ how: 'masked', ...mask })
}

const fullyVisible: FieldAccess = Object.freeze({ how: 'full' })
