import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { address, client, signIn } from './client.js'

let server: Server
let url: string

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/api/session') response.writeHead(201, { 'set-cookie': ['sid=abc; HttpOnly; Path=/'] }).end()
    else if (request.url === '/denied') response.writeHead(403, { 'content-type': 'application/problem+json' }).end('{"code":"access.denied"}')
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ url: request.url, headers: request.headers }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

test('signing in keeps the cookie and sends the origin', async () => {
  const user = await signIn(url, 'a@example.com', 'secret')
  expect((await user.get('/x')).body).toMatchObject({ headers: { cookie: 'sid=abc', origin: url } })
})

test('a problem is an answer like any other', async () => {
  const { status, body } = await client(url).get('/denied')
  expect({ status, body }).toEqual({ status: 403, body: { code: 'access.denied' } })
})

test('a filter travels as one JSON value', async () => {
  const sent = address('/api/records/store', { filter: { name: '中 & 文' }, sort: '-name' })
  const { body } = await client(url).get(sent)
  const received = new URL((body as { url: string }).url, url).searchParams
  expect([received.get('filter'), received.get('sort')]).toEqual(['{"name":"中 & 文"}', '-name'])
})
