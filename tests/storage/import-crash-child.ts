/** Works on jobs in a process that kills itself (-9) before its n-th statement of a unit, or before it ends a job. Arguments: address, layers, work folder, n or `end`. */
import { openEngine } from '../../engine/compose.js'
import { readConfig } from '../../engine/config.js'
import { importJob } from '../../engine/operations/imports/run.js'
import { startRunner } from '../../engine/operations/jobs/runner.js'
import type { Database, Executor } from '../../engine/storage/contract.js'
import { listJobs } from '../../engine/storage/own/jobs.js'

const [, , url = '', layers = '', work = '', n = '0'] = process.argv
let left = Number(n)

function step(sql = ''): void {
  if (--left === 0 || (n === 'end' && sql.includes('ended_at = ?'))) process.kill(process.pid, 'SIGKILL')
}

const watched = (tx: Executor): Executor => ({
  ...tx,
  all: (sql, bindings) => {
    step(sql)
    return tx.all(sql, bindings)
  },
  run: (sql, bindings) => {
    step(sql)
    return tx.run(sql, bindings)
  },
  ...(tx.attempt === undefined ? {} : { attempt: <T>(part: (inner: Executor) => Promise<T>): Promise<T> => tx.attempt?.((inner) => part(watched(inner))) ?? part(tx) }),
})

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const engine = await openEngine(readConfig({ DATABASE_URL: url, TESSERA_LAYERS: layers, TESSERA_WORK: work }), quiet)
const database: Database = {
  ...engine.database,
  write: (unit) =>
    engine.database.write(async (tx) => {
      const value = await unit(watched(tx))
      step()
      return value
    }),
}
const runner = startRunner({ ...engine, database }, [importJob], { places: [engine.work.place], pollMilliseconds: 10, leaseMilliseconds: 400 })
while (!(await listJobs(engine.database.read, { limit: 1 })).every(({ state }) => state === 'done' || state === 'failed')) await new Promise((resolve) => setTimeout(resolve, 20))
await runner.stop()
await engine.database.close()
process.stdout.write('finished')
