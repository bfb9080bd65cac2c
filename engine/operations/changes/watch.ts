/** What one caller may hear of: publishes and changes of records, each checked again before it is told. */
import type { Model } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import * as records from '../../storage/records.js'
import { callOf, type Call, type Engine } from '../call.js'
import { subscribe, type Change } from './feed.js'
import { listenAt } from '../presence/presence.js'
import { recognised, type Recognised } from '../people/session.js'

export type Notice =
  | { readonly kind: 'model'; readonly version: number }
  | { readonly kind: 'record'; readonly entity: string; readonly id: number; readonly version: number; readonly action: string }
  /** The caller was told something: their notifications are to be looked at. */
  | { readonly kind: 'notification' }
  /** Somebody came to or left the record that the page shows. */
  | { readonly kind: 'presence' }
  /** From here on everything is told. */
  | { readonly kind: 'begun' }
  /** Nothing happened for a while; the stream is alive. */
  | { readonly kind: 'alive' }

export interface Watch {
  readonly engine: Engine
  readonly credential: Recognised['credential']
  /** Hash of the session or token. */
  readonly session: string
  readonly signal: AbortSignal
  /** The page that listens, and whose it is: when the stream ends it shows no record any more. */
  readonly page?: string
  readonly user?: number | null
  /** How long it may be quiet before the session is looked at again. */
  readonly aliveMilliseconds?: number
}

/** Batches that wait for one slow listener; beyond that they are dropped and it is told of the model once more, so that it loads everything anew. */
const queueLimit = 1_000

/** Tells what happens from when it says that it has begun; ends when the session does or the signal aborts. */
export async function* watch({ engine, credential, session, signal, page, user = null, aliveMilliseconds = 15_000 }: Watch): AsyncGenerator<Notice> {
  const inbox = mailbox(signal, () => ({ model: engine.current.get() }))
  const stopModels = engine.current.subscribe((model) => inbox.put({ model }))
  const stopChanges = await subscribe(engine.database, (news) => inbox.put(news))
  const stopPresence = page === undefined ? undefined : listenAt(engine, page, user, () => inbox.put({ presence: true }))
  try {
    yield { kind: 'begun' }
    while (!signal.aborted) {
      const items = await inbox.take(aliveMilliseconds)
      // The session, its user and their roles as they are now: a right that was taken away counts before the next event.
      const who = await recognised(engine, credential, session)
      if (who === null || signal.aborted) return
      if (who.metadataVersion > engine.current.get().version) await engine.refresh()
      if (items.length === 0) yield { kind: 'alive' }
      else yield* notices(callOf(engine, who.actor), items)
    }
  } finally {
    stopModels()
    stopChanges()
    await stopPresence?.()
  }
}

interface Item {
  readonly model?: Model
  readonly changes?: readonly Change[]
  readonly told?: ReadonlySet<number>
  readonly presence?: true
}

async function* notices(call: Call, items: readonly Item[]): AsyncGenerator<Notice> {
  const model = items.findLast((item) => item.model !== undefined)?.model
  if (model !== undefined) yield { kind: 'model', version: model.version }
  const { id: me } = call.actor
  if (me !== null && items.some(({ told }) => told?.has(me) === true)) yield { kind: 'notification' }
  if (items.some(({ presence }) => presence === true)) yield { kind: 'presence' }
  const changes = items.flatMap((item) => item.changes ?? [])
  const readable = new Map<string, Readable>()
  for (const identity of new Set(changes.map(({ entity }) => entity))) {
    const found = await readableAmong(call, identity, changes.filter(({ entity }) => entity === identity))
    if (found !== null) readable.set(identity, found)
  }
  for (const { entity, recordId: id, version, action } of changes) {
    const found = readable.get(entity)
    if (found === undefined || !(action === 'purged' ? found.all : found.ids.has(id))) continue
    yield { kind: 'record', entity: found.name, id, version, action: action === 'transitioned' && !found.states ? 'updated' : action }
  }
}

interface Readable {
  readonly name: string
  /** The caller reads every row. */
  readonly all: boolean
  readonly ids: ReadonlySet<number>
  /** The caller sees what state the records are in. */
  readonly states: boolean
}

/** Which of the changed records of an entity the caller may read, in one statement; null when the entity is not theirs to read. */
async function readableAmong(call: Call, identity: string, changes: readonly Change[]): Promise<Readable | null> {
  const name = nameOf(call.model, identity)
  const access = name === undefined ? undefined : call.access.entity(name)
  if (name === undefined || access === undefined) return null
  // A record that is gone can no longer be compared with a row rule: only those who may read every row hear of it.
  const there = [...new Set(changes.filter(({ action }) => action !== 'purged').map(({ recordId }) => recordId))]
  const ids = there.length === 0 ? new Set<number>() : await records.existing(call.engine.database.read, { entity: access.entity, rows: access.rows, ids: there }, call.bindings)
  const state = access.field(access.entity.lifecycle?.field ?? '')
  return { name, all: access.rows === everything, ids, states: state?.how === 'full' && state.visible === undefined }
}

const names = new WeakMap<Model, ReadonlyMap<string, string>>()

/** API name of the entity with an identity. */
function nameOf(model: Model, identity: string): string | undefined {
  const known = names.get(model) ?? new Map([...model.entities.values()].map((entity) => [entity.id, entity.name]))
  names.set(model, known)
  return known.get(identity)
}

/** Keeps what arrives while the reader is busy, and wakes it. */
function mailbox(signal: AbortSignal, insteadOfMany: () => Item) {
  let items: Item[] = []
  let wake: (() => void) | undefined
  signal.addEventListener('abort', () => wake?.(), { once: true })
  return {
    put(item: Item): void {
      items.push(item)
      if (items.length > queueLimit) items = [insteadOfMany()]
      wake?.()
    },
    async take(milliseconds: number): Promise<readonly Item[]> {
      if (items.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = undefined
      }
      const taken = items
      items = []
      return taken
    },
  }
}
