/** A service on this machine that workflows of tests call: the few addresses of the pet store, and bad habits. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

const pets = [1, 2].map((id) => ({ id, name: `Pet ${String(id)}`, status: 'available' }))

interface Asked {
  readonly request: string
  readonly key: string | undefined
  readonly headers: IncomingHttpHeaders
  /** What came so far. */
  readonly body: string
}

export interface Service {
  readonly url: string
  readonly port: number
  /** Requests so far: `GET /pet/1`. */
  readonly asked: readonly Asked[]
  /** Answers those who asked for `/held` and wait. */
  release(): void
  close(): Promise<void>
}

export async function startService(): Promise<Service> {
  const asked: (Asked & { body: string })[] = []
  const held: (() => void)[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
    const one = { request: `${request.method ?? ''} ${pathname}`, key: request.headers['idempotency-key']?.toString(), headers: request.headers, body: '' }
    asked.push(one)
    request.setEncoding('utf8').on('data', (chunk: string) => (one.body += chunk))
    const json = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (bad(pathname, response)) return
    if (pathname === '/held') return void held.push(() => json(200, { held: true }))
    if (pathname === '/swagger.json') return json(200, document)
    if (pathname === '/pet/findByStatus') return json(200, pets.filter(({ status }) => status === searchParams.get('status')))
    if (pathname.startsWith('/basic-auth/')) {
      const [, , user, password] = pathname.split('/')
      const fits = request.headers.authorization === `Basic ${Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')}`
      return json(fits ? 200 : 401, { authenticated: fits })
    }
    // A gateway for text messages, which refuses and fails as it is asked to.
    if (pathname === '/sms') return void request.on('end', () => json(one.body.includes('refuse') ? 422 : one.body.includes('break') ? 500 : 200, { id: 'm1' }))
    const pet = pets.find(({ id }) => pathname === `/pet/${String(id)}`)
    return pet === undefined ? json(404, { message: 'Pet not found' }) : json(200, pet)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`, port, asked,
    release: () => held.splice(0).forEach((answer) => answer()),
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
}

/** What a client must bear. */
function bad(pathname: string, response: ServerResponse): boolean {
  if (pathname === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end()
  else if (pathname === '/large') response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(3_000_000))
  else if (pathname === '/bomb') response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)))
  else if (pathname === '/silent') response.writeHead(200).write('x')
  else return false
  return true
}

const document = {
  swagger: '2.0', basePath: '/',
  paths: {
    '/pet/findByStatus': { get: { operationId: 'findPetsByStatus', parameters: [{ name: 'status', in: 'query' }] } },
    '/pet/{petId}': { get: { operationId: 'getPetById', parameters: [{ name: 'petId', in: 'path' }] } },
  },
}
