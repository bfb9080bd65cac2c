/** `/api/notifications`: what the caller was told, and what of it they have read. */
import { isObject, type Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { inbox, inboxLimits, mark, unreadCount } from '../operations/notifications/inbox.js'
import { isId } from '../operations/records/row.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { flag, onlyParameters, wholeNumber } from './query.js'

/** Ids in one request. */
const idsMost = 200

export const notificationRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/notifications', handle: listed },
  {
    method: 'GET', path: '/api/notifications/unread',
    async handle({ call, query }) {
      onlyParameters(query, new Set())
      return { status: 200, body: { count: await unreadCount(call) } }
    },
  },
  {
    method: 'POST', path: '/api/notifications/read',
    async handle({ call, body, query }) {
      onlyParameters(query, new Set())
      await mark(call, markOf(body))
      return { status: 204 }
    },
  },
]

async function listed({ call, query }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set(['unread', 'cursor', 'limit']))
  const number = (name: string, max: number): number | null => (query.has(name) ? wholeNumber(query.get(name) ?? '', name, 1, max) : null)
  const limit = number('limit', inboxLimits.pageMax) ?? inboxLimits.pageDefault
  const { items, next } = await inbox(call, { unread: flag(query, 'unread'), before: number('cursor', Number.MAX_SAFE_INTEGER), limit })
  return { status: 200, body: { items: [...items], next: next === null ? null : String(next) } }
}

function markOf(body: Json | undefined): Parameters<typeof mark>[1] {
  if (isObject(body) && Object.hasOwn(body, 'upTo')) {
    const { upTo } = onlyMembers(body, 'upTo')
    if (isId(upTo)) return { upTo }
  } else {
    const { ids, read = true } = onlyMembers(body, 'ids', 'read')
    const all: readonly Json[] = Array.isArray(ids) ? ids : [null]
    if (all.length <= idsMost && all.every(isId) && typeof read === 'boolean') return { ids: all, read }
  }
  throw new Problem('request.invalid', { reason: `the body must be { "ids": [...], "read": true } with at most ${String(idsMost)} ids, or { "upTo": id }` })
}
