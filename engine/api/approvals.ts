/** `/api/approvals`: what the caller is asked to decide, and who decides for them while they are away. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { beAway, beBack, readAbsence } from '../operations/approvals/absence.js'
import { listApprovals, readApproval } from '../operations/approvals/read.js'
import { vote, type VoteCommand } from '../operations/approvals/vote.js'
import { wakeRuns } from '../workflows/runner.js'
import { onlyMembers } from './body.js'
import type { Route } from './handler.js'
import { localeOf, onlyParameters, recordIn, wholeNumber } from './query.js'

const pageMost = 100
const commentMost = 2_000
const decisions = { approve: 'approved', reject: 'rejected' } as const

export const approvalRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/approvals',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['state', 'record', 'cursor', 'limit', 'locale']))
      const state = query.get('state') ?? 'open'
      if (state !== 'open' && state !== 'all') throw new Problem('query.invalid', { reason: 'state is open or all' })
      const number = (name: string, max: number): number | null => (query.has(name) ? wholeNumber(query.get(name) ?? '', name, 1, max) : null)
      const record = query.has('record') ? { record: recordIn(query.get('record') ?? '') } : {}
      const page = await listApprovals(call, { open: state === 'open', before: number('cursor', Number.MAX_SAFE_INTEGER), limit: number('limit', pageMost) ?? 50, locale: localeOf(query.get('locale'), call.actor.locale), ...record })
      return { status: 200, body: { approvals: [...page.approvals], next: page.next === null ? null : String(page.next) } }
    },
  },
  {
    method: 'GET', path: '/api/approvals/absence',
    async handle({ call, query }) {
      onlyParameters(query, new Set())
      return { status: 200, body: await readAbsence(call) }
    },
  },
  {
    method: 'PUT', path: '/api/approvals/absence',
    async handle({ call, body, query }) {
      onlyParameters(query, new Set())
      const { delegate, from, until } = onlyMembers(body, 'delegate', 'from', 'until')
      if (typeof delegate !== 'number' || !Number.isSafeInteger(delegate)) throw new Problem('request.invalid', { reason: 'delegate must be the id of a user' })
      await beAway(call, { delegate, from: from === undefined ? call.at : momentOf(from, 'from'), until: momentOf(until, 'until') })
      return { status: 200, body: await readAbsence(call) }
    },
  },
  {
    method: 'DELETE', path: '/api/approvals/absence',
    async handle({ call, query }) {
      onlyParameters(query, new Set())
      await beBack(call)
      return { status: 204 }
    },
  },
  {
    method: 'GET', path: '/api/approvals/:id',
    async handle({ call, params, query }) {
      onlyParameters(query, new Set(['locale']))
      return { status: 200, body: await readApproval(call, idOf(params['id']), localeOf(query.get('locale'), call.actor.locale)) }
    },
  },
  {
    method: 'POST', path: '/api/approvals/:id/vote',
    async handle({ call, params, body, query }) {
      onlyParameters(query, new Set(['locale']))
      const id = idOf(params['id'])
      await vote(call, id, voteOf(body))
      wakeRuns(call.engine)
      return { status: 200, body: await readApproval(call, id, localeOf(query.get('locale'), call.actor.locale)) }
    },
  },
]

function idOf(text: string | undefined): number {
  if (!/^[1-9]\d{0,14}$/.test(text ?? '')) throw new Problem('approval.unavailable')
  return Number(text)
}

function voteOf(body: Json | undefined): VoteCommand {
  const { decision, comment = null, values = {} } = onlyMembers(body, 'decision', 'comment', 'values')
  if (decision !== 'approve' && decision !== 'reject') throw new Problem('request.invalid', { reason: 'decision must be approve or reject' })
  if (comment !== null && (typeof comment !== 'string' || comment.length > commentMost)) throw new Problem('request.invalid', { reason: 'comment must be a text of at most 2,000 characters' })
  return { decision: decisions[decision], comment: comment === null || comment.trim() === '' ? null : comment.trim(), values }
}

function momentOf(value: Json | undefined, name: string): Date {
  const moment = typeof value === 'string' && value.length < 40 && /^\d{4}-\d{2}-\d{2}T/.test(value) ? new Date(value) : null
  if (moment === null || Number.isNaN(moment.getTime())) throw new Problem('request.invalid', { reason: `${name} must be a moment such as 2026-01-31T08:00:00Z` })
  return moment
}
