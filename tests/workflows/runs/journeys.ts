/** The workflows of the retail pack, as runs. */
import { expect, test } from 'vitest'

import { markLate } from '../../../engine/operations/notifications/limits.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import escalate from '../../../metadata/retail/workflows/escalate.json' with { type: 'json' }
import type { Stage } from '../runs-stage.js'

export function journeys(stage: Stage): void {
  const { start, becomes, until, runsOf, tasksCalled } = stage

  test('the welcome journey of the pack may ask somebody to call the member', async () => {
    const member = ((await stage.app.admin.post('/api/records/member', { name: 'Ida Quiet' })).body as { id: number }).id
    const begun = await stage.app.admin.post('/api/workflows/called/runs', { record: { entity: 'member', id: member } })
    expect(await becomes((begun.body as { id: string }).id, 'completed', 'faulted')).toMatchObject({ error: null, status: 'completed' })
    expect(await tasksCalled('Call the new member, who has bought nothing yet')).toMatchObject([{ about: { entity: 'member', id: member } }])
  })

  test('a case that is late is told to the managers of the pack, and handed over to one of them when nobody answers it', async () => {
    const [lead, lin] = [await stage.app.as(['manager']), await stage.app.as(['manager'], { locale: 'zh-CN' })]
    const store = ((await stage.app.admin.post('/api/records/store', { number: 'L1', name: 'Late Street' })).body as { id: number }).id
    const { id } = (await stage.app.admin.post('/api/records/case', { subject: 'Nobody answers', store })).body as { id: number }
    await markLate(stage.app.engine, new Date(Date.now() + 30 * 86_400_000))
    await until(async () => (await runsOf('escalate')).length > 0)
    const [run] = await runsOf('escalate')
    expect(await becomes(run?.id ?? '', 'waiting', 'faulted')).toMatchObject({ status: 'waiting', error: null, record: { entity: 'case', id } })
    for (const [manager, text] of [[lead, 'This case is over its time limit'], [lin, '此工单已超过时限']] as const) expect((await manager.get('/api/notifications')).body).toMatchObject({ items: [{ text }] })
    // A day later, by the clock of a simulation.
    const tried = await stage.app.admin.post('/api/workflows/simulate', { definition: escalate as unknown as Json, input: [{ data: { id } }], clock: { start: '2026-01-05T08:00:00Z', until: '2026-01-07T08:00:00Z' }, effects: { answers: { findIt: [{ id }], handOver: { id, assignee: 1 } } } })
    expect(tried.body).toMatchObject({ status: 'completed', clock: '2026-01-06T08:00:00.000Z' })
    expect(await becomes(await start('overdue', [{ data: { id } }]), 'completed', 'faulted')).toMatchObject({ status: 'completed', error: null })
    const [task] = await tasksCalled('Answer this case, which has been late for a day')
    expect(task).toMatchObject({ about: { entity: 'case', id }, priority: 'high' })
    expect((await stage.app.admin.get(`/api/records/case/${String(id)}`)).body).toMatchObject({ assignee: task?.assignee })
  })

  test('the nightly job of the pack asks somebody to call members who stay away, once', async () => {
    const store = ((await stage.app.admin.post('/api/records/store', { number: 'N1', name: 'Night Street' })).body as { id: number }).id
    const bought = async (name: string, days: number): Promise<number> => {
      const { id } = (await stage.app.admin.post('/api/records/member', { name })).body as { id: number }
      expect((await stage.app.admin.post('/api/records/purchase', { number: `N-${name}`, member: id, store, amount: 5, at: new Date(Date.now() - days * 86_400_000).toISOString() })).status).toBe(201)
      return id
    }
    const away = await bought('Away', 183)
    for (const [name, days] of [['Here', 20], ['Gone', 400]] as const) await bought(name, days)
    for (let night = 0; night < 2; night++) expect(await becomes(await start('winBack'), 'completed', 'faulted')).toMatchObject({ status: 'completed', error: null })
    expect(await tasksCalled('Call the member, who has bought nothing for half a year')).toMatchObject([{ about: { entity: 'member', id: away } }])
  })

  test('a gold member who comes into the segment of the pack is called by the home store, once', async () => {
    const made = async (entity: string, values: JsonObject): Promise<number> => ((await stage.app.admin.post(`/api/records/${entity}`, values)).body as { id: number }).id
    const store = await made('store', { number: 'G1', name: 'Gold Street' })
    const clerk = await stage.app.as(['clerk'], { stores: [store] })
    const id = await made('member', { name: 'Golden', tier: 'gold', store })
    await made('purchase', { number: 'G-1', member: id, store, amount: 5, at: new Date(Date.now() - 100 * 86_400_000).toISOString() })
    await until(async () => (await runsOf('goldAway')).some(({ status }) => status === 'waiting'))
    expect((await clerk.get(`/api/records/task?filter=${encodeURIComponent(JSON.stringify({ title: { $startsWith: 'Call this gold member' } }))}`)).body).toMatchObject({ records: [{ about: { entity: 'member', id }, priority: 'high' }] })
  })
}
