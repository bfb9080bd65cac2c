/** Saved views: whose they are, what others see of them, and what a change of the definitions leaves of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiSavedView, UiViews } from '../../metadata/contract/ui-model.js'
import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const path = '/api/views'
const wide: JsonObject = {
  kind: 'board', board: { by: 'tier', limits: { gold: 1 } }, columns: ['name', 'income', 'tier', 'store.rent'], sort: '-income,name', groupBy: ['tier', 'income'], totals: { name: 'count', income: 'avg' },
  filter: { tier: { $in: ['bronze', 'gold'] }, income: { $gt: 100 }, visits: { $some: { amount: { $gt: 1 } }, $count: { $gte: 1 } } },
}

describe.each(databaseKinds)('saved views on %s', (database) => {
  let app: App
  let admin: Client
  let clerk: Client
  let store: number

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access'] })
    admin = app.admin
    store = ((await admin.post('/api/records/store', { name: 'Here', region: 'north', rent: 5 })).body as { id: number }).id
    const member = await admin.post('/api/records/member', { name: 'Ann', store, income: 5000, tier: 'gold' })
    await admin.post('/api/records/visit', { member: (member.body as { id: number }).id, at: '2024-05-01T10:00:00Z', amount: 7 })
    await admin.post('/api/records/member', { name: 'Bob', store, income: 5, tier: 'silver' })
    clerk = await app.as(['clerk'], { stores: [store] })
  })
  afterAll(() => app.close())

  const save = async (who: Client, body: JsonObject): Promise<UiSavedView> => {
    const answer = await who.post(path, { entity: 'member', title: 'Mine', definition: wide, ...body })
    expect(answer, answer.text).toMatchObject({ status: 201 })
    return answer.body as UiSavedView
  }
  const seen = async (who: Client): Promise<UiViews> => (await who.get(path)).body as UiViews
  const one = async (who: Client, id: number): Promise<UiSavedView | undefined> => (await seen(who)).views.find((view) => view.id === id)
  const rows = async (who: Client, { filter, columns, sort }: UiSavedView): Promise<Answer> => who.get(address('/api/records/member', { filter: filter ?? {}, fields: columns.join(','), sort }))

  test('a view is kept as it was saved, changed by who has its present version, deleted and brought back', async () => {
    const made = await admin.post(path, { entity: 'member', title: ' Rich ', definition: wide })
    expect(made).toMatchObject({ status: 201, body: { title: 'Rich', columns: wide['columns'], sort: wide['sort'], filter: wide['filter'], board: wide['board'], mine: true, mayChange: true, roles: [], leftOut: { columns: 0, sort: 0, summaries: 0, filters: 0 } } })
    const { id, name } = made.body as UiSavedView
    expect(made.headers.get('location')).toBe(`${path}/${id}`)
    expect(made.headers.get('etag')).toBe('"1"')
    expect((await rows(admin, made.body as UiSavedView)).body).toMatchObject({ records: [{ name: 'Ann' }] })
    expect(await admin.patch(`${path}/${id}`, { title: 'Richer' }, { 'if-match': '"1"' })).toMatchObject({ status: 200, body: { title: 'Richer', version: 2, filter: wide['filter'] } })
    expect(await admin.patch(`${path}/${id}`, { title: 'Late' }, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'view.stale' } })
    expect(await admin.delete(`${path}/${id}`, { 'if-match': '"1"' })).toMatchObject({ status: 412 })
    expect(await admin.request('PUT', `${path}/first`, { body: { entity: 'member', view: name } })).toMatchObject({ status: 204 })
    expect((await seen(admin)).first).toEqual({ member: name })
    expect(await admin.delete(`${path}/${id}`, { 'if-match': '"2"' })).toMatchObject({ status: 204 })
    expect(await seen(admin)).toMatchObject({ first: {} })
    expect(await one(admin, id)).toBeUndefined()
    expect(await admin.patch(`${path}/${id}`, { title: 'Gone' })).toMatchObject({ status: 404 })
    expect(await admin.post(`${path}/${id}/restore`)).toMatchObject({ status: 200, body: { title: 'Richer' } })
    expect(await admin.post(`${path}/${id}/restore`)).toMatchObject({ status: 404 })
    expect((await seen(admin)).first).toEqual({ member: name })
    expect(await admin.request('PUT', `${path}/first`, { body: { entity: 'member', view: null } })).toMatchObject({ status: 204 })
    expect((await seen(admin)).first).toEqual({})
  })

  test('A-010 a shared view shows its reader what the reader may see: the rest is left out, counted and not named', async () => {
    const view = await save(admin, { title: 'For clerks', roles: ['clerk'] })
    const theirs = await one(clerk, view.id)
    expect(theirs).toMatchObject({ title: 'For clerks', mine: false, mayChange: false, roles: [], columns: ['name', 'tier'], sort: 'name', leftOut: { columns: 2, sort: 1, summaries: 2, filters: 1 }, totals: { name: 'count' }, groupBy: ['tier'], board: { by: 'tier' } })
    expect(JSON.stringify(theirs)).not.toMatch(/income|rent/)
    expect(theirs).not.toHaveProperty('lost')
    expect(theirs?.filter).toEqual({ $and: [{ tier: { $in: ['bronze', 'gold'] } }, { visits: { $some: { amount: { $gt: 1 } }, $count: { $gte: 1 } } }] })
    expect((await rows(clerk, theirs ?? view)).body).toMatchObject({ records: [{ name: 'Ann' }] })
    const names = await app.as(['names'])
    expect(await one(names, view.id)).toBeUndefined()
    await admin.patch(`${path}/${view.id}`, { roles: ['clerk', 'outsider', 'names'] })
    const named = await one(names, view.id)
    expect(named).toMatchObject({ columns: ['name'], leftOut: { columns: 3, sort: 1, summaries: 4, filters: 3 } })
    expect(named).not.toHaveProperty('board')
    expect((await seen(await app.as(['outsider']))).views).toEqual([])
  })

  test('A-010 a chart or a pivot table by what the reader may not read is rows for them, and is not saved by them', async () => {
    const simple: JsonObject = { kind: 'list', columns: ['name'] }
    const shapes: readonly JsonObject[] = [
      { kind: 'chart', chart: { type: 'bar', by: 'tier', measure: { avg: 'income' } } }, { kind: 'chart', chart: { type: 'line', by: 'joined:month', series: 'income' } }, { kind: 'chart', chart: { type: 'donut', by: 'store.rent' } },
      { kind: 'pivot', pivot: { rows: ['tier', 'income'] } }, { kind: 'pivot', pivot: { rows: ['tier'], columns: ['store.rent'] } }, { kind: 'pivot', pivot: { rows: ['tier'], measure: { max: 'income' } } },
    ]
    for (const shape of shapes) {
      const view = await save(admin, { roles: ['clerk'], definition: { ...simple, ...shape } })
      expect(view).toMatchObject(shape['kind'] === 'chart' ? { chart: shape['chart'] } : { pivot: shape['pivot'] })
      const theirs = await one(clerk, view.id)
      expect(theirs).toMatchObject({ columns: ['name'], leftOut: { columns: 0, sort: 0, summaries: 1, filters: 0 } })
      expect(JSON.stringify(theirs)).not.toMatch(/income|rent|chart|pivot/)
      expect(await clerk.post(path, { entity: 'member', title: 'x', definition: { ...simple, ...shape } })).toMatchObject({ status: 403, body: { code: 'access.field' } })
    }
    const fine: JsonObject = { kind: 'pivot', pivot: { rows: ['store.region', 'tier'], columns: ['joined:quarter'], measure: { count: true } } }
    expect(await save(clerk, { definition: { ...simple, ...fine } })).toMatchObject({ pivot: fine['pivot'] })
    const wrong: readonly JsonObject[] = [{ kind: 'chart' }, { kind: 'pivot' }, { kind: 'pivot', pivot: { rows: [] } }, { kind: 'chart', chart: { type: 'pie', by: 'tier' } }, { kind: 'chart', chart: { type: 'bar', by: 'name:month' } }, { kind: 'chart', chart: { type: 'bar', by: 'tier', measure: { sum: 'tier' } } }, { kind: 'chart', chart: { type: 'bar', by: 'tier', measure: { sum: 'income', avg: 'income' } } }]
    for (const definition of wrong) expect(await admin.post(path, { entity: 'member', title: 'x', definition: { ...simple, ...definition } }), JSON.stringify(definition)).toMatchObject({ status: 422, body: { code: 'view.invalid' } })
  })

  test('A-010 a calendar by a day that the reader may not read is rows for them, and is not saved by them', async () => {
    const simple: JsonObject = { kind: 'calendar', columns: ['name'] }
    const made: JsonObject = { ...simple, calendar: { by: 'joined', end: 'updatedAt', color: 'tier' } }
    const view = await save(admin, { roles: ['clerk', 'names'], definition: made })
    expect(view).toMatchObject({ calendar: made['calendar'], leftOut: { summaries: 0 } })
    expect(await one(clerk, view.id)).toMatchObject({ calendar: made['calendar'], leftOut: { summaries: 0 } })
    const theirs = await one(await app.as(['names']), view.id)
    expect(theirs).toMatchObject({ columns: ['name'], leftOut: { columns: 0, sort: 0, filters: 0 } })
    expect(JSON.stringify(theirs)).not.toMatch(/joined|tier|calendar/)
    const names = await app.as(['names'])
    for (const calendar of [{ by: 'joined' }, { by: 'nothing' }, { by: 'joined', color: 'tier' }]) expect(await names.post(path, { entity: 'member', title: 'x', definition: { ...simple, calendar } })).toMatchObject({ status: 403, body: { code: 'access.field' } })
    const wrong: readonly JsonObject[] = [{}, { calendar: {} }, { calendar: { by: 'name' } }, { calendar: { by: 'joined', end: 'tier' } }, { calendar: { by: 'joined', color: 'joined' } }, { calendar: { by: 'joined', unit: 'week' } }]
    for (const definition of wrong) expect(await admin.post(path, { entity: 'member', title: 'x', definition: { ...simple, ...definition } }), JSON.stringify(definition)).toMatchObject({ status: 422, body: { code: 'view.invalid' } })
  })

  test('A-010 a timeline in rows of what the reader may not read is without rows for them, and is not saved by them', async () => {
    const simple: JsonObject = { kind: 'timeline', columns: ['name'] }
    const view = await save(admin, { roles: ['clerk', 'names'], definition: { ...simple, timeline: { by: 'joined', end: 'updatedAt', color: 'tier', group: 'store' } } })
    expect(await one(clerk, view.id)).toMatchObject({ timeline: { by: 'joined', end: 'updatedAt', color: 'tier', group: 'store' } })
    const names = await app.as(['names'])
    expect(JSON.stringify(await one(names, view.id))).not.toMatch(/joined|tier|store|timeline/)
    for (const timeline of [{ by: 'joined' }, { by: 'createdAt', group: 'store' }]) expect(await names.post(path, { entity: 'member', title: 'x', definition: { ...simple, timeline } })).toMatchObject({ status: 403, body: { code: 'access.field' } })
    for (const timeline of [{ by: 'joined', group: 'name' }, { by: 'joined', end: 'tier' }]) expect(await admin.post(path, { entity: 'member', title: 'x', definition: { ...simple, timeline } }), JSON.stringify(timeline)).toMatchObject({ status: 422, body: { code: 'view.invalid' } })
  })

  test('A-010 a segment is its condition as the caller may ask it: who may not ask all of it does not know that it is there', async () => {
    const inside = async (who: Client, entity: string, filter: Json): Promise<unknown> => {
      const { status, body } = await who.get(address(`/api/records/${entity}`, { filter, fields: 'id', count: 'true' }))
      const { count, code, title } = body as JsonObject
      return status === 200 ? count : { status, code, title }
    }
    expect(await inside(admin, 'member', { id: { $segment: 'loyal' } })).toBe(1)
    expect(await inside(admin, 'member', { $not: { id: { $segment: 'loyal' } } })).toBe(1)
    expect(await inside(admin, 'member', { id: { $segment: 'richAndLoyal' }, tier: 'silver' })).toBe(0)
    expect(await inside(admin, 'visit', { member: { $segment: 'rich' } })).toBe(1)
    expect(await inside(admin, 'store', { members: { $some: { id: { $segment: 'rich' } }, $count: { $gte: 2 } } })).toBe(0)
    expect(await inside(clerk, 'member', { id: { $segment: 'loyal' } })).toBe(1)
    const stranger = await app.as(['clerk'], { stores: [] })
    expect(await inside(stranger, 'member', { $not: { id: { $segment: 'loyal' } } })).toBe(0)
    // Hidden, built on what is hidden, of another entity, and not there: one and the same.
    const refused = (name: string): JsonObject => ({ status: 403, code: 'access.field', title: `There is no field id in the segment “${name}” that you may use here` })
    for (const name of ['rich', 'richAndLoyal', 'nothing']) for (const filter of [{ id: { $segment: name } }, { $not: { id: { $segment: name } } }]) expect(await inside(clerk, 'member', filter), name).toEqual(refused(name))
    for (const filter of [{ id: { $segment: 'loyal' } }, { amount: { $segment: 'loyal' } }]) expect(await inside(clerk, 'visit', filter)).toMatchObject({ status: 403, code: 'access.field' })
    const known = async (who: Client): Promise<readonly string[]> => ((await who.get('/api/model')).body as { entities: Record<string, { segments?: readonly { name: string }[] }> }).entities['member']?.segments?.map(({ name }) => name) ?? []
    expect(await known(admin)).toEqual(['loyal', 'rich', 'richAndLoyal'])
    expect(await known(clerk)).toEqual(['loyal'])
    const view = await save(admin, { title: 'Rich', roles: ['clerk'], definition: { kind: 'list', columns: ['name'], filter: { id: { $segment: 'rich' } } } })
    expect(await one(clerk, view.id)).toMatchObject({ columns: ['name'], leftOut: { filters: 1 } })
    expect(JSON.stringify(await one(clerk, view.id))).not.toContain('$segment')
    const documents = (await admin.get('/api/definitions/uses?path=segments/rich.json')).body
    expect(documents).toEqual({ usedBy: ['segments/richAndLoyal.json'], uses: ['member/entity.json'] })
  })

  test('A-022 other people\'s views are as if they were not there, and shared ones are changed by their owner only', async () => {
    const own = await save(admin, {})
    const shared = await save(admin, { roles: ['clerk'] })
    const tries = (id: number): readonly Promise<Answer>[] => [clerk.patch(`${path}/${id}`, { title: 'Taken' }), clerk.delete(`${path}/${id}`), clerk.post(`${path}/${id}/restore`), clerk.request('PUT', `${path}/first`, { body: { entity: 'member', view: String(id) } })]
    const shape = ({ status, body }: Answer): unknown => ({ status, body: body === undefined ? undefined : { ...body, requestId: '' } })
    for (const [i, answer] of (await Promise.all(tries(own.id))).entries()) expect(shape(answer)).toEqual(shape((await Promise.all(tries(999_999)))[i] as Answer))
    expect((await Promise.all(tries(shared.id))).map(({ status }) => status)).toEqual([403, 403, 404, 204])
    expect(await one(admin, own.id)).toMatchObject({ title: 'Mine', version: 1 })
    const mine = await save(clerk, { definition: { kind: 'list', columns: ['name'] } })
    expect(await one(admin, mine.id)).toBeUndefined()
  })

  test('who may not share cannot, nor with a role that is not theirs, and what one may not read is not saved', async () => {
    const simple: JsonObject = { kind: 'list', columns: ['name'] }
    const tried = (who: Client, body: JsonObject): Promise<Answer> => who.post(path, { entity: 'member', title: 'x', definition: simple, ...body })
    for (const roles of [['clerk'], ['auditor'], ['nobody']]) expect(await tried(clerk, { roles })).toMatchObject({ status: 403, body: { code: 'view.roles' } })
    expect(await tried(admin, { roles: ['nobody'] })).toMatchObject({ status: 403, body: { code: 'view.roles' } })
    const teacher = await app.as(['auditor'])
    expect((await seen(teacher)).shareWith).toEqual([{ name: 'auditor', title: 'Auditor' }])
    expect(await tried(teacher, { roles: ['clerk'] })).toMatchObject({ status: 403 })
    expect(await tried(teacher, { roles: ['auditor'] })).toMatchObject({ status: 201, body: { roles: ['auditor'] } })
    // A field that is hidden and one that is not there look the same.
    const naming = (field: string): readonly JsonObject[] => [{ ...simple, columns: [field] }, { ...simple, sort: field }, { ...simple, groupBy: [field] }, { ...simple, totals: { [field]: 'avg' } }, { ...simple, filter: { [field]: 5 } }]
    for (const definition of ['income', 'nothing'].flatMap(naming)) expect(await tried(clerk, { definition })).toMatchObject({ status: 403, body: { code: 'access.field' } })
    const wrong: readonly JsonObject[] = [{ title: '' }, { title: 'x'.repeat(121) }, { definition: {} }, { definition: { ...simple, color: 'red' } }, { definition: { ...simple, groupBy: ['name:month'] } }, { definition: { ...simple, totals: { tier: 'sum' } } }, { definition: { ...simple, kind: 'board' } }, { definition: { ...simple, kind: 'board', board: { by: 'name' } } }, { definition: { ...simple, kind: 'board', board: { by: 'tier', limits: { platinum: 1 } } } }]
    for (const body of wrong) expect(await tried(admin, body), JSON.stringify(body)).toMatchObject({ status: 422, body: { code: 'view.invalid', problems: [{ path: expect.stringMatching(/^\/(title|definition)/) as string }] } })
    // The values of a field that one may not read are not found out by limits.
    const names = await app.as(['names'])
    for (const value of ['gold', 'platinum']) expect(await tried(names, { definition: { ...simple, kind: 'board', board: { by: 'tier', limits: { [value]: 1 } } } })).toMatchObject({ status: 403, body: { code: 'access.field' } })
    for (const body of [{ definition: null }, { roles: 'clerk' }, { roles: [5] }, { entity: 5 }, { definition: { ...simple, filter: { $bad: 1 } } }, { color: 'red' }] as JsonObject[]) expect((await tried(admin, body)).status, JSON.stringify(body)).toBe(400)
    expect(await tried(admin, { entity: 'nothing' })).toMatchObject({ status: 404 })
    expect(await tried(admin, { definition: { ...simple, filter: { name: { $in: Array.from({ length: 900 }, () => 'x'.repeat(30)) } } } })).toMatchObject({ status: 413 })
  })

  test('a renamed field, relation or entity stays in the view; what was archived is left out and named to the owner', async () => {
    const view = await save(admin, { definition: { ...wide, filter: { ...(wide['filter'] as JsonObject), 'store.region': 'north' } } })
    await publish([
      { op: 'move', from: '/member~1entity.json/properties/tier', path: '/member~1entity.json/properties/level' },
      { op: 'move', from: '/store~1entity.json/properties/region', path: '/store~1entity.json/properties/area' },
      { op: 'move', from: '/visit~1entity.json', path: '/stay~1entity.json' },
      { op: 'replace', path: '/stay~1entity.json/properties/member/crm/inverse', value: 'stays' },
      ...['loyal', 'rich', 'richAndLoyal'].map((name) => ({ op: 'remove', path: `/segments~1${name}.json` })), // they name what goes away
      { op: 'remove', path: '/member~1entity.json/crm/rules' }, // it names what goes away
      { op: 'add', path: '/member~1entity.json/properties/income/crm', value: { archived: true } },
    ])
    const now = await one(admin, view.id)
    expect(now).toMatchObject({ columns: ['name', 'level', 'store.rent'], sort: 'name', leftOut: { columns: 1, sort: 1, summaries: 2, filters: 1 }, lost: ['income', 'income', 'income', 'income', 'income'], groupBy: ['level'], board: { by: 'level' }, totals: { name: 'count' } })
    expect(now?.filter).toEqual({ $and: [{ level: { $in: ['bronze', 'gold'] } }, { stays: { $some: { amount: { $gt: 1 } }, $count: { $gte: 1 } } }, { 'store.area': 'north' }] })
    expect((await rows(admin, now ?? view)).body).toMatchObject({ records: [{ name: 'Ann', level: 'gold', store: { rent: 5 } }] })
  })

  /** Publishes changes of the definitions. */
  async function publish(operations: readonly Json[]): Promise<void> {
    const draft = await admin.get('/api/definitions/draft')
    const drafted = await admin.patch('/api/definitions/draft', [...operations], { 'if-match': draft.headers.get('etag') ?? '' })
    expect(drafted, drafted.text).toMatchObject({ status: 200 })
    const plan = (await admin.post('/api/definitions/plan', {})).body as { steps: readonly { key: string }[] }
    const published = await admin.post('/api/definitions/publish', { consent: plan.steps.map(({ key }) => key), message: 'renamed' })
    expect(published, published.text).toMatchObject({ status: 201 })
  }
})
