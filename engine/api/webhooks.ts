/** `/api/webhooks`: other systems that are told of changes. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { wakeWebhooks } from '../operations/webhooks/deliver.js'
import { eventsIn } from '../operations/webhooks/events.js'
import { listDeliveries, listWebhooks, makeWebhook, readWebhook, removeWebhook, renewSecret, sendAgain, testWebhook, updateWebhook, type WantedWebhook } from '../operations/webhooks/webhooks.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, Route } from './handler.js'
import { onlyParameters, wholeNumber } from './query.js'

const pageMost = 100
const nameMost = 120
const deliveryStates = ['waiting', 'delivered', 'dead'] as const

export const webhookRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/webhooks', handle: async ({ call }) => ({ status: 200, body: { webhooks: await listWebhooks(call) } }) },
  {
    method: 'POST', path: '/api/webhooks', bodyMax: 200_000,
    async handle({ call, body }) {
      const made = await makeWebhook(call, wantedIn(body))
      wakeWebhooks(call.engine)
      return { status: 201, headers: { Location: `/api/webhooks/${String(made.id)}` }, body: made }
    },
  },
  { method: 'GET', path: '/api/webhooks/:id', handle: async (request) => ({ status: 200, body: await readWebhook(request.call, idOf(request)) }) },
  {
    method: 'PATCH', path: '/api/webhooks/:id', bodyMax: 200_000,
    async handle(request) {
      const changed = await updateWebhook(request.call, idOf(request), wantedIn(request.body))
      wakeWebhooks(request.call.engine)
      return { status: 200, body: changed }
    },
  },
  {
    method: 'DELETE', path: '/api/webhooks/:id',
    async handle(request) {
      await removeWebhook(request.call, idOf(request))
      return { status: 204 }
    },
  },
  {
    method: 'POST', path: '/api/webhooks/:id/secret',
    async handle(request) {
      onlyMembers(request.body)
      return { status: 200, body: { secret: await renewSecret(request.call, idOf(request)) } }
    },
  },
  {
    method: 'POST', path: '/api/webhooks/:id/test',
    async handle(request) {
      onlyMembers(request.body)
      return { status: 200, body: await testWebhook(request.call, idOf(request)) }
    },
  },
  {
    method: 'GET', path: '/api/webhooks/:id/deliveries',
    async handle(request) {
      const { call, query } = request
      onlyParameters(query, new Set(['state', 'cursor', 'limit']))
      const state = deliveryStates.find((known) => known === query.get('state'))
      if (query.has('state') && state === undefined) throw new Problem('query.invalid', { reason: `state must be one of ${deliveryStates.join(', ')}` })
      const number = (name: string, max: number): number | undefined => (query.has(name) ? wholeNumber(query.get(name) ?? '', name, 1, max) : undefined)
      const before = number('cursor', Number.MAX_SAFE_INTEGER)
      const page = await listDeliveries(call, idOf(request), { limit: number('limit', pageMost) ?? 50, ...(state === undefined ? {} : { state }), ...(before === undefined ? {} : { before }) })
      return { status: 200, body: { deliveries: page.deliveries, next: page.next === null ? null : String(page.next) } }
    },
  },
  { method: 'POST', path: '/api/webhooks/:id/again', handle: (request) => again(request, null) },
  { method: 'POST', path: '/api/webhooks/:id/deliveries/:delivery/again', handle: (request) => again(request, numberIn(request.params['delivery'])) },
]

async function again(request: ApiRequest, delivery: number | null): Promise<{ readonly status: number; readonly body: Json }> {
  onlyMembers(request.body)
  const sent = await sendAgain(request.call, idOf(request), delivery)
  wakeWebhooks(request.call.engine)
  return { status: 202, body: { sent } }
}

const idOf = ({ params }: ApiRequest): number => numberIn(params['id'])

function numberIn(text: string | undefined): number {
  if (!/^[1-9]\d{0,14}$/.test(text ?? '')) throw new Problem('webhook.unavailable')
  return Number(text)
}

function wantedIn(body: Json | undefined): WantedWebhook {
  const { name, url, events, owner, state } = onlyMembers(body, 'name', 'url', 'events', 'owner', 'state')
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '' || name.length > nameMost)) throw invalid(`name must be a text of at most ${String(nameMost)} characters`)
  if (url !== undefined && typeof url !== 'string') throw invalid('url must be a text')
  if (owner !== undefined && !(typeof owner === 'number' && Number.isSafeInteger(owner) && owner > 0)) throw invalid('owner must be the id of a user')
  if (state !== undefined && state !== 'active' && state !== 'paused') throw invalid('state must be active or paused')
  return {
    ...(name === undefined ? {} : { name: name.trim() }), ...(url === undefined ? {} : { url }), ...(events === undefined ? {} : { events: eventsIn(events) }),
    ...(owner === undefined ? {} : { owner }), ...(state === undefined ? {} : { state }),
  }
}

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })
