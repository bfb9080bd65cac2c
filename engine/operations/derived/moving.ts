/**
 * Values that change by time alone: rollups over a window such as the last 90 days, which records leave by themselves, and
 * formulas that name today. Each is kept with the moment for which it is exact at least; a write in between is exact for
 * its own moment.
 */
import { resolveRelative } from '../../../metadata/contract/time.js'
import { derivationsOf, type RollupField } from '../../model/computed/derivations.js'
import type { Entity, Field, Model } from '../../model/model.js'
import { all, any, nothing, type Predicate } from '../../model/conditions/predicate.js'
import type { FieldsOf } from '../../model/computed/recomputed.js'
import type { Executor } from '../../storage/contract.js'
import { targetsWhere } from '../../storage/derived.js'
import { momentsOf, noteMoments } from '../../storage/own/moments.js'
import type { Engine } from '../call.js'
import { announce } from '../changes/feed.js'
import { nudge } from '../jobs/runner.js'
import { assertInForce, ModelMoved } from '../unit.js'
import { Due } from './due.js'
import { ownersOf } from './owners.js'
import { addRecalculation } from './pending.js'
import { settleDue } from './settle.js'
import { bindingsAt } from './writing.js'

/** How old a moving value may be. */
const everyMilliseconds = 60_000
/** The first look waits until a new process answers. */
const firstMilliseconds = 1_000
/** Units that were under way at the last look counted records by clocks of their own: so far back it is looked again. */
const overlapMilliseconds = 600_000
/** Records that are counted anew in one unit. */
const ownersInUnit = 250

/** Identity of a field whose values move. */
export const momentName = (entity: Pick<Entity, 'id'>, field: Pick<Field, 'id'>): string => `${entity.id}.${field.id}`

function nameOf(model: Model, entity: string, key: string): string {
  const owner = model.entities.get(entity)
  return momentName({ id: owner?.id ?? entity }, { id: owner?.fields.get(key)?.id ?? key })
}

/** Begins to keep moving values up to date; the returned function ends that. */
export function beginMoving(engine: Engine): () => Promise<void> {
  let running: Promise<void> | undefined
  const look = (): void => {
    running ??= moveAll(engine)
      .catch((error: unknown) => {
        if (!(error instanceof ModelMoved)) engine.log.warn({ err: error }, 'values that move with time could not be computed; it is tried again')
      })
      .finally(() => (running = undefined))
  }
  const first = setTimeout(look, firstMilliseconds).unref()
  const timer = setInterval(look, everyMilliseconds).unref()
  return async () => {
    clearTimeout(first)
    clearInterval(timer)
    await running
  }
}

/** Brings all moving values up to `now`. */
export async function moveAll(engine: Engine, now: Date = new Date()): Promise<void> {
  const model = engine.current.get()
  const moving = movingOf(model)
  if (moving.rollups.length + moving.daily.length === 0) return
  const moments = await momentsOf(engine.database.read)
  for (const rollup of moving.rollups) await moveRollup(engine, model, rollup, moments.get(nameOf(model, rollup.entity, rollup.field.key)), now)
  for (const fields of moving.daily) await moveDaily(engine, model, fields, moments, now)
}

interface Moving {
  readonly rollups: readonly RollupField[]
  readonly daily: readonly FieldsOf[]
}

function movingOf(model: Model): Moving {
  const all = [...derivationsOf(model)]
  return {
    rollups: all.flatMap(([, { rollups }]) => rollups.filter(({ derived }) => derived.moving)),
    daily: all.flatMap(([entity, { expressions }]) => {
      const fields = expressions.flatMap(({ field, derived }) => (derived.daily ? [field.key] : []))
      return fields.length === 0 ? [] : [{ entity, fields }]
    }),
  }
}

/** Counts anew for the owners of every record that came into the window, or left it, since the last time. */
async function moveRollup(engine: Engine, model: Model, rollup: RollupField, since: Date | undefined, now: Date): Promise<void> {
  const source = model.entities.get(rollup.derived.entity)
  const via = source?.fields.get(rollup.derived.via)
  const name = nameOf(model, rollup.entity, rollup.field.key)
  if (source === undefined || via === undefined) return
  // A field that nobody noted yet is looked at as far back as its window can be wrong at all: from the beginning.
  const from = new Date((since?.getTime() ?? 0) - (since === undefined ? 0 : overlapMilliseconds))
  const crossed = crossedBetween(rollup.rows(), from, now, model.timeZone)
  for (let after = 0; ; ) {
    const referred: readonly number[] = await targetsWhere(engine.database.long, source, via, crossed, ownersInUnit, bindingsAt(model, now), after)
    if (referred.length === 0) break
    await engine.database.write(async (tx) => {
      await assertInForce(tx, model)
      const writing = { model, by: null, at: now, announce: true }
      const due = new Due(new Set())
      const owners = await ownersOf(tx, writing, rollup, referred)
      for (const id of referred) for (const owner of owners(rollup, id)) due.anew(rollup, owner)
      await settleDue(tx, writing, due)
    })
    after = referred.at(-1) ?? after
  }
  await engine.database.write((tx) => noteMoments(tx, [name], now))
  announce(engine.database)
}

/** Records for which a comparison with a moving time turned between two moments. */
function crossedBetween(rows: Predicate, from: Date, to: Date, timeZone: string): Predicate {
  switch (rows.kind) {
    case 'all':
    case 'any':
      return any(...rows.of.map((part) => crossedBetween(part, from, to, timeZone)))
    case 'not':
      return crossedBetween(rows.of, from, to, timeZone)
    case 'compare': {
      if (rows.operand.kind !== 'relative') return nothing
      const { expression, as } = rows.operand
      const edge = (moment: Date) => ({ kind: 'value' as const, cell: resolveRelative(expression, moment, timeZone, as) })
      return all({ kind: 'compare', field: rows.field, operator: '$gte', operand: edge(from) }, { kind: 'compare', field: rows.field, operator: '$lte', operand: edge(to) })
    }
    default:
      return nothing
  }
}

/** A new day: the formulas that name it are computed for all records, by a job. */
async function moveDaily(engine: Engine, model: Model, { entity, fields }: FieldsOf, moments: ReadonlyMap<string, Date>, now: Date): Promise<void> {
  const dayOf = (moment: Date): string => resolveRelative('now', moment, model.timeZone, 'date')
  const day = dayOf(now)
  const names = fields.map((key) => nameOf(model, entity, key))
  const stale = names.some((name) => {
    const moment = moments.get(name)
    return moment === undefined || dayOf(moment) !== day
  })
  if (!stale) return
  await engine.database.write(async (tx) => {
    await assertInForce(tx, model)
    await addRecalculation(tx, { model, by: null, at: new Date(), announce: false }, [{ entity, fields }], `daily ${entity} ${day}`)
    await noteMoments(tx, names, now)
  })
  nudge(engine.database)
}

/** Fields that are computed now for all records are exact for this moment. */
export async function noteMoved(tx: Executor, model: Model, steps: readonly FieldsOf[], at: Date): Promise<void> {
  const { rollups, daily } = movingOf(model)
  const moves = new Set([...rollups.map(({ entity, field }) => `${entity}.${field.key}`), ...daily.flatMap(({ entity, fields }) => fields.map((key) => `${entity}.${key}`))])
  const names = steps.flatMap(({ entity, fields }) => fields.flatMap((key) => (moves.has(`${entity}.${key}`) ? [nameOf(model, entity, key)] : [])))
  await noteMoments(tx, names, at)
}
