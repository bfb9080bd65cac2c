/** Why somebody may or may not do something with a record: the rules of their roles, the rows they hold on, the fields. */
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import type { RoleGrant, RoleRowRule } from '../../../metadata/contract/definitions.gen.js'
import { Problem } from '../../errors.js'
import { translator } from '../../forms/texts.js'
import { mayFilter } from '../../forms/visible.js'
import { nothing, type Predicate } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { accessFor, inheritedRoles, rowsOf } from '../../permissions/compile.js'
import { grantsOn } from '../../permissions/grant.js'
import type { Actor } from '../../permissions/actor.js'
import * as records from '../../storage/records.js'
import { callOf, type Call } from '../call.js'
import { accessTo } from '../rights/rights.js'
import { verdict, type TransitionVerdict } from './offers.js'

export const explainedActions = ['read', 'create', 'update', 'archive', 'purge', 'export', 'history'] as const
export type ExplainedAction = (typeof explainedActions)[number]
/** `transition:solve` asks about a transition: a right to change the record, and what is its own. */
export const transitionAction = 'transition:'

export interface Explanation extends JsonObject {
  readonly user: { readonly id: number | null; readonly roles: readonly string[] }
  readonly entity: string
  readonly id: number
  readonly action: string
  readonly allowed: boolean
  /** One per role that says something about the entity. `where` is null where there is no condition, and where the caller may not know it. */
  readonly rules: readonly { readonly role: string; readonly title: string; readonly grants: boolean; readonly where: JsonObject | null; readonly holds: boolean }[]
  /** Field key → how the user sees it (read) or whether they may set it (create, update) on this record. */
  readonly fields: Readonly<Record<string, string>>
  /** Keys of the fields that nobody sets by hand: numbered, computed, kept by the system. */
  readonly automatic: readonly string[]
  /** What decides about the transition that was asked about. */
  readonly transition?: TransitionVerdict
}

export interface ExplainCommand {
  readonly entity: string
  readonly id: number
  readonly action: ExplainedAction
  /** Name of the transition in question; the action is to update then. */
  readonly transition?: string
  /** Whom it is about; the caller when absent. */
  readonly user?: Actor
  /** BCP 47 tag for the titles of roles. */
  readonly locale: string
}

/**
 * Everyone may ask about themselves and records that they read; about others only who may change the definitions.
 * @throws Problem request.path, access.denied, record.unavailable, transition.unavailable
 */
export async function explain(call: Call, command: ExplainCommand): Promise<Explanation> {
  const asking = accessTo(call, command.entity)
  const about = command.user ?? call.actor
  if (about.id !== call.actor.id && !call.access.design) throw new Problem('access.denied')
  if (!(await holdsOn(call, asking, asking.rows, command.id))) throw new Problem('record.unavailable')
  const their = callOf(call.engine, about, call.model, call.at)
  const told = translator(call.model, command.locale)
  const rules = []
  for (const { role, grant } of grantsOn(inheritedRoles(call.model, about.roles), command.entity)) {
    rules.push({ role, title: told(`roles/${role}.json`, '/title', call.model.roles.get(role)?.title ?? role), ...(await judged(call, their, asking, role, grant, command)) })
  }
  const access = accessFor(call.model, about.roles, call.engine.log).entity(command.entity)
  const reads = access !== undefined && (await holdsOn(their, access, access.rows, command.id))
  const transition = command.transition === undefined ? undefined : await verdict({ call, access: asking }, their, command.id, command.transition)
  return {
    user: { id: about.id, roles: about.roles },
    entity: command.entity,
    id: command.id,
    action: command.transition === undefined ? command.action : `${transitionAction}${command.transition}`,
    // What cannot be read cannot be changed either.
    allowed: reads && rules.some((rule) => rule.grants && rule.holds) && (transition === undefined || (transition.leadsAway && transition.holdsRole && transition.guard.holds)),
    rules,
    fields: access === undefined || !reads ? {} : await fieldsOn(their, asking, access, command),
    automatic: [...asking.entity.fields.values()].flatMap(({ key, readOnly, system, within }) => ((readOnly || system) && within === null && asking.field(key) !== undefined ? [key] : [])),
    ...(transition === undefined ? {} : { transition }),
  }
}

async function judged(call: Call, their: Call, asking: EntityAccess, role: string, grant: RoleGrant, command: ExplainCommand): Promise<{ grants: boolean; where: JsonObject | null; holds: boolean }> {
  const rule = grant[command.action]
  if (rule === undefined || rule === false) return { grants: false, where: null, holds: false }
  const rows = rowsOf(their.model, asking.entity, their.engine.log, their.access)(rule, role, command.action)
  return { grants: rows !== nothing, where: shownRule(call, asking, rule), holds: await holdsOn(their, asking, rows, command.id) }
}

/** The condition of a rule; null where there is none, or where it names what the caller may not know. */
function shownRule(call: Call, asking: EntityAccess, rule: true | RoleRowRule): JsonObject | null {
  const where = rule === true ? undefined : rule.where
  return isObject(where) && mayFilter(call.access, asking.entity, where) ? where : null
}

const holdsOn = (their: Call, access: EntityAccess, rows: Predicate, id: number): Promise<boolean> =>
  records.exists(their.engine.database.read, { entity: access.entity, rows, id }, their.bindings)

async function fieldsOn(their: Call, asking: EntityAccess, access: EntityAccess, command: ExplainCommand): Promise<Record<string, string>> {
  const fields: Record<string, string> = {}
  const grants = command.action === 'create' ? access.create : command.action === 'update' ? access.update : null
  // Only of fields that the caller may know.
  for (const key of [...access.entity.fields.values()].flatMap(({ key, within }) => (within === null && asking.field(key) !== undefined ? [key] : []))) {
    if (grants === null) fields[key] = await seenAs(their, access, key, command.id)
    else fields[key] = (await anyHolds(their, access, grants.filter((grant) => grant.fields.has(key)).map((grant) => grant.rows), command.id)) ? 'settable' : 'not settable'
  }
  return fields
}

async function seenAs(their: Call, access: EntityAccess, key: string, id: number): Promise<string> {
  const how = access.field(key)
  if (how === undefined) return 'hidden'
  if (how.how === 'full' && (how.visible === undefined || (await holdsOn(their, access, how.visible, id)))) return 'full'
  return how.masked !== undefined && (await holdsOn(their, access, how.masked, id)) ? 'masked' : 'hidden'
}

async function anyHolds(their: Call, access: EntityAccess, rows: readonly Predicate[], id: number): Promise<boolean> {
  for (const predicate of rows) if (await holdsOn(their, access, predicate, id)) return true
  return false
}
