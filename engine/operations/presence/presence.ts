/**
 * Who else has a record open, and who is changing it; so of the definitions, for those who may design. Pages tell it again and
 * again; one that is silent, or whose event stream ends, is gone. Told only to those who have the same open, and so may read it.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Database } from '../../storage/contract.js'
import { closePage, forgetPages, keepPage, openPage, pagesAt, type OpenPage } from '../../storage/own/presence.js'
import * as records from '../../storage/records.js'
import type { Call, Engine } from '../call.js'
import { namesOf } from '../people/names.js'
import { accessTo, readableRows } from '../rights/rights.js'

/** How long a page may be silent. Browsers let pages in the background speak once in a minute. */
const silentMilliseconds = 90_000
/** A page that says nothing new is written down again when so much of its time has passed. */
const renewMilliseconds = 30_000

export interface PresentCommand {
  readonly page: string
  readonly entity: string
  readonly id: number
  readonly editing: boolean
}

export interface Other extends JsonObject {
  readonly id: number
  readonly name: string
  readonly editing: boolean
}

/**
 * The page shows the record from now on; gives the others who have it open.
 * @throws Problem access.denied for who is no user, request.path, record.unavailable
 */
export async function present(call: Call, { page, entity: name, id, editing }: PresentCommand): Promise<readonly Other[]> {
  const user = userOf(call)
  const access = accessTo(call, name)
  const { database } = call.engine
  const readable = await records.exists(database.read, { entity: access.entity, rows: readableRows(access, false), id }, call.bindings)
  if (!readable) {
    await leave(call.engine, page, user, call.at)
    throw new Problem('record.unavailable')
  }
  return shown(call, { page, user, entity: access.entity.id, recordId: id, editing })
}

/** In the place of an entity's identity, which has letters, digits, `-` and `_` only. */
const definitions = ':definitions'

/**
 * The page shows the studio from now on, and has changes that are not published when it is `editing`; gives the others who design.
 * @throws Problem access.denied
 */
export function presentInStudio(call: Call, page: string, editing: boolean): Promise<readonly Other[]> {
  if (!call.access.design) throw new Problem('access.denied')
  return shown(call, { page, user: userOf(call), entity: definitions, recordId: 0, editing })
}

/** Keeps what the page shows, tells the others there, and gives them. */
async function shown(call: Call, own: OpenPage): Promise<readonly Other[]> {
  const { database } = call.engine
  const { page, user, editing } = own
  const before = await openPage(database.read, page, user)
  const isNew = before === null || before.entity !== own.entity || before.recordId !== own.recordId || before.editing !== editing
  if (isNew || rests(database, page, call.at)) {
    await database.write(async (tx) => {
      await keepPage(tx, own, new Date(call.at.getTime() + silentMilliseconds))
      await forgetPages(tx, call.at)
    })
    pagesOf(database).written.set(page, call.at.getTime())
  }
  if (isNew) await tellOthers(call.engine, [own, ...(before === null ? [] : [before])], call.at)
  const there = (await pagesAt(database.read, own.entity, own.recordId, call.at)).filter((one) => one.user !== user)
  const names = await namesOf(call, there.map((one) => one.user))
  return [...new Set(there.map((one) => one.user))].flatMap((one) => {
    const named = names.get(one)
    return named === undefined ? [] : [{ id: one, name: named, editing: there.some((open) => open.user === one && open.editing) }]
  })
}

/** The page shows no record any more. @throws Problem access.denied for who is no user */
export const absent = (call: Call, page: string): Promise<void> => leave(call.engine, page, userOf(call), call.at)

async function leave(engine: Engine, page: string, user: number, at: Date): Promise<void> {
  const before = await openPage(engine.database.read, page, user)
  if (before === null) return
  await engine.database.write((tx) => closePage(tx, page, user))
  pagesOf(engine.database).written.delete(page)
  await tellOthers(engine, [before], at)
}

function userOf(call: Call): number {
  if (call.actor.id === null) throw new Problem('access.denied')
  return call.actor.id
}

// ── pages whose event streams this process serves ──

interface Pages {
  /** By page: who is to be told that somebody came or left; several while a stream is taken up anew. */
  readonly listening: Map<string, Set<() => void>>
  /** When a page was written down last. */
  readonly written: Map<string, number>
}
const known = new WeakMap<Database, Pages>()

function pagesOf(database: Database): Pages {
  const there = known.get(database)
  if (there !== undefined) return there
  const made: Pages = { listening: new Map(), written: new Map() }
  known.set(database, made)
  return made
}

/** Another process may have written it: then this one does so once more. */
const rests = (database: Database, page: string, at: Date): boolean => at.getTime() - (pagesOf(database).written.get(page) ?? 0) > renewMilliseconds

/** Those of other processes hear of it when they speak next. */
async function tellOthers({ database }: Engine, places: readonly OpenPage[], at: Date): Promise<void> {
  const { listening } = pagesOf(database)
  if (listening.size === 0) return
  for (const { page: own, entity, recordId } of places) {
    for (const { page } of await pagesAt(database.read, entity, recordId, at)) if (page !== own) for (const tell of listening.get(page) ?? []) tell()
  }
}

/** Calls `tell` when somebody comes to or leaves the record that the page shows; the returned function ends that, and the page with it. */
export function listenAt(engine: Engine, page: string, user: number | null, tell: () => void): () => Promise<void> {
  const { listening } = pagesOf(engine.database)
  const there = listening.get(page) ?? new Set()
  listening.set(page, there.add(tell))
  return async () => {
    there.delete(tell)
    if (there.size > 0) return // the page has taken its stream up anew
    listening.delete(page)
    if (user !== null) await leave(engine, page, user, new Date())
  }
}
