/** Is a lifecycle sound: does everything that it names exist, is every state reached and left, can its conditions and values be used? */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { isRelative } from '../../metadata/contract/time.js'
import { placeholderOf } from '../../metadata/contract/condition-tree.js'
import type { Finding } from '../errors.js'
import { finding, shown } from '../model/findings.js'
import { stateValues } from '../model/lifecycle.js'
import type { Entity, Model } from '../model/model.js'
import { momentKind } from '../model/moment.js'
import { identifier } from '../model/names.js'
import { pointer } from '../model/paths.js'
import { limitFindings } from './check-limits.js'
import { conditionProblem } from './check-screens.js'

interface Context {
  readonly at: string
  readonly entity: Entity
  readonly model: Model
  /** Key of the field whose value is the state. */
  readonly field: string
  readonly states: JsonObject
}

/** Findings of a lifecycle, which has the right shape. It works or is refused: what it names must be in use, not put away. */
export function lifecycleFindings(path: string, document: JsonObject, entity: Entity, model: Model): readonly Finding[] {
  const { field: key, initial, states } = document
  const at = `${path}#`
  if (typeof key !== 'string' || !isObject(states)) return []
  const values = stateValues(entity.fields.get(key))
  if (values === undefined) return fieldFindings(`${at}/field`, key, { at, entity, model, field: key, states }, 'lifecycle.field')
  const context: Context = { at, entity, model, field: key, states }
  const start = typeof initial === 'string' ? initial : ''
  const preset = entity.fields.get(key)?.default
  return [
    ...[...values.keys()].flatMap((value) => (Object.hasOwn(states, value) ? [] : [finding(`${at}/states`, 'lifecycle.option', { value, field: key })])),
    ...targetFindings(`${at}/initial`, start, context),
    ...(preset === undefined || preset === values.get(start) ? [] : [finding(`${at}/initial`, 'lifecycle.default', { value: shown(preset), field: key })]),
    ...roleFindings(`${at}/anyState`, document.anyState, model),
    ...Object.entries(states).flatMap(([name, state]) => (values.has(name) ? stateFindings(name, state, context) : [finding(`${at}/states${pointer(name)}`, 'lifecycle.state', { state: name, field: key })])),
    ...reachFindings(start, context),
    ...limitFindings(at, document, entity, model),
  ]
}

function stateFindings(name: string, state: Json, context: Context): readonly Finding[] {
  const place = `${context.at}/states${pointer(name)}`
  if (!isObject(state)) return []
  const on = isObject(state.on) ? Object.entries(state.on) : []
  const end = state.final === true ? (on.length > 0 ? [finding(`${place}/on`, 'lifecycle.final', { state: name })] : []) : on.length === 0 ? [finding(place, 'lifecycle.deadEnd', { state: name })] : []
  return [
    ...end,
    ...actionFindings(`${place}/entry`, state.entry, context),
    ...actionFindings(`${place}/exit`, state.exit, context),
    ...on.flatMap(([key, transition]) => (isObject(transition) ? transitionFindings(`${place}/on${pointer(key)}`, key, transition, context) : [])),
  ]
}

function transitionFindings(place: string, name: string, transition: JsonObject, context: Context): readonly Finding[] {
  const { entity, model, field } = context
  const required = Array.isArray(transition.require) ? (transition.require as readonly Json[]) : []
  const problem = isObject(transition.guard) ? conditionProblem(model, entity.name, transition.guard) : undefined
  return [
    ...(identifier.test(name) ? [] : [finding(place, 'name.grammar', { name })]),
    ...targetFindings(`${place}/target`, typeof transition.target === 'string' ? transition.target : '', context),
    ...required.flatMap((key, i) => (typeof key === 'string' ? settableFindings(`${place}/require/${String(i)}`, key, { ...context, field }) : [])),
    ...(problem === undefined ? [] : [finding(`${place}/guard`, 'lifecycle.guard', { reason: problem })]),
    ...roleFindings(`${place}/roles`, transition.roles, model),
    ...actionFindings(place, transition, context),
  ]
}

const targetFindings = (place: string, state: string, { states }: Context): readonly Finding[] =>
  Object.hasOwn(states, state) ? [] : [finding(place, 'lifecycle.target', { state })]

const roleFindings = (place: string, roles: Json | undefined, model: Model): readonly Finding[] =>
  (Array.isArray(roles) ? (roles as readonly Json[]) : []).flatMap((role, i) => (typeof role === 'string' && !model.roles.has(role) ? [finding(`${place}/${String(i)}`, 'lifecycle.role', { role })] : []))

/** What is set: fields that may be set, each with a value that it takes. */
function actionFindings(place: string, action: Json | undefined, context: Context): readonly Finding[] {
  const set = isObject(action) && isObject(action.set) ? Object.entries(action.set) : []
  return set.flatMap(([key, value]) => {
    const at = `${place}/set${pointer(key)}`
    const unfit = settableFindings(at, key, context)
    if (unfit.length > 0) return unfit
    const reason = valueProblem(key, value, context)
    return reason === undefined ? [] : [finding(at, 'lifecycle.value', { reason })]
  })
}

/** Why a field does not take a value; moments and what belongs to people are known when it is set only. */
function valueProblem(key: string, value: Json, { entity, model }: Context): string | undefined {
  if (typeof value === 'string' && isRelative(value) && momentKind(entity, key) !== undefined) return undefined
  const attribute = placeholderOf(value)
  if (attribute === undefined) return entity.validatePatch({ [key]: value }).findings[0]?.message
  return attribute === 'id' || model.entities.get('user')?.fields.has(attribute) === true ? undefined : `people have no field “${attribute}”.`
}

/** A field that the lifecycle sets or asks for, besides its own. */
const settableFindings = (place: string, key: string, context: Context): readonly Finding[] => {
  const field = context.entity.fields.get(key)
  return field !== undefined && !field.readOnly && field.within === null && key !== context.field ? [] : fieldFindings(place, key, context, 'lifecycle.set')
}

/** Why a field cannot be used: it is not there, it was put away, or it is of another kind. */
function fieldFindings(place: string, key: string, { entity }: Context, code: 'lifecycle.field' | 'lifecycle.set'): readonly Finding[] {
  if (entity.fields.has(key)) return [finding(place, code, { field: key })]
  return [finding(place, entity.archived.some((field) => field.key === key) ? 'lifecycle.archived' : 'entity.field', { field: key, entity: entity.name })]
}

/** States that no way leads to from the beginning. */
function reachFindings(start: string, { at, states }: Context): readonly Finding[] {
  const reached = new Set<string>()
  const waiting = [start]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = Object.hasOwn(states, name) ? states[name] : undefined
    if (reached.has(name) || !isObject(state)) continue
    reached.add(name)
    for (const transition of isObject(state.on) ? Object.values(state.on) : []) if (isObject(transition) && typeof transition.target === 'string') waiting.push(transition.target)
  }
  return reached.size === 0 ? [] : Object.keys(states).flatMap((name) => (reached.has(name) ? [] : [finding(`${at}/states${pointer(name)}`, 'lifecycle.unreachable', { state: name })]))
}
