/** OpenAPI paths of approvals. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { anyObject, flag, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const moment = { type: 'string', format: 'date-time' }
const momentOrNull = { type: ['string', 'null'], format: 'date-time' }
const person = { type: ['object', 'null'], properties: { id: whole, name: { type: ['string', 'null'] } } }
const approval = object({
  id: whole, title: text, text, state: { enum: ['open', 'approved', 'rejected', 'withdrawn'] }, late: flag, entity: { type: ['string', 'null'] }, record: { type: ['integer', 'null'] }, recordTitle: { type: ['string', 'null'] },
  asker: person, createdAt: moment, dueAt: momentOrNull, endedAt: momentOrNull, need: { enum: ['one', 'all', 'share'] }, share: { type: 'number' }, inOrder: flag, comment: { enum: ['optional', 'required', 'refusal'] },
  mine: flag, for: listOf(person),
  votes: listOf(object({ user: person, by: person, state: { enum: ['waiting', 'asked', 'approved', 'rejected', 'passed'] }, comment: { type: ['string', 'null'] }, values: anyObject, at: momentOrNull })),
  form: { type: ['array', 'null'], items: anyObject },
})
const id = inPath('id', whole, 'Id of the approval.')
const locale = query('locale', text, 'Language of the texts.')
const absence = object({ absence: { type: ['object', 'null'], properties: { delegate: person, from: moment, until: moment } }, standsInFor: listOf(object({ id: whole, name: { type: ['string', 'null'] }, until: moment })) })

export const approvalPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/approvals': {
    get: operation({
      id: 'approvals', tag: 'workflows', summary: 'What the caller is asked to decide, stands in for or asks, newest first',
      parameters: [query('state', { enum: ['open', 'all'] }, 'open when it is left out.'), query('record', text, 'Only about this record: member/7.'), query('limit', { type: 'integer', minimum: 1, maximum: 100 }, 'Of a page.'), query('cursor', text, 'next of the page before.'), locale],
      answers: { 200: { description: 'A page.', schema: object({ approvals: listOf(approval), next: { type: ['string', 'null'] } }) } }, problems: ['query.invalid'],
    }),
  },
  '/api/approvals/{id}': { get: operation({ id: 'approval', tag: 'workflows', summary: 'One of them', parameters: [id, locale], answers: { 200: { description: 'The approval.', schema: approval } }, problems: ['approval.unavailable'] }) },
  '/api/approvals/{id}/vote': {
    post: operation({
      id: 'vote', tag: 'workflows', summary: 'Decide', description: 'In the own seat and in those of people for whom the caller stands in. Said once more it changes nothing.', parameters: [id, locale],
      body: object({ decision: { enum: ['approve', 'reject'] }, comment: text, values: anyObject }, ['decision']), answers: { 200: { description: 'The approval.', schema: approval } }, problems: ['approval.unavailable', 'approval.closed', 'record.invalid'],
    }),
  },
  '/api/approvals/absence': {
    get: operation({ id: 'absence', tag: 'workflows', summary: 'When the caller is away, and for whom they stand in', answers: { 200: { description: 'Both.', schema: absence } } }),
    put: operation({ id: 'beAway', tag: 'workflows', summary: 'Let somebody else decide for a time', body: object({ delegate: whole, from: moment, until: moment }, ['delegate', 'until']), answers: { 200: { description: 'As it is now.', schema: absence } }, problems: ['record.invalid'] }),
    delete: operation({ id: 'beBack', tag: 'workflows', summary: 'Decide oneself again', answers: { 204: { description: 'Noted.' } } }),
  },
})
