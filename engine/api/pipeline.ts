/**
 * The way of every request, whichever entrance it came in by: who asks, from where, with what body; the route's
 * handler; the answer with its headers; one line in the log.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from '../errors.js'
import { callOf, type Engine, type Log } from '../operations/call.js'
import type { Actor } from '../permissions/actor.js'
import { isCrossSite, originOf, splitTarget } from './address.js'
import { readBody, readBytes } from './body.js'
import type { ApiRequest, ApiResponse, OpenRequest, Route } from './handler.js'
import { dataHeaders, secureHeaders } from './headers.js'
import { problemResponse } from './respond.js'

/** Who a request comes from, see `operations/people/session.ts`. */
export interface Recognised {
  readonly actor: Actor
  readonly metadataVersion: number
  readonly credential: 'cookie' | 'token'
  readonly session: string
}

export interface PipelineParts {
  readonly engine: Engine
  readonly trustedProxies: readonly string[]
  authenticate(headers: IncomingMessage['headers']): Promise<Recognised | null>
  /** Whom somebody with a pass for a preview sees the application as. */
  previewing(recognised: Recognised, pass: string): Promise<Actor>
  /** Told of every answer. */
  observe(method: string, route: string, status: number, seconds: number): void
}

export interface Pipeline {
  /** Answers by a route. Never rejects. */
  answer(request: IncomingMessage, response: ServerResponse, route: Route, params: Readonly<Record<string, string>>): Promise<void>
  /** Answers with a problem, for what has no route. */
  refuse(request: IncomingMessage, response: ServerResponse, problem: Problem, headers?: Readonly<Record<string, string>>): Promise<void>
  /** From now on nothing new is begun, and streams end. */
  stop(): void
}

/** Wires the stations of a request. */
export function pipeline(parts: PipelineParts): Pipeline {
  const nextId = requestIds()
  const state: State = { stopping: false, streams: new Set() }
  const run = async (request: IncomingMessage, response: ServerResponse, route: string, work: (open: OpenRequest, seen: { user: number | null }) => Promise<ApiResponse>): Promise<void> => {
    const started = process.hrtime.bigint()
    const open = openRequest(request, response, nextId(), parts, state)
    const seen: { user: number | null } = { user: null }
    let answer: ApiResponse
    try {
      if (state.stopping) throw new Problem('server.stopping')
      answer = await work(open, seen)
    } catch (error) {
      answer = problemResponse(error, open.id)
      if (answer.status >= 500) parts.engine.log.error({ requestId: open.id, err: causeOf(error) }, 'request failed')
    }
    try {
      await send(request, response, answer, open, state)
    } catch (error) {
      response.destroy() // part of it was sent: only a broken connection tells that it is incomplete
      if (!open.closed().aborted) parts.engine.log.error({ requestId: open.id, err: error }, 'answer failed')
    }
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    parts.observe(open.method, route, answer.status, seconds)
    logLine(parts.engine.log, open, answer.status, seconds, seen.user)
  }
  return {
    answer: (request, response, route, params) =>
      run(request, response, route.path, async (open, seen) => {
        if (route.open) {
          if (isUnsafe(open.method) && isCrossSite(open.headers)) throw new Problem('request.origin')
          return route.handle(route.raw === true ? { ...open, params, bytes: await readBytes(request, route) } : { ...open, params, body: await readBody(request, route) })
        }
        const recognised = await recognise(parts, open, route)
        seen.user = recognised.actor.id
        const body = route.raw === true ? undefined : await readBody(request, route)
        const { credential, session } = recognised
        const asked: ApiRequest = { ...open, params, body, ...(route.raw === true ? { content: request } : {}), credential, session, call: callOf(parts.engine, recognised.actor) }
        return route.handle(asked)
      }),
    refuse: (request, response, problem, headers = {}) =>
      run(request, response, 'none', (open) => {
        const answer = problemResponse(problem, open.id)
        return Promise.resolve({ ...answer, headers: { ...answer.headers, ...headers } })
      }),
    stop() {
      state.stopping = true
      for (const stream of state.streams) stream.abort()
    },
  }
}

interface State {
  stopping: boolean
  readonly streams: Set<AbortController>
}

/** Who asks, with the newest published model in force. */
async function recognise({ engine, authenticate, previewing }: PipelineParts, open: OpenRequest, route: Route): Promise<Recognised> {
  const recognised = await authenticate(open.headers)
  if (recognised === null) throw new Problem('session.required')
  if (recognised.credential === 'cookie' && isUnsafe(open.method) && isCrossSite(open.headers)) throw new Problem('request.origin')
  if (recognised.metadataVersion > engine.current.get().version) await engine.refresh()
  const pass = open.headers['x-tessera-preview']
  if (pass === undefined) return recognised
  // A method that is not known to read is taken for one that writes.
  if (isUnsafe(open.method) && route.reads !== true) throw new Problem('preview.readOnly')
  return { ...recognised, actor: await previewing(recognised, String(pass)) }
}

const isUnsafe = (method: string): boolean => method !== 'GET' && method !== 'HEAD'

function openRequest(request: IncomingMessage, response: ServerResponse, id: string, parts: PipelineParts, state: State): OpenRequest {
  const { path, rawQuery } = splitTarget(request.url ?? '/')
  const { address, secure } = originOf(request, parts.trustedProxies)
  let controller: AbortController | undefined
  return {
    method: request.method ?? 'GET',
    path,
    params: {},
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers: request.headers,
    body: undefined,
    id,
    address,
    secure,
    closed() {
      controller ??= abortedWith(response, state)
      return controller.signal
    },
  }
}

function abortedWith(response: ServerResponse, state: State): AbortController {
  const controller = new AbortController()
  if (response.closed || state.stopping) controller.abort()
  state.streams.add(controller)
  response.once('close', () => {
    state.streams.delete(controller)
    controller.abort()
  })
  return controller
}

async function send(request: IncomingMessage, response: ServerResponse, answer: ApiResponse, open: OpenRequest, state: State): Promise<void> {
  const content = contentOf(answer)
  const headers: Record<string, string | number | readonly string[]> = { ...dataHeaders, ...(open.secure ? secureHeaders : {}), 'X-Request-Id': open.id }
  if (content !== undefined && answer.stream === undefined) {
    headers['Content-Type'] = 'application/json; charset=utf-8'
    headers['Content-Length'] = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  }
  // A body that was not read to its end would be taken for the next request.
  if (state.stopping || (!request.complete && isUnsafe(open.method))) headers['Connection'] = 'close'
  response.writeHead(answer.status, { ...headers, ...answer.headers } as Record<string, string | number | string[]>) // Node does not change the lists
  if (answer.stream !== undefined && open.method !== 'HEAD') await pump(answer.stream, response, open.closed())
  else response.end(content)
}

function contentOf(answer: ApiResponse): string | Uint8Array | undefined {
  if (answer.bytes !== undefined) return answer.bytes
  if (answer.text !== undefined) return answer.text
  return answer.body === undefined ? undefined : JSON.stringify(answer.body)
}

/** Sends no faster than the client reads. */
async function pump(stream: AsyncIterable<string | Uint8Array>, response: ServerResponse, closed: AbortSignal): Promise<void> {
  response.flushHeaders()
  for await (const piece of stream) {
    if (closed.aborted) break
    if (!response.write(piece)) await drained(response, closed)
  }
  response.end()
}

function drained(response: ServerResponse, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      closed.removeEventListener('abort', done)
      resolve()
    }
    response.once('drain', done)
    closed.addEventListener('abort', done, { once: true })
    if (closed.aborted) done()
  })
}

/** Unique over processes and restarts, short, and cheaper than a UUID each. */
function requestIds(): () => string {
  const process = randomBytes(6).toString('base64url')
  let number = 0
  return () => `${process}-${(++number).toString(36)}`
}

const causeOf = (error: unknown): unknown => (error instanceof Problem && error.cause !== undefined ? error.cause : error)

/** Method, address and outcome; nothing that was sent or read. */
function logLine(log: Log, { id, method, path }: OpenRequest, status: number, seconds: number, user: number | null): void {
  log.info({ requestId: id, method, path: path.slice(0, 200), status, ms: Math.round(seconds * 1e4) / 10, user }, 'request')
}
