/**
 * What an address of the API is: a function from request to response. The same function answers on the plain HTTP
 * server and behind Express (`pipeline.ts`), so that there is one set of rights, limits, headers and logs.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../metadata/contract/json.js'
import type { Call } from '../operations/call.js'

/** A request before anybody was recognised. Everything in it is untrusted. */
export interface OpenRequest {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The query as it was sent, without `?`: the key under which parsed queries are kept. */
  readonly rawQuery: string
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON; undefined when there was no body. */
  readonly body: Json | undefined
  /** The body as it comes in, for routes with a session that are `raw`. */
  readonly content?: AsyncIterable<Uint8Array>
  /** The body as it came in, whole: for open routes that are `raw`. */
  readonly bytes?: Buffer
  /** In the answer's `X-Request-Id`, in the log and in problems. */
  readonly id: string
  /** Address of the client; from `X-Forwarded-For` only behind a trusted proxy. */
  readonly address: string
  /** True when the client speaks https (directly or through a trusted proxy). */
  readonly secure: boolean
  /** Aborted when the client goes away or the server stops: for streams. */
  closed(): AbortSignal
}

/** A request of somebody who was recognised. */
export interface ApiRequest extends OpenRequest {
  readonly call: Call
  /** How they were recognised: unsafe methods with a cookie need the right origin. */
  readonly credential: 'cookie' | 'token'
  /** Hash of the session token, to end it. */
  readonly session: string
}

export interface ApiResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Sent as JSON (`Content-Type` in `headers` overrides application/json). */
  readonly body?: Json
  /** Already serialised; instead of `body`. */
  readonly text?: string
  /** Bytes as they are; instead of `body`. */
  readonly bytes?: Uint8Array
  /** Sent piece by piece; instead of `body`. Ended (`return()`) when the client goes away. */
  readonly stream?: AsyncIterable<string | Uint8Array>
}

interface RouteShape {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Segments with `:name` for parameters, e.g. `/api/records/:entity/:id`. */
  readonly path: string
  /** Bytes of the body that are accepted; 1 MB when absent. */
  readonly bodyMax?: number
  /** The body is not read as JSON: the handler takes it from `content`, or from `bytes` where nobody is recognised. */
  readonly raw?: boolean
  /** Changes nothing, although its method could: previews may ask it. */
  readonly reads?: boolean
  /** JSON keys in all objects of the body together; 10,000 when absent. */
  readonly keysMax?: number
  /** Answered before Express: the addresses that are asked thousands of times a second. */
  readonly hot?: boolean
}

/** Answers without a session: sign in, schemas, health. */
export interface OpenRoute extends RouteShape {
  readonly open: true
  handle(request: OpenRequest): Promise<ApiResponse> | ApiResponse
}

export interface SessionRoute extends RouteShape {
  readonly open?: false
  handle(request: ApiRequest): Promise<ApiResponse> | ApiResponse
}

export type Route = OpenRoute | SessionRoute
