/** Publishes in a process that kills itself (-9) before its n-th statement, or before the commit. Arguments: address, n. */
import { compile } from '../../engine/model/compile.js'
import { applyPlan } from '../../engine/storage/tables/apply.js'
import type { Database, Executor } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import { plan } from '../../engine/storage/tables/plan.js'
import { after, before } from './crash-documents.js'

const [, , url = '', n = '0'] = process.argv
let left = Number(n)

function step(): void {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
}

const watched = (tx: Executor): Executor => ({
  ...tx,
  all: (sql, bindings) => {
    step()
    return tx.all(sql, bindings)
  },
  run: (sql, bindings) => {
    step()
    return tx.run(sql, bindings)
  },
})

const db = await openDatabase(url)
const dying: Database = {
  ...db,
  change: (work, options) =>
    db.change(async (tx) => {
      const value = await work(watched(tx))
      step()
      return value
    }, options),
}
const from = compile(before, 1)
const to = compile(after, 2, from)
await applyPlan(dying, { before: from, after: to, storage: plan(from, to), record: { version: 2, at: new Date(0), by: null, message: '', layers: [{ name: 'test', documents: after }], steps: [] } })
await db.close()
process.stdout.write('published')
