/** Are computed values what counting and computing anew gives? And which cannot be computed at all? */
import { derivationsOf, type EntityDerivations } from '../../model/computed/derivations.js'
import type { Entity, Model } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import type { Database, Executor } from '../../storage/contract.js'
import { hold, idsWhere, recount } from '../../storage/derived.js'
import { same } from '../derived/due.js'
import { widening } from '../derived/related.js'
import { computed } from '../derived/values.js'
import { bindingsAt, type Writing } from '../derived/writing.js'

/** Records that are looked at together. */
const together = 500

export interface ComputedReport {
  /** Fields with values that are not what they should be. */
  readonly wrong: readonly string[]
  /** Formulas that give nothing on some records because they fail there. */
  readonly failing: readonly string[]
  readonly records: number
}

/** Looks at every record of one moment. Values that move with time are right for the moment of their last look, so they are not compared. */
export const examineComputed = (database: Database, model: Model, now: Date = new Date()): Promise<ComputedReport> =>
  database.snapshot(async (x) => {
    const tally = new Tally()
    for (const [name, derivations] of derivationsOf(model)) {
      const entity = model.entities.get(name)
      if (entity === undefined || derivations.expressions.length + derivations.rollups.length === 0) continue
      for (let after = 0; ; ) {
        const ids: readonly number[] = await idsWhere(x, entity, everything, together, bindingsAt(model, now), after)
        if (ids.length === 0) break
        await look(x, { model, by: null, at: now, announce: false }, { entity, derivations }, ids, tally)
        after = ids.at(-1) ?? after
      }
    }
    return tally.report()
  })

class Tally {
  readonly #wrong = new Map<string, number>()
  readonly #failing = new Map<string, { count: number; reason: string }>()
  records = 0

  wrong(field: string): void {
    this.#wrong.set(field, (this.#wrong.get(field) ?? 0) + 1)
  }

  failed(field: string, reason: string): void {
    this.#failing.set(field, { count: (this.#failing.get(field)?.count ?? 0) + 1, reason })
  }

  report(): ComputedReport {
    return {
      wrong: [...this.#wrong].map(([field, count]) => `${field} is not what it should be on ${String(count)} records. Publish the field once more to compute it anew.`),
      failing: [...this.#failing].map(([field, { count, reason }]) => `${field} cannot be computed on ${String(count)} records and is empty there: ${reason}.`),
      records: this.records,
    }
  }
}

async function look(x: Executor, writing: Writing, { entity, derivations }: { readonly entity: Entity; readonly derivations: EntityDerivations }, ids: readonly number[], tally: Tally): Promise<void> {
  const held = await hold(x, entity, ids, 'none')
  tally.records += held.size
  for (const rollup of derivations.rollups) {
    const source = writing.model.entities.get(rollup.derived.entity)
    if (source === undefined || rollup.derived.moving) continue
    const counted = await recount(x, entity, source, rollup, ids, bindingsAt(writing.model, writing.at))
    for (const [id, { record }] of held) if (!same(record[rollup.field.key], counted.get(id)?.value)) tally.wrong(`${entity.name}.${rollup.field.key}`)
  }
  const widen = await widening(x, writing, entity, [...held.values()].map(({ record }) => record), derivations.expressions.flatMap(({ derived }) => derived.paths))
  for (const { record } of held.values()) {
    const wide = widen(record)
    for (const expression of derivations.expressions) {
      const { value, failed } = computed(expression, wide, writing.at)
      const name = `${entity.name}.${expression.field.key}`
      if (failed !== undefined) tally.failed(name, failed)
      if (!expression.derived.daily && !same(record[expression.field.key], value)) tally.wrong(name)
    }
  }
}
