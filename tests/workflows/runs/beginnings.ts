/** What begins runs: changes, segments, the clock; once each. */
import { expect, test } from 'vitest'

import { SegmentFollower } from '../../../engine/operations/workflows/segments.js'
import { addJob } from '../../../engine/storage/own/jobs.js'
import { wakeRuns } from '../../../engine/workflows/runner.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import { workflow } from '../run-definitions.js'
import type { Stage } from '../runs-stage.js'

export function beginnings(stage: Stage): void {
  const { start, read, becomes, until, runsOf, tasksCalled } = stage

  test('a record that is created begins a workflow, when its condition holds', async () => {
    for (const [number, name] of [['T1', 'Trigger Street'], ['T2', 'Other Street']] as const) expect((await stage.app.admin.post('/api/records/store', { number, name })).status).toBe(201)
    await until(async () => (await tasksCalled('New shop Trigger Street')).length === 1)
    expect(await runsOf('shop')).toHaveLength(1)
  })

  test('the condition is asked of the record as the change left it, whatever it became before anybody looked', async () => {
    const [here, elsewhere] = await Promise.all(['Steep Street', 'Flat Street'].map(async (name) => ((await stage.app.admin.post('/api/records/store', { number: name, name })).body as { id: number }).id))
    const made = async (number: number): Promise<string> =>
      `/api/records/purchase/${String(((await stage.app.admin.post('/api/records/purchase', { number: `Quick ${String(number)}`, at: '2026-01-01T10:00:00Z', amount: 10, store: here ?? null, channel: 'store' })).body as { id: number }).id)}`
    const purchases = await Promise.all(Array.from({ length: 12 }, (_, number) => made(number)))
    // Versions 2 to 8: below, above, above but by another channel, below, above there and elsewhere, above, put away.
    const changes: readonly JsonObject[] = [{ amount: 15 }, { amount: 25 }, { channel: 'online' }, { amount: 18, channel: 'store' }, { amount: 30, store: elsewhere ?? null }, { store: here ?? null }]
    await Promise.all(purchases.map(async (purchase) => {
      for (const change of changes) expect((await stage.app.admin.patch(purchase, change)).status).toBe(200)
      expect((await stage.app.admin.delete(purchase)).status).toBe(204)
    }))
    expect((await stage.app.admin.post('/api/records/store', { number: 'T0', name: 'Trigger Last' })).status).toBe(201)
    await until(async () => (await tasksCalled('New shop Trigger Last')).length === 1) // changes are looked at in their order
    await until(async () => (await runsOf('steep')).every(({ status }) => status === 'completed'))
    const told = await Promise.all((await runsOf('steep')).map(({ id }) => read(id)))
    expect(told.map(({ output }) => (output as { of: number }).of).toSorted((a, b) => a - b)).toEqual([...purchases.map(() => 3), ...purchases.map(() => 7)])
  })

  test('a record that comes into a segment begins a workflow once, each time that it comes, and once when it goes', async () => {
    await stage.app.another() // two processes look at the same time
    const task = async (title: string): Promise<string> => `/api/records/task/${String(((await stage.app.admin.post('/api/records/task', { title, priority: 'high' })).body as { id: number }).id)}`
    const [first, second] = [await task('urgent one'), await task('urgent two')]
    await until(async () => (await runsOf('came')).filter(({ status }) => status === 'completed').length === 2)
    const told = await Promise.all((await runsOf('came')).map(({ id }) => read(id)))
    expect(told.map(({ output }) => output)).toEqual(expect.arrayContaining([{ was: 'urgent urgent one' }, { was: 'urgent urgent two' }]))
    expect(await runsOf('went')).toEqual([])
    expect(await stage.app.admin.patch(first, { priority: 'low' })).toMatchObject({ status: 200 })
    expect(await stage.app.admin.delete(second)).toMatchObject({ status: 204 })
    await until(async () => (await runsOf('went')).length === 2)
    expect(await stage.app.admin.patch(first, { priority: 'high' })).toMatchObject({ status: 200 })
    await until(async () => (await runsOf('came')).length === 3)
    expect((await stage.app.admin.get('/api/workflows/went')).body).toMatchObject({ segments: { urgent: expect.stringMatching(/^\d{4}-.*Z$/) as string, new: expect.stringMatching(/^\d{4}-.*Z$/) as string } })
  })

  test('who goes out of a segment because time passes is found by whoever looks next, by one of several, and runs hear it', async () => {
    const waits = (await becomes(await start('guard'), 'waiting')).id
    const { id } = (await stage.app.admin.post('/api/records/task', { title: 'new today' })).body as { id: number }
    expect(await becomes(waits, 'completed')).toMatchObject({ output: [{ entity: 'task', id, segment: 'new' }] })
    const before = (await runsOf('went')).length
    const nextWeek = new Date(Date.now() + 8 * 86_400_000)
    await until(async () => {
      await Promise.all([1, 2, 3].map(() => new SegmentFollower(stage.app.engine).look(nextWeek)))
      return (await runsOf('went')).length > before
    })
    const runs = (await runsOf('went')) as readonly { readonly record?: JsonObject }[]
    expect(runs.filter(({ record }) => record?.['id'] === id)).toHaveLength(1)
  })

  test('while values are computed anew nobody comes into a segment or goes out of it: what is empty until then is no reason', async () => {
    const { id } = (await stage.app.admin.post('/api/records/task', { title: 'urgent and computed', priority: 'high' })).body as { id: number }
    const wentOut = async (): Promise<number> => ((await runsOf('went')) as readonly { readonly record?: JsonObject }[]).filter(({ record }) => record?.['id'] === id).length
    await until(async () => ((await runsOf('came')) as readonly { readonly record?: JsonObject }[]).some(({ record }) => record?.['id'] === id))
    // A job of a folder that no process here reaches waits.
    const job = await stage.app.engine.database.write((tx) => addJob(tx, { kind: 'recalculate', input: { steps: [] }, owner: null, place: 'elsewhere' }, new Date()))
    expect(await stage.app.admin.patch(`/api/records/task/${String(id)}`, { priority: 'low' })).toMatchObject({ status: 200 })
    expect(await new SegmentFollower(stage.app.engine).look(new Date(Date.now() + 3_600_000))).toEqual({ began: false, more: false })
    expect(await wentOut()).toBe(0)
    await stage.app.engine.database.write((tx) => tx.run("UPDATE tessera_job SET state = 'done' WHERE id = ?", [job]))
    await until(async () => (await wentOut()) === 1)
  })

  test('A-120 a change that was rolled back begins nothing', async () => {
    const before = (await runsOf('shop')).length
    const answer = await stage.app.admin.post('/api/records/store/bulk', { create: [{ number: 'T3', name: 'Trigger A' }, { number: 'T1', name: 'Trigger A' }] })
    expect(answer.status).toBe(409)
    const { id } = (await stage.app.admin.post('/api/records/store', { number: 'T4', name: 'Trigger B' })).body as { id: number }
    await until(async () => (await runsOf('shop')).some((run) => (run as unknown as { record: { id: number } }).record.id === id))
    expect((await runsOf('shop')).length).toBe(before + 1)
  })

  test('A-119 a change that was committed begins its workflow, although nobody looked at it before the process died', async () => {
    // A process that writes and moves nothing: as if it died right after the commit.
    const before = (await runsOf('shop')).length
    const made = (await stage.app.admin.post('/api/records/store', { number: 'T5', name: 'Trigger C' })).body as { id: number }
    const other = await stage.app.another()
    await until(async () => (await runsOf('shop')).some((run) => (run as unknown as { record: { id: number } }).record.id === made.id))
    expect((await runsOf('shop')).length).toBe(before + 1)
    expect(other.url).not.toBe(stage.app.url)
  })

  test('what another process published begins with the next change, whichever process follows', async () => {
    const other = await stage.app.another()
    const late = workflow('late', [{ seen: { set: { seen: true } } }], { schedule: { on: { one: { with: { type: 'crm.team.created' } } } } }, { role: 'admin' })
    expect(await other.admin.patch('/api/definitions/draft', [{ op: 'add', path: '/workflows~1late.json', value: late }])).toMatchObject({ status: 200 })
    expect(await other.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
    expect(await other.admin.post('/api/records/team', { name: 'Late team' })).toMatchObject({ status: 201 })
    await until(async () => (await runsOf('late')).some(({ status }) => status === 'completed'))
  })

  test('a workflow that changes what begins it ends with a word', async () => {
    const { id } = (await stage.app.admin.post('/api/records/task', { title: 'quiet' })).body as { id: number }
    expect((await stage.app.admin.patch(`/api/records/task/${String(id)}`, { title: 'circle' })).status).toBe(200)
    await until(async () => (await runsOf('circle')).some(({ status }) => status === 'faulted'))
    const runs = await runsOf('circle')
    expect(runs.find(({ status }) => status === 'faulted')?.error?.title).toContain('circles')
    expect(runs.filter(({ status }) => status === 'completed')).toHaveLength(6)
  })

  test('A-128 moments that were missed are caught up once, whether a process slept or the clock was put forward or back', async () => {
    const mark = "name = 'workflows clock yearly'"
    const next = async (): Promise<number> => {
      const [row] = await stage.app.engine.database.read.all(`SELECT value FROM tessera_meta WHERE ${mark}`, [])
      return row === undefined ? 0 : (JSON.parse(String(row['value'])) as { next: number }).next
    }
    await until(async () => (await next()) > Date.now())
    const planned = await next()
    const day = 86_400_000
    for (const [then, count] of [[Date.now() - 3 * day, 1], [Date.now() - 1, 2]] as const) {
      await stage.app.engine.database.write((tx) => tx.run(`UPDATE tessera_meta SET value = replace(value, ?, ?) WHERE ${mark}`, [String(planned), String(then)]))
      await until(async () => (await next()) === planned)
      await until(async () => (await runsOf('yearly')).filter(({ status }) => status === 'completed').length === count)
    }
    // Put back: the moment that is planned stays, and what ran does not run again.
    wakeRuns(stage.app.engine)
    await becomes(await start('hello', { name: 'after' }), 'completed')
    expect(await runsOf('yearly')).toHaveLength(2)
  })
}
