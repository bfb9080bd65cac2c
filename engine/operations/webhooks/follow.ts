/** Changes → messages of webhooks: each change that an owner may hear of, once, in the unit that moves on from it. */
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Field, Model } from '../../model/model.js'
import { all, everything } from '../../model/conditions/predicate.js'
import { latestPosition, since, type Change } from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import { addDeliveries, type NewDelivery } from '../../storage/own/deliveries.js'
import { moveMark, readMark } from '../../storage/own/runs.js'
import { webhooks, type StoredWebhook } from '../../storage/own/webhooks.js'
import * as records from '../../storage/records.js'
import { callOf, type Call, type Engine } from '../call.js'
import { userActor } from '../people/actor-of.js'
import { readableEvent, verbs, type ReadableEvent, type WantedEvent } from './events.js'

const mark = 'webhooks'
const batch = 500

/** Gives whether there may be `more` changes to follow, or whether `nobody` is told: then nothing is looked at. */
export async function followForWebhooks(engine: Engine, at: Date): Promise<'more' | 'done' | 'nobody'> {
  const active = (await webhooks(engine.database.read)).filter(({ state }) => state === 'active')
  if (active.length === 0) return 'nobody'
  const position = await readMark(engine.database.read, mark)
  if (position === null) {
    await engine.database.write((tx) => beginFollowing(tx)) // a restored copy begins anew
    return 'done'
  }
  const { changes, position: next } = await since(engine.database.read, position, batch)
  if (changes.length === 0) return 'done'
  const told: NewDelivery[] = []
  for (const webhook of active) told.push(...await messagesOf(engine, webhook, changes, at))
  await engine.database.write(async (tx) => {
    if (await moveMark(tx, mark, position, next)) await addDeliveries(tx, told, at)
  })
  return changes.length === batch ? 'more' : 'done'
}

/** From now on changes count, in the unit that makes the only webhook that is active: what was before is told nobody. */
export async function beginFollowing(tx: Executor): Promise<void> {
  for (;;) {
    const position = await readMark(tx, mark)
    if (position !== null && (await webhooks(tx)).filter(({ state }) => state === 'active').length > 1) return
    if (await moveMark(tx, mark, position, await latestPosition(tx))) return
  }
}

async function messagesOf(engine: Engine, { id: webhook, owner, events }: StoredWebhook, changes: readonly Change[], at: Date): Promise<readonly NewDelivery[]> {
  const call = await ownerCall(engine, owner, at)
  if (call === null) return []
  const found = new Map<number, NewDelivery>()
  for (const wanted of events) {
    const event = stillReadable(engine, call, wanted as unknown as WantedEvent) // it was checked when it was kept
    if (event === null) continue
    const fitting = changes.filter((change) => !found.has(change.seq) && fits(event, change))
    const readable = await readableAmong(call, event, fitting)
    for (const change of fitting.filter(readable)) found.set(change.seq, { webhook, cause: `change ${String(change.seq)}`, event: eventOf(event, change) })
  }
  return [...found.values()].toSorted((a, b) => Number(a.event.seq) - Number(b.event.seq))
}

/** Null when the owner is archived or blocked: then nobody is told anything. */
export async function ownerCall(engine: Engine, owner: number, at: Date): Promise<Call | null> {
  const actor = await userActor(engine, owner)
  return actor === null || actor.attributes.get('active') === false ? null : callOf(engine, actor, engine.current.get(), at)
}

/** Rights or definitions changed since: what its owner may not ask any more is not told. */
function stillReadable({ log }: Engine, call: Call, wanted: WantedEvent): ReadableEvent | null {
  try {
    return readableEvent(call, wanted)
  } catch {
    log.warn({ event: wanted.type }, 'an event of a webhook is not readable for its owner any more')
    return null
  }
}

function fits({ access, verb, fields }: ReadableEvent, change: Change): boolean {
  if (change.entity !== access.entity.id || verbFor(access, change) !== verb) return false
  return fields === null || changedKeys(access.entity.fields.values(), change).some((key) => fields.has(key))
}

/** Who does not see in what state records are hears of a transition as of any change. */
function verbFor(access: ReadableEvent['access'], { action }: Change): string | undefined {
  const state = access.field(access.entity.lifecycle?.field ?? '')
  return action === 'transitioned' && (state?.how !== 'full' || state.visible !== undefined) ? 'changed' : verbs[action]
}

function changedKeys(fields: Iterable<Field>, { changes }: Change): readonly string[] {
  const ids = new Set(Object.keys(changes ?? {}))
  return [...fields].filter(({ id }) => ids.has(id)).map(({ key }) => key)
}

/** One statement: which records the owner reads and the condition selects. Of purged ones hear those who read every row. */
async function readableAmong(call: Call, { access, verb, where }: ReadableEvent, changes: readonly Change[]): Promise<(change: Change) => boolean> {
  if (changes.length === 0 || verb === 'purged') return () => access.rows === everything
  const ids = [...new Set(changes.map(({ recordId }) => recordId))]
  const found = await records.existing(call.engine.database.read, { entity: access.entity, rows: all(access.rows, where), ids }, call.bindings)
  return ({ recordId }) => found.has(recordId)
}

/** What happened, without values: they are read with the rights of the moment in which it is sent. */
const eventOf = ({ access, verb }: ReadableEvent, change: Change): JsonObject => ({
  id: `msg_${randomUUID()}`, type: `crm.${access.entity.name}.${verb}`, at: change.at, seq: change.seq, entity: change.entity, record: change.recordId, version: change.version,
  fields: Object.keys(change.changes ?? {}), ...(change.transition === null || verb !== 'transitioned' ? {} : { transition: change.transition }),
})

/** The entity with an identity. */
export const entityWith = (model: Model, identity: string): string | undefined => [...model.entities.values()].find(({ id }) => id === identity)?.name
