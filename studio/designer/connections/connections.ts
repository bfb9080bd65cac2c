/** Webhooks, their messages, and secrets, as the engine tells and changes them. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Api } from '../../client/api.js'

export interface WantedEvent extends JsonObject {
  /** `crm.<entity>.<verb>` */
  readonly type: string
}

export interface Webhook {
  readonly id: number
  readonly name: string
  readonly url: string
  readonly owner: number
  readonly events: readonly WantedEvent[]
  readonly state: 'active' | 'paused'
  readonly reason: 'person' | 'failing' | 'gone' | 'restored' | null
  readonly failingSince: string | null
  /** How many messages stand where; in lists only. */
  readonly deliveries?: Readonly<Partial<Record<Delivery['state'], number>>>
}

export interface Delivery {
  readonly id: number
  readonly type: string
  readonly record: { readonly entity: string; readonly id: number } | null
  readonly state: 'waiting' | 'delivered' | 'dead'
  readonly attempts: number
  readonly status: number | null
  readonly error: string | null
  readonly createdAt: string
  readonly dueAt: string | null
}

export interface KnownSecret {
  readonly name: string
  readonly source: 'environment' | 'studio'
  readonly changedAt: string | null
  /** False: its key is not there. */
  readonly readable: boolean
  /** One of the environment has the same name, and goes before it. */
  readonly hidden: boolean
}

export type WantedWebhook = Pick<Webhook, 'name' | 'url' | 'owner' | 'events'>

export const connectionsPath = '/studio/connections'
export const webhookAddress = (id: number): string => `${connectionsPath}/${String(id)}`
const of = (id: number, rest = ''): string => `/api/webhooks/${String(id)}${rest}`

export const listWebhooks = async (api: Api): Promise<readonly Webhook[]> => (await api.get<{ readonly webhooks: readonly Webhook[] }>('/api/webhooks')).body.webhooks
export const readWebhook = async (api: Api, id: number): Promise<Webhook> => (await api.get<Webhook>(of(id))).body
export const makeWebhook = async (api: Api, wanted: WantedWebhook): Promise<Webhook & { readonly secret: string }> => (await api.post<Webhook & { readonly secret: string }>('/api/webhooks', wanted)).body
export const changeWebhook = async (api: Api, id: number, wanted: Partial<WantedWebhook> | { readonly state: Webhook['state'] }): Promise<Webhook> => (await api.patch<Webhook>(of(id), wanted)).body
export const removeWebhook = (api: Api, id: number): Promise<unknown> => api.delete(of(id))
export const renewSecret = async (api: Api, id: number): Promise<string> => (await api.post<{ readonly secret: string }>(of(id, '/secret'), {})).body.secret
export const testWebhook = async (api: Api, id: number): Promise<Delivery> => (await api.post<Delivery>(of(id, '/test'), {})).body
export const sendAgain = (api: Api, id: number, delivery: number | null): Promise<unknown> => api.post(of(id, delivery === null ? '/again' : `/deliveries/${String(delivery)}/again`), {})
export const listDeliveries = async (api: Api, id: number, query: { readonly state: string; readonly cursor?: string }): Promise<{ readonly deliveries: readonly Delivery[]; readonly next: string | null }> =>
  (await api.get<{ readonly deliveries: readonly Delivery[]; readonly next: string | null }>(of(id, '/deliveries'), { query: { ...query } })).body

export const listSecrets = async (api: Api): Promise<readonly KnownSecret[]> => (await api.get<{ readonly secrets: readonly KnownSecret[] }>('/api/secrets')).body.secrets
export const setSecret = (api: Api, name: string, value: string): Promise<unknown> => api.send('PUT', `/api/secrets/${encodeURIComponent(name)}`, { body: { value } })
export const removeSecret = (api: Api, name: string): Promise<unknown> => api.delete(`/api/secrets/${encodeURIComponent(name)}`)
