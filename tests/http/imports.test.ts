/** Files become records: each row once, with the rights of whoever sent them, and back again. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sweepUploads } from '../../engine/operations/imports/sweep.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { address, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, send, sent, type Imported } from '../support/imports.js'
import { workbook } from '../support/workbook.js'

interface Stored extends JsonObject {
  readonly id: number
}

const csv = (...lines: readonly string[]): string => `${lines.join('\n')}\n`
const encoded = (text: string, encoding: BufferEncoding): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, encoding))

describe.each(databaseKinds)('imports on %s', (database) => {
  let app: App
  let admin: Client
  let north: number
  let south: number
  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access'] })
    admin = app.admin
    const store = async (name: string): Promise<number> => ((await admin.post('/api/records/store', { name })).body as { id: number }).id
    north = await store('North gate')
    south = await store('South gate')
    await store('Twin')
    await store('Twin')
  })
  afterAll(() => app.close())

  const members = async (query: Readonly<Record<string, Json>> = {}, who: Client = admin): Promise<readonly Stored[]> =>
    ((await who.get(address('/api/records/member', { limit: '500', sort: 'id', ...query }))).body as { readonly records: readonly Stored[] }).records
  const named = (name: string): Promise<readonly Stored[]> => members({ filter: { name } })
  const at = (made: Imported, verb: string, who: Client = admin) => who.post(`/api/imports/${made.id}/${verb}`)
  const upsert = { entity: 'member', start: 'true', settings: { mode: 'upsert', key: 'code' } }

  test('a file is read, looked at, checked, imported, undone and imported again', async () => {
    const content = csv('Name,Code,Store,Tier,Joined', 'Ada,a-1,North gate,gold,2024-02-29', 'Bob,a-2,South gate,silver,', 'Cy,a-3,,,2024/3/1')
    const made = await sent(admin, content, { entity: 'member', name: 'first.csv' })
    expect(made).toMatchObject({
      fileName: 'first.csv', job: null, titles: ['Name', 'Code', 'Store', 'Tier', 'Joined'],
      settings: { mode: 'create', key: null, reading: { format: 'csv', encoding: 'utf-8', separator: ',', header: 1 }, columns: [{ column: 0, field: 'name' }, { column: 1, field: 'code' }, { column: 2, field: 'store' }, { column: 3, field: 'tier' }, { column: 4, field: 'joined' }] },
    })
    expect((await admin.get(`/api/imports/${made.id}/preview`)).body).toMatchObject({ incomplete: null, rows: [{ row: 2, cells: ['Ada', 'a-1', 'North gate', 'gold', '2024-02-29'], problems: [] }, { row: 3 }, { row: 4 }] })
    expect((await at(made, 'check')).status).toBe(202)
    expect(await over(admin, made, 'check')).toMatchObject({ check: { state: 'done' }, checked: { rows: 3, created: 3, rejected: 0 } })
    expect(await named('Ada')).toEqual([])
    expect((await at(made, 'start')).status).toBe(202)
    expect(await over(admin, made)).toMatchObject({ job: { state: 'done', done: 3, total: 3, kind: 'import' }, result: { rows: 3, created: 3, updated: 0, rejected: 0 } })
    const [ada] = await named('Ada')
    expect(ada).toMatchObject({ code: 'a-1', store: north, tier: 'gold', joined: '2024-02-29' })
    expect(await named('Cy')).toMatchObject([{ store: null, tier: 'bronze', joined: '2024-03-01' }])
    const history = (await admin.get(`/api/records/member/${ada?.id}/history`)).body as { readonly entries: readonly JsonObject[] }
    expect(history.entries).toMatchObject([{ action: 'created' }])
    expect((await at(made, 'undo')).status).toBe(202)
    expect(await over(admin, made, 'undo')).toMatchObject({ undone: { removed: 3, restored: 0, kept: 0 } })
    expect([...(await named('Ada')), ...(await named('Bob')), ...(await named('Cy'))]).toEqual([])
    const again = await over(admin, await sent(admin, content, { entity: 'member', start: 'true' }))
    expect(again).toMatchObject({ result: { created: 3 } })
    expect(await named('Ada')).toHaveLength(1)
  })

  test('a dry run finds combinations that occur twice, however far apart', async () => {
    const filler = Array.from({ length: 1_001 }, (_, i) => `Filler ${String(i)},n${String(i)},2020-01-01`)
    const content = csv('Name,Nickname,Joined', 'One,twin,2020-02-02', ...filler, 'Two,twin,2020-02-02', 'Three,twin,2020-02-03', 'Four,twin,')
    const made = await sent(admin, content, { entity: 'member', name: 'pairs.csv', dryRun: 'true' })
    expect(await over(admin, made, 'check')).toMatchObject({ checked: { rows: 1_005, created: 1_004, rejected: 1, shown: [{ row: 1_004, problems: [{ column: 'Nickname, Joined', code: 'takenRow', params: { row: 2 } }] }] } })
    await at(made, 'start')
    const done = await over(admin, made)
    expect(done).toMatchObject({ result: { created: 1_004, rejected: 1 } })
    // The same rows page by page, for those who say the reasons in another language.
    expect((await admin.get(`/api/imports/${String(made.id)}/rejected?format=json`)).body).toMatchObject({ titles: ['Name', 'Nickname', 'Joined'], rows: [{ row: 1_004, cells: ['Two', 'twin', '2020-02-02'], problems: [{ code: 'unique' }, { code: 'unique' }] }] })
    expect((await admin.get(`/api/imports/${String(made.id)}/rejected?format=json&after=x`)).status).toBe(400)
    await at(made, 'undo')
    await over(admin, made, 'undo')
  })

  test('rows that are not accepted harm no others, come back with their reasons, and go in once they are repaired', async () => {
    const lines = ['Name,Code,Income,Store,Tier', 'Dot,r-1,10,North gate,gold', ',r-2,10,North gate,gold', 'Eve,r-3,much,North gate,gold', 'Fay,r-4,10,Twin,gold', 'Gus,r-5,10,Nowhere,gold', 'Hal,r-1,10,North gate,gold', 'Ida,r-6,9,North gate,gold', '"=1+1, he said",r-7,10,North gate,gold']
    const done = await over(admin, await sent(admin, csv(...lines), { entity: 'member', name: 'odd.csv', start: 'true' }))
    expect(done).toMatchObject({ result: { rows: 8, created: 2, rejected: 6 } })
    expect(await named('=1+1, he said')).toHaveLength(1) // a formula is data
    const file = await admin.get(`/api/imports/${done.id}/rejected`)
    expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''odd%20-%20not%20accepted.csv")
    const rejected = file.text.split('\r\n')
    expect(rejected[0]).toBe('Name,Code,Income,Store,Tier,Not accepted because')
    expect(rejected.slice(1, 7)).toEqual([
      expect.stringMatching(/^,r-2,.*Name is required/), expect.stringMatching(/^Eve,.*Income: “much” is not understood/), expect.stringMatching(/^Fay,.*several records/),
      expect.stringMatching(/^Gus,.*no “Nowhere”/), expect.stringMatching(/^Hal,.*Code.*taken/), expect.stringMatching(/^Ida,.*Gold needs an income/),
    ])
    const repaired = file.text.replace(',r-2', 'Una,r-2').replace('much', '20').replaceAll('Twin', 'South gate').replace('Nowhere', 'South gate').replace('Hal,r-1', 'Hal,r-8').replace(',9,', ',11,')
    expect(await over(admin, await sent(admin, repaired, { entity: 'member', start: 'true' }))).toMatchObject({ result: { rows: 6, created: 6, rejected: 0 } })
  })

  test('records that are there are found by their key and changed; what is the same stays as it is', async () => {
    await over(admin, await sent(admin, csv('Name,Code,Tier', 'Kim,u-1,bronze', 'Lee,u-2,bronze'), { entity: 'member', start: 'true' }))
    const done = await over(admin, await sent(admin, csv('Code,Name,Tier', 'u-1,Kim,gold', 'u-2,Lee,bronze', 'u-3,Max,silver', 'u-3,Max,gold', 'u-4,,'), upsert))
    expect(done).toMatchObject({ result: { rows: 5, created: 1, updated: 2, unchanged: 1, rejected: 1 } })
    expect(await members({ filter: { code: { $in: ['u-1', 'u-2', 'u-3'] } }, fields: 'name,tier' })).toMatchObject([{ name: 'Kim', tier: 'gold', version: 2 }, { name: 'Lee', tier: 'bronze', version: 1 }, { name: 'Max', tier: 'gold', version: 2 }])
    const missing = await over(admin, await sent(admin, csv('Code,Name', 'u-2,Leo', 'u-9,Nobody'), { ...upsert, settings: { mode: 'update', key: 'code' } }))
    expect(missing).toMatchObject({ result: { created: 0, updated: 1, rejected: 1 } })
    expect([await named('Leo'), await named('Nobody')]).toMatchObject([[{ code: 'u-2' }], []])
  })

  test('undoing gives changed records their old values back, except in fields that somebody changed since, and leaves alone what nothing can be taken from', async () => {
    await over(admin, await sent(admin, csv('Name,Code,Tier', 'Old one,v-1,bronze', 'Old two,v-2,bronze', 'Old five,v-5,bronze', 'Old six,v-6,bronze', 'Old seven,v-7,bronze'), { entity: 'member', start: 'true' }))
    const made = await over(admin, await sent(admin, csv('Code,Name,Tier', 'v-1,New one,gold', 'v-2,New two,gold', 'v-3,Third,gold', 'v-4,Fourth,gold', 'v-5,New five,bronze', 'v-6,New six,bronze', 'v-7,New seven,gold'), upsert))
    const idOf = async (name: string): Promise<number> => Number((await named(name))[0]?.['id'])
    const [third, two, five, six, seven] = [await idOf('Third'), await idOf('New two'), await idOf('New five'), await idOf('New six'), await idOf('New seven')]
    await admin.patch(`/api/records/member/${third}`, { name: 'Third, as somebody wrote' })
    await admin.patch(`/api/records/member/${two}`, { tier: 'silver' })
    await admin.patch(`/api/records/member/${five}`, { name: 'Five, as somebody wrote' }) // all that the import changed in it
    await admin.patch(`/api/records/member/${six}`, { income: 70 }) // nothing that the import changed in it
    await admin.patch(`/api/records/member/${seven}`, { tier: 'silver' })
    await admin.patch(`/api/records/member/${seven}`, { tier: 'gold' }) // as the import left it
    await at(made, 'undo')
    const { undone } = await over(admin, made, 'undo')
    expect(undone).toMatchObject({ removed: 1, restored: 3, partly: 1, partlyIds: [two], kept: 2 })
    expect(new Set(undone?.keptIds)).toEqual(new Set([third, five]))
    expect(await members({ filter: { code: { $startsWith: 'v-' } }, sort: 'code', fields: 'name,tier,income' })).toMatchObject([
      { name: 'Old one', tier: 'bronze' }, { name: 'Old two', tier: 'silver' }, { name: 'Third, as somebody wrote', tier: 'gold' },
      { name: 'Five, as somebody wrote', tier: 'bronze' }, { name: 'Old six', tier: 'bronze', income: 70 }, { name: 'Old seven', tier: 'bronze' },
    ])
  })

  test('undoing goes back behind all that an import did to one record, in one chunk and in several', async () => {
    await over(admin, await sent(admin, csv('Name,Code,Tier', 'There,bk-1,bronze'), { entity: 'member', start: 'true' }))
    const between = Array.from({ length: 1_100 }, (_, i) => `Filler,bk-f${i},bronze`)
    const made = await over(admin, await sent(admin, csv('Name,Code,Tier', 'There,bk-1,silver', 'There,bk-1,gold', 'New,bk-2,bronze', 'New,bk-2,gold', ...between, 'There again,bk-1,gold', 'New again,bk-2,gold'), upsert))
    expect(made).toMatchObject({ result: { created: 1_101, updated: 5, rejected: 0 } })
    await at(made, 'undo')
    expect(await over(admin, made, 'undo')).toMatchObject({ undo: { state: 'done' }, undone: { kept: 0 } })
    expect(await members({ filter: { code: { $startsWith: 'bk-' } } })).toMatchObject([{ name: 'There', tier: 'bronze', code: 'bk-1' }])
  })

  test('A-035 every row obeys the rights of whoever imports', async () => {
    const clerk = await app.as(['clerk'], { stores: [north] })
    const columns = [{ column: 0, field: 'name' }, { column: 1, field: 'code' }, { column: 2, field: 'income' }]
    expect((await send(clerk, csv('Name,Code,Income', 'P,c-1,1'), { entity: 'member', start: 'true', settings: { columns } })).body).toMatchObject({ status: 403, code: 'access.field' })
    const done = await over(clerk, await sent(clerk, csv('Name,Code,Store', 'Pat,c-1,North gate', 'Quin,c-2,South gate', 'Ray,c-3,'), { entity: 'member', start: 'true' }))
    expect(done).toMatchObject({ result: { created: 1, rejected: 2 } })
    const { text } = await clerk.get(`/api/imports/${done.id}/rejected`)
    expect(text).toMatch(/Quin.*There is no “South gate” that you may link to/) // as for a store that does not exist
    expect(await named('Quin')).toEqual([])
    // A record of another shop is not found by its key, and its key is taken.
    await admin.post('/api/records/member', { name: 'Theirs', code: 'c-9', store: south })
    const update = await over(clerk, await sent(clerk, csv('Code,Name', 'c-9,Mine now', 'c-1,Pat'), { ...upsert, settings: { mode: 'update', key: 'code' } }))
    expect(update).toMatchObject({ result: { updated: 0, unchanged: 1, rejected: 1 } })
    expect(await named('Theirs')).toHaveLength(1)
    const auditor = await app.as(['auditor'])
    expect((await send(auditor, csv('Name', 'X'), { entity: 'member' })).status).toBe(403)
    expect((await send(clerk, csv('Name', 'X'), { entity: 'nothing' })).status).toBe(404)
  })

  test('imports are their owners\' own: for others there are none', async () => {
    const [clerk, other] = [await app.as(['clerk'], { stores: [north] }), await app.as(['clerk'], { stores: [north] })]
    const made = await sent(clerk, csv('Name', 'Sol'), { entity: 'member' })
    const path = `/api/imports/${made.id}`
    const theirs = [await other.get(path), await other.get(`${path}/preview`), await other.get(`${path}/rejected`), await other.patch(path, {}), await other.delete(path), await at(made, 'start', other), await at(made, 'check', other), await at(made, 'undo', other), await other.get('/api/imports/999999'), await other.get('/api/imports/x')]
    for (const answer of theirs) expect([answer.status, (answer.body as JsonObject)['code']]).toEqual([404, 'import.unavailable'])
    expect((await other.get('/api/imports')).body).toEqual({ imports: [] })
    expect((await clerk.get('/api/imports?entity=member')).body).toMatchObject({ imports: [{ id: made['id'] }] })
    expect((await clerk.delete(path)).status).toBe(204)
    expect((await clerk.get(path)).status).toBe(404)
  })

  test('A-151 the same file in the same way is imported once: of two at the same time one wins, a later one is told of it', async () => {
    const content = csv('Name,Code', 'Tea,once-1')
    const [a, b] = [await sent(admin, content, { entity: 'member' }), await sent(admin, content, { entity: 'member' })]
    const answers = await Promise.all([at(a, 'start'), at(b, 'start')])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([202, 409])
    const winner = answers[0].status === 202 ? a : b
    await over(admin, winner)
    expect(await members({ filter: { code: 'once-1' } })).toHaveLength(1)
    expect((await send(admin, content, { entity: 'member', start: 'true' })).body).toMatchObject({ code: 'import.again', import: winner['id'] })
    expect((await at(winner, 'start')).body).toMatchObject({ code: 'import.begun' })
    expect((await admin.patch(`/api/imports/${winner.id}`, { mode: 'create' })).body).toMatchObject({ code: 'import.begun' })
  })

  test('columns are remembered for files with the same titles', async () => {
    const settings = { columns: [{ column: 1, field: 'name' }] }
    await over(admin, await sent(admin, csv('What,Who', 'x,Uma'), { entity: 'member', start: 'true', settings }))
    expect(await sent(admin, csv('What,Who', 'y,Vic'), { entity: 'member' })).toMatchObject({ settings: { columns: [{ column: 1, field: 'name' }] } })
  })

  test.each([
    ['UTF-8 with a byte order mark', encoded('\uFEFFName;Code\nMüller 成都;enc-1\n', 'utf8'), 'utf-8', ';', 'Müller 成都'],
    ['UTF-16', encoded('\uFEFFName\tCode\nMüller 成都\tenc-2\n', 'utf16le'), 'utf-16le', '\t', 'Müller 成都'],
    ['UTF-16 without a mark', encoded('Name|Code\nMiller of Leeds|enc-3\n', 'utf16le'), 'utf-16le', '|', 'Miller of Leeds'],
    ['GB18030', new Uint8Array([...encoded('Name,Code\n', 'latin1'), 0xb3, 0xc9, 0xb6, 0xbc, ...encoded(',enc-4\n', 'latin1')]), 'gb18030', ',', '成都'],
    ['Latin-1', encoded('Name,Code\nJürgen Müller,enc-5\n', 'latin1'), 'windows-1252', ',', 'Jürgen Müller'],
  ] as const)('%s is read as what it is', async (_, content, encoding, separator, name) => {
    const done = await over(admin, await sent(admin, content, { entity: 'member', start: 'true' }))
    expect(done).toMatchObject({ settings: { reading: { encoding, separator } }, result: { created: 1 } })
    expect((await members({ filter: { name, code: { $startsWith: 'enc-' } } })).length).toBeGreaterThan(0)
  })

  test('a file without titles, with another quotation mark, is read as it is told to', async () => {
    const made = await sent(admin, "'Wes; the first';2024-01-02;w-1\n'Xan';;w-2\n'Yve';;w-3\n", { entity: 'member' })
    expect(made).toMatchObject({ settings: { reading: { separator: ';' } } })
    const changed = await admin.patch(`/api/imports/${made.id}`, { reading: { quote: "'", header: 0 }, columns: [{ column: 0, field: 'name' }, { column: 1, field: 'joined' }, { column: 2, field: 'code' }] })
    expect(changed.body).toMatchObject({ settings: { reading: { quote: "'", header: 0 } } })
    await at(made, 'start')
    expect(await over(admin, made)).toMatchObject({ result: { created: 3 } })
    expect(await named('Wes; the first')).toMatchObject([{ joined: '2024-01-02', code: 'w-1' }])
  })

  test('days and numbers are read as the author of the file writes them, which is found out and can be corrected', async () => {
    const made = await sent(admin, csv('Name;Code;Joined;Income', 'Gert;de-1;24.12.2023;1.234', 'Heidi;de-2;01.02.2024;7,0'), { entity: 'member' })
    expect(made).toMatchObject({ settings: { habits: { dates: 'dmy', decimal: ',', timeZone: 'UTC' } } })
    expect((await admin.patch(`/api/imports/${made.id}`, { habits: { timeZone: 'Mars/Base' } })).status).toBe(400)
    await at(made, 'start')
    expect(await over(admin, made)).toMatchObject({ result: { created: 2 } })
    expect(await members({ filter: { code: { $startsWith: 'de-' } } })).toMatchObject([{ joined: '2023-12-24', income: 1234 }, { joined: '2024-02-01', income: 7 }])
    const american = await sent(admin, csv('Name,Code,Joined', 'Ian,us-1,12/24/2023', 'Joe,us-2,02/01/2024'), { entity: 'member' })
    expect(american).toMatchObject({ settings: { habits: { dates: 'mdy', decimal: '.' } } })
    expect((await admin.patch(`/api/imports/${american.id}`, { habits: { dates: 'dmy' } })).body).toMatchObject({ settings: { habits: { dates: 'dmy', decimal: '.' } } })
    expect((await admin.get(`/api/imports/${american.id}/preview`)).body).toMatchObject({ rows: [{ problems: [{ column: 'Joined', code: 'notUnderstood', params: { text: '12/24/2023' } }] }, { problems: [] }] })
  })

  test('lines that end as on old Macs are lines', async () => {
    const done = await over(admin, await sent(admin, 'Name,Code\rMac one,cr-1\rMac two,cr-2\r', { entity: 'member', start: 'true' }))
    expect(done).toMatchObject({ settings: { reading: { header: 1 } }, result: { rows: 2, created: 2 } })
  })

  test.runIf(database === 'sqlite')('A-152 no space: the import stops and says so, and goes on from there when there is some', async () => {
    const database = app.engine.database
    const limit = (pages: number): Promise<unknown> => database.write((tx) => tx.all(`PRAGMA max_page_count=${String(pages)}`, []))
    const [row] = await database.read.all('PRAGMA page_count', [])
    await limit(Number(row?.['page_count']) + 60)
    const lines = Array.from({ length: 3_000 }, (_, i) => `No space ${String(i)},full-${String(i)}`)
    const made = await over(admin, await sent(admin, csv('Name,Code', ...lines), { entity: 'member', start: 'true' }))
    expect(made).toMatchObject({ job: { state: 'failed', error: { code: 'storage.full' } } })
    const { created = 0 } = (made['result'] ?? {}) as { readonly created?: number }
    expect(created).toBeLessThan(3_000)
    expect((await members({ filter: { code: { $startsWith: 'full-' } }, count: 'true' })).length).toBe(Math.min(500, created))
    await limit(1_073_741_823)
    expect((await admin.post(`/api/jobs/${String((made['job'] as { readonly id: number }).id)}/resume`)).status).toBe(200)
    expect(await over(admin, made)).toMatchObject({ job: { state: 'done' }, result: { rows: 3_000, created: 3_000, rejected: 0 } })
  })

  test('files that nobody imports are cleared away after a while, what is still wanted stays', async () => {
    const forgotten = await sent(admin, csv('Name', 'Left behind'), { entity: 'member' })
    const { folder } = app.engine.work
    await writeFile(join(folder, 'import-of-nobody'), 'x')
    const kept = async (): Promise<number> => (await readdir(folder)).filter((name) => name.startsWith('import-')).length
    const before = await kept()
    await sweepUploads(app.engine)
    expect(await kept()).toBe(before)
    await sweepUploads(app.engine, new Date(Date.now() + 8 * 86_400_000))
    expect((await admin.get(`/api/imports/${forgotten.id}`)).status).toBe(404)
    expect(await kept()).toBeLessThan(before)
    await sweepUploads(app.engine, new Date(Date.now() + 31 * 86_400_000))
    expect(await kept()).toBe(0)
  })

  test('a workbook: dates are days, numbers as typed, texts that look like formulas are texts', async () => {
    const content = workbook([
      ['Name', 'Code', 'Joined', 'Income'],
      ['Zoe', '=cmd|x', { date: 45_351 }, 1200],
      ['Abe', '007', { date: 1.5 }, { number: '1.2E3' }],
      [{ text: '成都 & <Co>' }, { number: '12' }],
    ])
    const done = await over(admin, await sent(admin, content, { entity: 'member', name: 'book.xlsx', start: 'true' }))
    expect(done).toMatchObject({ sheets: ['Sheet1'], settings: { reading: { format: 'xlsx', sheet: 'Sheet1', header: 1 } }, result: { rows: 3, created: 2, rejected: 1 } })
    expect(await named('Zoe')).toMatchObject([{ code: '=cmd|x', joined: '2024-02-29', income: 1200 }])
    expect(await named('成都 & <Co>')).toMatchObject([{ code: '12' }])
    expect((await admin.get(`/api/imports/${done.id}/rejected`)).text).toMatch(/Abe,007,.*Joined/) // a time of day is no day
  })
})
