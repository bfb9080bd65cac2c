/** An HTTP client as a test needs it: keeps the session's cookie, sends the right origin, never throws for a status. */
import type { Json } from '../../metadata/contract/json.js'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The parsed body; undefined when it is not JSON. */
  readonly body: unknown
}

export interface Sent {
  readonly body?: Json
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

export interface Client {
  readonly url: string
  request(method: string, path: string, sent?: Sent): Promise<Answer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  post(path: string, body?: Json, headers?: Readonly<Record<string, string>>): Promise<Answer>
  patch(path: string, body: Json, headers?: Readonly<Record<string, string>>): Promise<Answer>
  delete(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

/** A client that sends `identity` (a cookie, a token) with every request; without one it is a stranger. */
export function client(url: string, identity: Readonly<Record<string, string>> = {}): Client {
  const request = async (method: string, path: string, { body, raw, headers = {} }: Sent = {}): Promise<Answer> => {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(new URL(path, url), {
      method,
      headers: { origin: new URL(url).origin, ...type, ...identity, ...headers },
      redirect: 'manual',
      ...(content === undefined ? {} : { body: content }),
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const text = new TextDecoder().decode(bytes)
    return { status: response.status, headers: response.headers, text, bytes, body: parsed(text, response.headers) }
  }
  return {
    url,
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) => request('POST', path, { ...(body === undefined ? {} : { body }), headers }),
    patch: (path, body, headers = {}) => request('PATCH', path, { body, headers }),
    delete: (path, headers = {}) => request('DELETE', path, { headers }),
  }
}

/** A client with that user's session. @throws when the answer is not 201 */
export async function signIn(url: string, email: string, password: string): Promise<Client> {
  const answer = await client(url).post('/api/session', { email, password })
  if (answer.status !== 201) throw new Error(`Signing in as ${email}: ${answer.status} ${answer.text}`)
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  return client(url, { cookie })
}

function parsed(text: string, headers: Headers): unknown {
  return /\bjson\b/.test(headers.get('content-type') ?? '') && text !== '' ? (JSON.parse(text) as unknown) : undefined
}

/** The path of a list with its parameters; objects (a filter) travel as JSON. */
export function address(path: string, query: Readonly<Record<string, Json>>): string {
  const entries = Object.entries(query).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)])
  return `${path}?${new URLSearchParams(entries).toString()}`
}
