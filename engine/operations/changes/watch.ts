/** What one caller may hear of: publishes and changes of records, each checked again before it is told. */
import type { Model } from '../../model/model.js'
import { everything } from '../../model/predicate.js'
import * as records from '../../storage/records.js'
import { callOf, type Call, type Engine } from '../call.js'
import { subscribe, type Change } from './feed.js'
import { recognised, type Recognised } from '../people/session.js'

export type Notice =
  | { readonly kind: 'model'; readonly version: number }
  | { readonly kind: 'record'; readonly entity: string; readonly id: number; readonly version: number; readonly action: string }
  /** Nothing happened for a while; the stream is alive. */
  | { readonly kind: 'alive' }

export interface Watch {
  readonly engine: Engine
  readonly credential: Recognised['credential']
  /** Hash of the session or token. */
  readonly session: string
  readonly signal: AbortSignal
  /** How long it may be quiet before the session is looked at again. */
  readonly aliveMilliseconds?: number
}

/** Batches that wait for one slow listener; beyond that they are dropped and it is told of the model once more, so that it loads everything anew. */
const queueLimit = 1_000

/** Tells what happens from now on; ends when the session does or the signal aborts. */
export async function* watch({ engine, credential, session, signal, aliveMilliseconds = 15_000 }: Watch): AsyncGenerator<Notice> {
  const inbox = mailbox(signal, () => ({ model: engine.current.get() }))
  const stopModels = engine.current.subscribe((model) => inbox.put({ model }))
  const stopChanges = await subscribe(engine.database, (changes) => inbox.put({ changes }))
  try {
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
  }
}

interface Item {
  readonly model?: Model
  readonly changes?: readonly Change[]
}

async function* notices(call: Call, items: readonly Item[]): AsyncGenerator<Notice> {
  const model = items.findLast((item) => item.model !== undefined)?.model
  if (model !== undefined) yield { kind: 'model', version: model.version }
  for (const change of items.flatMap((item) => item.changes ?? [])) {
    const notice = await readable(call, change)
    if (notice !== null) yield notice
  }
}

/** The change as the caller may hear of it; null when the entity or the row is not theirs to read. */
async function readable(call: Call, change: Change): Promise<Notice | null> {
  const name = nameOf(call.model, change.entity)
  const access = name === undefined ? undefined : call.access.entity(name)
  if (name === undefined || access === undefined) return null
  // A record that is gone can no longer be compared with a row rule: only those who may read every row hear of it.
  const seen = change.action === 'purged'
    ? access.rows === everything
    : await records.exists(call.engine.database.read, { entity: access.entity, rows: access.rows, id: change.recordId }, call.bindings)
  return seen ? { kind: 'record', entity: name, id: change.recordId, version: change.version, action: change.action } : null
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
