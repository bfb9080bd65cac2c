/** A-118 with real processes: runs whose process is killed (-9) at random moments, on both databases. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openEngine } from '../../engine/compose.js'
import { readConfig, type Config } from '../../engine/config.js'
import { firstPublish } from '../../engine/first-start.js'
import { callOf, type Engine } from '../../engine/operations/call.js'
import { userActor } from '../../engine/operations/people/actor-of.js'
import { startRun } from '../../engine/operations/workflows/begin.js'
import { Lead } from '../../engine/operations/workflows/lead.js'
import { compiledScript } from '../support/compiled.js'
import { clonedDatabase, databaseKinds, type TestDatabase } from '../support/databases.js'
import { startService, type Service } from './service.js'

const layers = ['metadata/core', 'tests/packs/ledger'].map((layer) => join(import.meta.dirname, '../..', layer)).join(',')
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const count = 1_000
/** A process is killed whenever so many more runs have ended. */
const killedAfter = 250

describe.each(databaseKinds)('processes that are killed on %s', (kind) => {
  let script: string
  let database: TestDatabase
  let service: Service
  let engine: Engine
  const children: ChildProcess[] = []
  const configOf = (url: string): Config => readConfig({ DATABASE_URL: url, TESSERA_LAYERS: layers, TESSERA_ADMIN_EMAIL: 'admin@example.com', TESSERA_ADMIN_PASSWORD: 'a password of tests' })
  beforeAll(async () => {
    script = await compiledScript(join(import.meta.dirname, 'kill-child.ts'))
    service = await startService()
    database = await clonedDatabase(kind, layers, async (url) => {
      const first = await openEngine(configOf(url), quiet)
      await firstPublish(first, configOf(url))
      await first.database.close()
    })
    engine = await openEngine(configOf(database.url), quiet)
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await engine.database.close()
    await database.drop()
    await service.close()
  })

  const ended = async (): Promise<number> => Number((await engine.database.read.all('SELECT count(*) AS n FROM tessera_run WHERE ended_at IS NOT NULL', []))[0]?.['n'])

  /** Starts a process and kills it when `most` runs have ended; gives how many have. */
  async function runUntil(most: number): Promise<number> {
    const child = spawn(process.execPath, [script, database.url, layers], { stdio: ['ignore', 'ignore', 'inherit'] })
    const gone = once(child, 'exit')
    children.push(child)
    const late = Date.now() + 90_000
    let now = await ended()
    while (now < most) {
      if (child.exitCode !== null || Date.now() > late) throw new Error(`the process came to ${String(now)} of ${String(most)} runs`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      now = await ended()
    }
    child.kill('SIGKILL')
    await gone
    return ended()
  }

  test('of several processes on PostgreSQL one follows for all; the next one does when it ended, or was silent, whatever the time of day', async () => {
    if (kind === 'sqlite') return // one process serves a file
    let now = 0
    const [one, two] = [new Lead(engine, 'one', () => now), new Lead(engine, 'two', () => now)]
    expect([await one.holds(), await two.holds()]).toEqual([true, false])
    for (; now < 20_000; now += 500) expect([await one.holds(), await two.holds()]).toEqual([true, false])
    await one.release()
    expect([await two.holds(), await one.holds()]).toEqual([true, false])
    now += 2_900 // the other one was killed, and this one waits out its silence
    expect(await one.holds()).toBe(false)
    now += 200
    expect([await one.holds(), await two.holds()]).toEqual([true, false])
    await one.release()
  })

  test(`A-118 ${String(count)} runs and kill -9 at random moments: each effect once, approvals and deliveries too, or told as not known; none lost, none stuck`, async () => {
    const actor = await userActor(engine, 1)
    if (actor === null) throw new Error('there is no administrator')
    const call = callOf(engine, actor)
    for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => startRun(call, 'ledger', { title: `ledger ${String(i + k)}`, url: `${service.url}/pet/1`, ...((i + k) % 15 === 0 ? { asks: true } : {}) })))
    let kills = 0
    for (let now = 0; now < count; kills += 1) {
      now = await runUntil(Math.min(count, now + killedAfter))
      // The leases of the dead are over: nobody waits a minute for them.
      await engine.database.write((tx) => tx.run('UPDATE tessera_run SET due_at = created_at WHERE runner IS NOT NULL AND ended_at IS NULL', []))
    }
    expect(kills).toBeGreaterThan(2)
    const runs = await engine.database.read.all('SELECT id, status, runner, document FROM tessera_run ORDER BY id', [])
    expect(runs).toHaveLength(count)
    expect(runs.filter(({ status, runner }) => status !== 'completed' || runner !== null)).toEqual([])
    const { table = '', fields } = call.model.entities.get('task') ?? {}
    const titles = (await engine.database.read.all(`SELECT "${fields?.get('title')?.columns[0]?.name ?? ''}" AS title FROM "${table}"`, [])).map(({ title }) => String(title))
    expect(titles.toSorted()).toEqual(Array.from({ length: count }, (_, i) => [`ledger ${String(i)} first`, `ledger ${String(i)} last`]).flat().toSorted())
    const sent = new Map<string, number>()
    for (const { key } of service.asked.filter(({ headers }) => headers['webhook-id'] === undefined)) {
      const id = /^run-(\d+)-/.exec(key ?? '')?.[1] ?? ''
      sent.set(id, (sent.get(id) ?? 0) + 1)
    }
    for (const { id, document } of runs) {
      const { state } = JSON.parse(String(document)) as { readonly state: { readonly output: { readonly unknown: boolean } } }
      const times = sent.get(String(id)) ?? 0
      expect(state.output.unknown ? times <= 1 : times === 1, `run ${String(id)}: sent ${String(times)}, unknown ${String(state.output.unknown)}`).toBe(true)
    }
    expect(await engine.database.read.all('SELECT id FROM tessera_run_inbox', [])).toEqual([])
    // People were asked once, and their answer counted once; a message that went out again after a crash has the name that it had.
    const asks = Array.from({ length: count }, (_, i) => `ledger ${String(i)}`).filter((_, i) => i % 15 === 0)
    const questions = await engine.database.read.all('SELECT DISTINCT run_id, seq FROM tessera_approval', [])
    expect(questions).toHaveLength(asks.length)
    expect(await engine.database.read.all("SELECT state FROM tessera_approval WHERE state <> 'approved' OR ended_at IS NULL", [])).toEqual([])
    expect((await engine.database.read.all('SELECT id FROM tessera_approval', []))).toHaveLength(asks.length)
    const names = new Map<string, Set<string>>()
    for (const { headers, body } of service.asked.filter((one) => one.headers['webhook-id'] !== undefined)) {
      const { data: { title } } = JSON.parse(body) as { readonly data: { readonly title: string } }
      names.set(title, (names.get(title) ?? new Set()).add(String(headers['webhook-id'])))
    }
    expect([...names.keys()].toSorted()).toEqual(asks.toSorted())
    expect([...names.values()].filter(({ size }) => size !== 1)).toEqual([])
    expect(new Set([...names.values()].flatMap((one) => [...one])).size).toBe(asks.length)
  }, 240_000)
})
