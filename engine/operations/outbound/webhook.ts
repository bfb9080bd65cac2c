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
  readonly at: Date
}

/**
 * Sends a message; gives the status of the answer.
 * @param secret as the receiver knows it: `whsec_` with base64 behind it, or any text
 * @throws Problem outbound.refused, outbound.failed, webhook.refused
 */
export async function sendWebhook(settings: OutboundSettings, secret: string, { id, url, type, data, at }: WebhookMessage): Promise<number> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const headers = { 'content-type': 'application/json', 'user-agent': 'Tessera', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature(secret, `${id}.${timestamp}.${body}`)}` }
  const { status } = await sendOutbound(settings, { method: 'POST', url, headers, body })
  if (status < 200 || status > 299) throw new Problem('webhook.refused', { status })
  return status
}

const signature = (secret: string, content: string): string =>
  createHmac('sha256', secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret).update(content).digest('base64')
