/** One publish, statement by statement: what a test does right before each of them, and before the commit, is up to the test. */
import { compile } from '../../engine/model/compile.js'
import type { Database, Executor } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import { applyPlan } from '../../engine/storage/tables/apply.js'
import { plan } from '../../engine/storage/tables/plan.js'
import { after, before } from './crash-documents.js'

export const old = compile(before, 1)
export const next = compile(after, 2, old)

/** Publishes `next` over `old` in the database at `url`. `step` gets the number of the statement that comes, from 1. */
export async function publishStepwise(url: string, step: (statement: number) => unknown): Promise<void> {
  const db = await openDatabase(url)
  let statement = 0
  const watched = (tx: Executor): Executor => ({
    ...tx,
    all: async (sql, bindings) => {
      await step(++statement)
      return tx.all(sql, bindings)
    },
    run: async (sql, bindings) => {
      await step(++statement)
      return tx.run(sql, bindings)
    },
  })
  const stepwise: Database = {
    ...db,
    change: (work, options) =>
      db.change(async (tx) => {
        const value = await work(watched(tx))
        await step(++statement)
        return value
      }, options),
  }
  const record = { version: 2, at: new Date(0), by: null, message: '', layers: [{ name: 'test', documents: after }], steps: [] }
  try {
    await applyPlan(stepwise, { before: old, after: next, storage: plan(old, next), record })
  } finally {
    await db.close()
  }
}
