/** What free text promises: every script, every word anywhere, the best first, on both databases. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { openEngine } from '../../engine/compose.js'
import { readConfig } from '../../engine/config.js'
import { examine } from '../../engine/operations/upkeep/doctor.js'
import { quote } from '../../engine/storage/dialect.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { fold, wordsOf } from '../../metadata/contract/text.js'
import { startApp, type App } from '../support/app.js'
import { address, type Answer, type Client } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'

interface Found {
  readonly results: readonly { readonly entity: string; readonly id: number; readonly title: string; readonly match?: { readonly field: string; readonly text: string } }[]
  readonly groups: readonly { readonly entity: string; readonly count: number; readonly more: boolean }[]
}
interface Page {
  readonly records: readonly { readonly id: number; readonly name: string }[]
  readonly next: string | null
  readonly count?: number
}

describe.each(databaseKinds)('free text on %s', (database) => {
  let app: App
  let admin: Client

  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'metadata/retail'] })
    admin = app.admin
  })
  afterAll(() => app.close())

  const create = async (entity: string, rows: readonly JsonObject[]): Promise<readonly number[]> => {
    const answer = await admin.post(`/api/records/${entity}/bulk`, { create: rows })
    expect(answer.status).toBe(200)
    return (answer.body as { records: readonly { id: number }[] }).records.map(({ id }) => id)
  }
  /** Members without a letter that is asked for, so many that those before them are not among the newest. Copied inside of the database: nobody waits for 8,000 checks. */
  const fill = async (count: number): Promise<void> => {
    const [id] = await create('member', [{ city: 'filler', name: 'z' }])
    const { fields } = app.engine.current.get().entities.get('member') ?? {}
    const columns = [...(fields?.values() ?? [])].flatMap((field) => field.columns.map(({ name }) => name)).filter((name) => name !== 'id').map(quote).join(', ')
    await app.engine.database.write((tx) => tx.run(`INSERT INTO member (${columns}) SELECT ${columns} FROM member, generate_series(1, ?) WHERE id = ?`, [count, id]))
  }
  const titles = (answer: Answer): readonly string[] => (answer.body as Found).results.map(({ title }) => title)
  const names = (answer: Answer): readonly string[] => (answer.body as Page).records.map(({ name }) => name)
  const listed = async (q: string, more: Record<string, string> = {}): Promise<readonly string[]> => names(await admin.get(address('/api/records/member', { q, fields: 'name', ...more })))

  test('the whole title comes before its beginning, that before a word, that before any place, and all before other fields; then the newest', async () => {
    await create('member', [
      { name: 'Annabel', email: 'x1@example.com' },
      { name: 'Joanna', email: 'x2@example.com' },
      { name: 'Ann', email: 'x3@example.com' },
      { name: 'Mary Ann', email: 'x4@example.com' },
      { name: 'Bob', email: 'ann@example.com' },
      { name: 'Annika', email: 'x5@example.com' },
    ])
    const best = ['Ann', 'Annika', 'Annabel', 'Mary Ann', 'Joanna', 'Bob']
    expect(await listed('ann')).toEqual(best)
    expect(titles(await admin.get(address('/api/search', { q: 'ANN' })))).toEqual(best)
    expect(await listed('ann', { sort: 'name' })).toEqual([...best].toSorted((a, b) => (fold(a) < fold(b) ? -1 : 1)))
  })

  test.each([
    ['Zoë Müller-Lüdenscheidt', ['zoe', 'mull', 'LÜDEN', 'ë', 'ü']],
    ['Łukasz Straßburg', ['lukasz', 'strasse'.slice(0, 5), 'STRASS']],
    ['李小龙', ['李', '小龙', '龙', '李小龙']],
    ['欧阳', ['欧', '阳', '欧阳']],
    ['Анна Королёва', ['анна', 'королева', 'ёв', 'А']],
    ['محمد عَلي', ['محمد', 'علي', 'م']],
    ['Νίκος Παππάς', ['νικοσ', 'ΠΑΠΠΑΣ', 'παπ']],
    ['김민수', ['김', '민수']],
    ['ｆｕｌｌ Ｗｉｄｔｈ', ['full', 'width']],
    ['O"Quote AND (x*)', ['o"q', '(x', 'x*']],
  ])('%s is found by its parts', async (name, questions) => {
    await create('member', [{ name }])
    for (const q of questions) expect(await listed(q), q).toContain(name)
    expect(await listed(`${questions[0] ?? ''} qqq`)).toEqual([])
  })

  test('words stand in any order and in any fields', async () => {
    await create('member', [{ name: 'Wei Zhang', email: 'harbour@example.org' }, { name: 'Wei Zhao', email: 'hill@example.org' }])
    expect(await listed('zhang wei')).toEqual(['Wei Zhang'])
    expect(await listed('wei harb')).toEqual(['Wei Zhang'])
    expect((await admin.get(address('/api/search', { q: 'wei harb' }))).body).toMatchObject({ results: [{ title: 'Wei Zhang', match: { field: 'email', text: 'harbour@example.org' } }] })
  })

  test('namesakes are told apart by another field that is looked into, unless that is sensitive', async () => {
    await create('store', [{ name: 'Pier Street', number: 'P17' }, { name: 'Pier Street', number: 'P18' }])
    await create('member', [{ name: 'Pier Namesake', email: 'pier@example.org' }])
    const told = async (): Promise<readonly string[]> => {
      const { results } = (await admin.get(address('/api/search', { q: 'pier' }))).body as { results: readonly { title: string; hint?: { text: string } }[] }
      return results.map(({ title, hint }) => `${title}: ${hint?.text ?? '-'}`).toSorted()
    }
    expect(await told()).toEqual([expect.stringMatching(/^Pier Namesake: M\d{4}-\d+$/), 'Pier Street: P17', 'Pier Street: P18'])
    await admin.patch('/api/definitions/draft', [{ op: 'remove', path: '/member~1entity.json/properties/memberNo/crm/search' }])
    expect((await admin.post('/api/definitions/publish', { message: 'members are looked for by what is sensitive alone' })).status).toBe(201)
    expect(await told()).toEqual(['Pier Namesake: -', 'Pier Street: P17', 'Pier Street: P18'])
  })

  test('what was changed or archived is found as it is now', async () => {
    const [id] = await create('member', [{ name: '乙甲' }])
    expect(await listed('甲')).toEqual(['乙甲'])
    expect((await admin.patch(`/api/records/member/${String(id)}`, { name: '丙丁' })).status).toBe(200)
    expect(await listed('甲')).toEqual([])
    expect(await listed('丙')).toEqual(['丙丁'])
    await admin.delete(`/api/records/member/${String(id)}`)
    expect(await listed('丙')).toEqual([])
    expect(await listed('丙', { archived: 'true' })).toEqual(['丙丁'])
  })

  test.runIf(database === 'postgres')('the text indexes that an earlier engine made, or lacks, are at the next start as this one makes them', async () => {
    const indexes = async (): Promise<readonly string[]> => (await app.engine.database.read.all("SELECT relname || ' ' || coalesce(array_to_string(reloptions, ' '), '') AS index FROM pg_class WHERE relname ~ '^member_.*_(ch|tg|ti)$' ORDER BY 1", [])).map(({ index }) => String(index))
    const before = await indexes()
    expect(before.length).toBeGreaterThan(6)
    const ofTitles = before.map((index) => index.trim()).filter((index) => index.endsWith('_ti'))
    expect(ofTitles).toHaveLength(1)
    for (const index of before) if (!index.endsWith('_ti ')) expect(index).toMatch(/ gin_pending_list_limit=256$/)
    const ofCharacters = before.map((index) => index.split(' ')[0] ?? '').filter((name) => name.endsWith('_ch'))
    await app.engine.database.change(async (tx) => {
      for (const name of [...ofCharacters.slice(1), ...ofTitles]) await tx.run(`DROP INDEX ${quote(name)}`, [])
      for (const index of before.filter((one) => one.includes('_tg '))) await tx.run(`ALTER INDEX ${quote(index.split(' ')[0] ?? '')} RESET (gin_pending_list_limit)`, [])
    })
    const lacking = await indexes()
    expect(lacking).not.toEqual(before)
    const told = async (): Promise<readonly string[]> => (await examine(app.engine, false)).filter((one) => one.name === 'indexes').flatMap(({ details }) => details)
    expect(await told()).toEqual([expect.stringMatching(/text indexes .*server/) as unknown])
    const command = await openEngine(readConfig({ DATABASE_URL: app.database.url }), { info: () => undefined, warn: () => undefined, error: () => undefined })
    await command.database.close()
    expect(await indexes(), 'a command such as `doctor` that only looks').toEqual(lacking)
    await app.another()
    expect([await indexes(), await told()]).toEqual([before, []])
  })

  test.runIf(database === 'postgres')('an index that an earlier engine made in another order is told of, and made anew while the server runs, also after that was broken off', async () => {
    const index = app.engine.current.get().entities.get('member')?.indexes.find(({ unique }) => unique)
    const { name = '', columns = [] } = index ?? {}
    const made = async (): Promise<unknown> => (await app.engine.database.read.all('SELECT pg_get_indexdef(to_regclass(?)) AS made', [name]))[0]?.['made']
    const told = async (): Promise<readonly string[]> => (await examine(app.engine, false)).filter((one) => one.name === 'indexes').flatMap(({ details }) => details)
    const before = await made()
    expect(before).toContain('NULLS FIRST')
    expect(await told()).toEqual([])
    await app.engine.database.change(async (tx) => {
      await tx.run(`DROP INDEX ${quote(name)}`, [])
      await tx.run(`CREATE UNIQUE INDEX ${quote(name)} ON member (${columns.map(quote).join(', ')}) WHERE archived_at IS NULL`, [])
      await tx.run('CREATE INDEX tessera_index_anew ON member (version)', [])
    })
    expect(await told()).toEqual([expect.stringContaining(name) as unknown])
    await app.another()
    await vi.waitFor(async () => expect(await made()).toBe(before), { timeout: 10_000 })
    expect(await told()).toEqual([])
    expect(await app.engine.database.read.all("SELECT 1 WHERE to_regclass('tessera_index_anew') IS NOT NULL", [])).toEqual([])
  })

  test('groups tell where there is more', async () => {
    await create('store', [{ name: 'Quay one', number: 'Q1' }])
    await create('member', Array.from({ length: 25 }, (_, i) => ({ name: `Quay ${String(i)}` })))
    const { results, groups } = (await admin.get(address('/api/search', { q: 'quay' }))).body as Found
    expect(groups).toEqual(expect.arrayContaining([{ entity: 'member', count: 20, more: true }, { entity: 'store', count: 1, more: false }]))
    expect(results).toHaveLength(21)
    expect((await admin.get(address('/api/records/member', { q: 'quay', count: 'true', limit: '1' }))).body).toMatchObject({ count: 25 })
    expect((await admin.get(address('/api/search', { q: ' \t' }))).status).toBe(400)
  })

  test('in a sorted list a frequent word gives the same pages as a rare one: all records that have it, in order', async () => {
    const rows = Array.from({ length: 1_800 }, (_, i) => ({ city: 'sorted', name: `z${String((i * 7919) % 1_800).padStart(4, '0')} ${i % 3 === 0 ? 'frequent' : 'other'}`, ...(i % 100 === 1 ? { email: `frequent.${String(i)}@example.com` } : {}) }))
    for (const half of [rows.slice(0, 900), rows.slice(900)]) await create('member', half)
    const filter = JSON.stringify({ city: 'sorted' })
    const pages = async (q: string, sort: string): Promise<readonly string[]> => {
      const found: string[] = []
      let cursor: string | null = null
      do {
        const page: Page = (await admin.get(address('/api/records/member', { filter, q, sort, limit: '150', fields: 'name', ...(cursor === null ? {} : { cursor }) }))).body as Page
        found.push(...page.records.map(({ name }) => name))
        cursor = page.next
      } while (cursor !== null)
      return found
    }
    const having = rows.filter(({ name, email }) => name.includes('frequent') || email !== undefined).map(({ name }) => name).toSorted()
    expect(await pages('frequent', 'name')).toEqual(having)
    expect(await pages('frequent', '-name')).toEqual(having.toReversed())
    expect(await pages('o', 'name')).toEqual(rows.filter(({ name, email }) => name.includes('other') || email !== undefined).map(({ name }) => name).toSorted())
    expect(await pages('z0001', 'name')).toEqual(rows.map(({ name }) => name).filter((name) => name.startsWith('z0001')))
  })

  test('whatever is asked, page by page, is what a look at every record says', async () => {
    const letter = fc.constantFrom('a', 'b', 'B', 'é', ' ', '李', '小', 'ж', '"', '%', '_', '𠮷')
    const word = (min: number, max: number) => fc.array(letter, { minLength: min, maxLength: max }).map((all) => all.join(''))
    const rows = fc.sample(fc.tuple(word(1, 6), word(1, 4)), { numRuns: 700, seed: 7 }).filter(([name]) => name.trim() !== '')
    const taken = new Set<string>()
    const members = rows.map(([name, householdNo]) => {
      const free = householdNo.trim() !== '' && !taken.has(householdNo)
      taken.add(householdNo)
      return { city: 'oracle', name, ...(free ? { householdNo } : {}) }
    })
    // Others stand between the old ones and the new ones: PostgreSQL looks through the newest 8,000 that are asked for, and finds the rest by their index. Some texts have more hits among them than SQLite looks at one by one.
    await create('member', members.slice(0, 350))
    for (const from of [0, 800, 1_600]) await create('member', Array.from({ length: 800 }, (_, i) => ({ name: `xab aba bab ёжё ${String(from + i)}` })))
    if (database === 'postgres') await fill(8_000)
    await create('member', [...members.slice(350), { city: 'oracle', name: 'ёжё' }])
    const filter = JSON.stringify({ city: { $in: ['oracle', 'filler'] } })
    const half = async (sort: string): Promise<readonly { id: number; name: string; householdNo: string | null }[]> =>
      ((await admin.get(address('/api/records/member', { filter: JSON.stringify({ city: 'oracle' }), limit: '500', fields: 'name,householdNo', sort }))).body as { records: readonly { id: number; name: string; householdNo: string | null }[] }).records
    const all = [...new Map([...(await half('id')), ...(await half('-id'))].map((record) => [record.id, record])).values()]
    for (const q of [...fc.sample(word(1, 4), { numRuns: 40, seed: 11 }), 'ab', 'ba', 'bab', 'aba', 'ab a', 'aba b', 'b ab', 'ёжё'].filter((one) => wordsOf(one).length > 0)) {
      const terms = wordsOf(q)
      const phrase = fold(q).split(/\s+/u).filter((one) => one !== '').join(' ')
      const rank = (name: string): number => (name === phrase ? 0 : name.startsWith(phrase) ? 1 : name.includes(` ${phrase}`) ? 2 : name.includes(phrase) ? 3 : 4)
      const expected = all
        .filter(({ name, householdNo }) => terms.every((term) => fold(name).includes(term) || fold(householdNo ?? '').includes(term)))
        .toSorted((a, b) => rank(fold(a.name)) - rank(fold(b.name)) || b.id - a.id)
        .map(({ id }) => id)
      const paged: number[] = []
      let cursor: string | null = null
      do {
        const page: Page = (await admin.get(address('/api/records/member', { filter, q, limit: '17', fields: 'name', ...(cursor === null ? {} : { cursor }) }))).body as Page
        paged.push(...page.records.map(({ id }) => id))
        cursor = page.next
      } while (cursor !== null)
      expect(paged, JSON.stringify(q)).toEqual(expected)
      expect((await admin.get(address('/api/records/member', { filter, q, limit: '1', count: 'true' }))).body, JSON.stringify(q)).toMatchObject({ count: expected.length })
    }
  })
})
