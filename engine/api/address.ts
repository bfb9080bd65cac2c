/** Where a request comes from and which way it was spelled. */
import type { IncomingMessage } from 'node:http'

/** One spelling per address: no escapes, no empty or dotted segments, nothing outside this alphabet. */
const canonical = /^\/(?:[A-Za-z0-9_~@:+-][A-Za-z0-9_~.@:+-]*(?:\/[A-Za-z0-9_~@:+-][A-Za-z0-9_~.@:+-]*)*)?$/

/** True for the one spelling of a path; all others are answered like an address that does not exist. */
export const isCanonical = (path: string): boolean => path.length <= 1024 && canonical.test(path)

/** Path and query of a request target. */
export function splitTarget(target: string): { readonly path: string; readonly rawQuery: string } {
  const at = target.indexOf('?')
  return at === -1 ? { path: target, rawQuery: '' } : { path: target.slice(0, at), rawQuery: target.slice(at + 1) }
}

export interface Origin {
  readonly address: string
  readonly secure: boolean
}

/** Client address and scheme; forwarded ones only from proxies that the operator named. */
export function originOf(request: IncomingMessage, trustedProxies: readonly string[]): Origin {
  const direct = plain(request.socket.remoteAddress ?? '')
  if (!trustedProxies.includes(direct)) return { address: direct, secure: 'encrypted' in request.socket }
  const hops = header(request, 'x-forwarded-for').split(',').map((hop) => plain(hop.trim())).filter((hop) => hop !== '')
  // The nearest hop that is none of ours; what stands before it was written by the client.
  const address = hops.findLast((hop) => !trustedProxies.includes(hop)) ?? direct
  return { address, secure: header(request, 'x-forwarded-proto').trim().toLowerCase() === 'https' }
}

/** True when the request came straight from this machine, not through a proxy on it. */
export const isLocal = (request: { readonly address: string; readonly headers: IncomingMessage['headers'] }): boolean =>
  (request.address === '127.0.0.1' || request.address === '::1') && request.headers['x-forwarded-for'] === undefined && request.headers['forwarded'] === undefined

/** True when a browser says that the request was made by a page of another site. */
export function isCrossSite(headers: IncomingMessage['headers']): boolean {
  const { origin } = headers
  if (origin !== undefined) return hostOf(origin) !== headers.host?.toLowerCase()
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host.toLowerCase()
  } catch {
    return null // "null" and other opaque origins
  }
}

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address)

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : (value ?? '')
}
