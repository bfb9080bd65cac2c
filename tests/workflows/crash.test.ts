/** a worker that dies at any statement of a run loses nothing, repeats nothing and leaves nothing behind that is stuck. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openEngine } from '../../engine/compose.js'
import { readConfig, type Config } from '../../engine/config.js'
import { firstPublish } from '../../engine/first-start.js'
import { callOf, type Call, type Engine } from '../../engine/operations/call.js'
import { userActor } from '../../engine/operations/people/actor-of.js'
import { create } from '../../engine/operations/records/write.js'
import { startRun } from '../../engine/operations/workflows/begin.js'
import { ChangeFollower } from '../../engine/operations/workflows/changes.js'
import { listRuns, readRun } from '../../engine/operations/workflows/runs.js'
import type { Executor } from '../../engine/storage/contract.js'
import { changeRun, forgetRuns, keepSteps, runById } from '../../engine/storage/own/runs.js'
import { beginRunning } from '../../engine/workflows/runner.js'
import { clonedDatabase, databaseKinds, type TestDatabase } from '../support/databases.js'
import { startService, type Service } from './service.js'

const layers = ['metadata/core', 'tests/packs/ledger'].map((layer) => join(import.meta.dirname, '../..', layer)).join(',')
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** The process that does not live any more: its units are rolled back, and it reads and writes nothing. */
class Dead extends Error {}

/** The engine as a worker sees it that dies right before its n-th statement, or right after the unit that ends there was committed. */
function dyingAt(engine: Engine, n: number): { readonly engine: Engine; dead(): boolean } {
  let left = n
  const step = (): void => {
    left -= 1
    if (left <= 0) throw new Dead('dead')
  }
  const watched = (tx: Executor): Executor => ({
    ...tx,
    all: async (sql, bindings) => {
      step()
      return tx.all(sql, bindings)
    },
    run: async (sql, bindings) => {
      step()
      return tx.run(sql, bindings)
    },
    ...(tx.attempt === undefined ? {} : { attempt: <T>(part: (inner: Executor) => Promise<T>): Promise<T> => tx.attempt?.((inner) => part(watched(inner))) ?? part(tx) }),
  })
  const database = {
    ...engine.database,
    read: { ...engine.database.read, all: (sql: string, bindings: readonly unknown[]) => (left <= 0 ? Promise.reject(new Dead('dead')) : engine.database.read.all(sql, bindings)) },
    write: async <T>(unit: (tx: Executor) => Promise<T>): Promise<T> => {
      if (left <= 0) throw new Dead('dead')
      const value = await engine.database.write((tx) => unit(watched(tx)))
      step() // the commit was made, and nobody heard of it
      return value
    },
  }
  return { engine: { ...engine, database }, dead: () => left <= 0 }
}

describe.each(databaseKinds)('a worker that dies on %s', (kind) => {
  let database: TestDatabase
  let service: Service
  let engine: Engine
  let call: Call
  const configOf = (url: string): Config =>
    readConfig({ DATABASE_URL: url, TESSERA_LAYERS: layers, TESSERA_ADMIN_EMAIL: 'admin@example.com', TESSERA_ADMIN_PASSWORD: 'a password of tests', TESSERA_OUTBOUND_ALLOW: '127.0.0.1:*' })
  beforeAll(async () => {
    service = await startService()
    database = await clonedDatabase(kind, layers, async (url) => {
      const first = await openEngine(configOf(url), quiet)
      await firstPublish(first, configOf(url))
      await first.database.close()
    })
    engine = await openEngine(configOf(database.url), quiet)
    const actor = await userActor(engine, 1)
    if (actor === null) throw new Error('there is no administrator')
    call = callOf(engine, actor)
  })
  afterAll(async () => {
    await engine.database.close()
    await database.drop()
    await service.close()
  })

  async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
    const late = Date.now() + 30_000
    while (!(await holds())) {
      if (Date.now() > late) throw new Error('it did not come to this')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  /** Runs once, with a worker that dies at statement n and one that comes after it. True when the first one lived to the end. */
  async function runDyingAt(n: number): Promise<boolean> {
    const title = `ledger ${String(n)}`
    const posts = service.asked.length
    const id = await startRun(call, 'ledger', { title, url: `${service.url}/pet/1` })
    const status = async (): Promise<unknown> => (await readRun(call, id)).run['status']
    const dying = dyingAt(engine, n)
    const stop = beginRunning(dying.engine, { pollMilliseconds: 2 })
    await until(async () => dying.dead() || (await status()) === 'completed')
    await stop()
    const lived = !dying.dead()
    // Its time is over: nobody waits for it.
    await engine.database.write((tx) => tx.run('UPDATE tessera_run SET due_at = created_at WHERE runner IS NOT NULL AND ended_at IS NULL', []))
    const next = beginRunning(engine, { pollMilliseconds: 2 })
    await until(async () => (await status()) === 'completed')
    await next()
    const { run, steps } = await readRun(call, id)
    const table = call.model.entities.get('task')?.table ?? ''
    const title_ = call.model.entities.get('task')?.fields.get('title')?.columns[0]?.name ?? ''
    for (const part of ['first', 'last']) expect(await engine.database.read.all(`SELECT id FROM "${table}" WHERE "${title_}" = ?`, [`${title} ${part}`]), `${title} ${part}`).toHaveLength(1)
    const sent = service.asked.length - posts
    const { unknown } = run['output'] as { readonly unknown: boolean }
    expect(unknown ? sent <= 1 : sent === 1, `${title}: sent ${String(sent)}, unknown ${String(unknown)}`).toBe(true)
    expect(steps.every((step) => step['status'] === 'completed' || step['status'] === 'skipped' || step['status'] === 'faulted')).toBe(true)
    expect(await engine.database.read.all('SELECT id FROM tessera_run_inbox', [])).toEqual([])
    return lived
  }

  test('changes that matter to nobody are looked at without a unit, and what matters begins once, whoever looks', async () => {
    const moment = Date.now()
    const task = (title: string): Promise<unknown> => create(call, { entity: 'task', body: { title } })
    const units: string[] = []
    const write: Engine['database']['write'] = (unit) => {
      units.push('unit')
      return engine.database.write(unit)
    }
    const watched: Engine = { ...engine, database: { ...engine.database, write } }
    const processes = [new ChangeFollower(watched), new ChangeFollower(watched)]
    const look = async (seconds: number): Promise<void> => {
      for (const process of processes) while ((await process.look(new Date(moment + seconds * 1000))).more);
    }
    const begun = async (): Promise<readonly unknown[]> => (await listRuns(call, { workflow: 'echo', limit: 10 })).runs.map(({ record }) => record)
    // What happened since the workflows are in force counts, also when nobody looked before.
    await task('echo zero')
    await look(0)
    expect(await begun()).toHaveLength(1)
    units.length = 0
    for (const title of ['nothing', 'nothing more']) {
      await task(title)
      await look(1)
    }
    expect(units).toEqual([])
    await task('echo one')
    await task('nothing again')
    await look(2)
    expect(await begun()).toHaveLength(2)
    // One that comes later goes on from what is stored, and finds nothing a second time.
    await new ChangeFollower(engine).look(new Date(moment + 3_000))
    expect(await begun()).toHaveLength(2)
    units.length = 0
    await task('nothing at last')
    await look(30)
    expect(units.length).toBeGreaterThan(0) // now and then the place is stored
    expect(await begun()).toHaveLength(2)
  })

  test('runs that ended are forgotten by age and by number, those that wait never', async () => {
    const moment = Date.now()
    const ended = async (id: number, hours: number): Promise<void> => {
      const at = new Date(moment - hours * 3_600_000)
      await engine.database.write(async (tx) => {
        const run = await runById(tx, id)
        if (run !== null) await changeRun(tx, run, { status: 'cancelled', document: run.document, ended: at, due: null })
        await keepSteps(tx, [{ run: id, seq: 1, document: {} }])
      })
    }
    const ids: number[] = []
    for (let i = 0; i < 5; i++) ids.push(await startRun(call, 'ledger', {}))
    const [waits = 0, ...over] = ids
    for (const [index, id] of over.entries()) await ended(id, index + 1)
    const forget = (hours: number, most: number): Promise<number> => engine.database.write((tx) => forgetRuns(tx, { before: new Date(moment - hours * 3_600_000), most }, 100))
    const there = async (): Promise<readonly number[]> => {
      const found = await Promise.all(ids.map((id) => runById(engine.database.read, id)))
      return found.flatMap((run) => (run === null ? [] : [run.id]))
    }
    expect(await forget(3.5, 100)).toBe(1)
    expect(await there()).toEqual([waits, ...over.slice(0, 3)])
    expect(await forget(100, 2)).toBe(1)
    expect(await there()).toEqual([waits, ...over.slice(0, 2)])
    expect(await engine.database.read.all('SELECT run_id FROM tessera_run_step', [])).toHaveLength(2)
    await ended(waits, 0)
    expect(await forget(0, 0)).toBe(3)
  })

  test('A-118 at every statement: each effect once, or told as not known', async () => {
    let n = 1
    while (!(await runDyingAt(n))) n += 1
    expect(n).toBeGreaterThan(15)
  }, 120_000)
})
