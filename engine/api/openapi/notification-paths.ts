/** OpenAPI paths of notifications. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { flag, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const reference = { type: ['object', 'null'] as string[], properties: { entity: text, id: whole } }
const item = object({
  id: whole, kind: { enum: ['mentioned', 'assigned', 'reminder', 'message', 'approval'] }, at: { type: 'string', format: 'date-time' }, read: flag, entity: { type: ['string', 'null'] }, record: { type: ['integer', 'null'] },
  count: whole, title: { type: ['string', 'null'] }, about: reference, by: { type: ['object', 'null'], properties: { id: whole, name: text } }, text: { type: ['string', 'null'] },
})

export const notificationPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/notifications': {
    get: operation({
      id: 'notifications', tag: 'screens', summary: 'What the caller was told, newest first, as far as they may read it now',
      parameters: [query('unread', flag, 'Only what is not read.'), query('limit', { type: 'integer', minimum: 1, maximum: 100 }, 'Items of a page; what may not be read any more is left out of it.'), query('cursor', text, 'next of the page before.')],
      answers: { 200: { description: 'A page. Without a `record` it is about `count` records of the entity.', schema: object({ items: listOf(item), next: { type: ['string', 'null'] } }) } },
    }),
  },
  '/api/presence/{page}': { delete: operation({ id: 'leave', tag: 'screens', summary: 'A page shows no record any more', parameters: [inPath('page', text, 'As the page named itself.')], answers: { 204: { description: 'Noted.' } } }) },
  '/api/notifications/unread': { get: operation({ id: 'unreadNotifications', tag: 'screens', summary: 'How many are not read, counted to 100', answers: { 200: { description: 'The number.', schema: object({ count: whole }) } } }) },
  '/api/notifications/read': {
    post: operation({ id: 'readNotifications', tag: 'screens', summary: 'Mark as read', body: { anyOf: [object({ ids: listOf(whole), read: flag }, ['ids']), object({ upTo: whole })] }, answers: { 204: { description: 'Noted.' } } }),
  },
})
