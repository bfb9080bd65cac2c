/**
 * Time limits of lifecycles: a record whose moment has come while it is still in its state is marked, and the people whom it names
 * are told. Nothing is kept in memory: each look asks for what is due and not marked yet, so a server that was down marks what it missed.
 */
import type { Json } from '../../../metadata/contract/json.js'
import type { Entity, Lifecycle } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import { hold, idsWhere } from '../../storage/derived.js'
import { addNotifications } from '../../storage/own/notifications.js'
import * as records from '../../storage/records.js'
import type { Engine } from '../call.js'
import { announce } from '../changes/feed.js'
import { bindingsAt, type Writing } from '../derived/writing.js'
import { followingAll, settle } from '../records/derive.js'
import { idOf, versionOf, type Rec } from '../records/row.js'
import { assertInForce } from '../unit.js'
import { peopleIn } from './tell.js'

const second = 1_000
/** How late a mark may be. */
const lookMilliseconds = 5 * second
/** Records of one unit: others wait for it. */
const batch = 200

type Limits = NonNullable<Lifecycle['sla']>

/** Marks what is late at `at`. Gives how many records. */
export async function markLate(engine: Engine, at: Date = new Date()): Promise<number> {
  const model = engine.current.get()
  let marked = 0
  for (const entity of model.entities.values()) {
    const sla = entity.lifecycle?.sla ?? null
    if (sla === null) continue
    const late = lateRows(engine, entity, sla, at)
    for (let some = batch; some === batch; marked += some) {
      const ids = await idsWhere(engine.database.read, entity, late, batch, bindingsAt(model, at))
      some = ids.length === 0 ? 0 : await engine.database.write((tx) => markAll(tx, engine, entity, sla, ids, at))
    }
  }
  if (marked > 0) announce(engine.database)
  return marked
}

const lateRows = (engine: Engine, entity: Entity, { until, breached }: Limits, at: Date): Predicate => {
  const model = engine.current.get()
  return resolve(model, entity.name, { [until]: { $lte: at.toISOString() }, [breached]: { $ne: true }, archivedAt: null }, unrestricted(model), '')
}

/** In one unit: whoever moved a record on meanwhile was in time. */
async function markAll(tx: Executor, engine: Engine, entity: Entity, sla: Limits, ids: readonly number[], at: Date): Promise<number> {
  const model = engine.current.get()
  await assertInForce(tx, model)
  const writing: Writing = { model, by: null, at, announce: true }
  const held = [...(await hold(tx, entity, ids, 'change')).values()].map(({ record }) => record).filter((record) => isLate(record, sla, at))
  const following = await followingAll(tx, writing, entity, held.map((before) => ({ before, values: { [sla.breached]: true } })))
  const rows = held.map((before, i) => ({ id: idOf(before), version: versionOf(before), values: following[i] ?? {}, whole: { ...before, ...following[i] } }))
  if (rows.length === 0) return 0
  const stored = await records.updateAll(tx, entity, rows, { by: null, at }, '')
  const written = held.flatMap((before) => {
    const after = stored.get(idOf(before))
    return after === undefined ? [] : [{ before, after }]
  })
  await changes.append(tx, written.map(({ before, after }) => ({ entity, record: after, action: 'updated', by: null, at, changes: marks(entity, sla, before) })))
  await addNotifications(tx, written.flatMap(({ after }) => peopleIn(after[sla.to] ?? null).map((user) => (
    { user, kind: 'reminder', entity: entity.id, recordId: idOf(after), by: null, text: null, count: 1, cause: `late ${entity.id} ${String(idOf(after))} ${JSON.stringify(after[sla.until] ?? null)}` }))), at)
  await settle(tx, writing, written.map(({ before, after }) => ({ entity, before, after })))
  return written.length
}

const isLate = (record: Rec, { until, breached }: Limits, at: Date): boolean => {
  const moment = record[until]
  return typeof moment === 'string' && Date.parse(moment) <= at.getTime() && record[breached] !== true && record['archivedAt'] === null
}

function marks(entity: Entity, { breached }: Limits, before: Rec): Record<string, readonly [Json, Json]> {
  const field = entity.fields.get(breached)
  return field === undefined ? {} : { [field.id]: [before[breached] ?? null, true] }
}

/** Looks every few seconds; the returned function ends that. */
export function beginMarking(engine: Engine): () => Promise<void> {
  let looking: Promise<unknown> | undefined
  const timer = setInterval(() => {
    looking ??= markLate(engine)
      .catch((error: unknown) => engine.log.warn({ err: error }, 'time limits could not be looked for; they are looked for again'))
      .finally(() => (looking = undefined))
  }, lookMilliseconds).unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}
