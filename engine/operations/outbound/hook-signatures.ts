/** How other systems sign what they send, each by its own name: whether a message is theirs, and of which moment. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { signature } from './webhook.js'

/** What a signature vouches for. */
export interface Signed {
  /** The same for the same message, however often it is sent; null where the sender vouches for none. */
  readonly id: string | null
  /** Milliseconds; null where the signature knows no time. */
  readonly at: number | null
  /** The signature itself: sent again, it is the same message. */
  readonly mark: string
}

/** Null: it is not theirs. */
type Scheme = (secret: string, headers: IncomingHttpHeaders, body: Buffer) => Signed | null

const hex = (secret: string, content: string | Buffer): string => createHmac('sha256', secret).update(content).digest('hex')

/** Takes the same time wherever they differ. */
const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const text = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

export const schemes = {
  /** https://www.standardwebhooks.com: id, time and body. */
  standard(secret, headers, body) {
    const [id, timestamp] = [text(headers, 'webhook-id'), text(headers, 'webhook-timestamp')]
    const expected = `v1,${signature(secret, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]))}`
    const given = text(headers, 'webhook-signature').split(' ').some((one) => same(one, expected))
    return given && id !== '' ? { id, at: Number(timestamp) * 1_000, mark: expected } : null
  },
  /** Time and body; several signatures while a secret is turned. */
  stripe(secret, headers, body) {
    const parts = text(headers, 'stripe-signature').split(',').map((part) => part.split('='))
    const time = parts.find(([key]) => key === 't')?.[1] ?? ''
    const expected = hex(secret, Buffer.concat([Buffer.from(`${time}.`), body]))
    return parts.some(([key, value = '']) => key === 'v1' && same(value, expected)) ? { id: null, at: Number(time) * 1_000, mark: expected } : null
  },
  /** The body alone. */
  github(secret, headers, body) {
    const expected = `sha256=${hex(secret, body)}`
    return same(text(headers, 'x-hub-signature-256'), expected) ? { id: null, at: null, mark: expected } : null
  },
  /** The body alone. */
  shopify(secret, headers, body) {
    const expected = createHmac('sha256', secret).update(body).digest('base64')
    return same(text(headers, 'x-shopify-hmac-sha256'), expected) ? { id: null, at: null, mark: expected } : null
  },
} as const satisfies Readonly<Record<string, Scheme>>

export type SchemeName = keyof typeof schemes

/** How far the clock of a sender may be off, and how long a message that says its time may be on its way. */
export const toleranceMilliseconds = 5 * 60_000

/** Null: it is not theirs, or too old, or of a time to come. */
export function verified(scheme: SchemeName, secret: string, headers: IncomingHttpHeaders, body: Buffer, at: Date): Signed | null {
  const signed = schemes[scheme](secret, headers, body)
  return signed !== null && (signed.at === null || Math.abs(at.getTime() - signed.at) <= toleranceMilliseconds) ? signed : null
}
