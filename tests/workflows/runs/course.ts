/** How a run goes on, waits, fails, is repaired, and what it keeps to. */
import { expect, test } from 'vitest'

import { beginRunning, wakeRuns } from '../../../engine/workflows/runner.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Answer } from '../../support/client.js'
import { workflow } from '../run-definitions.js'
import type { Stage, ToldRun } from '../runs-stage.js'

export function course(stage: Stage): void {
  const { start, read, becomes, until, runsOf, repair } = stage

  test('a run goes to its end and is told with its steps', async () => {
    expect(await becomes(await start('hello', { name: 'Ada' }), 'completed')).toMatchObject({ output: { hello: 'Ada!' }, input: { name: 'Ada' }, error: null, steps: [{ path: '/do/0/greet', status: 'completed' }, { path: '/do/1/again', status: 'completed' }] })
  })

  test('a run waits, is held, goes on and is cancelled, each with a reason', async () => {
    const id = await start('patient')
    expect(await becomes(id, 'waiting')).toMatchObject({ steps: [{ name: 'wait', status: 'waiting' }] })
    expect(await repair(id, 'resume')).toMatchObject({ status: 409, body: { code: 'run.state' } })
    expect((await repair(id, 'suspend')).body).toMatchObject({ status: 'suspended' })
    expect((await repair(id, 'resume')).status).toBe(200)
    await becomes(id, 'waiting', 'running')
    expect((await stage.app.admin.post(`/api/workflows/runs/${id}/cancel`, {})).status).toBe(400)
    expect((await repair(id, 'cancel')).body).toMatchObject({ status: 'cancelled', repairs: [{ repair: 'suspend' }, { repair: 'resume' }, { repair: 'cancel', reason: 'a test' }] })
    expect((await repair(id, 'resume')).status).toBe(409)
  })

  test('runs hear what other runs send', async () => {
    const id = await start('ear')
    await becomes(id, 'waiting')
    await becomes(await start('mouth', { what: 'hello' }), 'completed')
    expect(await becomes(id, 'completed')).toMatchObject({ output: [{ said: 'hello' }] })
  })

  test('runs hear what happens to records', async () => {
    const id = await start('awaiting')
    await becomes(id, 'waiting')
    const { id: task } = (await stage.app.admin.post('/api/records/task', { title: 'heard' })).body as { id: number }
    expect(await becomes(id, 'completed')).toMatchObject({ output: [{ entity: 'task', id: task }] })
  })

  test('a run waits for the run that it began', async () => {
    expect(await becomes(await start('outer'), 'completed')).toMatchObject({ output: { hello: 'inner!' } })
  })

  test('what a run begins and does not wait for begins, although the run is over', async () => {
    const before = (await runsOf('hello')).length
    expect(await becomes(await start('scatter', { all: ['a', 'b', 'c'] }), 'completed')).toMatchObject({ error: null })
    await until(async () => (await runsOf('hello')).filter(({ status }) => status === 'completed').length === before + 3)
  })

  test('A-123 a step that fails is told, and the run goes on from it when it is tried again or skipped', async () => {
    const id = await start('ask', { id: 99 })
    expect(await becomes(id, 'faulted')).toMatchObject({ error: { status: 404, instance: '/do/0/get' }, steps: [{ name: 'get', status: 'faulted' }] })
    // Those who may repair it are told, once a day for each workflow.
    const told = async (): Promise<readonly JsonObject[]> => ((await stage.app.admin.get('/api/notifications')).body as { items: readonly JsonObject[] }).items.filter(({ text }) => typeof text === 'string' && text.includes('“ask”'))
    await becomes(await start('ask', { id: 97 }), 'faulted')
    expect(await told()).toMatchObject([{ text: 'Runs of the workflow “ask” fail. Studio › Processes › Runs says where and why.' }])
    expect((await repair(id, 'retry')).status).toBe(200)
    await until(async () => stage.service.asked.filter(({ request }) => request === 'GET /pet/99').length === 2)
    await becomes(id, 'faulted')
    expect(new Set(stage.service.asked.filter(({ request }) => request === 'GET /pet/99').map(({ key }) => key)).size).toBe(1)
    expect((await repair(id, 'skip', { output: { statusCode: 200, content: { name: 'by hand' } } })).status).toBe(200)
    expect(await becomes(id, 'completed')).toMatchObject({ output: { name: 'by hand' } })
  })

  test('runs under way go on by a new version: steps keep their places by name or by what is said, and what has none is told', async () => {
    const task = ((await stage.app.admin.post('/api/records/task', { title: 'of a stuck run' })).body as { id: number }).id
    const [house, other, stuck] = [await start('house'), await start('house'), await start('stuck', { task })]
    for (const id of [house, other]) await becomes(id, 'waiting')
    await becomes(stuck, 'faulted')
    const move = (name: string, body: JsonObject, query = ''): Promise<Answer> => stage.app.admin.post(`/api/workflows/${name}/move${query}`, body)
    const next = {
      house: workflow('house', [{ extra: { set: '${ data }' } }, { first: { set: '${ data }' } }, { rest: { listen: { to: { one: { with: { type: 'test.called' } } } } } }, { last: { set: { version: 2 } } }]),
      stuck: workflow('stuck', [{ before: { set: { kept: true } } }, { change: { call: 'crm.create', with: { entity: 'task', values: { title: 'made by a repaired run' } } } }, { end: { set: { title: '${ data.title }' } } }], {}, { role: 'admin' }),
    }
    await stage.app.admin.patch('/api/definitions/draft', Object.entries(next).map(([name, value]) => ({ op: 'replace', path: `/workflows~1${name}.json`, value })))
    const { version } = (await stage.app.admin.post('/api/definitions/publish', {})).body as { version: number }
    const gone = [house, other].map((run) => ({ run, obstacles: [{ path: '/do/1/nap', name: 'nap', reason: 'gone' }] }))
    expect(await move('house', {}, '?dryRun=true')).toMatchObject({ status: 200, body: { to: version, moved: [], refused: gone, more: false } })
    expect((await move('house', { mapping: { '/do/1/nap': '/do/3/last' } }, '?dryRun=true')).body).toMatchObject({ refused: [{ obstacles: [{ reason: 'kind' }] }, {}] })
    expect((await move('house', { mapping: { '/do/1/nap': '/do/9/none' } }, '?dryRun=true')).body).toMatchObject({ refused: [{ obstacles: [{ reason: 'elsewhere' }] }, {}] })
    expect(await move('house', { mapping: { '/do/1/nap': '/do/2/rest' } })).toMatchObject({ status: 400 })
    expect((await move('house', { runs: [house], mapping: { '/do/1/nap': '/do/2/rest' }, reason: 'a better way' })).body).toMatchObject({ moved: [house], refused: [] })
    expect(await becomes(house, 'waiting')).toMatchObject({ definitions: version, repairs: [{ repair: 'move', reason: 'a better way', to: version }], steps: [{ path: '/do/1/first' }, { path: '/do/2/rest', status: 'waiting' }] })
    await start('mouth', { what: 'wake up' })
    expect(await becomes(house, 'completed')).toMatchObject({ output: { version: 2 } })
    expect(await becomes(other, 'completed')).toMatchObject({ output: { version: 1 } })
    expect((await move('house', { runs: [house], reason: 'too late' })).body).toMatchObject({ moved: [], refused: [] })
    expect((await move('stuck', { runs: [stuck], reason: 'another function' })).body).toMatchObject({ refused: [{ run: stuck, obstacles: [{ path: '/do/1/change', reason: 'kind' }] }] })
    await stage.app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1stuck.json', value: workflow('stuck', [{ before: { set: { kept: true } } }, { change: { call: 'crm.update', with: { entity: 'task', id: '${ workflow.input.task }', values: { state: 'done' } } } }], {}, { role: 'admin' }) }])
    await stage.app.admin.post('/api/definitions/publish', {})
    expect((await move('stuck', { runs: [stuck], reason: 'the task is named' })).body).toMatchObject({ moved: [stuck] })
    expect(await repair(stuck, 'retry')).toMatchObject({ status: 200 })
    expect(await becomes(stuck, 'completed')).toMatchObject({ output: { id: task, state: 'done' } })
    expect(await (await stage.app.as(['manager'])).post('/api/workflows/stuck/move', { reason: 'mine' })).toMatchObject({ status: 403 })
  })

  test('A-124 runs keep to the version with which they began', async () => {
    const id = await start('patient')
    await becomes(id, 'waiting')
    const changed = workflow('patient', [{ wait: { wait: 'PT0S' } }, { after: { set: { done: 'otherwise' } } }])
    expect((await stage.app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1patient.json', value: changed }])).status).toBe(200)
    expect((await stage.app.admin.post('/api/definitions/publish', {})).status).toBe(201)
    await stage.app.engine.database.write((tx) => tx.run('UPDATE tessera_run SET due_at = created_at WHERE id = ?', [Number(id)]))
    wakeRuns(stage.app.engine)
    expect(await becomes(await start('patient'), 'completed')).toMatchObject({ output: { done: 'otherwise' } })
    expect((await read(id)).status).toBe('waiting')
    await repair(id, 'cancel')
  })

  test('A-122 what ended stays as it ended, whoever starts anew', async () => {
    const ended = async (): Promise<readonly string[]> => ((await stage.app.admin.get('/api/workflows/runs?limit=100')).body as { runs: readonly ToldRun[] }).runs.filter(({ status }) => ['completed', 'faulted', 'cancelled'].includes(status)).map(({ id, status }) => `${id} ${status}`)
    await becomes(await start('hello', { name: 'first' }), 'completed')
    await becomes(await start('ask', { id: 98 }), 'faulted')
    const waits = await start('ear')
    await becomes(waits, 'waiting')
    await repair(waits, 'cancel')
    const before = await ended()
    expect(before.length).toBeGreaterThan(2)
    const again = beginRunning(stage.app.engine, { pollMilliseconds: 20 })
    await becomes(await start('hello', { name: 'later' }), 'completed')
    await again()
    expect(await ended()).toEqual(expect.arrayContaining([...before]))
    // Of two whose calls are out one is cancelled: the answer that comes then changes nothing any more.
    const [cancelled, other] = [await start('held'), await start('held')]
    await until(async () => Promise.resolve(stage.service.asked.filter(({ request }) => request === 'GET /held').length === 2))
    expect(await repair(cancelled, 'cancel')).toMatchObject({ status: 200 })
    stage.service.release()
    await becomes(other, 'completed')
    await becomes(await start('hello', { name: 'last' }), 'completed')
    expect(await read(cancelled)).toMatchObject({ status: 'cancelled', output: null })
  })
}
