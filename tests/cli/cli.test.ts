import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { tessera as commandLine } from '../../engine/command-line.js'
import { openDatabase } from '../../engine/storage/database.js'
import { formatDocument } from '../../metadata/contract/json.js'
import { compiledCommandLine } from '../support/compiled.js'
import { databaseKinds, freshDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js'
import { stateHash } from '../support/state-hash.js'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const root = join(import.meta.dirname, '../..')
const settings = (environment: Readonly<Record<string, string>>): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', ...environment })

/** Runs `tessera` as its users do: a process with an environment, which takes a second of a processor. */
function asProcess(environment: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: root, env: settings(environment), maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err })
    })
  })
}

/** The same in this process: from the arguments to the exit code. */
async function tessera(environment: Readonly<Record<string, string>>, args: readonly string[], input = ''): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await commandLine(args, { env: settings(environment), stdin: Readable.from([input]), stdout, stderr })
  stdout.end()
  stderr.end()
  return { code, out: await text(stdout), err: await text(stderr) }
}

let program: string
beforeAll(async () => {
  program = await compiledCommandLine()
}, 120_000)

describe('the command line explains itself', () => {
  test('help, a version, and exit code 2 for wrong use', async () => {
    const help = await asProcess({}, ['--help'])
    expect(help.code).toBe(0)
    const commands = [...help.out.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? '').filter((name) => name !== 'help')
    expect(commands).toEqual(expect.arrayContaining(['start', 'check', 'plan', 'publish', 'upgrade', 'rehearse', 'diff', 'export', 'types', 'user', 'token', 'backup', 'restore', 'doctor', 'demo', 'new']))
    const helps = await Promise.all([['publish', '--help'], ['user', 'add', '--help'], ['token', 'create', '--help'], ['new', 'field', '--help']].map((args) => asProcess({}, args)))
    for (const { code, out } of helps) expect([code, out.startsWith('Usage: tessera')]).toEqual([0, true])
    expect((await asProcess({}, ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
    for (const args of [['nothing'], ['diff', 'one'], ['token', 'create', 'a@example.com']]) expect((await asProcess({}, args)).code).toBe(2)
  }, 300_000)
})

/** What is refused before the database is asked, or is asked over HTTP of both kinds elsewhere, is tried on one. */
const [first] = databaseKinds

describe.each(databaseKinds)('the command line on %s', (kind: DatabaseKind) => {
  let database: TestDatabase
  let folder: string
  let environment: Record<string, string>
  const run = (args: readonly string[], input?: string): Promise<Ran> => tessera(environment, args, input)
  const json = async <T>(args: readonly string[], code = 0): Promise<T> => {
    const ran = await run([...args, '--json'])
    expect([args, ran.code, ran.err]).toEqual([args, code, ''])
    return JSON.parse(ran.out) as T
  }
  /** Changes a file of the test's own copy of the layers. */
  const edit = async (path: string, change: (document: Record<string, Record<string, unknown>>) => void): Promise<void> => {
    const file = join(folder, 'retail', path)
    const document = JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, unknown>>
    change(document)
    await writeFile(file, JSON.stringify(document, null, 2))
  }

  beforeAll(async () => {
    database = await freshDatabase(kind)
    folder = await mkdtemp(join(tmpdir(), 'tessera-cli-'))
    for (const layer of ['core', 'retail']) await cp(join(root, 'metadata', layer), join(folder, layer), { recursive: true, filter: (path) => !path.includes(join(layer, 'data')) })
    environment = { DATABASE_URL: database.url, TESSERA_LAYERS: `${join(folder, 'core')},${join(folder, 'retail')}` }
  })
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  })

  test('from layer files to a published version, once', async () => {
    expect(await json<object>(['check'])).toEqual({ problems: [], hints: [] })
    expect((await json<{ base: number; steps: object[] }>(['plan'], 3)).steps).toContainEqual(expect.objectContaining({ key: 'createEntity:member' }))
    expect(await json<object>(['publish', '-m', 'first'])).toMatchObject({ version: 1, changed: true })
    expect(await json<object>(['publish'])).toMatchObject({ version: 1, changed: false })
    expect(await json<object>(['plan'])).toMatchObject({ base: 1, steps: [], problems: [] })
    for (const [name, code] of [['studio', 'layer.reserved'], ['core', 'layer.twice']] as const) {
      await mkdir(join(folder, 'elsewhere', name), { recursive: true })
      const named = await tessera({ ...environment, TESSERA_LAYERS: `${environment['TESSERA_LAYERS'] ?? ''},${join(folder, 'elsewhere', name)}` }, ['publish'])
      expect([named.code, named.out + named.err]).toEqual([1, expect.stringContaining(`(${code})`)])
    }
    for (const [gone, reason] of [['gone', 'it is not there'], [join('core', 'layer.json'), 'it is no folder']] as const) {
      const missing = await tessera({ ...environment, TESSERA_LAYERS: `${join(folder, 'core')},${join(folder, gone)}` }, ['plan'])
      expect([missing.code, missing.out, missing.err]).toEqual([1, '', expect.stringContaining(`The folder ${join(folder, gone)} of TESSERA_LAYERS cannot be read: ${reason}. Correct TESSERA_LAYERS`)])
    }
    expect((await asProcess(environment, ['publish'])).out).toContain('Nothing to publish')
  }, 180_000)

  test.runIf(kind === first)('people and tokens', async () => {
    const added = await json<{ id: number; password: string }>(['user', 'add', 'Ada@Example.com', '--name', 'Ada', '--role', 'admin'])
    expect(added.password).toMatch(/^\w{20}$/)
    const twice = await run(['user', 'add', 'ada@example.com', '--role', 'admin'])
    expect([twice.code, twice.err.includes(added.password)]).toEqual([1, false])
    expect((await run(['user', 'add', 'bob@example.com', '--role', 'nothing'])).err).toContain('There is no role nothing')
    const given = await run(['user', 'reset', 'ada@example.com', '--password-stdin'], 'a password of my own\n')
    expect([given.code, given.out.includes('a password of my own')]).toEqual([0, false])
    expect((await run(['user', 'reset', 'nobody@example.com'])).code).toBe(1)
    const made = await json<{ id: number; token: string }>(['token', 'create', 'ada@example.com', '--name', 'till', '--role', 'admin', '--days', '30'])
    expect(made.token).toMatch(/^[\w-]{43}$/)
    const listed = await run(['token', 'list', '--json'])
    expect(JSON.parse(listed.out)).toMatchObject({ tokens: [{ id: made.id, name: 'till', roles: ['admin'], revokedAt: null }] })
    expect(listed.out).not.toContain(made.token)
    expect((await run(['token', 'revoke', String(made.id)])).code).toBe(0)
    expect((await run(['token', 'revoke', String(made.id)])).code).toBe(1)
  }, 180_000)

  test('a changed file: checked, planned, published; loss needs consent; versions are compared and exported', async () => {
    await edit('member/entity.json', ({ properties }) => (properties ? (properties['shoe'] = { type: 'string' }) : undefined))
    const health = (await run(['doctor'])).out
    expect(health).toContain('tessera plan')
    // The end of the audit log, written down elsewhere, must still be there later.
    const [, number = '', hash = ''] = /chain ends with (\d+):([0-9a-f]{64})/.exec(health) ?? []
    expect((await run(['doctor', '--audit-head', `${number}:${hash}`])).out).toMatch(/ok {2}audit log/)
    const plan = await run(['plan'])
    expect([plan.code, plan.out]).toEqual([3, expect.stringContaining('addField:member.shoe')])
    expect(await json<object>(['publish'])).toMatchObject({ version: 2 })
    expect(await json<object>(['diff', '1', '2'], 3)).toEqual({ changes: [{ path: 'member/entity.json#/properties/shoe', after: { type: 'string' } }] })
    expect(await json<object>(['diff', 'files', 'published'])).toEqual({ changes: [] })
    const out = join(folder, 'exported')
    await run(['export', out])
    expect((await readdir(out)).toSorted()).toEqual(['core', 'retail'])
    expect((await run(['diff', join(out, 'core'), join(folder, 'core')])).code).toBe(0)
    const types = await run(['types'])
    expect(types.out).toContain('export interface Member {')
    expect(types.out).toContain('shoe')
  }, 180_000)

  test.runIf(kind === first)('an exchanged audit log, a version that is none and a broken file are told', async () => {
    const [, number = ''] = /chain ends with (\d+):/.exec((await run(['doctor'])).out) ?? []
    // Another end tells that the log was made anew.
    const exchanged = await run(['doctor', '--audit-head', `${String(Number(number) + 3)}:${'1'.repeat(64)}`])
    expect([exchanged.code, exchanged.out]).toEqual([1, expect.stringMatching(/NO {2}audit log/)])
    expect((await run(['doctor', '--audit-head', 'yesterday'])).code).not.toBe(0)
    expect((await run(['diff', '1', '99'])).code).toBe(1)
    await edit('member/entity.json', ({ properties }) => (properties ? (properties['shoe'] = { type: 'string', crm: { type: 'nothing' } }) : undefined))
    const checked = await run(['check'])
    expect([checked.code, checked.out]).toEqual([1, expect.stringContaining('member/entity.json#/properties/shoe')])
    expect((await run(['publish'])).code).toBe(1)
    await edit('member/entity.json', ({ properties }) => (properties ? (properties['shoe'] = { type: 'string' }) : undefined))
  }, 180_000)

  test('A-148 a backup restores into an empty database of either kind, and everything is there', async () => {
    const file = join(folder, 'all.backup')
    expect((await run(['user', 'add', 'carol@example.com', '--role', 'admin'])).code).toBe(0)
    const made = await json<{ version: number; tables: number; rows: number }>(['backup', file])
    for (const other of databaseKinds) {
      const target = await freshDatabase(other)
      try {
        const there = { ...environment, DATABASE_URL: target.url }
        const restored = await tessera(there, ['restore', file, '--json'])
        expect([restored.code, restored.err]).toEqual([0, ''])
        expect(JSON.parse(restored.out)).toMatchObject({ version: made.version, tables: made.tables, rows: made.rows })
        expect(JSON.parse((await tessera(there, ['plan', '--json'])).out)).toMatchObject({ base: 2, steps: [] })
        const health = await tessera(there, ['doctor'])
        // The PostgreSQL of the tests does not wait for the disk, and the doctor sees that.
        const faults = other === 'postgres' ? ['NO  settings: fsync is off, it should be on.'] : []
        expect([health.out.split('\n').filter((line) => line.startsWith('NO')), health.code]).toEqual([faults, faults.length])
        expect(health.out).toContain('ok  tables')
        expect((await tessera(there, ['user', 'add', 'eve@example.com', '--role', 'admin'])).code).toBe(0)
        expect((await tessera(there, ['restore', file])).code).toBe(1)
      } finally {
        await target.drop()
      }
    }
    await writeFile(join(folder, 'cut.backup'), (await readFile(file)).subarray(0, 2000))
    const target = await freshDatabase(kind)
    try {
      const cut = await tessera({ ...environment, DATABASE_URL: target.url }, ['restore', join(folder, 'cut.backup')])
      expect(cut.code).toBe(1)
      expect((await tessera({ ...environment, DATABASE_URL: target.url }, ['restore', file])).code).toBe(0)
    } finally {
      await target.drop()
    }
  }, 300_000)

  /** All that the database holds, and how much the audit log tells. */
  const state = async (): Promise<readonly unknown[]> => {
    const opened = await openDatabase(database.url)
    try {
      return [await stateHash(opened), await opened.read.all('SELECT count(*) AS n FROM tessera_event', [])]
    } finally {
      await opened.close()
    }
  }

  test('an upper layer is put on top of a new lower one: rehearsed on a copy, decided, written to its files', async () => {
    const acme = join(folder, 'acme')
    const layers = { TESSERA_LAYERS: `${environment['TESSERA_LAYERS'] ?? ''},${acme}` }
    const own = async <T>(args: readonly string[], code = 0): Promise<T> => {
      const ran = await tessera({ ...environment, ...layers }, [...args, '--json'])
      expect([args, ran.code]).toEqual([args, code])
      return JSON.parse(ran.out) as T
    }
    await mkdir(join(acme, 'member'), { recursive: true })
    await writeFile(join(acme, 'member/entity.json'), formatDocument({ properties: { shoe: { title: 'Size', description: 'European' } } }))
    const { version } = await own<{ version: number }>(['publish', '-m', 'acme'])
    await edit('member/entity.json', ({ properties }) => (properties ? (properties['shoe'] = { type: 'string', title: 'Shoes', maxLength: 20 }) : undefined))
    const place = 'member/entity.json#/properties/shoe/title'
    const conflict = { layer: 'acme', why: 'changed', path: place, mine: 'Size', theirs: 'Shoes' }
    expect(await own<object>(['publish'], 3)).toEqual({ conflicts: [conflict], outdated: [] })
    const before = await state()
    await writeFile(join(acme, '.env'), `DATABASE_URL=${environment['DATABASE_URL'] ?? ''}\nTESSERA_LAYERS=../core,../retail,.\n`)
    const rehearsed = await tessera({}, ['rehearse', acme, 'sqlite:/nowhere/at-all.db', '--json'])
    expect(rehearsed.code).toBe(1)
    expect(JSON.parse(rehearsed.out)).toMatchObject({ sites: [{ site: acme, base: version, version: version + 1, problems: [], faults: [], records: [], conflicts: [{ ...conflict, taken: 'mine' }] }, { error: expect.stringContaining('there is no database') as string }] })
    // Files are only ever read: what would be taken from them by an upgrade is open until it was written.
    const text = await tessera({}, ['rehearse', acme, '--theirs', place])
    expect([text.code, text.out]).toEqual([3, expect.stringContaining(`conflict  acme:${place}\n    Both changed it.\n    base    (not there)\n    mine    "Size"\n    theirs  "Shoes"\n    taken   mine, in this rehearsal`)])
    expect(await state()).toEqual(before)
    expect(await own<object>(['upgrade', '--theirs', place])).toEqual({ conflicts: [], files: [join(acme, 'member/entity.json')] })
    expect(await readFile(join(acme, 'member/entity.json'), 'utf8')).toBe(formatDocument({ properties: { shoe: { description: 'European' } } }))
    expect(await own<object>(['publish'])).toMatchObject({ version: version + 1 })
  }, 300_000)
})
