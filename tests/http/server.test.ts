/** The server itself: one spelling per address, headers, origins, health, and an orderly end. */
import { request as plainRequest } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import { client } from '../support/client.js'

const layers = ['metadata/core', 'tests/packs/access']

/** As it stands: `fetch` would tidy the path and choose headers of its own. */
function raw(url: string, path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<{ status: number; headers: Record<string, unknown>; text: string; bytes: Buffer }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = plainRequest({ hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString(), bytes: Buffer.concat(chunks) }))
    })
    request.on('error', reject)
    request.end(options.body)
  })
}

describe('the server', () => {
  let app: App
  let cookie: string

  beforeAll(async () => {
    app = await startApp({ database: 'sqlite', layers })
    const answer = await client(app.url).post('/api/session', { email: 'admin@example.com', password: 'an administrator of tests' })
    cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  })
  afterAll(() => app.close())

  test.each([
    '//api/records/member', '/api//records/member', '/api/records/%6dember', '/api/records/member%2F1', '/%2e%2e/api/records/member', '/api/records/../records/member',
    '/api/records/./member', '/API/records/member', '/Api/Records/member', '/api/Records/member', '/api/records/member/', '/api/records/member.', '/api/records/member%00', '/api\\records\\member', '/api/records/Member',
  ])('A-116 %s is not an address', async (path) => {
    for (const headers of [{ cookie }, {}] as Record<string, string>[]) {
      const { status } = await raw(app.url, path, { headers })
      expect([401, 404]).toContain(status)
      expect(status).not.toBe(200)
    }
    expect((await raw(app.url, path, { headers: { cookie } })).status).toBe(404)
  })

  test('A-116 the method cannot be overridden', async () => {
    const before = (await raw(app.url, '/api/records/member', { headers: { cookie } })).text
    const answer = await raw(app.url, '/api/records/member?_method=DELETE', { headers: { cookie, 'x-http-method-override': 'DELETE' } })
    expect(answer.status).toBe(400)
    expect((await raw(app.url, '/api/records/member', { headers: { cookie } })).text).toBe(before)
  })

  test('hot and other addresses have the same headers and the same kind of errors', async () => {
    const hot = await raw(app.url, '/api/records/member', { headers: { cookie } })
    const other = await raw(app.url, '/api/session', { headers: { cookie } })
    const names = (headers: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(headers).filter(([name]) => !['date', 'content-length', 'x-request-id', 'vary', 'etag'].includes(name)))
    expect(names(hot.headers)).toEqual(names(other.headers))
    expect(hot.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': expect.stringContaining("default-src 'none'") })
    for (const path of ['/api/records/member', '/api/session', '/api/nothing', '/api/records/member/1']) {
      const answer = await raw(app.url, path)
      expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json; charset=utf-8', 'x-content-type-options': 'nosniff' })
      const body = JSON.parse(answer.text) as Record<string, unknown>
      expect(body).toMatchObject({ type: expect.any(String), title: expect.any(String), detail: expect.any(String), code: expect.any(String), requestId: answer.headers['x-request-id'] })
    }
    expect(app.log.filter(({ message }) => message === 'request').length).toBeGreaterThan(5)
  })

  test('A-083 no other origin is allowed to read', async () => {
    for (const origin of ['https://evil.example', 'null', `${app.url}.evil.example`]) {
      const answer = await raw(app.url, '/api/records/member', { headers: { cookie, origin } })
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    expect((await raw(app.url, '/api/records/member', { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } })).status).toBe(405)
  })

  test.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['a sub-domain look-alike', { origin: 'http://127.0.0.1.evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['a fetch that says so', { 'sec-fetch-site': 'cross-site' }],
  ])('A-082 %s cannot write with the cookie', async (_name, headers) => {
    const answer = await raw(app.url, '/api/records/store', { method: 'POST', headers: { cookie, 'content-type': 'application/json', ...headers }, body: '{"name":"forged"}' })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'request.origin' })
    const login = await raw(app.url, '/api/session', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{"email":"admin@example.com","password":"an administrator of tests"}' })
    expect(login.status).toBe(403)
    expect(await app.admin.get('/api/records/store')).toMatchObject({ body: { records: [] } })
  })

  test('what screens need is sent compressed to whom takes it so, and is the same', async () => {
    const asked = (headers: Record<string, string>): Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }> => raw(app.url, '/api/model', { headers: { cookie, ...headers } })
    const [plain, br, gzip, refused] = await Promise.all([asked({}), asked({ 'accept-encoding': 'gzip, br' }), asked({ 'accept-encoding': 'gzip' }), asked({ 'accept-encoding': 'br;q=0, gzip;q=0' })])
    expect([plain, br, gzip, refused].map(({ status, headers }) => [status, headers['content-encoding'], headers['etag']])).toEqual([[200, undefined], [200, 'br'], [200, 'gzip'], [200, undefined]].map((one) => [...one, plain.headers['etag']]))
    expect(String(br.headers['vary'])).toContain('Accept-Encoding')
    expect(brotliDecompressSync(br.bytes)).toEqual(plain.bytes)
    expect(gunzipSync(gzip.bytes)).toEqual(plain.bytes)
    expect(refused.bytes).toEqual(plain.bytes)
    expect(br.bytes.length).toBeLessThan(plain.bytes.length / 3)
  })

  test('a method that an address does not know says which it does', async () => {
    const answer = await raw(app.url, '/api/records/member', { method: 'DELETE', headers: { cookie } })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } })
    expect((await raw(app.url, '/api/records/member', { method: 'TRACE' })).status).toBe(405)
  })

  test('A-110 health is open and small; metrics are for this machine', async () => {
    expect(await raw(app.url, '/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' })
    expect(JSON.parse((await raw(app.url, '/readyz')).text)).toEqual({ status: 'ready', metadataVersion: 1 })
    const metrics = await raw(app.url, '/metrics')
    expect(metrics).toMatchObject({ status: 200, text: expect.stringContaining('tessera_http_request_seconds') })
    expect((await raw(app.url, '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404)
  })

  test('a request that is running is finished, then the server is gone', async () => {
    const other = await startApp({ database: 'sqlite', layers })
    const running = other.admin.post('/api/records/store', { name: 'Last' })
    await new Promise((resolve) => setImmediate(resolve))
    const [answer] = await Promise.all([running, running.then(() => other.close())])
    expect(answer.status).toBe(201)
    await expect(fetch(other.url)).rejects.toThrow()
  })

  test('A-014 a fault of ours tells nothing but a request id', async () => {
    const other = await startApp({ database: 'sqlite', layers })
    await other.engine.database.change((tx) => tx.run('DROP TABLE visit', []))
    const answer = await other.admin.get('/api/records/visit')
    expect(answer.status).toBe(500)
    expect(answer.text).not.toMatch(/sqlite|select|at .*\.[jt]s|\/work/i)
    expect(other.log.filter(({ level }) => level === 'error')).toHaveLength(1)
    await other.close()
  })
})
