/** A message as it is sent: the record as its owner may read it at this moment. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { everything } from '../../model/conditions/predicate.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { get, planGet } from '../records/read.js'
import type { WebhookMessage } from '../outbound/webhook.js'
import { entityWith } from './follow.js'

export type MessageContent = Pick<WebhookMessage, 'id' | 'type' | 'data' | 'at'>

/** Null when the owner may not read the record (any more). */
export async function messageOf(call: Call, event: JsonObject): Promise<MessageContent | null> {
  const { id, type, at, entity: identity, record, version, fields, transition } = event as unknown as KeptEvent
  const head = { id, type, at: new Date(at) }
  if (identity === undefined || record === undefined) return { ...head, data: {} }
  const entity = entityWith(call.model, identity)
  const access = entity === undefined ? undefined : call.access.entity(entity)
  if (entity === undefined || access === undefined) return null
  const told = { entity, id: record, version, ...(transition === undefined ? {} : { transition }) }
  if (type.endsWith('.purged')) return access.rows === everything ? { ...head, data: { ...told, fields: [], record: null } } : null
  if (!(await records.existing(call.engine.database.read, { entity: access.entity, rows: access.rows, ids: [record] }, call.bindings)).has(record)) return null
  const found = await readable(call, entity, record)
  const changed = [...access.entity.fields.values()].filter((field) => fields.includes(field.id) && found !== null && field.key in found).map(({ key }) => key)
  return { ...head, data: { ...told, fields: changed, record: found } as Json }
}

interface KeptEvent {
  readonly id: string
  readonly type: string
  readonly at: string
  readonly entity?: string
  readonly record?: number
  readonly version: number
  readonly fields: readonly string[]
  readonly transition?: string
}

/** The record, archived or not; null when it is archived and its owner does not see those. */
async function readable(call: Call, entity: string, id: number): Promise<JsonObject | null> {
  for (const archived of [false, true]) {
    try {
      return await get(call, planGet(call, { entity, archived }), id)
    } catch (error) {
      if (!(error instanceof Problem) || (error.code !== 'record.unavailable' && error.code !== 'access.denied')) throw error
    }
  }
  return null
}
