import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { recordTypes } from '../../engine/operations/definitions/types.js'
import { startApp, type App } from '../support/app.js'
import { client, type Client } from '../support/client.js'

const run = promisify(execFile)
const bin = (name: string): string => join(import.meta.dirname, '../../node_modules/.bin', name)
const root = join(import.meta.dirname, '../..')

// The document is made from the model alone, so one database tells all.
describe('the description of the API', () => {
  let app: App
  let clerk: Client
  let folder: string
  beforeAll(async () => {
    app = await startApp({ database: 'sqlite' })
    clerk = await app.as(['clerk'])
    folder = await mkdtemp(join(tmpdir(), 'tessera-openapi-'))
    for (const [name, who] of [['admin', app.admin], ['clerk', clerk]] as const) await writeFile(join(folder, `${name}.json`), (await who.get('/api/openapi.json')).text)
  })
  afterAll(async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  })

  // Workflows stand beside their runs (`/workflows/{name}/runs`, `/workflows/runs/{id}`): none may be called “runs”, so no address means two things.
  // Two addresses of the sign-in at a provider lead elsewhere and have no other answer (`operation-2xx-response`).
  test('redocly finds no error in it', async () => {
    for (const name of ['admin', 'clerk']) {
      const { stdout } = await run(bin('redocly'), ['lint', '--format=json', '--skip-rule=no-ambiguous-paths', '--skip-rule=operation-2xx-response', join(folder, `${name}.json`)], { cwd: folder, maxBuffer: 1e8 })
      expect((JSON.parse(stdout) as { totals: object }).totals).toMatchObject({ errors: 0, warnings: 0 })
    }
  }, 300_000)

  test('openapi-typescript makes a client from it that compiles, and so do the record types', async () => {
    for (const name of ['admin', 'clerk']) await run(bin('openapi-typescript'), [join(folder, `${name}.json`), '-o', join(folder, `${name}.ts`)], { cwd: root })
    await writeFile(join(folder, 'records.ts'), recordTypes(app.engine.current.get()))
    await writeFile(join(folder, 'use.ts'), [
      "import type { paths } from './admin.js'",
      "import type { Records, MemberCreate } from './records.js'",
      "type Member = paths['/api/records/member/{id}']['get']['responses'][200]['content']['application/json']",
      'export const name = (member: Member, record: Records[\'member\']): string => `${member.name ?? \'\'} ${record.name}`',
      "export const fresh: MemberCreate = { name: 'Ada' }",
      '// @ts-expect-error a name is text',
      'export const wrong: MemberCreate = { name: 1 }',
    ].join('\n'))
    const files = ['admin.ts', 'clerk.ts', 'records.ts', 'use.ts'].map((file) => join(folder, file))
    await run(bin('tsc'), ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext', ...files], { cwd: folder }).catch((error: { stdout?: string }) => {
      throw new Error(error.stdout ?? 'tsc could not run')
    })
  }, 300_000)

  test('it names every route that exists, and no other', async () => {
    const described = Object.entries(((await app.admin.get('/api/openapi.json')).body as { paths: Record<string, object> }).paths)
      .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api\/records\/[^/]+/, '/api/records/{entity}')}`))
    const spelled = (path: string): string => path.replace(/:(\w+)/g, '{$1}').replace('/schemas/{file}', '/schemas/{kind}.json')
    const served = app.routes.map(({ method, path }) => `${method} ${spelled(path)}`).filter((route) => !/ \/(healthz|readyz|metrics)/.test(route))
    expect([...new Set(described)].toSorted()).toEqual([...new Set(served)].toSorted())
  })

  test('A-018 a clerk finds neither entities nor fields that are not theirs, here and in the model', async () => {
    for (const path of ['/api/openapi.json', '/api/model']) {
      const [theirs, all] = [(await clerk.get(path)).text, (await app.admin.get(path)).text]
      expect(all).toContain('income')
      expect(theirs).not.toContain('"income"')
      expect(theirs).not.toContain('/api/definitions')
    }
  })

  test('strangers get nothing; the schemas of the definitions are for every editor', async () => {
    const stranger = client(app.url)
    expect((await stranger.get('/api/openapi.json')).status).toBe(401)
    expect((await stranger.get('/api/model')).status).toBe(401)
    for (const kind of ['entity', 'form', 'view', 'lifecycle', 'role', 'layer', 'texts']) {
      expect((await stranger.get(`/schemas/${kind}.json`)).body).toMatchObject({ $id: `/schemas/${kind}.json` })
    }
    for (const path of ['/schemas/nothing.json', '/schemas/..%2f..%2fpackage.json', '/schemas/entity', '/schemas/entity.json.json']) expect((await stranger.get(path)).status).toBe(404)
  })

  test('the model of the screens is sent once per version, role set and language', async () => {
    const first = await clerk.get('/api/model')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"1-/)
    expect((await clerk.get('/api/model', { 'if-none-match': etag })).status).toBe(304)
    expect((await app.admin.get('/api/model', { 'if-none-match': etag })).status).toBe(200)
    expect((await clerk.get('/api/model?locale=zh', { 'if-none-match': etag })).status).toBe(200)
    expect((await clerk.get('/api/model?locale=zh')).body).toMatchObject({ locale: 'zh' })
    // Languages that nobody wrote in are the closest that there is, and are kept once.
    for (const [asked, told] of [['zh-Hant-TW', 'zh'], ['en-GB', 'en'], ['xx-YY', 'en']] as const) expect((await clerk.get(`/api/model?locale=${asked}`)).headers.get('etag')).toBe((await clerk.get(`/api/model?locale=${told}`)).headers.get('etag'))
    expect((await clerk.get('/api/model?locale=../etc')).status).toBe(400)
  })
})
