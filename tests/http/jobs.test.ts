/** Work in the background: every chunk counts once, whoever dies, overtakes or cancels. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { Problem } from '../../engine/errors.js'
import type { JobKind } from '../../engine/operations/jobs/contract.js'
import { nudge, startRunner, type Runner, type RunnerOptions } from '../../engine/operations/jobs/runner.js'
import { addJob, type NewJob } from '../../engine/storage/own/jobs.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { databaseKinds } from '../support/databases.js'

interface Counting extends JsonObject {
  readonly name: string
  readonly chunks: number
}
interface Counted extends JsonObject {
  readonly next: number
}

/** Adds one to a counter per chunk; `before` is called outside of the unit, with the number of the chunk. */
const counting = (before: (chunk: number, name: string) => Promise<void> | void = () => undefined): JobKind<Counting, Counted> => ({
  kind: 'count',
  async *chunks({ input: { name, chunks } }, state) {
    for (let next = (state?.next ?? 0) + 1; next <= chunks; next++) {
      await before(next, name)
      yield async (tx) => {
        await tx.run('INSERT INTO tessera_counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = tessera_counter.value + 1', [name])
        return { checkpoint: { next }, done: next, total: chunks }
      }
    }
  },
})

/** A promise and the function that keeps it. */
function gate(): readonly [Promise<void>, () => void] {
  let open = (): void => undefined
  return [new Promise<void>((resolve) => (open = resolve)), () => open()]
}

describe.each(databaseKinds)('jobs on %s', (database) => {
  let app: App
  let runners: Runner[]
  beforeEach(async () => {
    app = await startApp({ database })
    runners = []
  })
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()))
    await app.close()
  })

  const run = (kind: JobKind, options: RunnerOptions = {}, where: App = app): Runner => {
    const runner = startRunner(where.engine, [kind], { retryMilliseconds: 1, pollMilliseconds: 20, ...options })
    runners.push(runner)
    return runner
  }
  const add = async (job: Partial<NewJob> & { readonly input: Counting }): Promise<number> => {
    const id = await app.engine.database.write((tx) => addJob(tx, { kind: 'count', owner: null, ...job }, new Date()))
    nudge(app.engine.database)
    if (id === null) throw new Error('there is one already')
    return id
  }
  const job = async (id: number): Promise<JsonObject> => (await app.admin.get(`/api/jobs/${id}`)).body as JsonObject
  const becomes = async (id: number, state: string): Promise<void> => {
    await expect.poll(async () => (await job(id))['state'], { timeout: 10_000, interval: 20 }).toBe(state)
  }
  const count = async (name: string): Promise<number> => Number((await app.engine.database.read.all('SELECT value FROM tessera_counter WHERE name = ?', [name]))[0]?.['value'] ?? 0)

  test('two processes share the work and no chunk is done twice', async () => {
    run(counting())
    run(counting(), {}, await app.another())
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => add({ input: { name: `job ${i}`, chunks: 5 } })))
    for (const id of ids) await becomes(id, 'done')
    for (let i = 0; i < ids.length; i++) expect(await count(`job ${i}`)).toBe(5)
    expect(await job(ids[0] ?? 0)).toMatchObject({ done: 5, total: 5, error: null })
  })

  test('what broke off goes on behind the last chunk', async () => {
    let broken = 0
    run(counting((chunk) => {
      if (chunk === 3 && ++broken < 3) throw new Error('the network is away')
    }))
    const id = await add({ input: { name: 'bumpy', chunks: 4 } })
    await becomes(id, 'done')
    expect([broken, await count('bumpy')]).toEqual([3, 4])
  })

  test('what breaks off again and again at the same place ends, and goes on when it is told to', async () => {
    let fixed = false
    run(counting((chunk) => {
      if (chunk === 2 && !fixed) throw new Error('a fault of ours')
    }))
    const id = await add({ input: { name: 'broken', chunks: 3 } })
    await becomes(id, 'failed')
    expect(await job(id)).toMatchObject({ done: 1, error: { code: 'job.stuck' } })
    fixed = true
    expect((await app.admin.post(`/api/jobs/${id}/resume`)).status).toBe(200)
    await becomes(id, 'done')
    expect(await count('broken')).toBe(3)
  })

  test('what its owner can do something about ends it at once, in the words of the catalogue', async () => {
    run(counting(() => {
      throw new Problem('storage.full')
    }))
    const id = await add({ input: { name: 'full', chunks: 3 } })
    await becomes(id, 'failed')
    expect(await job(id)).toMatchObject({ error: { code: 'storage.full', detail: expect.stringContaining('free space') } })
  })

  test('A-163 a worker that was silent for too long and was overtaken writes nothing more', async () => {
    const [resume, go] = gate()
    const [arrived, arrive] = gate()
    const slow = run(counting((chunk) => {
      if (chunk !== 3) return undefined
      arrive()
      return resume
    }), { slots: 1 })
    const id = await add({ input: { name: 'overtaken', chunks: 4 } })
    await arrived
    // As if the first had been silent for longer than it may.
    await app.engine.database.write((tx) => tx.run("UPDATE tessera_job SET due_at = created_at WHERE state = 'running'", []))
    run(counting(), {}, app)
    await becomes(id, 'done')
    go()
    await slow.stop()
    expect(await count('overtaken')).toBe(4)
    expect(await job(id)).toMatchObject({ state: 'done', done: 4 })
  })

  test('a process that stops gives its job to another one, which goes on at once', async () => {
    const [arrived, arrive] = gate()
    const [resume, go] = gate()
    const first = run(counting((chunk) => {
      if (chunk !== 2) return undefined
      arrive()
      return resume
    }))
    const id = await add({ input: { name: 'handed on', chunks: 3 } })
    await arrived
    const stopped = first.stop()
    go()
    await stopped
    expect(await job(id)).toMatchObject({ state: 'waiting', done: 1 })
    run(counting())
    await becomes(id, 'done')
    expect(await count('handed on')).toBe(3)
  })

  test('a cancelled job stops before its next chunk and keeps what it did', async () => {
    const [arrived, arrive] = gate()
    const [resume, go] = gate()
    const runner = run(counting((chunk) => {
      if (chunk !== 2) return undefined
      arrive()
      return resume
    }))
    const id = await add({ input: { name: 'cancelled', chunks: 3 } })
    await arrived
    expect((await app.admin.post(`/api/jobs/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' })
    go()
    await runner.stop()
    expect([await count('cancelled'), (await job(id))['state']]).toEqual([1, 'cancelled'])
  })

  test('of jobs with one key only one is at work', async () => {
    const again = (): Promise<number | null> => app.engine.database.write((tx) => addJob(tx, { kind: 'count', owner: null, key: 'nightly', input: { name: 'k', chunks: 1 } }, new Date()))
    const id = await again()
    expect([typeof id, await again()]).toEqual(['number', null])
    run(counting())
    await becomes(Number(id), 'done')
    expect(await again()).not.toBeNull()
  })

  test('its owner and administrators see a job; for others there is none', async () => {
    const [owner, other] = [await app.as(['clerk'], { stores: [] }), await app.as(['clerk'], { stores: [] })]
    const me = (await owner.get('/api/session')).body as { readonly id: number }
    const id = await add({ owner: me.id, input: { name: 'mine', chunks: 1 }, about: { file: 'members.csv' } })
    expect((await owner.get(`/api/jobs/${id}`)).body).toMatchObject({ id, state: 'waiting', about: { file: 'members.csv' } })
    expect((await owner.get('/api/jobs')).body).toMatchObject({ jobs: [{ id }] })
    expect((await app.admin.get(`/api/jobs/${id}`)).status).toBe(200)
    expect((await other.get('/api/jobs')).body).toEqual({ jobs: [] })
    for (const answer of [await other.get(`/api/jobs/${id}`), await other.post(`/api/jobs/${id}/cancel`), await other.get('/api/jobs/999999'), await other.get('/api/jobs/x')]) expect([answer.status, (answer.body as JsonObject)['code']]).toEqual([404, 'job.unavailable'])
    expect(JSON.stringify(await job(id))).not.toContain('chunks')
  })

  test('operators see jobs that nobody takes', async () => {
    await add({ input: { name: 'waiting', chunks: 1 }, dueAt: new Date(Date.now() - 3_600_000) })
    const { text } = await app.admin.get('/metrics')
    expect(text).toContain('tessera_jobs{state="waiting"} 1')
    expect(text).toContain('tessera_jobs_stuck 1')
  })
})
