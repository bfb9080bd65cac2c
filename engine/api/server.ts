/** One HTTP server with two entrances into one pipeline: our own dispatch for hot addresses, Express for the rest. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Problem } from '../errors.js'
import { isCanonical, splitTarget } from './address.js'
import { dispatch, type Dispatch } from './dispatch.js'
import type { OpenRoute, Route } from './handler.js'
import type { Pipeline } from './pipeline.js'

export interface HttpServer {
  /** Gives the address it listens at. */
  listen(port: number, host: string): Promise<string>
  /** Finishes what is running, at most `drainMs`, and closes. */
  close(): Promise<void>
}

const drainMs = 10_000
/** How long a request may take to come in: uploads need time. Other bodies have a limit of their own, see `body.ts`. */
const uploadMs = 16 * 60_000
const idleLookMs = 50
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'])

/** @param pages answers what is not the API's: the studio */
export function httpServer(pipeline: Pipeline, routes: readonly Route[], pages: OpenRoute): HttpServer {
  const table = dispatch(routes)
  let rest: Promise<RequestListener> | undefined
  const server = createServer({ requestTimeout: uploadMs, headersTimeout: 20_000, keepAliveTimeout: 65_000 }, (request, response) => {
    const { path } = splitTarget(request.url ?? '')
    if (!isCanonical(path)) return void pipeline.refuse(request, response, new Problem('request.path'))
    // Before Express, which would answer some methods by itself.
    if (!methods.has(request.method ?? '')) return void pipeline.refuse(request, response, new Problem('request.method', { method: request.method ?? '', allowed: [...methods].join(', ') }))
    const found = table.match(request.method ?? '', path)
    if (found?.route.hot === true) return void pipeline.answer(request, response, found.route, found.params)
    rest ??= expressApp(pipeline, table, pages)
    rest.then(
      (listener) => listener(request, response),
      (cause: unknown) => void pipeline.refuse(request, response, new Problem('server.failed', {}, { cause })),
    )
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return { listen: (port, host) => listen(server, port, host), close: () => close(server, pipeline, sockets) }
}

/** Express is loaded with the first address that needs it. */
async function expressApp(pipeline: Pipeline, table: Dispatch, pages: OpenRoute): Promise<RequestListener> {
  const { default: express } = await import('express')
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', false)
  for (const route of table.routes) {
    app[methodOf(route)](route.path, (request, response) => pipeline.answer(request, response, route, textParams(request.params)))
  }
  app.use((request: IncomingMessage, response: ServerResponse) => fallback(pipeline, table, pages, request, response))
  return app
}

const methodOf = (route: Route) => route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete'

const textParams = (params: Readonly<Record<string, string | string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))

function fallback(pipeline: Pipeline, table: Dispatch, pages: OpenRoute, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path } = splitTarget(request.url ?? '')
  const allowed = table.allowed(path)
  const { method = 'GET' } = request
  if (allowed.length > 0) return pipeline.refuse(request, response, new Problem('request.method', { method, allowed: allowed.join(', ') }), { Allow: allowed.join(', ') })
  if (method === 'GET' || method === 'HEAD') return pipeline.answer(request, response, pages, {})
  return pipeline.refuse(request, response, new Problem('request.path'))
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address() as AddressInfo // listening on TCP
      resolve(`http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`)
    })
  })
}

function close(server: Server, pipeline: Pipeline, sockets: ReadonlySet<Socket>): Promise<void> {
  pipeline.stop()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // What is busy now (a stream that just ended, a last answer) is kept alive by its client and becomes idle only later.
  // A connection that was opened ahead of its first request counts as busy for Node.
  const idle = setInterval(() => {
    server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }, idleLookMs)
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  return closed.finally(() => {
    clearInterval(idle)
    clearTimeout(timer)
  })
}
