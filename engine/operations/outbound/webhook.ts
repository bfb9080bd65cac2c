/** Messages to other systems, signed as in Standard Webhooks (https://www.standardwebhooks.com): who knows the secret knows that they are ours and new. */
import { createHmac } from 'node:crypto'
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { OutboundSettings } from './addresses.js'
import { sendOutbound } from './request.js'

export interface WebhookMessage {
  /** The same for the same message: receivers take it once. */
  readonly id: string
  readonly url: string
  /** What happened, such as `member.welcomed`. */
  readonly type: string
  readonly data: Json
  /** When it happened. */
  readonly at: Date
  /** When it is sent; when it happened, where that is the same. */
  readonly sentAt?: Date
}

/**
 * Sends a message; gives the status of the answer.
 * @param secrets as receivers know them: `whsec_` with base64 behind it, or any text; several sign beside each other while one takes the place of the other
 * @throws Problem outbound.refused, outbound.failed, webhook.refused
 */
export async function sendWebhook(settings: OutboundSettings, secrets: readonly string[], { id, url, type, data, at, sentAt = at }: WebhookMessage): Promise<number> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000))
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const headers = { 'content-type': 'application/json', 'user-agent': 'Tessera', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map((secret) => `v1,${signature(secret, `${id}.${timestamp}.${body}`)}`).join(' ') }
  const { status } = await sendOutbound(settings, { method: 'POST', url, headers, body })
  if (status < 200 || status > 299) throw new Problem('webhook.refused', { status }, { extra: { answered: status } })
  return status
}

/** HMAC-SHA256 in base64, as in Standard Webhooks. */
export const signature = (secret: string, content: string | Buffer): string =>
  createHmac('sha256', secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret).update(content).digest('base64')
