/**
 * The one way in which the engine calls addresses that people name. The name is resolved once, every address that it stands for is
 * checked, and the connection goes to the checked address itself, so that nobody can answer differently in between. Redirects
 * are not followed: they are answers.
 */
import { lookup } from 'node:dns/promises'
import { request as plain, validateHeaderName, validateHeaderValue, type IncomingMessage } from 'node:http'
import { request as secure } from 'node:https'
import { isIP } from 'node:net'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Readable } from 'node:stream'
import { Problem } from '../../errors.js'
import { objection, type OutboundSettings } from './addresses.js'

export interface OutboundRequest {
  readonly method: string
  /** `http:` or `https:`, without a user in it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface OutboundAnswer {
  readonly status: number
  readonly statusText: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What one call may cost. */
export const outboundLimits = { milliseconds: 10_000, answerBytes: 2_000_000, requestBytes: 2_000_000 } as const

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Headers that are the transport's own. */
const ours: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'keep-alive', 'expect', 'accept-encoding'])

/**
 * Sends a request and gives the whole answer, whatever its status.
 * @throws Problem outbound.refused (nothing was sent), outbound.failed (whether it was received is not known)
 */
export async function sendOutbound(settings: OutboundSettings, request: OutboundRequest, milliseconds: number = outboundLimits.milliseconds): Promise<OutboundAnswer> {
  const url = addressOf(request)
  const late = AbortSignal.timeout(milliseconds)
  const address = await checkedAddress(settings, url, late)
  try {
    const answer = await ask(url, address, request, late)
    const body = await collected(answer, late)
    return { status: answer.statusCode ?? 0, statusText: answer.statusMessage ?? '', headers: headersOf(answer), body }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('outbound.failed', { host: url.host, reason: late.aborted ? `it took longer than ${String(milliseconds / 1000)} seconds` : reasonOf(error) }, { cause: error })
  }
}

function addressOf({ url: text, method, headers, body = '' }: OutboundRequest): URL {
  const refused = (host: string, reason: string): Problem => new Problem('outbound.refused', { host, reason })
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw refused(text.slice(0, 100), 'this is no address')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(text.slice(0, 100), 'only http and https are open to workflows')
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'a user belongs in the authentication, not in the address')
  if (!methods.has(method)) throw refused(url.host, `${method.slice(0, 20)} is no method`)
  for (const [name, value] of Object.entries(headers)) if (!isHeader(name, value)) throw refused(url.host, `the header ${JSON.stringify(name.slice(0, 50))} has a character that no header may have`)
  if (Buffer.byteLength(body) > outboundLimits.requestBytes) throw refused(url.host, 'the body is too large')
  return url
}

/** False for what Node would not send: a second line, say. Known before anything is sent, so that nobody wonders whether it was received. */
function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

const portOf = (url: URL): number => Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port)

/** One address of the host, when all of them may be called. */
async function checkedAddress(settings: OutboundSettings, url: URL, late: AbortSignal): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host) === 0 ? await resolved(settings, host, url, late) : [host]
  for (const address of found) {
    const reason = objection(address, portOf(url), settings)
    if (reason !== undefined) throw new Problem('outbound.refused', { host: url.host, reason })
  }
  const [first] = found
  if (first === undefined) throw new Problem('outbound.failed', { host: url.host, reason: 'there is no such host' })
  return first
}

async function resolved({ resolve = bySystem }: OutboundSettings, host: string, url: URL, late: AbortSignal): Promise<readonly string[]> {
  try {
    return await Promise.race([resolve(host), aborted(late)])
  } catch (error) {
    throw new Problem('outbound.failed', { host: url.host, reason: 'there is no such host' }, { cause: error })
  }
}

const bySystem = async (host: string): Promise<readonly string[]> => (await lookup(host, { all: true })).map(({ address }) => address)

const aborted = (signal: AbortSignal): Promise<never> => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('too late')), { once: true }))

function ask(url: URL, address: string, { method, headers, body }: OutboundRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.has(name.toLowerCase())))
  const options = {
    method, host: address, port: portOf(url), path: `${url.pathname}${url.search}`, signal, agent: false as const, setHost: false,
    headers: { ...sent, host: url.host, 'accept-encoding': 'identity', connection: 'close', ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
  }
  return new Promise((resolve, reject) => {
    // The certificate must be that of the name, although the connection goes to the address.
    const request = url.protocol === 'https:' ? secure({ ...options, ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}) }) : plain(options)
    request.on('response', resolve).on('error', reject).end(body)
  })
}

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }

/** The body, unpacked; what is too large is counted while it comes and never held. */
async function collected(answer: IncomingMessage, late: AbortSignal): Promise<Buffer> {
  const decoder = decoders[answer.headers['content-encoding'] ?? '']?.()
  const stream: Readable = decoder === undefined ? answer : answer.pipe(decoder)
  const stop = (): void => void stream.destroy(new Error('too late'))
  answer.on('error', (error) => stream.destroy(error))
  late.addEventListener('abort', stop, { once: true })
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > outboundLimits.answerBytes) throw new Error(`the answer is larger than ${String(outboundLimits.answerBytes / 1_000_000)} MB`)
      chunks.push(chunk)
    }
  } finally {
    late.removeEventListener('abort', stop)
    answer.destroy()
  }
  return Buffer.concat(chunks)
}

const headersOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])))

/** What may be told of a failed connection. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be reached'
  const { code } = error as { readonly code?: string }
  return code === undefined ? error.message : code === 'ECONNREFUSED' ? 'nobody answers there' : `it could not be reached (${code})`
}
