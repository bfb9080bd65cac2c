/** what a name means is asked once, every address of the answer is checked, and the connection goes to the checked one. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { outboundSettings, type OutboundSettings } from '../../engine/operations/outbound/addresses.js'
import { sendOutbound } from '../../engine/operations/outbound/request.js'

let server: Server
let port = 0
const reached: { readonly host: string | undefined; readonly address: string | undefined }[] = []
beforeAll(async () => {
  // Answers on every address of this machine, as a service would that hides behind a name.
  server = createServer((request, response) => {
    reached.push({ host: request.headers.host, address: request.socket.localAddress })
    response.end('here')
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  port = (server.address() as AddressInfo).port // listening on TCP
})
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

/** Gives one answer after the other, as a name does that is bound anew; 127.0.0.2 is open, the rest of this machine is not. */
function rebinding(...answers: readonly (readonly string[])[]): { readonly settings: OutboundSettings; readonly asked: readonly string[] } {
  const asked: string[] = []
  return {
    asked,
    settings: {
      ...outboundSettings([`127.0.0.2:${String(port)}`]),
      resolve: (host) => {
        asked.push(host)
        return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? [])
      },
    },
  }
}
const call = (settings: OutboundSettings): ReturnType<typeof sendOutbound> => sendOutbound(settings, { method: 'GET', url: `http://innocent.example:${String(port)}/`, headers: {} })

test('A-092 a name that means something else a moment later is called where it was checked', async () => {
  const { settings, asked } = rebinding(['127.0.0.2'], ['127.0.0.1'])
  expect((await call(settings)).body.toString()).toBe('here')
  expect(asked).toEqual(['innocent.example'])
  expect(reached).toEqual([{ host: `innocent.example:${String(port)}`, address: '127.0.0.2' }])
  await expect(call(settings)).rejects.toMatchObject({ code: 'outbound.refused' })
  expect(reached).toHaveLength(1)
})

test.each([[['127.0.0.2', '127.0.0.1']], [['127.0.0.2', '::ffff:169.254.169.254']], [['127.0.0.2', '::1']]])('A-092 a name with one address that is not open is not called at all: %s', async (addresses) => {
  const before = reached.length
  await expect(call(rebinding(addresses).settings)).rejects.toMatchObject({ code: 'outbound.refused' })
  expect(reached).toHaveLength(before)
})

test.each<[string, Record<string, string>]>([
  ['a second line in a value', { 'x-note': 'one\r\nx-admin: yes' }], ['a bare line feed', { 'x-note': 'one\nx-admin: yes' }], ['a bare carriage return', { 'x-note': 'one\rx-admin: yes' }],
  ['a NUL', { 'x-note': 'one\0two' }], ['a second line in a name', { 'x-note\r\nx-admin': 'yes' }], ['a space in a name', { 'x note': 'yes' }], ['an empty name', { '': 'yes' }], ['two letters in one', { 'x-note': '\u010a' }],
])('A-063 headers of a call that goes out: %s is refused before anything is sent', async (_what, headers) => {
  const before = reached.length
  const { settings } = rebinding(['127.0.0.2'])
  await expect(sendOutbound(settings, { method: 'GET', url: `http://innocent.example:${String(port)}/`, headers })).rejects.toMatchObject({ code: 'outbound.refused', message: expect.stringContaining('header') as unknown })
  expect(reached).toHaveLength(before)
})

test('A-063 a second line in an address or a method is none', async () => {
  const { settings } = rebinding(['127.0.0.2'])
  const asked: IncomingMessage['url'][] = []
  server.once('request', (request: IncomingMessage) => asked.push(request.url))
  await sendOutbound(settings, { method: 'GET', url: `http://innocent.example:${String(port)}/a\r\nx-admin: yes`, headers: {} })
  expect(asked).toEqual(['/ax-admin:%20yes'])
  await expect(sendOutbound(settings, { method: 'GET /\r\nx-admin: yes', url: `http://innocent.example:${String(port)}/`, headers: {} })).rejects.toMatchObject({ code: 'outbound.refused' })
})
