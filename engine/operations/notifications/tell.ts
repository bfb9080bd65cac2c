/** Tells people of records, in the unit that gives the reason: nobody is told of what was not kept, or twice of one thing. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import type { Entity } from '../../model/model.js'
import type { Notice } from '../../model/notices.js'
import { pointerPart } from '../../permissions/fields.js'
import type { Executor } from '../../storage/contract.js'
import { listedIds } from '../../storage/links.js'
import { addNotifications, type NewNotification } from '../../storage/own/notifications.js'
import * as records from '../../storage/records.js'
import { callOf, type Call } from '../call.js'
import { userActor } from '../people/actor-of.js'
import { readableRows } from '../rights/rights.js'
import { idOf, versionOf, type Rec } from '../records/row.js'

/** More than so many of one kind from one unit come as one: a change of a thousand records fills nobody's inbox. */
export const toldSinglyMost = 5

export interface Telling {
  readonly before: Rec | null
  readonly after: Rec
  /** JSON Pointer of the record in what was sent. */
  readonly at: string
}

interface Told {
  readonly notice: Notice
  readonly user: number
  readonly after: Rec
  readonly at: string
}

/**
 * Tells those whom a write named: who was mentioned, who was given something. Nobody is told of what they did themselves.
 * @throws Problem record.invalid when somebody is mentioned who may not read the record: the writer hears it, and the other one hears nothing
 */
export async function tell(tx: Executor, call: Call, entity: Entity, written: readonly Telling[]): Promise<void> {
  if (entity.notices.length === 0) return
  const told = entity.notices.filter(({ at }) => at === null).flatMap((notice) => written.flatMap((one) => newcomers(notice, one).map((user): Told => ({ notice, user, after: one.after, at: one.at }))))
  if (told.length === 0) return
  await assertReaders(tx, call, entity, told.filter(({ notice }) => notice.kind === 'mentioned'))
  await addNotifications(tx, notificationsOf(call, entity, told.filter(({ user }) => user !== call.actor.id)), call.at)
}

/** What workflows and plugins say to people. */
export interface Message {
  /** By user. Plain text. */
  readonly texts: ReadonlyMap<number, string>
  /** The record that it is about: who may not read it (any more) does not read the text either. */
  readonly about?: { readonly entity: Entity; readonly id: number }
  /** What makes it one message: said again with the same cause, nobody is told again. */
  readonly cause: string
}

/** Tells people something, in the unit that gives the reason (`crm.notify` of workflows). Gives how many were told. */
export const notify = (tx: Executor, { texts, about, cause }: Message, by: number | null, at: Date): Promise<number> =>
  addNotifications(tx, [...texts].map(([user, text]) => ({ user, kind: 'message', entity: about?.entity.id ?? null, recordId: about?.id ?? null, by, text, count: 1, cause: `message ${cause}` })), at)

export const peopleIn = (value: Json | undefined): readonly number[] => (typeof value === 'number' ? [value] : listedIds(value))

function newcomers({ to }: Notice, { before, after }: Telling): readonly number[] {
  const known = new Set(peopleIn(before?.[to]))
  return peopleIn(after[to]).filter((user) => !known.has(user))
}

/** One statement for each person who is mentioned, however many records mention them. */
async function assertReaders(tx: Executor, call: Call, entity: Entity, told: readonly Told[]): Promise<void> {
  const findings: Finding[] = []
  for (const user of new Set(told.map((one) => one.user))) {
    const mentions = told.filter((one) => one.user === user)
    const readable = await readableFor(tx, call, entity, user, mentions.map(({ after }) => idOf(after)))
    const unread = mentions.filter(({ after }) => !readable.has(idOf(after)))
    if (unread.length === 0) continue
    const name = await nameFor(tx, call, user)
    for (const { notice, at } of unread) findings.push({ path: `${at}/${pointerPart(notice.to)}`, code: 'mention.unreadable', message: `${name} may not read this and was not told. Take the mention out, or ask whoever gives rights.` })
  }
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
}

/** Which of the records another user may read. */
async function readableFor(x: Executor, call: Call, entity: Entity, user: number, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const actor = await userActor(call.engine, user)
  if (actor === null) return new Set()
  const their = callOf(call.engine, actor, call.model, call.at)
  const access = their.access.entity(entity.name)
  return access === undefined ? new Set() : records.existing(x, { entity, rows: readableRows(access, false), ids }, their.bindings)
}

/** The name of a user, as far as the caller may know it. */
async function nameFor(x: Executor, call: Call, user: number): Promise<string> {
  const access = call.access.entity('user')
  const how = access?.field('name')
  if (access === undefined || how?.how !== 'full' || how.visible !== undefined) return `user ${String(user)}`
  const found = await records.load(x, access.entity, user, readableRows(access, false), call.bindings)
  return typeof found?.['name'] === 'string' ? found['name'] : `user ${String(user)}`
}

function notificationsOf(call: Call, entity: Entity, told: readonly Told[]): readonly NewNotification[] {
  const groups = new Map<string, Told[]>()
  for (const one of told) {
    const key = `${String(one.user)} ${one.notice.kind}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group): readonly NewNotification[] => {
    const shared = { entity: entity.id, by: call.actor.id, text: null }
    const [first] = group
    if (first !== undefined && group.length > toldSinglyMost) return [{ ...shared, user: first.user, kind: first.notice.kind, recordId: null, count: group.length, cause: `many ${causeOf(entity, first)}` }]
    return group.map((one) => ({ ...shared, user: one.user, kind: one.notice.kind, recordId: idOf(one.after), count: 1, cause: causeOf(entity, one) }))
  })
}

/** The version of the record that named the person: named, taken out and named again is told twice. */
const causeOf = (entity: Entity, { notice, after }: Told): string => `${notice.kind} ${entity.id} ${String(idOf(after))} ${String(versionOf(after))}`
