/** Which transitions a record has for somebody right now, and why not the others. */
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { mayFilter } from '../../forms/visible.js'
import { currentState } from '../../model/lifecycle.js'
import { isMissing } from '../../model/rules/required.js'
import type { Lifecycle, State, Transition } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import { mayMake, mayMove } from '../../permissions/transitions.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { coveringBefore, holds } from '../rights/reach.js'
import { accessTo, readableRows } from '../rights/rights.js'
import { failing } from './guards.js'
import { idOf, type Rec } from './row.js'
import { neededIn } from './transition.js'

export interface Offers extends JsonObject {
  /** The value of the field that is the state; null when it is not theirs to know. */
  readonly state: string | number | null
  /** Those that lead away from it and are allowed to the caller's roles. */
  readonly transitions: readonly Offer[]
}

export interface Offer extends JsonObject {
  readonly name: string
  /** False: it would be refused now, whatever is sent with it. */
  readonly allowed: boolean
  /** Keys of required fields that have no value yet, as far as the caller knows them. */
  readonly missing: readonly string[]
  /** Why it is not allowed: `rights`, or `guard`. */
  readonly reason: string | null
}

/**
 * What may be done with a record now. Nothing for who may not see its state.
 * @throws Problem request.path, record.unavailable
 */
export async function offers(call: Call, command: { readonly entity: string; readonly id: number }): Promise<Offers> {
  const access = accessTo(call, command.entity)
  const record = await stored(call, access, command.id)
  const { lifecycle } = access.entity
  const state = lifecycle === null ? null : await seenState(call, access, lifecycle, record)
  if (lifecycle === null || state === null) return { state: null, transitions: [] }
  const mine = mayMove(access, lifecycle) ? [...state.transitions.values()].filter((one) => mayMake(call.access, one)) : []
  const covered = mine.length > 0 && (await covers(call, access, lifecycle, record))
  const transitions: Offer[] = []
  for (const one of mine) {
    const judged = await judge(call, access, one, record)
    transitions.push({ name: one.name, allowed: covered && judged.open, missing: judged.missing.filter((key) => access.field(key) !== undefined), reason: !covered ? 'rights' : judged.open ? null : 'guard' })
  }
  return { state: state.value as string | number, transitions }
}

/** What decides about one transition of a record, for `explain`. */
export interface TransitionVerdict extends JsonObject {
  readonly name: string
  /** The state, where the asking person knows it. */
  readonly state: string | number | null
  /** It leads away from the present state. */
  readonly leadsAway: boolean
  /** Roles that it needs, one of them; null: none of its own. */
  readonly roles: readonly string[] | null
  readonly holdsRole: boolean
  readonly missing: readonly string[]
  /** Whether the guard holds, but for what can still be given; the condition where the asking person may know it. */
  readonly guard: { readonly holds: boolean; readonly where: JsonObject | null; readonly message: string | null }
}

/**
 * Judges a transition for `their` call; what is told is limited to what `asking` may know.
 * @throws Problem transition.unavailable for a name that the asking person does not know either
 */
export async function verdict(asking: { readonly call: Call; readonly access: EntityAccess }, their: Call, id: number, name: string): Promise<TransitionVerdict> {
  const { call, access } = asking
  const { lifecycle } = access.entity
  const known = lifecycle === null || access.field(lifecycle.field)?.how !== 'full' ? [] : [...lifecycle.states.values()].flatMap(({ transitions }) => transitions.get(name) ?? [])
  if (lifecycle === null || !known.some((one) => call.access.design || mayMake(call.access, one))) throw new Problem('transition.unavailable')
  const record = await stored(call, access, id)
  const state = await seenState(call, access, lifecycle, record)
  const here = state?.transitions.get(name)
  const one = here ?? known[0]
  if (one === undefined) throw new Problem('transition.unavailable')
  const { open, missing } = here === undefined ? { open: true, missing: [] } : await judge(their, access, here, record)
  const where = isObject(one.guard) && mayFilter(call.access, access.entity, one.guard) ? one.guard : null
  return {
    name,
    state: (state?.value ?? null) as string | number | null,
    leadsAway: here !== undefined,
    roles: one.roles,
    holdsRole: mayMake(their.access, one),
    missing: missing.filter((key) => access.field(key) !== undefined),
    guard: { holds: open, where, message: one.message },
  }
}

async function stored(call: Call, access: EntityAccess, id: number): Promise<Rec> {
  const found = await records.load(call.engine.database.read, access.entity, id, readableRows(access, false), call.bindings)
  if (found === null) throw new Problem('record.unavailable')
  return found
}

async function seenState(call: Call, access: EntityAccess, lifecycle: Lifecycle, record: Rec): Promise<State | null> {
  const how = access.field(lifecycle.field)
  if (how?.how !== 'full') return null
  return how.visible === undefined || (await holds(call.engine.database.read, call, access, how.visible, idOf(record))) ? currentState(lifecycle, record) : null
}

/** Some right to change the state holds on the record. */
async function covers(call: Call, access: EntityAccess, { field }: Lifecycle, record: Rec): Promise<boolean> {
  try {
    await coveringBefore(call.engine.database.read, call, access, [{ before: record, row: { at: '', keys: [field], values: {} } }])
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** `open`: the guard holds already, or speaks of what the transition asks for and is not there yet. */
async function judge(call: Call, access: EntityAccess, { guard, require, target }: Transition, record: Rec): Promise<{ readonly open: boolean; readonly missing: readonly string[] }> {
  const failed = guard === null ? [] : await failing(call.engine.database.read, call, access.entity, guard, record)
  const { lifecycle } = access.entity
  const state = lifecycle?.states.get(target)
  const needed = lifecycle === null || state === undefined ? [] : neededIn(access, lifecycle, state, record)
  const had = access.entity.lacking(record).map(({ key }) => key)
  const missing = [...new Set([...require.filter((key) => isMissing(record, key)), ...needed.filter((key) => !had.includes(key))])]
  return { open: failed.every((key) => require.includes(key)), missing }
}
