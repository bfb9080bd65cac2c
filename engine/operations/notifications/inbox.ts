/** What a person was told, as far as they may read it now: a right that was taken away takes the notification along. */
import { isObject } from '../../../metadata/contract/json.js'
import { countedMost, toldKinds, type Notification } from '../../../metadata/contract/notification.js'
import { Problem } from '../../errors.js'
import type { EntityAccess } from '../../permissions/access.js'
import { forgetNotifications, markNotifications, markUpTo, notificationsOf, type StoredNotification } from '../../storage/own/notifications.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import type { Call, Engine } from '../call.js'
import { namesOf } from '../people/names.js'
import { preferencesOf } from '../../storage/own/preferences.js'
import { idIn, readableRows } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'
import { idOf, type Rec } from '../records/row.js'

export const inboxLimits = { pageDefault: 30, pageMax: 100 } as const
/** Read ones are kept for 90 days, others for a year. */
export const keptDays = { read: 90, any: 365 } as const
const titleMost = 200
const day = 86_400_000

export interface InboxCommand {
  readonly unread: boolean
  /** `next` of the page before. */
  readonly before: number | null
  readonly limit: number
}

/** One page, newest first. @throws Problem access.denied for who is no user */
export async function inbox(call: Call, { unread, before, limit }: InboxCommand): Promise<{ readonly items: readonly Notification[]; readonly next: number | null }> {
  const user = userOf(call)
  const rows = await notificationsOf(call.engine.database.read, { user, unread, without: await switchedOff(call, user), before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { items: await readable(call, page), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

/** How many the caller has not read, counted to `countedMost`. @throws Problem access.denied for who is no user */
export async function unreadCount(call: Call): Promise<number> {
  const user = userOf(call)
  const rows = await notificationsOf(call.engine.database.read, { user, unread: true, without: await switchedOff(call, user), before: null, limit: countedMost })
  const seen = new Map<string, ReadonlySet<number>>()
  for (const [access, ids] of byEntity(call, rows)) seen.set(access.entity.id, await records.existing(call.engine.database.read, { entity: access.entity, rows: readableRows(access, false), ids }, call.bindings))
  return rows.filter(({ entity, recordId }) => entity === null || (recordId === null ? nameOf(call, entity) !== undefined : seen.get(entity)?.has(recordId) === true)).length
}

/** Marks some as read (or unread again), or all up to one. @throws Problem access.denied for who is no user */
export async function mark(call: Call, what: { readonly ids: readonly number[]; readonly read: boolean } | { readonly upTo: number }): Promise<void> {
  const user = userOf(call)
  await call.engine.database.write((tx) => ('upTo' in what ? markUpTo(tx, user, what.upTo, call.at) : markNotifications(tx, user, what.ids, what.read ? call.at : null)))
}

/** Forgets what is old. Two processes that do it at once do it once. */
export async function forgetOld(engine: Engine, at: Date = new Date()): Promise<void> {
  const before = (days: number): Date => new Date(at.getTime() - days * day)
  const most = 1_000
  while ((await engine.database.write((tx) => forgetNotifications(tx, before(keptDays.read), before(keptDays.any), most))) === most);
}

function userOf(call: Call): number {
  if (call.actor.id === null) throw new Problem('access.denied')
  return call.actor.id
}

async function switchedOff(call: Call, user: number): Promise<readonly string[]> {
  const { notify } = await preferencesOf(call.engine.database.read, user)
  return isObject(notify) ? toldKinds.filter((kind) => notify[kind] === false) : []
}

/** Entities that the caller may read, with the ids of the records that are named. */
function byEntity(call: Call, rows: readonly StoredNotification[]): ReadonlyMap<EntityAccess, readonly number[]> {
  const found = new Map<EntityAccess, number[]>()
  for (const { entity, recordId } of rows) {
    const access = entity === null ? undefined : call.access.entity(nameOf(call, entity) ?? '')
    if (access !== undefined && recordId !== null) found.set(access, [...(found.get(access) ?? []), recordId])
  }
  return found
}

/** API name of an entity by its identity, when the caller may read any of it. */
function nameOf(call: Call, identity: string): string | undefined {
  const entity = [...call.model.entities.values()].find(({ id }) => id === identity)
  return entity === undefined || call.access.entity(entity.name) === undefined ? undefined : entity.name
}

/** One statement for each entity that is named, and one for the people. */
async function readable(call: Call, rows: readonly StoredNotification[]): Promise<readonly Notification[]> {
  const shown = new Map<string, ReadonlyMap<number, Rec>>()
  for (const [access, ids] of byEntity(call, rows)) shown.set(access.entity.id, await recordsOf(call, access, ids))
  const names = await namesOf(call, rows.flatMap(({ by }) => by ?? []))
  return rows.flatMap((row): readonly Notification[] => {
    const { id, kind, at, readAt, count, text } = row
    const sender = row.by === null ? undefined : names.get(row.by)
    const by = sender === undefined || row.by === null ? null : { id: row.by, name: sender }
    const told = { id, kind, at, read: readAt !== null, count, by, text, title: null, about: null, record: row.recordId }
    if (row.entity === null) return [{ ...told, entity: null }]
    const name = nameOf(call, row.entity)
    if (name === undefined) return []
    if (row.recordId === null) return [{ ...told, entity: name }]
    const record = shown.get(row.entity)?.get(row.recordId)
    const access = call.access.entity(name)
    return record === undefined || access === undefined ? [] : [{ ...told, entity: name, title: titleOf(access, record), about: aboutOf(access, record) }]
  })
}

async function recordsOf(call: Call, access: EntityAccess, ids: readonly number[]): Promise<ReadonlyMap<number, Rec>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const { entity } = access
  const keys = ['id', entity.display, ...aboutFields(access)].filter((key) => access.field(key) !== undefined)
  const selection = selectionOf(call.model, call.access, access, { fields: [...new Set(keys)] })
  const query = { entity, rows: { kind: 'all' as const, of: [access.rows, idIn(entity, wanted)] }, archived: 'without' as const, selection, sort: [], limit: wanted.length }
  const page = await records.list(call.engine.database.read, query, call.bindings)
  looked(call, 'list', entity, selection, page.records)
  return new Map(page.records.map((record) => [idOf(record), record]))
}

/** Fields that point to a record of one of several entities: what a note or task is about. */
const aboutFields = ({ entity }: EntityAccess): readonly string[] => [...entity.fields.values()].flatMap(({ key, targets }) => (targets === null ? [] : [key]))

function aboutOf(access: EntityAccess, record: Rec): Notification['about'] {
  for (const key of aboutFields(access)) {
    const value = record[key]
    if (isObject(value) && typeof value['entity'] === 'string' && typeof value['id'] === 'number') return { entity: value['entity'], id: value['id'] }
  }
  return null
}

/** What the records are called, as the caller sees them, by id; without those that they may not read. One statement. */
export async function titlesOf(call: Call, access: EntityAccess, ids: readonly number[]): Promise<ReadonlyMap<number, string | null>> {
  return new Map([...(await recordsOf(call, access, ids))].map(([id, record]) => [id, titleOf(access, record)]))
}

function titleOf(access: EntityAccess, record: Rec): string | null {
  const field = access.entity.fields.get(access.entity.display)
  const value = field === undefined ? null : (record[field.key] ?? null)
  if (field === undefined || value === null) return null
  const text = field.type.format(value, field.options)
  return text.length > titleMost ? `${text.slice(0, titleMost)}…` : text
}
