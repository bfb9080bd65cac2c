/** What a webhook is told of: kinds of changes of an entity, with a condition and watched fields, all of it with the eyes of its owner. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { everything, type Predicate } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Change } from '../../storage/changes.js'
import type { Call } from '../call.js'
import { filtered } from '../records/read.js'

/** As it is sent and kept: `{ "type": "crm.member.changed", "where": {...}, "fields": ["tier"] }`. */
export interface WantedEvent {
  readonly type: string
  readonly where?: JsonObject
  readonly fields?: readonly string[]
}

/** An event as its owner may be told of it. */
export interface ReadableEvent {
  readonly access: EntityAccess
  readonly verb: string
  readonly where: Predicate
  /** Keys; null: every change counts. */
  readonly fields: ReadonlySet<string> | null
}

/** The last part of a type, by what was done. What only followed from changes elsewhere is no event. */
export const verbs: Partial<Readonly<Record<Change['action'], string>>> = { created: 'created', updated: 'changed', transitioned: 'transitioned', archived: 'archived', restored: 'restored', purged: 'purged' }
const known: ReadonlySet<string> = new Set(Object.values(verbs))

/** @throws Problem request.invalid, access.field, condition.*, when the caller may not ask so */
export function readableEvent(call: Call, { type, where, fields }: WantedEvent): ReadableEvent {
  const [, name = '', verb = ''] = /^crm\.([A-Za-z][\w-]*)\.([a-z]+)$/.exec(type) ?? []
  const access = call.access.entity(name)
  if (access === undefined || !known.has(verb)) throw new Problem('request.invalid', { reason: `there is no event ${type.slice(0, 80)}: it is crm.<entity>.<what>, where what is one of ${[...known].join(', ')}` })
  for (const key of fields ?? []) {
    const how = access.field(key)
    if (how?.how !== 'full' || how.visible !== undefined) throw new Problem('access.field', { field: key.slice(0, 200) })
  }
  // Nobody can compare with what is gone.
  if (verb === 'purged' && where !== undefined) throw new Problem('request.invalid', { reason: 'a record that was purged has no values for a condition' })
  return { access, verb, where: where === undefined ? everything : filtered(call, access, where), fields: fields === undefined ? null : new Set(fields) }
}

/** The events of a body. @throws Problem request.invalid */
export function eventsIn(events: Json | undefined): readonly WantedEvent[] {
  const wrong = new Problem('request.invalid', { reason: `events must be a list of 1 to ${String(eventsMost)} such as { "type": "crm.member.changed", "where": {...}, "fields": ["tier"] }` })
  if (!Array.isArray(events) || events.length === 0 || events.length > eventsMost) throw wrong
  return (events as readonly Json[]).map((event) => {
    if (!isObject(event)) throw wrong
    const { type, where, fields, ...others } = event
    if (typeof type !== 'string' || Object.keys(others).length > 0 || (where !== undefined && !isObject(where))) throw wrong
    if (fields !== undefined && !(Array.isArray(fields) && fields.length > 0 && (fields as readonly Json[]).every((key) => typeof key === 'string'))) throw wrong
    return { type, ...(where === undefined ? {} : { where }), ...(fields === undefined ? {} : { fields: fields as readonly string[] }) }
  })
}

const eventsMost = 50
