/** Files that are broken, huge or hostile: refused with a reason, and nothing of them stays. */
import { mkdtemp, open, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { csvSource } from '../../engine/operations/imports/files/csv.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { databaseKinds } from '../support/databases.js'
import { over, send, sent, type FileContent } from '../support/imports.js'
import { workbook } from '../support/workbook.js'

const latin = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'))

describe.each(databaseKinds)('bad files on %s', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/access'], settings: { TESSERA_IMPORT_MAX_MB: '3' } })
  })
  afterAll(() => app.close())

  const count = async (): Promise<unknown> => ((await app.admin.get('/api/records/member?count=true&limit=1')).body as JsonObject)['count']
  const left = async (): Promise<number> => (await readdir(app.engine.work.folder)).filter((name) => name.startsWith('import-')).length
  const titles = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',')

  test.each<readonly [string, FileContent, RegExp]>([
    ['A-114 100,000 columns', `${titles}\n${titles}\n`, /more than 1000 columns|longer than/],
    ['A-114 one line that never ends', 'x'.repeat(2_500_000), /longer than/],
    ['A-102 an archive that is no workbook', new Uint8Array(Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2, 3, 4, 5])), /damaged/],
    ['A-102 an old workbook', new Uint8Array(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])), /old or protected/],
    ['A-102 a workbook with macros', workbook([['Name'], ['x']], { parts: { 'xl/vbaProject.bin': new Uint8Array(10) } }), /macros/],
    ['A-102 a bomb: a small file that unpacks to a very large one', workbook([['Name']], { parts: { 'xl/media/x.bin': new Uint8Array(300_000_000) } }), /larger than is allowed/],
    ['an empty file', '', /empty|body/],
  ])('%s is refused before anything is read from it', async (_, content, reason) => {
    const [before, files] = [await count(), await left()]
    const answer = await send(app.admin, content, { entity: 'member', start: 'true' })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect((answer.body as { readonly title: string }).title).toMatch(reason)
    expect([await count(), await left()]).toEqual([before, files])
  })

  test('what is larger than the limit is refused while it comes in', async () => {
    const files = await left()
    const answer = await send(app.admin, `Name\n${'x\n'.repeat(2_000_000)}`, { entity: 'member' })
    expect(answer.body).toMatchObject({ status: 413, code: 'request.tooLarge' })
    expect(await left()).toBe(files)
  })

  test('A-114 a quotation mark that is never closed stops the import at its row, and says which; what came before can be undone', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `Quote ${i},q-${i}`)
    const done = await over(app.admin, await sent(app.admin, ['Name,Code', ...rows, '"never closed,q-x', ...rows].join('\n'), { entity: 'member', start: 'true', settings: { columns: [{ column: 0, field: 'name' }, { column: 1, field: 'code' }] } }))
    expect(done).toMatchObject({ job: { state: 'failed', error: { code: 'import.unreadable', title: expect.stringMatching(/row 1502/) } }, result: { created: 1000 } })
    expect((await app.admin.post(`/api/imports/${done.id}/undo`)).status).toBe(202)
    expect(await over(app.admin, done, 'undo')).toMatchObject({ undone: { removed: 1000, kept: 0 } })
  })

  test('A-114 characters that cannot be stored reject their row only', async () => {
    const done = await over(app.admin, await sent(app.admin, 'Name,Code\nbad\0name,n-1\ngood,n-2\n', { entity: 'member', start: 'true' }))
    expect(done).toMatchObject({ result: { created: 1, rejected: 1 } })
    expect((await app.admin.get(`/api/imports/${done.id}/rejected`)).text).toMatch(/cannot be stored/)
  })

  test('bytes that are no text of the chosen encoding stop the import', async () => {
    const made = await sent(app.admin, latin('Name,Code\nJ\xfcrgen,b-1\n'), { entity: 'member' })
    const answer = await app.admin.patch(`/api/imports/${made.id}`, { reading: { encoding: 'utf-16be' } })
    expect(answer.status).toBeOneOf([200, 422])
    expect((await app.admin.patch(`/api/imports/${made.id}`, { reading: { encoding: 'klingon' } })).status).toBe(400)
  })

  test('settings that are none are refused and change nothing', async () => {
    const made = await sent(app.admin, 'Name,Code\nSet,s-1\n', { entity: 'member' })
    for (const body of [[], { mode: 'replace' }, { key: 7 }, { columns: [{ column: -1, field: 'name' }] }, { columns: [{ column: 0, field: 'name' }, { column: 1, field: 'name' }] }, { reading: { header: 1.5 } }, { reading: { separator: '#' } }, { unknown: 1 }]) {
      expect((await app.admin.patch(`/api/imports/${made.id}`, body)).body, JSON.stringify(body)).toMatchObject({ status: 400 })
    }
    expect((await app.admin.get(`/api/imports/${made.id}`)).body).toEqual(made)
    for (const [settings, code] of [[{ columns: [] }, 'import.incomplete'], [{ mode: 'update' }, 'import.incomplete'], [{ mode: 'upsert', key: 'tier' }, 'import.incomplete'], [{ columns: [{ column: 0, field: 'nothing' }] }, 'access.field'], [{ columns: [{ column: 0, field: 'memberNo' }, { column: 1, field: 'name' }] }, 'access.field']] as const) {
      const other = await sent(app.admin, 'Name,Code\nSet,s-1\n', { entity: 'member', settings })
      expect((await app.admin.post(`/api/imports/${other.id}/start`)).body, JSON.stringify(settings)).toMatchObject({ code })
    }
  })
})

test('A-114 a line of 500 MB is refused in constant memory', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'tessera-')), 'line.csv')
  const file = await open(path, 'w')
  await file.write('Name,Code\n')
  await file.truncate(500_000_000)
  await file.close()
  const before = process.memoryUsage().rss
  const rows = csvSource(path, 500_000_000, { format: 'csv', encoding: 'utf-8', separator: ',', quote: '"', header: 1 }).rows[Symbol.asyncIterator]()
  expect((await rows.next()).value).toMatchObject({ cells: ['Name', 'Code'] })
  await expect(rows.next()).rejects.toMatchObject({ code: 'import.unreadable', message: expect.stringMatching(/row 2 is longer/) })
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})
