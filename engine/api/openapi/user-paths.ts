/** OpenAPI paths of accounts of people. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { flag, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const moment = { type: 'string', format: 'date-time' } as const
const maybeMoment = { type: ['string', 'null'], format: 'date-time' }
const summary = { id: whole, password: flag, identity: flag, invited: maybeMoment, sessions: whole, tokens: whole, lastSeenAt: maybeMoment }
const session = object({ id: text, startedAt: moment, lastSeenAt: moment, userAgent: text, own: flag })
const token = object({ id: whole, name: text, roles: listOf(text), createdAt: moment, expiresAt: maybeMoment, revokedAt: maybeMoment })
const id = inPath('id', whole, 'Id of the user record.')
const done = { 204: { description: 'Done.' } }

export const userPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/users': {
    get: operation({
      id: 'accounts', tag: 'people', summary: 'How people can come in: whom the caller may administer of those asked about',
      parameters: [query('ids', text, 'Ids of user records, separated by commas; at most 100.'), query('locale', text, 'Language of the titles of roles.')],
      answers: { 200: { description: 'Their accounts.', schema: object({ users: listOf(object(summary)), roles: { ...listOf(object({ name: text, title: text, description: text, asks: listOf(text) })), description: 'Those that the caller may give; `asks`: fields of the person that the conditions of the role ask for.' } }) } },
    }),
  },
  '/api/previews': {
    post: operation({
      id: 'preview', tag: 'people', summary: 'See the application as a role or as somebody: for those who may change the definitions',
      description: 'The pass is sent as `X-Tessera-Preview` with each request of the same session; those are then answered with the other\'s rights, read only.',
      body: { type: 'object', properties: { role: { ...text, description: 'Name of a role.' }, user: { ...whole, description: 'Id of a user; with a role: whose stores and other attributes the role is seen with.' }, with: { type: 'object', description: 'With a role: fields of people and values in the place of those of the user, such as `{ "stores": [1] }`.' } }, additionalProperties: false },
      answers: { 201: { description: 'The pass, good for an hour.', schema: object({ pass: text, expiresAt: moment }) } }, problems: ['preview.wider', 'record.unavailable'],
    }),
  },
  '/api/users/{id}': { get: operation({ id: 'account', tag: 'people', summary: 'One account with its open sessions and API tokens', parameters: [id], answers: { 200: { description: 'The account.', schema: object({ ...summary, open: listOf(session), apiTokens: listOf(token) }) } } }) },
  '/api/users/{id}/invitation': {
    post: operation({ id: 'invite', tag: 'people', summary: 'Make a link by which the person chooses a password, good once', parameters: [id], answers: { 201: { description: 'The link, told once; an earlier one ends.', schema: object({ link: text, expiresAt: moment }) } } }),
    delete: operation({ id: 'uninvite', tag: 'people', summary: 'End an invitation that is open', parameters: [id], answers: done }),
  },
  '/api/users/{id}/password': { post: operation({ id: 'resetPassword', tag: 'people', summary: 'Give a random password, told once; all sessions of the person end', parameters: [id], answers: { 200: { description: 'The password.', schema: object({ password: text }) } } }) },
  '/api/users/{id}/block': { post: operation({ id: 'block', tag: 'people', summary: 'Let the person in no more, and end their sessions', parameters: [id], answers: done }) },
  '/api/users/{id}/unblock': { post: operation({ id: 'unblock', tag: 'people', summary: 'Let the person in again', parameters: [id], answers: done }) },
  '/api/users/{id}/sessions': { delete: operation({ id: 'endSessions', tag: 'people', summary: 'End all sessions of the person', parameters: [id], answers: { 200: { description: 'How many there were.', schema: object({ ended: whole }) } } }) },
  '/api/users/{id}/sessions/{session}': { delete: operation({ id: 'endSession', tag: 'people', summary: 'End one session', parameters: [id, inPath('session', text, 'As the account names it.')], answers: done }) },
  '/api/users/{id}/tokens': {
    post: operation({
      id: 'makeToken', tag: 'people', summary: 'Make an API token of the person', parameters: [id],
      body: object({ name: text, roles: { ...listOf(text), description: 'Some of the roles that the person holds.' }, days: { type: ['integer', 'null'], minimum: 1, maximum: 3650, description: 'How long it is good; null: until it is revoked.' } }, ['name', 'roles']),
      answers: { 201: { description: 'The token, told once.', schema: object({ id: whole, token: text }) } },
    }),
  },
  '/api/users/{id}/tokens/{token}': { delete: operation({ id: 'revokeToken', tag: 'people', summary: 'End an API token', parameters: [id, inPath('token', whole, 'Its id.')], answers: done }) },
})
