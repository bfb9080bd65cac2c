/** What runs may, who may see them, and what a workflow may name. */
import { expect, test } from 'vitest'

import { workflow } from '../run-definitions.js'
import type { Stage, ToldRun } from '../runs-stage.js'

export function rights(stage: Stage): void {
  const { start, becomes } = stage

  test('what a run reads with the rights of a role is not told to who started it', async () => {
    const clerk = await stage.app.as(['clerk'])
    const { id } = (await clerk.post('/api/workflows/spy/runs', {})).body as ToldRun
    expect((await becomes(id, 'completed')).output).not.toEqual([])
    const seen = (await clerk.get(`/api/workflows/runs/${id}`)).body as ToldRun
    expect(seen).toMatchObject({ status: 'completed', output: null, steps: [{ name: 'look', status: 'completed', input: null, output: null }] })
    expect(JSON.stringify(seen)).not.toContain('admin@example.com')
  })

  test('A-126 what calls and conditions name has to exist, and each problem says where it lies', async () => {
    const tasks = [
      { make: { call: 'crm.create', with: { entity: 'shop', values: {} } } },
      { find: { call: 'crm.find', with: { entity: 'task', filter: { $or: [{ titel: 'x' }, { 'assignee.nobody': 1 }] }, sort: '-when' } } },
      { loop: { for: { in: '${ data }' }, do: [{ change: { call: 'crm.update', with: { entity: 'task', id: 1, values: { titel: '${ data.x }' } } } }] } },
      { any: { call: 'crm.update', with: { entity: '${ data.entity }', id: 1, values: { whatever: 1 } } } },
    ]
    const path = '/workflows~1wrong.json'
    expect((await stage.app.admin.patch('/api/definitions/draft', [{ op: 'add', path, value: workflow('wrong', tasks, { schedule: { on: { one: { with: { type: 'crm.task.changed', fields: ['gone'], where: { gone: 1 } } } } } }, { role: 'admin' }) }])).status).toBe(200)
    const { problems } = (await stage.app.admin.post('/api/definitions/publish', {})).body as { readonly problems: readonly { readonly path: string; readonly message: string }[] }
    expect(problems.map((one) => one.path.replace('workflows/wrong.json#', '')).toSorted()).toEqual([
      '/do/0/make/with/entity', '/do/1/find/with/filter/$or/0/titel', '/do/1/find/with/filter/$or/1/assignee.nobody', '/do/1/find/with/sort', '/do/2/loop/do/0/change/with/values/titel', '/schedule/on/one/with/fields/0', '/schedule/on/one/with/where',
    ])
    expect((await stage.app.admin.patch('/api/definitions/draft', [{ op: 'remove', path }])).status).toBe(200)
  })

  test('A-040 who may not start, see or repair a workflow does not know that it is there', async () => {
    const [manager, clerk] = [await stage.app.as(['manager']), await stage.app.as(['clerk'])]
    expect((await clerk.post('/api/workflows/hello/runs', {})).body).toMatchObject({ status: 404, code: 'workflow.unavailable' })
    expect((await clerk.post('/api/workflows/nothing/runs', {})).body).toMatchObject({ status: 404, code: 'workflow.unavailable' })
    const { workflows } = (await manager.get('/api/workflows')).body as { workflows: readonly { name: string }[] }
    expect(workflows.map(({ name }) => name).toSorted()).toEqual(['called', 'hello', 'welcome'])
    const own = (await manager.post('/api/workflows/hello/runs', { input: { name: 'M' } })).body as ToldRun
    const foreign = await start('hello', { name: 'A' })
    expect((await manager.get(`/api/workflows/runs/${own.id}`)).status).toBe(200)
    expect((await manager.get(`/api/workflows/runs/${foreign}`)).body).toMatchObject({ status: 404, code: 'run.unavailable' })
    expect((await manager.post(`/api/workflows/runs/${own.id}/cancel`, { reason: 'mine' })).status).toBe(403)
    expect((await clerk.post('/api/workflows/forbidden/runs', { record: { entity: 'store', id: 999_999 } })).body).toMatchObject({ status: 404, code: 'record.unavailable' })
  })

  test('A-126 a run that gives something to somebody who is not there any more fails, and says at which field', async () => {
    const run = await becomes(await start('remind', { who: 999_999 }), 'faulted')
    expect(run).toMatchObject({ error: { status: 422, instance: '/do/0/note' }, steps: [{ name: 'note', status: 'faulted' }] })
    expect((run.error as unknown as { readonly detail: string }).detail).toMatch(/assignee/)
  })

  test('a run has the rights of who started it', async () => {
    const clerk = await stage.app.as(['clerk'])
    const run = (await clerk.post('/api/workflows/forbidden/runs', {})).body as ToldRun
    expect(await becomes(run.id, 'faulted')).toMatchObject({ error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/authorization', status: 403, instance: '/do/0/make' } })
  })
}
