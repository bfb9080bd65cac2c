/** What a lifecycle asks of every writer: records begin where they may, and nobody sets a state by hand. */
import { placeholderOf } from '../../../metadata/contract/condition-tree.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { isRelative, resolveRelative } from '../../../metadata/contract/time.js'
import { Problem } from '../../errors.js'
import { currentState } from '../../model/lifecycle.js'
import type { Entity, Lifecycle, State } from '../../model/model.js'
import { momentKind } from '../../model/moment.js'
import { afterWork } from '../../model/workflows/working-time.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Call } from '../call.js'
import type { PreparedRow } from './row.js'

/**
 * A new record as it begins: in the initial state, unless a role lets the caller choose, and with what its state sets on entry
 * where the caller says nothing else.
 * @throws Problem field.lifecycle
 */
export function begun(call: Call, { entity }: EntityAccess, row: PreparedRow): PreparedRow {
  const { lifecycle } = entity
  if (lifecycle === null) return row
  const state = currentState(lifecycle, row.values)
  if (state !== lifecycle.initial && !lifecycle.anyState.some((role) => call.access.roles.has(role))) throw byHand(lifecycle.field, row.at)
  const entry = Object.entries({ ...valuesOf(call, entity, state.entry, row.at), ...limitIn(call, lifecycle, state) }).filter(([key]) => !row.keys.includes(key))
  return entry.length === 0 ? row : { ...row, values: { ...row.values, ...Object.fromEntries(entry) } }
}

/** @throws Problem field.lifecycle when something else than a transition changes the state */
export function assertStays({ lifecycle }: Entity, values: PreparedRow['values'], row: PreparedRow): void {
  if (lifecycle !== null && row.transition === undefined && Object.hasOwn(values, lifecycle.field)) throw byHand(lifecycle.field, row.at)
}

/** When the time of a state ends, and that it has not ended yet. */
export function limitIn(call: Call, { sla }: Lifecycle, { limit }: State): PreparedRow['values'] {
  if (sla === null) return {}
  const { calendars, timeZone } = call.model
  const until = limit === null ? null : afterWork(call.at, limit.seconds, calendars.get(limit.calendar ?? ''), timeZone)
  return { [sla.until]: until?.toISOString() ?? null, [sla.breached]: false }
}

function byHand(field: string, at: string): Problem {
  const { message } = new Problem('field.lifecycle', { field })
  return new Problem('field.lifecycle', { field }, { problems: [{ path: `${at}/${field}`, code: 'field.lifecycle', message }] })
}

/**
 * What a state or a transition sets, for this caller at this moment.
 * @throws Problem record.invalid when a value that depends on the caller does not fit
 */
export function valuesOf(call: Call, entity: Entity, set: JsonObject, at: string): PreparedRow['values'] {
  const keys = Object.keys(set)
  if (keys.length === 0) return {}
  const { values, findings } = entity.validatePatch(Object.fromEntries(keys.map((key) => [key, valueOf(call, entity, key, set[key] ?? null)])))
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings.map((finding) => ({ ...finding, path: at })) })
  return values
}

function valueOf(call: Call, entity: Entity, key: string, value: Json): Json {
  const attribute = placeholderOf(value)
  if (attribute !== undefined) return attribute === 'id' ? call.actor.id : (call.actor.attributes.get(attribute) ?? null)
  if (typeof value !== 'string' || !isRelative(value)) return value
  const moment = momentKind(entity, key)
  // What is kept goes by the days of the definitions.
  return moment === undefined ? value : resolveRelative(value, call.at, call.model.timeZone, moment)
}
