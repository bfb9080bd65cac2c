import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { readLayer } from '../../engine/definitions/files.js'
import { load } from '../../engine/operations/records/load.js'
import { formatDocument, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import { startApp, type App } from '../support/app.js'
import type { Answer, Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

const draftPath = '/api/definitions/draft'
const property = (key: string): string => `/member~1entity.json/properties/${key}`
const patchDraft = (who: Client, operations: readonly Json[], base?: number): Promise<Answer> => who.patch(draftPath, operations, base === undefined ? {} : { 'if-match': `"${base}"` })
const publish = (who: Client, body: Json = {}): Promise<Answer> => who.post('/api/definitions/publish', body)
const putLayer = (who: Client, documents: Json, headers = {}): Promise<Answer> => who.request('PUT', `${draftPath}/layer`, { body: { documents }, headers })
const add = (key: string, value: Json): Json => ({ op: 'add', path: property(key), value })
const versionOf = ({ body }: Answer): number => (body as { version: number }).version
const stepsOf = ({ body }: Answer): readonly { key: string; safety: string; action: string; change?: string; fields?: string[]; rows?: number; failing?: { count: number; samples: { id: number; value: Json }[] }; references?: string[] }[] => (body as { steps: [] }).steps

async function newMember(who: Client, values: Record<string, Json>): Promise<number> {
  const answer = await who.post('/api/records/member', values)
  if (answer.status !== 201) throw new Error(answer.text)
  return (answer.body as { id: number }).id
}
const member = async (who: Client, id: number): Promise<Record<string, Json>> => (await who.get(`/api/records/member/${id}`)).body as Record<string, Json>

describe.each(databaseKinds)('definitions on %s', (database) => {
  let app: App
  beforeEach(async () => {
    app = await startApp({ database, settings: { TESSERA_SLOW_MS: '1' } })
  })
  afterEach(() => app.close())

  test('the published definitions come merged, with the layer of each property and the field types', async () => {
    const { status, body } = await app.admin.get('/api/definitions')
    expect(status).toBe(200)
    const answer = body as { version: number; layers: string[]; documents: Record<string, { properties: object }>; provenance: Record<string, Record<string, string>>; fieldTypes: { name: string; options: object; examples: unknown[] }[]; workflowFunctions: unknown[] }
    expect(answer).toMatchObject({ version: 1, layers: ['core', 'retail'] })
    expect(Object.keys(answer.documents['user/entity.json']?.properties ?? {})).toEqual(expect.arrayContaining(['email', 'stores']))
    expect(answer.provenance['user/entity.json']?.['/properties/stores']).toBe('retail')
    expect(answer.provenance['user/entity.json']?.['/properties/email']).toBe('core')
    expect(answer.fieldTypes.map(({ name }) => name)).toEqual(expect.arrayContaining(['text', 'money', 'reference']))
    expect(answer.fieldTypes.every(({ options, examples }) => typeof options === 'object' && examples.length > 0)).toBe(true)
    expect(answer.workflowFunctions).toContainEqual(expect.objectContaining({ name: 'crm.create', with: expect.objectContaining({ required: ['entity', 'values'] }) }))
  })

  test('a field is added in a draft, checked, planned, published and used, without anybody else being touched', async () => {
    const id = await newMember(app.admin, { name: 'Ada' })
    expect((await app.admin.get(draftPath)).body).toMatchObject({ base: 1, version: 1, stale: false, changed: false, layer: {} })
    const changed = await patchDraft(app.admin, [add('vip', { type: 'boolean', title: 'VIP' })], 1)
    expect(changed.status).toBe(200)
    expect(Object.keys((changed.body as { documents: object }).documents)).toEqual(['member/entity.json'])
    expect((await app.admin.get(draftPath)).body).toMatchObject({ changed: true, layer: { 'member/entity.json': { properties: { vip: { type: 'boolean', title: 'VIP' } } } } })
    expect((await app.admin.post('/api/definitions/check')).body).toEqual({ problems: [], hints: [] })
    const plan = await app.admin.post('/api/definitions/plan')
    expect(stepsOf(plan).map(({ key, safety }) => [key, safety])).toEqual([['addField:member.vip', 'safe']])
    expect((await app.admin.patch(`/api/records/member/${id}`, { vip: true })).status).toBe(400)
    const published = await publish(app.admin, { message: 'VIPs' })
    expect([published.status, versionOf(published)]).toEqual([201, 2])
    expect((await app.admin.patch(`/api/records/member/${id}`, { vip: true })).status).toBe(200)
    expect(await member(app.admin, id)).toMatchObject({ vip: true, name: 'Ada' })
    expect((await app.admin.get(draftPath)).body).toMatchObject({ base: 2, changed: false })
    const list = await app.admin.get(`/api/records/member?filter=${encodeURIComponent('{"vip":true}')}`)
    expect((list.body as { records: unknown[] }).records).toHaveLength(1)
  })

  test('questions that people wait for are told with the fields that an index would help with, until there is one', async () => {
    await load(app.engine, { entity: 'member', rows: Array.from({ length: 5_001 }, (_, i) => ({ name: `Member ${String(i)}`, income: i % 50 })), announce: false })
    const ask = (filter: Json, sort = ''): Promise<Answer> => app.admin.get(`/api/records/member?${new URLSearchParams({ filter: JSON.stringify(filter), ...(sort === '' ? {} : { sort }) }).toString()}`)
    const told = async (): Promise<unknown> => ((await app.admin.get('/api/definitions/health')).body as { questions: { entity: string; fields: string[]; times: number; longestMilliseconds: number }[] }).questions.map(({ entity, fields }) => `${entity} ${fields.join()}`)
    for (const [filter, sort] of [[{ income: 7 }, '-income'], [{ income: { $in: [7] } }, ''], [{ name: { $contains: '77' } }, '-id'], [{ store: 1 }, 'id']] as const) expect((await ask(filter, sort)).status).toBe(200)
    expect(await told()).toEqual(['member income'])
    await patchDraft(app.admin, [{ op: 'add', path: `${property('income')}/crm/index`, value: true }])
    expect((await publish(app.admin)).status).toBe(201)
    expect((await ask({ income: 7 })).status).toBe(200)
    expect(await told()).toEqual([])
  })

  test('a plan says which definitions are new or gone, and whose settings change', async () => {
    await patchDraft(app.admin, [{ op: 'add', path: '/roles~1guest.json', value: { title: 'Guest', entities: {} } }, { op: 'add', path: '/member~1view.quick.json', value: { kind: 'list', title: 'Quick', columns: ['name'] } }])
    const added = await publish(app.admin)
    expect(stepsOf(added).filter(({ change }) => change === 'added').map(({ key }) => key)).toEqual(expect.arrayContaining(['changeAccess:roles/guest.json', 'changeScreen:member/view.quick.json']))
    await patchDraft(app.admin, [{ op: 'add', path: `${property('name')}/title`, value: 'Called' }, { op: 'remove', path: '/roles~1guest.json' }, { op: 'replace', path: '/member~1view.quick.json/title', value: 'Quicker' }])
    const steps = stepsOf(await app.admin.post('/api/definitions/plan'))
    expect(new Map(steps.map(({ key, change, fields }) => [key, change ?? fields]))).toEqual(new Map<string, unknown>([['changeAccess:roles/guest.json', 'removed'], ['changeRule:member/entity.json', ['name']], ['changeScreen:member/view.quick.json', undefined]]))
  })

  test('A-138 publishing the same again is an empty plan and no new version; A, B, A loses nothing', async () => {
    expect(await publish(app.admin)).toMatchObject({ status: 200, body: { version: 1, steps: [] } })
    await patchDraft(app.admin, [add('vip', { type: 'boolean' })])
    await publish(app.admin)
    const id = await newMember(app.admin, { name: 'Ada', vip: true })
    expect((await app.admin.post('/api/definitions/plan')).body).toEqual({ base: 2, steps: [], problems: [], access: [] })
    const planned = await app.admin.post('/api/definitions/plan', { restore: 1 })
    expect(stepsOf(planned).map(({ action }) => action)).toContain('archiveField')
    const back = await app.admin.post('/api/definitions/versions/1/restore', { consent: stepsOf(planned).filter(({ safety }) => safety === 'lossy').map(({ key }) => key), message: 'back' })
    expect([back.status, versionOf(back)]).toEqual([201, 3])
    expect(await member(app.admin, id)).not.toHaveProperty('vip')
    const again = await app.admin.post('/api/definitions/versions/2/restore', {})
    expect([again.status, versionOf(again)]).toEqual([201, 4])
    expect(await member(app.admin, id)).toMatchObject({ vip: true })
    expect((await app.admin.post('/api/definitions/versions/2/restore', {})).body).toEqual({ version: 4, steps: [] })
  })

  test('renaming keeps the values and every reference follows', async () => {
    const id = await newMember(app.admin, { name: 'Ada', city: 'Chengdu' })
    const tokens = `/api/users/${String(((await app.admin.get('/api/session')).body as { id: number }).id)}/tokens`
    for (const name of ['till', 'stock']) await app.admin.post(tokens, { name, roles: ['admin'], days: 1 })
    const old = (await app.admin.post(tokens, { name: 'ended till', roles: ['admin'], days: 1 })).body as { id: number }
    await app.admin.delete(`${tokens}/${String(old.id)}`)
    await patchDraft(app.admin, [{ op: 'move', from: property('city'), path: property('town') }])
    expect((await app.admin.post('/api/definitions/check')).body).toEqual({ problems: [], hints: [] })
    const plan = await app.admin.post('/api/definitions/plan')
    expect(stepsOf(plan)).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'renameField:member.town', safety: 'safe', from: 'city', programs: ['till', 'stock'] })]))
    expect((await publish(app.admin)).status).toBe(201)
    const record = await member(app.admin, id)
    expect(record).toMatchObject({ town: 'Chengdu' })
    expect(record).not.toHaveProperty('city')
  })

  test('the studio\'s layer is taken out as files and put in again, byte for byte; what differs is told with what each layer says', async () => {
    await patchDraft(app.admin, [
      add('vip', { type: 'boolean', title: 'VIP' }), { op: 'add', path: `${property('name')}/title`, value: 'Called' },
      { op: 'remove', path: property('city') }, { op: 'add', path: property('city'), value: { type: 'string', title: 'Town', maxLength: 50 } },
      { op: 'remove', path: '/roles~1analyst.json' }, { op: 'add', path: '/texts~1de.json', value: { 'member/entity.json': { '/title': 'Mitglied' } } },
    ])
    const files = async (): Promise<Record<string, string>> => {
      const { layer } = (await app.admin.get(draftPath)).body as { layer: Record<string, JsonObject | null> }
      return Object.fromEntries(Object.entries(layer).map(([path, document]) => [path, formatDocument(document)]))
    }
    const out = await files()
    expect(Object.keys(out).toSorted()).toEqual(['member/entity.json', 'roles/analyst.json', 'texts/de.json'])
    expect(out['roles/analyst.json']).toBe('null\n')
    const compared = (await app.admin.get('/api/definitions/compare?from=published&to=draft')).body as { changes: { path: string; before?: Json; after?: Json; layers: { layer: string; value: Json }[] }[] }
    expect(compared.changes).toContainEqual({ path: 'member/entity.json#/properties/name/title', before: 'Name', after: 'Called', layers: [{ layer: 'retail', value: 'Name' }, { layer: 'studio', value: 'Called' }] })
    await app.admin.delete(draftPath)
    expect(await files()).toEqual({})
    const documents = Object.fromEntries(Object.entries(out).map(([path, text]) => [path, JSON.parse(text) as Json]))
    expect((await putLayer(app.admin, documents, { 'if-match': '"1"' })).status).toBe(200)
    expect(await files()).toEqual(out)
    expect(await putLayer(app.admin, { 'notes/read.me.json': {} })).toMatchObject({ status: 422, body: { problems: [{ path: 'notes/read.me.json#', code: 'document.unknown' }] } })
    expect(await files()).toEqual(out)
    await patchDraft(app.admin, [{ op: 'add', path: '/roles~1analyst.json', value: app.engine.current.get().documents['roles/analyst.json'] as Json }])
    expect((await publish(app.admin, { message: 'from git' })).status).toBe(201)
    const { 'roles/analyst.json': _gone, ...rest } = out
    expect(await files()).toEqual(rest)
    const history = (path: string) => app.admin.get(`/api/definitions/history?path=${encodeURIComponent(path)}`)
    expect((await history('member/entity.json')).body).toMatchObject({ versions: [{ version: 2, message: 'from git', changes: expect.arrayContaining([expect.objectContaining({ path: 'member/entity.json#/properties/vip' })]) as Json }, { version: 1 }], next: null })
    expect((await history('task/entity.json')).body).toMatchObject({ versions: [{ version: 1 }] })
    const layers = (await app.admin.get('/api/definitions/compare?from=layer:core&to=layer:retail')).body as { changes: { path: string }[] }
    expect(layers.changes.map(({ path }) => path)).toContain('user/entity.json#/properties/stores')
    expect((await app.admin.get('/api/definitions/compare?from=layer:nothing')).status).toBe(400)
    const clerk = await app.as(['clerk'])
    for (const path of ['/api/definitions/compare', '/api/definitions/history?path=member/entity.json']) expect((await clerk.get(path)).status).toBe(403)
    expect((await putLayer(clerk, {})).status).toBe(403)
  })

  test('what names a definition and what it names, texts that were changed after their translation, and what does not work', async () => {
    const uses = async (query: string) => (await app.admin.get(`/api/definitions/uses?${query}`)).body as { usedBy: string[]; uses: string[] }
    const store = await uses('path=store/entity.json')
    expect(store.usedBy).toEqual(expect.arrayContaining(['member/entity.json', 'roles/clerk.json', 'layer.json']))
    expect(store.usedBy.filter((path) => path.startsWith('texts/') || path.startsWith('store/'))).toEqual([])
    expect((await uses('path=member/entity.json')).uses).toContain('store/entity.json')
    expect((await uses('path=member/entity.json&field=tier')).usedBy).toContain('dashboards/sales.json')
    expect((await uses('path=roles/analyst.json')).usedBy).toContain('dashboards/sales.json')
    expect(await uses('path=nothing/entity.json')).toEqual({ usedBy: [], uses: [] })
    // A field that is only in the draft is seen there.
    await patchDraft(app.admin, [add('branch', { title: 'Branch', crm: { type: 'reference', to: 'store' } }), { op: 'add', path: '/case~1view.mine.json', value: { kind: 'list', title: 'Mine', columns: ['member.branch'] } }])
    expect((await uses('path=member/entity.json&field=branch')).usedBy).toContain('case/view.mine.json')
    const behind = async () => ((await app.admin.get('/api/definitions/texts')).body as { behind: Json[] }).behind
    expect(await behind()).toEqual([])
    await patchDraft(app.admin, [{ op: 'add', path: `${property('name')}/title`, value: 'Called' }])
    await publish(app.admin)
    expect(await behind()).toEqual([{ language: 'zh', path: 'member/entity.json', place: '/properties/name/title', was: 'Name' }])
    await patchDraft(app.admin, [{ op: 'add', path: '/texts~1zh.json/$confirmed', value: { 'member/entity.json': { '/properties/name/title': 'Called' } } }])
    await publish(app.admin)
    expect(await behind()).toEqual([])
    await patchDraft(app.admin, [{ op: 'add', path: `${property('name')}/title`, value: 'Is called' }])
    await publish(app.admin)
    expect(await behind()).toMatchObject([{ place: '/properties/name/title', was: 'Called' }])
    await patchDraft(app.admin, [{ op: 'add', path: '/texts~1zh.json/member~1entity.json/~1properties~1name~1title', value: '称呼' }])
    await publish(app.admin)
    expect(await behind()).toEqual([])
    expect((await app.admin.get('/api/definitions/health')).body).toEqual({ quarantined: [], workflows: [], jobs: [], views: [], questions: [] })
    const clerk = await app.as(['clerk'])
    for (const path of ['/api/definitions/uses?path=member/entity.json', '/api/definitions/texts', '/api/definitions/health']) expect((await clerk.get(path)).status).toBe(403)
  })

  test('a new version of a lower layer comes under what was changed above it: lists together, and each conflict as somebody decides', async () => {
    const { documents } = await readLayer('metadata/retail', 'retail')
    const [view, entity] = ['store/view.all.json', 'store/entity.json'] as const
    const columns = (documents[view] as { columns: readonly string[] }).columns
    expect((await patchDraft(app.admin, [{ op: 'replace', path: '/store~1entity.json/title', value: 'Shop' }, { op: 'replace', path: '/store~1view.all.json/columns', value: ['id', ...columns] }])).status).toBe(200)
    expect((await publish(app.admin)).status).toBe(201)
    const older = documents[entity] as { properties: JsonObject }
    const newer = { ...documents, [view]: { ...documents[view], columns: [...columns.slice(1), 'floor'] }, [entity]: { ...older, title: 'Branch', properties: { ...older.properties, floor: { type: 'integer' } } } }
    const upgrade = (path: '' | '/publish', more: JsonObject): Promise<Answer> => app.admin.post(`/api/definitions/upgrade${path}`, { layer: 'retail', documents: newer, ...more })
    const conflict = { layer: 'studio', path: 'store/entity.json#/title', why: 'changed', base: 'Store', mine: 'Shop', theirs: 'Branch' }
    const planned = await upgrade('', {})
    expect(planned).toMatchObject({ status: 200, body: { base: 2, problems: [], conflicts: [conflict] } })
    expect(stepsOf(planned).map(({ key }) => key)).toContain('addField:store.floor')
    expect(await upgrade('/publish', { base: 2 })).toMatchObject({ status: 409, body: { code: 'definitions.conflicts', conflicts: [conflict] } })
    expect(await upgrade('/publish', { layer: 'studio' })).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
    expect(await upgrade('/publish', { documents: { 'nowhere.txt': {} } })).toMatchObject({ status: 422, body: { code: 'definitions.invalid' } })
    const decisions = [{ layer: 'studio', path: conflict.path, take: 'theirs' }]
    expect(await upgrade('/publish', { base: 1, decisions })).toMatchObject({ status: 409, body: { code: 'definitions.stale' } })
    expect(await upgrade('/publish', { base: 2, decisions, message: 'Retail 2' })).toMatchObject({ status: 201, body: { version: 3 } })
    expect((await app.admin.get('/api/definitions')).body).toMatchObject({ layers: ['core', 'retail', 'studio'], documents: { [entity]: { title: 'Branch' }, [view]: { columns: ['id', ...columns.slice(1), 'floor'] } } })
  })

  test('a step that loses data needs consent by its name, and shows which values do not fit', async () => {
    await patchDraft(app.admin, [add('shoe', { type: 'string' })])
    await publish(app.admin)
    const bad = await newMember(app.admin, { name: 'Ada', shoe: 'large' })
    const good = await newMember(app.admin, { name: 'Bob', shoe: '42' })
    await patchDraft(app.admin, [{ op: 'replace', path: property('shoe'), value: { type: 'integer' } }])
    const plan = await app.admin.post('/api/definitions/plan')
    const [step] = stepsOf(plan)
    expect(step).toMatchObject({ key: 'convertField:member.shoe', safety: 'lossy', failing: { count: 1, samples: [{ id: bad, value: 'large' }] } })
    const refused = await publish(app.admin)
    expect(refused).toMatchObject({ status: 409, body: { code: 'definitions.consent', missing: ['convertField:member.shoe'] } })
    expect(await member(app.admin, bad)).toMatchObject({ shoe: 'large' })
    expect((await publish(app.admin, { consent: ['convertField:member.shoe'] })).status).toBe(201)
    expect(await member(app.admin, good)).toMatchObject({ shoe: 42 })
    expect(await member(app.admin, bad)).toMatchObject({ shoe: null })
    const back = await app.admin.post('/api/definitions/versions/2/restore', { consent: ['convertField:member.shoe'] })
    expect(back.status).toBe(201)
    expect(await member(app.admin, bad)).toMatchObject({ shoe: 'large' })
  })

  test('records that block a step are named, and no consent lets it through', async () => {
    const [first] = [await newMember(app.admin, { name: 'Ada', city: 'Chengdu' }), await newMember(app.admin, { name: 'Bob', city: 'Chengdu' })]
    await patchDraft(app.admin, [{ op: 'add', path: `${property('city')}/crm/unique`, value: true }])
    const step = stepsOf(await app.admin.post('/api/definitions/plan')).find(({ action }) => action === 'addIndex')
    expect(step).toMatchObject({ key: 'addIndex:member.city', safety: 'blocked', failing: { count: 2, samples: [{ id: first, value: 'Chengdu' }] } })
    const refused = await publish(app.admin, { consent: ['addIndex:member.city'] })
    expect(refused).toMatchObject({ status: 409, body: { code: 'definitions.blocked', blocked: ['addIndex:member.city'] } })
    await app.admin.patch(`/api/records/member/${first}`, { city: 'Beijing' })
    expect((await publish(app.admin)).status).toBe(201)
  })

  test('A-139 two publish at once: one wins, the other gets 409 with what was published, and rebases without loss', async () => {
    const second = await app.as(['admin'])
    await patchDraft(app.admin, [add('vip', { type: 'boolean' })])
    await patchDraft(second, [add('shoe', { type: 'integer' })])
    const answers = await Promise.all([publish(app.admin), publish(second)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
    const loser = answers[0].status === 409 ? app.admin : second
    const refused = answers.find(({ status }) => status === 409)
    expect(refused?.body).toMatchObject({ code: 'definitions.stale', base: 1, version: 2, conflicts: [], changes: [{ path: expect.stringMatching(/^member\/entity\.json#\/properties\/(vip|shoe)$/) as string }] })
    expect((await loser.get(draftPath)).body).toMatchObject({ base: 1, version: 2, stale: true })
    expect((await patchDraft(loser, [add('more', { type: 'string' })])).status).toBe(409)
    expect((await loser.post('/api/definitions/draft/rebase')).body).toMatchObject({ base: 2, stale: false, changed: true })
    expect((await publish(loser)).status).toBe(201)
    const { documents } = (await app.admin.get('/api/definitions')).body as { documents: Record<string, { properties: object }> }
    expect(Object.keys(documents['member/entity.json']?.properties ?? {})).toEqual(expect.arrayContaining(['vip', 'shoe']))
  })

  test('A-139 a tab that is three versions old is told the conflicts and who wins is chosen', async () => {
    const second = await app.as(['admin'])
    await patchDraft(second, [{ op: 'add', path: property('name/title'), value: 'Called' }])
    for (const title of ['One', 'Two', 'Three']) {
      await patchDraft(app.admin, [{ op: 'add', path: property('name/title'), value: title }])
      expect((await publish(app.admin)).status).toBe(201)
    }
    const refused = await publish(second)
    expect(refused.body).toMatchObject({ code: 'definitions.stale', base: 1, version: 4, conflicts: [{ path: 'member/entity.json#/properties/name/title', mine: 'Called', theirs: 'Three' }] })
    expect((await second.post('/api/definitions/draft/rebase')).status).toBe(409)
    expect((await second.post('/api/definitions/draft/rebase', { prefer: 'nobody' })).status).toBe(400)
    const rebased = await second.post('/api/definitions/draft/rebase', { prefer: 'mine' })
    expect(rebased.body).toMatchObject({ base: 4, documents: { 'member/entity.json': { properties: { name: { title: 'Called' } } } } })
    expect((await publish(second)).status).toBe(201)
  })

  test('If-Match names the base of the draft; a wrong one changes nothing', async () => {
    expect((await patchDraft(app.admin, [add('vip', { type: 'boolean' })], 7)).status).toBe(409)
    expect((await app.admin.patch(draftPath, [add('vip', { type: 'boolean' })], { 'if-match': 'yesterday' })).status).toBe(400)
    expect((await app.admin.get(draftPath)).body).toMatchObject({ changed: false })
  })

  test('a patch that cannot be applied is refused as a whole, with the operation that fails', async () => {
    const answer = await patchDraft(app.admin, [add('vip', { type: 'boolean' }), { op: 'remove', path: property('nothing') }])
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', problems: [{ path: '/1' }] } })
    expect((await app.admin.get(draftPath)).body).toMatchObject({ changed: false })
    for (const path of ['/__proto__/x', '/member~1entity.json/__proto__/x', '/constructor/prototype/x']) {
      expect((await patchDraft(app.admin, [{ op: 'add', path, value: 1 }])).status).toBe(400)
    }
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  test('definitions with problems are not published; all problems come at once with their paths', async () => {
    await patchDraft(app.admin, [add('bad one', { type: 'string' }), add('link', { crm: { type: 'reference', to: 'nothing' } }), { op: 'add', path: '/store~1entity.json/properties/slow', value: { type: 'string', pattern: '(?=a)b' } }])
    const { problems } = (await app.admin.post('/api/definitions/check')).body as { problems: { path: string }[] }
    expect(problems.map(({ path }) => path.split('/properties/')[1]?.split('/')[0])).toEqual(expect.arrayContaining(['bad one', 'link', 'slow']))
    expect(await publish(app.admin)).toMatchObject({ status: 422, body: { code: 'definitions.invalid', problems: expect.arrayContaining(problems) as unknown[] } })
    expect((await app.admin.get('/api/definitions')).body).toMatchObject({ version: 1 })
  })

  test('A-058 the same dangerous definition is refused by every writer', async () => {
    const { publishLayers } = await import('../../engine/operations/definitions/publish.js')
    const { layersInForce } = await import('../../engine/operations/definitions/published.js')
    const dangerous = [add('x"; DROP TABLE tessera_version; --', { type: 'string' }), add('__proto__x', { type: 'string', pattern: '(a+)+\\1' }), add('constructor', { type: 'string' })]
    for (const operation of dangerous) {
      const patched = await patchDraft(app.admin, [operation])
      if (patched.status === 200) expect((await publish(app.admin)).status).toBe(422)
      else expect(patched.status).toBe(400)
      await app.admin.delete(draftPath)
      const { path, value } = operation as { path: string; value: Json }
      const key = path.slice(property('').length)
      const { layers } = await layersInForce(app.engine.database, app.engine.current.get())
      const imported = [...layers, { name: 'package', documents: { 'member/entity.json': { properties: { [key]: value } } } }]
      await expect(publishLayers(app.engine, { layers: imported, base: 1, consent: 'all', message: '', by: null })).rejects.toMatchObject({ code: 'definitions.invalid' })
    }
    expect((await app.admin.get('/api/definitions')).body).toMatchObject({ version: 1 })
  })

  test('A-018 A-087 those who may not design see and do nothing here, whatever they send', async () => {
    const clerk = await app.as(['clerk'])
    const requests: readonly (readonly [string, string, Json?])[] = [
      ['GET', '/api/definitions'], ['GET', draftPath], ['PATCH', draftPath, [add('vip', { type: 'boolean' })]], ['DELETE', draftPath], ['GET', `${draftPath}/model`], ['POST', `${draftPath}/rebase`],
      ['POST', '/api/definitions/check'], ['POST', '/api/definitions/plan'], ['POST', '/api/definitions/computed', { entity: 'member', key: 'x', property: {} }], ['POST', '/api/definitions/publish', {}], ['GET', '/api/definitions/versions'], ['GET', '/api/definitions/versions/1'], ['GET', '/api/definitions/versions/1/model'],
      ['POST', '/api/definitions/versions/1/restore', {}],
    ]
    for (const [method, path, body] of requests) {
      const answer = await clerk.request(method, path, body === undefined ? {} : { body })
      expect([method, path, answer.status]).toEqual([method, path, 403])
      expect(answer.text).not.toContain('properties')
    }
  })

  test('the history tells who changed what; a version that is not there is said so', async () => {
    await patchDraft(app.admin, [add('vip', { type: 'boolean' })])
    await publish(app.admin, { message: 'VIPs' })
    const { versions } = (await app.admin.get('/api/definitions/versions')).body as { versions: { version: number; message: string; by: number | null }[] }
    expect(versions.map(({ version, message }) => [version, message])).toEqual([[2, 'VIPs'], [1, 'First start']])
    expect(versions[0]?.by).toBe(((await app.admin.get('/api/session')).body as { id: number }).id)
    expect((await app.admin.get('/api/definitions/versions/2')).body).toMatchObject({ version: 2, changes: [{ path: 'member/entity.json#/properties/vip', after: { type: 'boolean' } }] })
    const titles = async (n: number, locale: string): Promise<unknown> => ((await app.admin.get(`/api/definitions/versions/${String(n)}/model?locale=${locale}`)).body as UiModel).entities['member']?.fields.filter(({ key }) => key === 'name' || key === 'vip').map(({ title }) => title)
    expect([await titles(1, 'en'), await titles(2, 'en'), await titles(1, 'zh')]).toEqual([['Name'], ['Name', 'Vip'], ['姓名']])
    for (const n of ['3', '0', '-1', 'x', '1e3', '99999999999999999999']) for (const rest of ['', '/model']) expect((await app.admin.get(`/api/definitions/versions/${n}${rest}`)).status).toBe(404)
  })

  test('A-140 another node hears of a publish with its next request and writes by the new definitions only', async () => {
    const other = await app.another()
    const id = await newMember(app.admin, { name: 'Ada', city: 'Chengdu' })
    expect(await member(other.admin, id)).toMatchObject({ city: 'Chengdu' })
    await patchDraft(app.admin, [{ op: 'add', path: `${property('city')}/crm`, value: { archived: true } }])
    const plan = await app.admin.post('/api/definitions/plan')
    expect((await publish(app.admin, { consent: stepsOf(plan).map(({ key }) => key) })).status).toBe(201)
    expect((await other.admin.patch(`/api/records/member/${id}`, { city: 'Beijing' })).status).toBe(400)
    expect(await member(other.admin, id)).not.toHaveProperty('city')
    await app.admin.post('/api/definitions/versions/1/restore', {})
    expect(await member(other.admin, id)).toMatchObject({ city: 'Chengdu' })
  })

  test('the draft belongs to one person', async () => {
    const second = await app.as(['admin'])
    await patchDraft(app.admin, [add('vip', { type: 'boolean' })])
    expect((await second.get(draftPath)).body).toMatchObject({ changed: false })
    expect((await app.admin.delete(draftPath)).status).toBe(204)
    expect((await app.admin.get(draftPath)).body).toMatchObject({ changed: false })
  })

  test('a new entity is at once a table, an API and a screen', async () => {
    await patchDraft(app.admin, [{ op: 'add', path: '/shelf~1entity.json', value: { type: 'object', title: 'Shelf', required: ['code'], properties: { code: { type: 'string' }, store: { crm: { type: 'reference', to: 'store', inverse: 'shelves' } } } } }])
    expect((await publish(app.admin)).status).toBe(201)
    expect((await app.admin.post('/api/records/shelf', { code: 'A1' })).status).toBe(201)
    expect((await app.admin.get('/api/model')).body).toMatchObject({ version: 2, entities: { shelf: { title: 'Shelf' } } })
  })
})
