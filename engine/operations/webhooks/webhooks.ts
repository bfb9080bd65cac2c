/** Webhooks as administrators see and change them. Each acts for a person, its owner, with the rights that they have when a message is sent. */
import { randomBytes } from 'node:crypto'
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { covers } from '../../permissions/covers.js'
import { appendEvents } from '../../storage/audit/events.js'
import type { Executor } from '../../storage/contract.js'
import { addDeliveries, countDeliveries, deliveriesOf, endAttempt, reviveDeliveries, type DeliveryState, type StoredDelivery } from '../../storage/own/deliveries.js'
import { addWebhook, changeWebhook, dropWebhook, webhookById, webhooks, type StoredWebhook, type WebhookState } from '../../storage/own/webhooks.js'
import type { Call } from '../call.js'
import { designer } from '../definitions/draft.js'
import { seal } from '../secrets/vault.js'
import { webhookSecret } from '../secrets/secrets.js'
import { sendNow } from './deliver.js'
import { readableEvent, type WantedEvent } from './events.js'
import { beginFollowing, entityWith, ownerCall } from './follow.js'

const webhooksMost = 100
/** How long a secret signs beside the one that takes its place. */
const retiringMilliseconds = 24 * 3_600_000

/** What is wanted of a webhook; what is left out of a change stays. */
export interface WantedWebhook {
  readonly name?: string
  readonly url?: string
  readonly events?: readonly WantedEvent[]
  readonly owner?: number
  readonly state?: WebhookState
}

/** @throws Problem access.denied */
export async function listWebhooks(call: Call): Promise<readonly JsonObject[]> {
  designer(call)
  const x = call.engine.database.read
  const [all, counted] = await Promise.all([webhooks(x), countDeliveries(x)])
  return all.map((webhook) => ({ ...told(webhook), deliveries: Object.fromEntries(counted.filter((one) => one.webhook === webhook.id).map(({ state, count }) => [state, count])) }))
}

/** @throws Problem access.denied, webhook.unavailable */
export async function readWebhook(call: Call, id: number): Promise<JsonObject> {
  return told(await visible(call.engine.database.read, call, id))
}

/** Gives the webhook with its secret, which is told this once. @throws Problem access.denied, request.invalid, access.field, webhook.tooMany */
export async function makeWebhook(call: Call, { name, url, events, owner = designer(call) }: WantedWebhook): Promise<JsonObject & { readonly id: number }> {
  designer(call)
  if (name === undefined || url === undefined || events === undefined) throw invalid('name, url and events are needed')
  const wanted = { name, url: webhookAddress(url), events: await checked(call, owner, events), owner }
  const secret = newSecret()
  const id = await call.engine.database.write(async (tx) => {
    if ((await webhooks(tx)).length >= webhooksMost) throw new Problem('webhook.tooMany', { limit: webhooksMost })
    const made = await addWebhook(tx, { ...wanted, secret: seal(call.engine.vault, secret, webhookSecret) }, call.at)
    await beginFollowing(tx)
    await noted(tx, call, made, 'made')
    return made
  })
  return { ...(await readWebhook(call, id)), id, secret }
}

/** @throws Problem access.denied, webhook.unavailable, request.invalid, access.field */
export async function updateWebhook(call: Call, id: number, { name, url, events, owner, state }: WantedWebhook): Promise<JsonObject> {
  const before = await visible(call.engine.database.read, call, id)
  const wanted = events ?? (before.events as unknown as readonly WantedEvent[]) // it was checked when it was kept
  // Another owner has other rights, and another address another reader: what is asked is checked anew.
  if (events !== undefined || owner !== undefined || url !== undefined) await checked(call, owner ?? before.owner, wanted)
  await call.engine.database.write(async (tx) => {
    const webhook = await visible(tx, call, id)
    const resumed = state === 'active' && webhook.state === 'paused'
    await changeWebhook(tx, {
      ...webhook, name: name ?? webhook.name, url: url === undefined ? webhook.url : webhookAddress(url), events: wanted as unknown as readonly JsonObject[], owner: owner ?? webhook.owner,
      ...(state === undefined || state === webhook.state ? {} : { state, reason: state === 'paused' ? 'person' : null, failingAt: null }),
    }, call.at)
    if (resumed) await beginFollowing(tx)
    await noted(tx, call, id, resumed ? 'resumed' : state === 'paused' && webhook.state === 'active' ? 'paused' : 'changed')
  })
  return readWebhook(call, id)
}

/** @throws Problem access.denied, webhook.unavailable */
export const removeWebhook = (call: Call, id: number): Promise<void> =>
  call.engine.database.write(async (tx) => {
    await visible(tx, call, id)
    await dropWebhook(tx, id)
    await noted(tx, call, id, 'removed')
  })

/** A new secret, told this once; the one before signs beside it for a day. @throws Problem access.denied, webhook.unavailable */
export async function renewSecret(call: Call, id: number): Promise<string> {
  const secret = newSecret()
  await call.engine.database.write(async (tx) => {
    const webhook = await visible(tx, call, id)
    const retiredAt = new Date(call.at.getTime() + retiringMilliseconds).toISOString()
    await changeWebhook(tx, { ...webhook, secret: seal(call.engine.vault, secret, webhookSecret), former: webhook.secret, retiredAt }, call.at)
    await noted(tx, call, id, 'secretRenewed')
  })
  return secret
}

export interface DeliveriesQuestion {
  readonly state?: DeliveryState
  readonly before?: number
  readonly limit: number
}

/** Newest first. @throws Problem access.denied, webhook.unavailable */
export async function listDeliveries(call: Call, id: number, { limit, ...question }: DeliveriesQuestion): Promise<{ readonly deliveries: readonly JsonObject[]; readonly next: number | null }> {
  await visible(call.engine.database.read, call, id)
  const rows = await deliveriesOf(call.engine.database.read, { webhook: id, ...question, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { deliveries: page.map((row) => toldDelivery(call, row)), next: rows.length > limit ? page.at(-1)?.id ?? null : null }
}

/** Sends dead messages again, one or all. Gives how many. @throws Problem access.denied, webhook.unavailable */
export async function sendAgain(call: Call, id: number, delivery: number | null): Promise<number> {
  return call.engine.database.write(async (tx) => {
    await visible(tx, call, id)
    const sent = await reviveDeliveries(tx, id, delivery, call.at)
    if (sent === 0 && delivery !== null) throw new Problem('webhook.unavailable')
    if (sent > 0) await noted(tx, call, id, 'sentAgain')
    return sent
  })
}

/** Sends a message that tells of nothing, at once, and gives what came of it. @throws Problem access.denied, webhook.unavailable */
export async function testWebhook(call: Call, id: number): Promise<JsonObject> {
  const { database } = call.engine
  const webhook = await visible(database.read, call, id)
  const event = { id: `msg_${randomBytes(16).toString('hex')}`, type: 'webhook.test', at: call.at.toISOString() }
  const outcome = await sendNow(call.engine, webhook, event, call.at)
  const delivery = await database.write(async (tx) => {
    // It is over when it is kept: nobody sends it.
    await addDeliveries(tx, [{ webhook: id, cause: event.id, event }], call.at)
    const [made] = await deliveriesOf(tx, { webhook: id, limit: 1 })
    if (made === undefined) throw new Error('a message was not kept')
    await endAttempt(tx, made, { ...outcome, state: outcome.arrived ? 'delivered' : 'dead', due: null }, call.at)
    return (await deliveriesOf(tx, { webhook: id, id: made.id, limit: 1 }))[0] ?? made
  })
  return toldDelivery(call, delivery)
}

// ── what is checked and told ──

async function visible(x: Executor, call: Call, id: number): Promise<StoredWebhook> {
  designer(call)
  const webhook = await webhookById(x, id)
  if (webhook === null) throw new Problem('webhook.unavailable')
  return webhook
}

/** The events, when the owner may ask for them, and when they are told nothing that the caller may not see: nobody gives more than they hold. */
async function checked(call: Call, owner: number, events: readonly WantedEvent[]): Promise<readonly JsonObject[]> {
  const their = await ownerCall(call.engine, owner, call.at)
  if (their === null) throw invalid('the owner must be somebody who can sign in')
  if (owner !== call.actor.id && !covers(call.model, call.access, their.access)) throw new Problem('access.denied', {}, { problems: [{ path: '/owner', code: 'access.denied', message: 'The owner may see more than you do: only you, or somebody who sees no more, can own a webhook that you make or change.' }] })
  for (const event of events) readableEvent(their, event)
  return events as unknown as readonly JsonObject[] // plain data as it was sent
}

/** Where it leads is checked when it is called: a name may lead elsewhere then. */
function webhookAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '' || text.length > 2_000) throw invalid('url must be an address such as https://shop.example.com/tessera, without a user in it')
  return url.href
}

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

const noted = (tx: Executor, { actor, at }: Call, webhook: number, change: string): Promise<void> =>
  appendEvents(tx, [{ action: 'webhookChanged', by: actor.id, at, detail: { webhook, change } }])

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })

/** Everything but the secrets. */
const told = ({ id, owner, name, url, events, state, reason, retiredAt, failingAt, createdAt, changedAt }: StoredWebhook): JsonObject =>
  ({ id, owner, name, url, events, state, reason, formerSecretUntil: retiredAt, failingSince: failingAt, createdAt, changedAt })

function toldDelivery(call: Call, { id, event, state, attempts, status, error, createdAt, endedAt, dueAt }: StoredDelivery): JsonObject {
  const { id: message = '', type = '', entity = null, record = null } = event
  const name = typeof entity === 'string' ? entityWith(call.model, entity) ?? null : null
  return { id, message, type, record: name === null || record === null ? null : { entity: name, id: record }, state, attempts, status, error, createdAt, endedAt, dueAt: state === 'waiting' ? dueAt : null }
}
