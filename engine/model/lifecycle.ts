/** The states of an entity's records, and the transitions by which alone they get from one to another: `lifecycle.json`, read. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { secondsIn } from '../../metadata/contract/duration.js'
import type { Entity, Field, Lifecycle, State, Transition } from './model.js'

/**
 * The lifecycle that a definition describes, as far as it can be used: whatever is wrong with it, the field stays protected. Null
 * without a definition, or when it names no field that lists its values.
 */
export function lifecycleOf(document: JsonObject | undefined, fields: ReadonlyMap<string, Field>): Lifecycle | null {
  const key = text(document?.['field'])
  const values = stateValues(fields.get(key))
  if (document === undefined || values === undefined) return null
  const described = objectOf(document['states'])
  const states = new Map([...values].map(([name, value]): [string, State] => [name, stateOf(name, value, objectOf(described[name]), values)]))
  const [first] = states.values()
  const initial = states.get(text(document['initial'])) ?? first
  return initial === undefined ? null : Object.freeze({ field: key, initial, anyState: textsOf(document['anyState']), sla: limitFields(document['sla']), states })
}

/** The values of a field that states can be, by their text; undefined for other fields and those that nobody may set. */
export function stateValues(field: Field | undefined): ReadonlyMap<string, Json> | undefined {
  const steps = field === undefined || field.readOnly ? undefined : field.type.steps?.(field.options)
  return field === undefined || steps === undefined ? undefined : new Map(steps.map((value) => [field.type.format(value, field.options), value]))
}

function stateOf(name: string, value: Json, described: JsonObject, values: ReadonlyMap<string, Json>): State {
  const on = Object.entries(objectOf(described['on'])).flatMap(([key, transition]) => (isObject(transition) && values.has(text(transition['target'])) ? [[key, transitionOf(key, transition)] as const] : []))
  return Object.freeze({ name, value, final: described['final'] === true, entry: setBy(described['entry']), exit: setBy(described['exit']), limit: limitOf(described['sla']), transitions: new Map(on) })
}

const transitionOf = (name: string, described: JsonObject): Transition => Object.freeze({
  name,
  title: text(described['title']),
  target: text(described['target']),
  require: textsOf(described['require']),
  guard: isObject(described['guard']) ? described['guard'] : null,
  message: text(described['message']) || null,
  roles: Array.isArray(described['roles']) ? textsOf(described['roles']) : null,
  set: objectOf(described['set']),
})

function limitFields(sla: Json | undefined): Lifecycle['sla'] {
  const [until, breached, to] = [text(objectOf(sla)['until']), text(objectOf(sla)['breached']), text(objectOf(sla)['to'])]
  return until === '' || breached === '' ? null : { until, breached, to }
}

function limitOf(sla: Json | undefined): State['limit'] {
  const seconds = secondsIn(text(objectOf(sla)['within']))
  return seconds === undefined ? null : { seconds, calendar: text(objectOf(sla)['calendar']) || null }
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const textsOf = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === 'string') : [])
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const setBy = (action: Json | undefined): JsonObject => objectOf(objectOf(action)['set'])

/** The state that a record is in. One without a value, or with one that is no state any more, begins anew. */
export const currentState = (lifecycle: Lifecycle, record: JsonObject): State =>
  [...lifecycle.states.values()].find(({ value }) => value === record[lifecycle.field]) ?? lifecycle.initial

/** What a new record has in a field when nobody says anything: the initial state, or the default of the field. */
export const presetOf = ({ lifecycle }: Pick<Entity, 'lifecycle'>, field: Field): Json | undefined => (lifecycle?.field === field.key ? lifecycle.initial.value : field.default)

/** Checks new records that begin in the initial state unless they say otherwise. */
export const beginning = (lifecycle: Lifecycle | null, validate: Entity['validateCreate']): Entity['validateCreate'] =>
  lifecycle === null ? validate : (body) => validate((body[lifecycle.field] ?? null) === null ? { ...body, [lifecycle.field]: lifecycle.initial.value } : body)
