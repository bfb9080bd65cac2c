/**
 * Looks at fields that are marked `sensitive`. A read notes what it showed in memory and is answered at once; the notes
 * of everybody go to the log together a moment later. When they cannot be written, nothing sensitive is shown any more.
 */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity } from '../../model/model.js'
import { appendEvents, type NewEvent } from '../../storage/audit/events.js'
import type { Database, SelectedField, Selection } from '../../storage/contract.js'
import type { Call, Engine } from '../call.js'
import type { Asked } from './asked.js'

/** How personal data was reached: one record, a list, a search, a file of many, what it was in the past, or a filter, an order or a sum that tells of it. */
export type Way = 'record' | 'list' | 'search' | 'export' | 'history' | 'question'

type Shown = Readonly<Record<string, Json>>

/** What of a selection is sensitive and may be seen in full. */
interface Sensitive {
  readonly entity: Entity
  readonly fields: readonly SelectedField[]
  /** Expansions that hold something sensitive, by the key under which they stand in the record. */
  readonly below: readonly (readonly [string, Sensitive])[]
}

const kept = new WeakMap<Selection, Sensitive | null>()

/**
 * Notes that the caller was shown these records. Costs one look-up where nothing in the selection is sensitive.
 * @throws Problem storage.busy when earlier looks could not be written for long
 */
export function looked(call: Call, way: Way, entity: Entity, selection: Selection, records: readonly Shown[]): void {
  let sensitive = kept.get(selection)
  if (sensitive === undefined) kept.set(selection, (sensitive = sensitiveIn(entity, selection)))
  if (sensitive === null || call.actor.id === null) return
  const seen = new Map<string, Seen>()
  for (const record of records) collect(sensitive, record, seen)
  if (seen.size > 0) note(call.engine, [...seen.values()].map(({ entity: of, fields, ids }) => ({ action: 'looked', by: call.actor.id, at: call.at, entity: of.id, records: [...ids], detail: { way, fields } })))
}

/** Notes that the caller asked by sensitive fields. @param records what came of it, where the answer has records */
export function questioned(call: Call, asked: readonly Asked[], entity: Entity, records: readonly Shown[]): void {
  if (asked.length === 0 || call.actor.id === null) return
  const ids = records.flatMap(({ id }) => (typeof id === 'number' ? [id] : []))
  note(call.engine, asked.map((one) => ({ action: 'looked', by: call.actor.id, at: call.at, entity: one.entity.id, records: one.entity === entity ? ids : [], detail: { way: 'question', fields: one.fields.map(({ id }) => id) } })))
}

function sensitiveIn(entity: Entity, { fields, toOne, toMany }: Selection): Sensitive | null {
  const own = fields.filter(({ field, masked, visible }) => field.sensitive && !(masked && visible === undefined))
  const expansions = [
    ...toOne.map(({ field, target, selection }) => [field.key, sensitiveIn(target, selection)] as const),
    ...toMany.map(({ relation, target, selection }) => [relation.name, sensitiveIn(target, selection)] as const),
  ]
  const below = expansions.flatMap(([key, inner]) => (inner === null ? [] : [[key, inner] as const]))
  return own.length === 0 && below.length === 0 ? null : { entity, fields: own, below }
}

interface Seen {
  readonly entity: Entity
  readonly fields: readonly string[]
  readonly ids: Set<number>
}

/** Records of which the same fields were seen make one note. */
function collect({ entity, fields, below }: Sensitive, record: Shown, seen: Map<string, Seen>): void {
  const shown = fields.filter(({ field, masked }) => isSeen(record[field.key], masked)).map(({ field }) => field.id)
  const id = record['id']
  if (shown.length > 0 && typeof id === 'number') {
    const key = `${entity.id} ${shown.join()}`
    let entry = seen.get(key)
    if (entry === undefined) seen.set(key, (entry = { entity, fields: shown, ids: new Set() }))
    entry.ids.add(id)
  }
  for (const [key, inner] of below) {
    const related = record[key]
    if (Array.isArray(related)) for (const one of related) if (isObject(one)) collect(inner, one, seen)
    if (isObject(related)) collect(inner, related, seen)
  }
}

/** A field that is masked on some rows only: masks write asterisks where the value was. */
const isSeen = (value: Json | undefined, masked: boolean): boolean => value !== undefined && value !== null && !(masked && typeof value === 'string' && value.includes('***'))

// ── written together ──

/** How long a look waits for its neighbours, and how long the next attempt waits when the database is away. */
const flushMilliseconds = 200
const retryMilliseconds = 2_000
/** Looks that wait in memory at most; then nothing sensitive is shown until some are written. */
const backlogMax = 5_000

interface Waiting {
  notes: NewEvent[]
  /** The same look in the same moment is one look. */
  known: Set<string>
  timer: NodeJS.Timeout | undefined
  writing: Promise<void> | undefined
}
const waitingOf = new WeakMap<Database, Waiting>()

function note(engine: Engine, notes: readonly NewEvent[]): void {
  let waiting = waitingOf.get(engine.database)
  if (waiting === undefined) waitingOf.set(engine.database, (waiting = { notes: [], known: new Set(), timer: undefined, writing: undefined }))
  if (waiting.notes.length >= backlogMax) throw new Problem('storage.busy')
  for (const one of notes) {
    const key = JSON.stringify([one.by, one.entity, one.records, one.detail])
    if (waiting.known.has(key)) continue
    waiting.known.add(key)
    waiting.notes.push(one)
  }
  later(engine, waiting, flushMilliseconds)
}

function later(engine: Engine, waiting: Waiting, milliseconds: number): void {
  waiting.timer ??= setTimeout(() => void flushLooks(engine), milliseconds).unref()
}

/** Writes what waits; resolves when it is durable, or will be tried again. To be called before the database is closed. */
export async function flushLooks(engine: Engine): Promise<void> {
  const waiting = waitingOf.get(engine.database)
  if (waiting === undefined) return
  clearTimeout(waiting.timer)
  waiting.timer = undefined
  // Again and again: another one who waited may have taken the notes, and is writing them.
  while (waiting.writing !== undefined) await waiting.writing
  if (waiting.notes.length === 0) return
  const { notes } = waiting
  waiting.notes = []
  waiting.known.clear()
  waiting.writing = engine.database.write((tx) => appendEvents(tx, notes)).catch((error: unknown) => {
    waiting.notes.unshift(...notes)
    engine.log.error({ err: error, waiting: waiting.notes.length }, 'looks at personal data could not be recorded; they are tried again')
    later(engine, waiting, retryMilliseconds)
  }).finally(() => (waiting.writing = undefined))
  await waiting.writing
}
