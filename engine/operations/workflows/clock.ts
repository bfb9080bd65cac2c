/** Runs that the clock begins. */
import { Cron } from 'croner'
import { milliseconds } from '../../model/workflows/duration.js'
import * as runs from '../../storage/own/runs.js'
import type { Engine } from '../call.js'
import { addRuns } from './begin.js'

/** Begins what the clock begins. A moment that was missed is caught up once. */
export async function followClock(engine: Engine, at: Date): Promise<void> {
  const model = engine.current.get()
  for (const [name, definition] of model.workflows) {
    const { cron, every, after } = definition.schedule ?? {}
    if (cron === undefined && every === undefined && after === undefined) continue
    const spec = JSON.stringify([cron, every, after])
    const nextOf = (): number => (cron === undefined ? at.getTime() + Math.max(1_000, milliseconds(every ?? after ?? 'PT1H') ?? 3_600_000) : momentAfter(cron, model.timeZone, at)?.getTime() ?? Infinity)
    const mark = await runs.readMark(engine.database.read, `clock ${name}`)
    const known = mark === null ? null : (JSON.parse(mark) as { readonly spec: string; readonly next: number })
    if (known !== null && known.spec === spec && known.next > at.getTime()) continue
    const due = known !== null && known.spec === spec
    // What begins again after its end waits for that end.
    if (due && after !== undefined) {
      const [last] = await runs.listRuns(engine.database.read, { workflow: name, limit: 1 })
      if (last !== undefined && (last.endedAt === null || Date.parse(last.endedAt) + (milliseconds(after) ?? 0) > at.getTime())) continue
    }
    await engine.database.write(async (tx) => {
      if (!(await runs.moveMark(tx, `clock ${name}`, mark, JSON.stringify({ spec, next: nextOf() })))) return
      if (due) await addRuns(tx, model, [{ name, definition, input: {}, cause: `${name} at ${String(known.next)}`, depth: 0 }], at)
    })
  }
}

/**
 * The next moment of a time table. A time that the clocks of the zone skip comes when they go on, one that they show twice is the first; a
 * month without such a day is passed over. Null: there is none.
 */
export const momentAfter = (cron: string, timeZone: string, at: Date): Date | null => new Cron(cron, { timezone: timeZone }).nextRun(at)
