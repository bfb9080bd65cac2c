/**
 * What happened with a record, newest first: its own changes, what was written about it, and those related records that
 * its definition puts into the timeline. One page, one statement for each kind; each with the rights of a list.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { momentAt } from '../../../metadata/contract/time.js'
import { Problem } from '../../errors.js'
import { timelineOf, type TimelineSource } from '../../forms/timeline.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Call } from '../call.js'
import { accessTo } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'
import { entriesBefore, readableNow, type HistoryEntry } from './history.js'
import { list, planList } from './read.js'
import { idOf, type Rec } from './row.js'

/** The kind under which the record's own changes stand; no relation can be called so. */
export const changesKind = 'changes'
export const timelineLimits = { pageDefault: 30, pageMax: 100 } as const

export interface TimelineItem extends JsonObject {
  /** `changes`, or the name of the relation. */
  readonly kind: string
  /** RFC 3339. A day begins in the time zone of the caller. */
  readonly at: string
  /** Version of a change, id of a related record. */
  readonly number: number
}

export interface TimelineCommand {
  readonly entity: string
  readonly id: number
  /** Only these kinds; absent: all. */
  readonly kinds?: readonly string[]
  /** `next` of the page before. */
  readonly after?: string
  readonly limit: number
}

/** Behind an item in the order of the timeline: by moment, then by kind, then by number. */
interface Place {
  readonly at: string
  readonly kind: string
  readonly number: number
}

/** @throws Problem request.path, record.unavailable, query.invalid */
export async function timeline(call: Call, command: TimelineCommand): Promise<{ readonly items: readonly TimelineItem[]; readonly next: string | null }> {
  const access = accessTo(call, command.entity)
  await readableNow(call, access, command.id, selectionOf(call.model, call.access, access, { fields: ['id'] }))
  const after = command.after === undefined ? undefined : readPlace(command.after)
  const wanted = (kind: string): boolean => command.kinds?.includes(kind) !== false
  const sources = timelineOf(call.access, access.entity).filter(({ relation }) => wanted(relation.name))
  const parts = await Promise.all([
    wanted(changesKind) && access.history && access.entity.history ? changesOf(call, access, command, after) : [],
    ...sources.map((source) => recordsOf(call, access, source, command, after)),
  ])
  const found = parts.flat().toSorted(byPlace)
  const items = found.slice(0, command.limit)
  const last = items.at(-1)
  return { items, next: last !== undefined && found.length > command.limit ? `${last.at}~${last.kind}~${String(last.number)}` : null }
}

const byPlace = (a: Place, b: Place): number => (a.at === b.at ? (a.kind === b.kind ? b.number - a.number : a.kind < b.kind ? -1 : 1) : a.at < b.at ? 1 : -1)

function readPlace(text: string): Place {
  const [, at = '', kind = '', number = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~(\w{1,63})~(\d{1,16})$/.exec(text) ?? []
  if (at === '' || Number.isNaN(Date.parse(at))) throw new Problem('query.invalid', { reason: 'this page marker is not one' })
  return { at, kind, number: Number(number) }
}

/** Numbers of this kind that stand at the very moment of the place and behind it: those below. */
const numbersBelow = (kind: string, after: Place): number => (after.kind === kind ? after.number : after.kind < kind ? Number.MAX_SAFE_INTEGER : 0)

async function changesOf(call: Call, access: EntityAccess, { id, limit }: TimelineCommand, after: Place | undefined): Promise<readonly TimelineItem[]> {
  const before = after === undefined ? undefined : { at: new Date(after.at), version: numbersBelow(changesKind, after) }
  const entries = await entriesBefore(call, access, id, limit + 1, before)
  return entries.map((entry: HistoryEntry) => ({ kind: changesKind, at: new Date(entry.at).toISOString(), number: entry.version, change: { ...entry } }))
}

async function recordsOf(call: Call, access: EntityAccess, source: TimelineSource, { entity, id, limit }: TimelineCommand, after: Place | undefined): Promise<readonly TimelineItem[]> {
  const { relation, other, at, byDay } = source
  const zone = call.actor.timeZone
  const fields = [...new Set([other.entity.display, ...other.entity.facts, at, 'createdBy', 'version'])].filter((key) => other.field(key) !== undefined)
  const plan = planList(call, {
    entity: relation.entity,
    filter: { $and: [pointing(source, entity, id), { [at]: { $ne: null } }, ...(after === undefined ? [] : [behind(source, after, zone)])] },
    sort: [{ key: at, descending: true }, { key: 'id', descending: true }],
    fields, limit: limit + 1, archived: false,
  })
  const { records } = await list(call, plan)
  return records.map((record) => ({ kind: relation.name, at: momentOf(record, at, byDay, zone), number: idOf(record), record }))
}

function momentOf(record: Rec, key: string, byDay: boolean, zone: string): string {
  const written = record[key]
  const value = typeof written === 'string' ? written : ''
  return byDay ? momentAt(`${value}T00:00:00`, zone) : new Date(value).toISOString()
}

/** What makes a record one of the relation. */
function pointing({ relation, other }: TimelineSource, entity: string, id: number): JsonObject {
  const field = relation.field ?? ''
  const within = other.entity.fields.get(field)?.within ?? null
  if (within !== null) return { [within]: `${entity}/${String(id)}` }
  return { [field]: { [relation.through === null ? '$eq' : '$contains']: id } }
}

/** What stands behind a place of the timeline, as a condition. */
function behind({ relation, at, byDay }: TimelineSource, after: Place, zone: string): JsonObject {
  const below = numbersBelow(relation.name, after)
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(after.at))
  // A day that begins at the moment of the place stands there; one that began before it stands behind.
  const same: Json = byDay ? day : after.at
  if (byDay && momentAt(`${day}T00:00:00`, zone) !== after.at) return { [at]: { $lte: same } }
  return { $or: [{ [at]: { $lt: same } }, { [at]: same, id: { $lt: below } }] }
}
