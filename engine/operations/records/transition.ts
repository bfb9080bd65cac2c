/** A transition of a record's lifecycle: the only way in which its state changes. */
import { Problem, type Finding } from '../../errors.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import { currentState } from '../../model/lifecycle.js'
import { isMissing } from '../../model/rules/required.js'
import type { Lifecycle, State, Transition } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import { allowedTransitions, mayMake } from '../../permissions/transitions.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { exclusively, once, type OnceKey } from '../idempotency.js'
import { presented } from '../rights/present.js'
import { holds } from '../rights/reach.js'
import { accessTo } from '../rights/rights.js'
import { assertInForce, inForce } from '../unit.js'
import { holdTrees } from './derive.js'
import { failing } from './guards.js'
import { missingFinding } from './missing.js'
import { prepareUpdate } from './prepare.js'
import { idOf, type PreparedRow, type Rec } from './row.js'
import { staleness } from './stale.js'
import { limitIn, valuesOf } from './states.js'
import { loadReadable, updateChecked } from './write.js'

export interface TransitionCommand {
  readonly entity: string
  readonly id: number
  /** Of the transition. */
  readonly name: string
  /** Values of fields that the transition requires. */
  readonly body: JsonObject
  /** The version that the caller saw. */
  readonly ifVersion?: number
  readonly once?: OnceKey
}

/**
 * Moves a record on and gives it as the caller may read it.
 * @throws Problem request.path, transition.unavailable, transition.state, transition.refused, and whatever a change of the same fields throws
 */
export const transition = (call: Call, command: TransitionCommand): Promise<Rec> =>
  exclusively(call, command.once, () =>
    inForce(call, (call) => {
      const access = accessTo(call, command.entity)
      const lifecycle = lifecycleFor(call, access, command.name)
      return call.engine.database.write(async (tx) => {
        await assertInForce(tx, call.model)
        return once(tx, call, command.once, async () => {
          await holdTrees(tx, call.model, access.entity, 'changes')
          const before = await loadReadable(tx, call, access, command.id)
          if (command.ifVersion !== undefined && before['version'] !== command.ifVersion) throw await staleness(tx, call, access, before, command.body, command.ifVersion)
          const saved = await transitChecked(tx, call, access, before, { name: command.name, body: command.body, at: '' })
          return presented(tx, call, access, saved, [...Object.keys(command.body), lifecycle.field])
        })
      })
    }),
  )

/** A transition that somebody asks for. */
export interface Step {
  readonly name: string
  readonly body: JsonObject
  /** JSON Pointer of the body in the request. */
  readonly at: string
}

/** The same for a record that was loaded in this unit through the caller's row rule. */
export async function transitChecked(tx: Executor, call: Call, access: EntityAccess, before: Rec, step: Step): Promise<Rec> {
  const lifecycle = lifecycleFor(call, access, step.name)
  const from = await stateOf(tx, call, access, lifecycle, before)
  const chosen = from.transitions.get(step.name)
  if (chosen === undefined || !mayMake(call.access, chosen)) throw elsewhere(step, lifecycle)
  const row = rowOf(call, access, lifecycle, { from, chosen, step, before })
  assertComplete(access, chosen, { ...before, ...row.values }, step.at)
  const saved = await updateChecked(tx, call, access, before, row)
  const refused = chosen.guard === null ? [] : await failing(tx, call, access.entity, chosen.guard, saved)
  if (refused.length > 0) throw new Problem('transition.refused', {}, { problems: guardFindings(access, chosen, refused, step.at) })
  return saved
}

/**
 * The lifecycle of an entity, when the caller knows it and may make the transition in some state. One that nobody
 * defines and one that is not theirs look the same.
 * @throws Problem transition.unavailable
 */
export function lifecycleFor(call: Call, access: EntityAccess, name: string): Lifecycle {
  const { lifecycle } = access.entity
  if (lifecycle === null || !allowedTransitions(call.access, access).some(({ transition }) => transition.name === name)) throw new Problem('transition.unavailable')
  return lifecycle
}

/** @throws Problem transition.unavailable when the state is hidden on this record */
async function stateOf(tx: Executor, call: Call, access: EntityAccess, lifecycle: Lifecycle, before: Rec): Promise<State> {
  const visible = access.field(lifecycle.field)?.visible
  if (visible !== undefined && !(await holds(tx, call, access, visible, idOf(before)))) throw new Problem('transition.unavailable')
  return currentState(lifecycle, before)
}

function elsewhere({ at }: Step, { field }: Lifecycle): Problem {
  const { message } = new Problem('transition.state')
  return new Problem('transition.state', {}, { problems: [{ path: `${at}/${field}`, code: 'transition.state', message }] })
}

/** Keys of fields that have no value and are required in the state that a record comes to, though not by the transition. */
export const neededIn = (access: EntityAccess, { field }: Lifecycle, { value }: State, before: Rec): readonly string[] =>
  access.entity.lacking({ ...before, [field]: value }).flatMap(({ key }) => (access.field(key) === undefined ? [] : [key]))

/** What is sent is asked for by the transition and theirs to set; what states and transition set is said by the definition. */
function rowOf(call: Call, access: EntityAccess, lifecycle: Lifecycle, { from, chosen, step: { body, at }, before }: { readonly from: State; readonly chosen: Transition; readonly step: Step; readonly before: Rec }): PreparedRow {
  const target = lifecycle.states.get(chosen.target) ?? from
  const asked = (key: string): boolean => chosen.require.includes(key) || neededIn(access, lifecycle, target, before).includes(key)
  const stray = Object.keys(body).find((key) => !asked(key))
  if (stray !== undefined) throw new Problem('field.unknown', { field: stray.slice(0, 60) }, { problems: [{ path: `${at}/${stray}`, code: 'field.unknown', message: `The transition asks for no ${stray.slice(0, 60)}.` }] })
  const sent = prepareUpdate(access, body, at)
  const set = valuesOf(call, access.entity, { ...from.exit, ...chosen.set, ...target.entry }, at)
  return { at, keys: [...sent.keys, lifecycle.field], values: { ...sent.values, ...set, ...limitIn(call, lifecycle, target), [lifecycle.field]: target.value }, transition: chosen.name }
}

/** @throws Problem record.invalid with a finding for each required field without a value */
function assertComplete(access: EntityAccess, { require }: Transition, after: Rec, at: string): void {
  const missing = require.filter((key) => isMissing(after, key))
  if (missing.length > 0) throw new Problem('record.invalid', {}, { problems: missing.map((key) => missingFinding(access, key, at)) })
}

/** At the fields that the guard names, as far as the caller knows them. */
const guardFindings = (access: EntityAccess, { message }: Transition, refused: readonly string[], at: string): readonly Finding[] =>
  refused.map((key) => ({ path: access.field(key) === undefined ? at : `${at}/${key}`, code: 'transition.guard', message: message ?? 'With this value the record cannot be moved on.' }))
