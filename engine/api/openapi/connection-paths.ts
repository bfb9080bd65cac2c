/** OpenAPI paths of what connects the system with others: webhooks and kept secrets. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import { anyObject, flag, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const moment = { type: 'string', format: 'date-time' } as const
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const event = { ...object({ type: { ...text, description: 'For example crm.member.changed: created, changed, transitioned, archived, restored or purged.' }, where: { ...anyObject, description: 'A condition that the record meets.' }, fields: { ...listOf(text), description: 'Only when one of these fields changed.' } }, ['type']), additionalProperties: false }
const state = { enum: ['active', 'paused'] }
const sent = { name: text, url: { ...text, format: 'uri' }, events: listOf(event), owner: { ...whole, description: 'User with whose rights messages are made; the caller when it is left out.' } }
const webhook = object({
  id: whole, owner: whole, name: text, url: text, events: listOf(event), state, reason: { enum: ['person', 'failing', 'gone', 'restored', null] }, formerSecretUntil: orNull(moment), failingSince: orNull(moment), createdAt: moment, changedAt: moment,
})
const delivery = object({
  id: whole, message: text, type: text, record: orNull(object({ entity: text, id: whole })), state: { enum: ['waiting', 'delivered', 'dead'] }, attempts: whole, status: orNull(whole), error: orNull(text), createdAt: moment, endedAt: orNull(moment), dueAt: orNull(moment),
})
const id = inPath('id', whole, 'Id of the webhook.')
const name = inPath('name', text, 'Capital letters, digits and _.')
const again = { 202: { description: 'How many are sent again.', schema: object({ sent: whole }) } }
const done = { 204: { description: 'Done.' } }
const missing = ['webhook.unavailable'] as const

export const connectionPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/webhooks': {
    get: operation({ id: 'webhooks', tag: 'connections', summary: 'Other systems that are told of changes, with how many messages stand where', answers: { 200: { description: 'All of them.', schema: object({ webhooks: listOf(webhook) }) } } }),
    post: operation({
      id: 'makeWebhook', tag: 'connections', summary: 'Tell another system of changes', body: object(sent, ['name', 'url', 'events']),
      description: 'Messages are signed as in Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. They hold what the owner may read at the moment of sending.',
      answers: { 201: { description: 'The webhook; its secret is told this once.', schema: { allOf: [webhook, object({ secret: text })] } } }, problems: ['access.field', 'webhook.tooMany'],
    }),
  },
  '/api/webhooks/{id}': {
    get: operation({ id: 'webhook', tag: 'connections', summary: 'One webhook', parameters: [id], answers: { 200: { description: 'The webhook.', schema: webhook } }, problems: missing }),
    patch: operation({ id: 'changeWebhook', tag: 'connections', summary: 'Change, pause or resume a webhook', parameters: [id], body: object({ ...sent, state }, []), answers: { 200: { description: 'The webhook.', schema: webhook } }, problems: [...missing, 'access.field'] }),
    delete: operation({ id: 'removeWebhook', tag: 'connections', summary: 'Remove a webhook with its messages', parameters: [id], answers: done, problems: missing }),
  },
  '/api/webhooks/{id}/secret': { post: operation({ id: 'renewWebhookSecret', tag: 'connections', summary: 'A new secret; the one before signs beside it for a day', parameters: [id], answers: { 200: { description: 'The secret, told this once.', schema: object({ secret: text }) } }, problems: missing }) },
  '/api/webhooks/{id}/test': { post: operation({ id: 'testWebhook', tag: 'connections', summary: 'Send a message `webhook.test` now', parameters: [id], answers: { 200: { description: 'What came of it.', schema: delivery } }, problems: missing }) },
  '/api/webhooks/{id}/deliveries': {
    get: operation({
      id: 'deliveries', tag: 'connections', summary: 'Messages of a webhook, newest first', parameters: [id, query('state', { enum: ['waiting', 'delivered', 'dead'] }, 'Only these.'), query('cursor', text, 'From `next`.'), query('limit', whole, 'At most 100.')],
      answers: { 200: { description: 'A page.', schema: object({ deliveries: listOf(delivery), next: orNull(text) }) } }, problems: [...missing, 'query.invalid'],
    }),
  },
  '/api/webhooks/{id}/again': { post: operation({ id: 'sendAllAgain', tag: 'connections', summary: 'Send all dead messages again', parameters: [id], answers: again, problems: missing }) },
  '/api/webhooks/{id}/deliveries/{delivery}/again': { post: operation({ id: 'sendAgain', tag: 'connections', summary: 'Send a dead message again', parameters: [id, inPath('delivery', whole, 'Id of the message.')], answers: again, problems: missing }) },
  '/api/hooks/{name}': {
    post: operation({
      id: 'hook', tag: 'connections', summary: 'Begin a workflow by a signed message, which is its input', parameters: [inPath('name', text, 'Name of the workflow.')], body: { description: 'JSON that fits the schema of the input of the workflow.' }, open: true,
      answers: { 202: { description: 'The run; the one that it began before when the same message is sent anew.', schema: object({ run: text }) } }, problems: ['hook.refused', 'record.invalid'],
    }),
  },
  '/api/secrets': { get: operation({ id: 'secrets', tag: 'connections', summary: 'Names of secrets and where they come from, never what they are', answers: { 200: { description: 'All of them.', schema: object({ secrets: listOf(object({ name: text, source: { enum: ['environment', 'studio'] }, changedBy: orNull(whole), changedAt: orNull(moment), readable: flag, hidden: flag })) }) } } }) },
  '/api/secrets/{name}': {
    put: operation({ id: 'setSecret', tag: 'connections', summary: 'Set a secret; it is kept sealed and never told again', parameters: [name], body: object({ value: text }), answers: done }),
    delete: operation({ id: 'removeSecret', tag: 'connections', summary: 'Remove a secret', parameters: [name], answers: done, problems: ['secret.unavailable'] }),
  },
})
