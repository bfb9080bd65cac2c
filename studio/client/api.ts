/** The only way from the studio to the engine: typed requests in, JSON or an `ApiProblem` out. Knows no screens. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { ApiProblem } from './problem.js'
import { Store } from './store.js'

/** Values of a query string; those that are undefined or '' are left out. Objects travel as JSON. */
export type Query = Readonly<Record<string, string | number | boolean | JsonObject | undefined>>

export interface RequestOptions {
  readonly query?: Query
  readonly body?: unknown
  /** Version for `If-Match`, as given by `etag` of an earlier answer. */
  readonly ifMatch?: string
  readonly ifNoneMatch?: string
  /** Sent as `Idempotency-Key`: a repeated request is then done once. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly etag: string
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** Asks the engine. One per page; tests make their own with another address. */
export class Api {
  /** False while the engine does not answer; a request that succeeds sets it right again. */
  readonly reachable = new Store(true)
  /** BCP 47 tag sent with every request. */
  language = 'en'
  /** Pass of the preview that this tab is in; '' for none. */
  preview = ''
  /**
   * Called when the session has ended in the middle of work; resolves true when somebody signed in again. The request
   * is then sent once more, so that what was typed is saved after all.
   */
  renewSession: (() => Promise<boolean>) | null = null
  /** Called when the preview is over: the pass has ended, or rights have changed. */
  previewEnded: (() => void) | null = null
  readonly #origin: string

  constructor(origin = '') {
    this.#origin = origin
  }

  get<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    return this.send('GET', path, options)
  }

  post<T>(path: string, body: unknown, options: RequestOptions = {}): Promise<Answer<T>> {
    return this.send('POST', path, { ...options, body })
  }

  patch<T>(path: string, body: unknown, options: RequestOptions = {}): Promise<Answer<T>> {
    return this.send('PATCH', path, { ...options, body })
  }

  delete<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    return this.send('DELETE', path, options)
  }

  /** Address of a path with its query, for links and event streams. */
  address(path: string, query: Query = {}): string {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === '') continue
      parameters.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
    }
    const text = parameters.toString()
    return `${this.#origin}${path}${text === '' ? '' : `?${text}`}`
  }

  /** Sends a request; throws `ApiProblem` for every answer that is not a success (304 is one, with an empty body). */
  async send<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    try {
      return await this.#once<T>(method, path, options)
    } catch (thrown) {
      const expired = thrown instanceof ApiProblem && thrown.status === 401 && path !== '/api/session'
      if (!expired || this.renewSession === null || !(await this.renewSession())) throw thrown
      return this.#once<T>(method, path, options)
    }
  }

  async #once<T>(method: Method, path: string, options: RequestOptions): Promise<Answer<T>> {
    const headers = new Headers({ accept: 'application/json', 'accept-language': this.language })
    if (options.body !== undefined) headers.set('content-type', 'application/json')
    if (options.ifMatch !== undefined) headers.set('if-match', options.ifMatch)
    if (options.ifNoneMatch !== undefined) headers.set('if-none-match', options.ifNoneMatch)
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey)
    if (this.preview !== '') headers.set('x-tessera-preview', this.preview)
    const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' }
    if (options.body !== undefined) init.body = JSON.stringify(options.body)
    if (options.signal !== undefined) init.signal = options.signal
    const response = await this.#reach(this.address(path, options.query), init)
    const body = await read(response)
    if (response.ok || response.status === 304) {
      return { status: response.status, body: body as T, etag: response.headers.get('etag') ?? '' }
    }
    const wait = Number(response.headers.get('retry-after'))
    const fields: JsonObject = isObject(body) ? body : {}
    const code = typeof fields['code'] === 'string' ? fields['code'] : 'network.answer'
    const title = typeof fields['title'] === 'string' ? fields['title'] : response.statusText
    if (code === 'preview.ended' || (code === 'preview.wider' && this.preview !== '')) this.previewEnded?.()
    throw new ApiProblem(response.status, code, title, fields, wait > 0 ? wait : null)
  }

  async #reach(address: string, init: RequestInit): Promise<Response> {
    try {
      const response = await fetch(address, init)
      // A gateway in front of a stopped engine answers, the engine does not.
      this.reachable.set(response.status !== 502 && response.status !== 504)
      return response
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
      this.reachable.set(false)
      throw new ApiProblem(0, 'network.failed', 'The server does not answer')
    }
  }
}

async function read(response: Response): Promise<Json> {
  const text = await response.text()
  if (text === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
