/**
 * Reminders: when a moment that a record names has come, the people whom it names are told. Nothing is kept in memory:
 * each look asks for the moments since the last one, so a server that was down tells once what it missed, and of two
 * processes that look at the same time one tells.
 */
import type { Entity } from '../../model/model.js'
import type { Notice } from '../../model/notices.js'
import type { Cell } from '../../fields/contract.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import { addNotifications, noteReminded, remindedUpTo, toldCauses, type NewNotification } from '../../storage/own/notifications.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Engine } from '../call.js'
import { announce } from '../changes/feed.js'
import { everyField } from '../rights/selection.js'
import { idOf, type Rec } from '../records/row.js'
import { forgetOld } from './inbox.js'
import { peopleIn } from './tell.js'

const second = 1_000
const hour = 3_600 * second
/** How late a reminder may be. */
const lookMilliseconds = 5 * second
/** Moments that lie back so far are looked at again: a unit that wrote one may have ended late, or a clock be behind. */
const overlapMilliseconds = 5 * 60 * second
/** How far looks may go on before that is noted: a note is a write. */
const noteMilliseconds = 10 * 60 * second
const pageSize = 500

/** Tells of every moment that came up to `at`. Gives how many people were told. */
export async function remind(engine: Engine, at: Date = new Date()): Promise<number> {
  const { entities } = engine.current.get()
  const due = [...entities.values()].flatMap((entity) => entity.notices.flatMap((notice) => (notice.at === null ? [] : [{ entity, notice, key: notice.at }])))
  if (due.length === 0) return 0
  const looked = await remindedUpTo(engine.database.read)
  let told = 0
  for (const { entity, notice, key } of due) {
    const since = looked.get(entity.id)
    told += await remindOf(engine, entity, notice, key, new Date((since ?? at).getTime() - overlapMilliseconds), at)
    if (since === undefined || at.getTime() - since.getTime() > noteMilliseconds) await engine.database.write((tx) => noteReminded(tx, entity.id, at))
  }
  if (told > 0) announce(engine.database)
  return told
}

/** The moment is only noted after all of this, so that what breaks off is looked at again; who was told stays told. */
async function remindOf(engine: Engine, entity: Entity, notice: Notice, key: string, from: Date, to: Date): Promise<number> {
  const model = engine.current.get()
  const moment = entity.fields.get(key)
  if (moment === undefined) return 0
  const condition = { $and: [{ [key]: { $gt: from.toISOString(), $lte: to.toISOString() } }, notice.where] }
  const rows = resolve(model, entity.name, condition, unrestricted(model), '')
  const query = { entity, rows, archived: 'without' as const, selection: everyField(entity), sort: [{ field: moment, descending: false }], limit: pageSize }
  let told = 0
  let after: readonly Cell[] | null | undefined
  while (after !== null) {
    const page: Awaited<ReturnType<typeof records.list>> = await records.list(engine.database.read, after === undefined ? query : { ...query, after }, bindingsOf(systemActor, to))
    const wanted = page.records.flatMap((record) => remindersOf(entity, notice, key, record))
    const known = wanted.length === 0 ? new Set<string>() : await toldCauses(engine.database.read, wanted.map(({ cause }) => cause))
    const fresh = wanted.filter(({ cause }) => !known.has(cause))
    if (fresh.length > 0) told += await engine.database.write((tx) => addNotifications(tx, fresh, to))
    after = page.next
  }
  return told
}

/** Where the record names nobody it is for whoever owns it: a reminder that reaches nobody is a trap. */
const remindersOf = (entity: Entity, { kind, to }: Notice, key: string, record: Rec): readonly NewNotification[] =>
  (peopleIn(record[to]).length > 0 ? peopleIn(record[to]) : peopleIn(record['owner'])).map((user) => ({ user, kind, entity: entity.id, recordId: idOf(record), by: null, text: null, count: 1, cause: `${kind} ${entity.id} ${String(idOf(record))} ${JSON.stringify(record[key] ?? null)}` }))

/** Looks every few seconds and clears away old notifications every hour; the returned function ends that. */
export function beginReminding(engine: Engine): () => Promise<void> {
  let looking: Promise<unknown> | undefined
  const look = (work: () => Promise<unknown>): void => {
    looking ??= work()
      .catch((error: unknown) => engine.log.warn({ err: error }, 'reminders could not be looked for; they are looked for again'))
      .finally(() => (looking = undefined))
  }
  const timers = [setInterval(() => look(() => remind(engine)), lookMilliseconds), setInterval(() => look(() => forgetOld(engine)), hour)].map((timer) => timer.unref())
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await looking
  }
}
