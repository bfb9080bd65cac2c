/** Who has a record or the studio open: a page says so, again and again, until it leaves. */
import { Problem } from '../errors.js'
import { absent, present, presentInStudio } from '../operations/presence/presence.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { onlyParameters, recordId } from './query.js'

/** How a page names itself: long enough that nobody guesses the name of another one. */
const pageName = /^[\w-]{16,64}$/

export const presenceRoutes: readonly Route[] = [
  { method: 'PUT', path: '/api/records/:entity/:id/presence', bodyMax: 1_000, handle: here },
  {
    method: 'PUT', path: '/api/definitions/presence', bodyMax: 1_000,
    async handle({ call, body, query }) {
      onlyParameters(query, new Set())
      const { page, editing } = sayingOf(body)
      return { status: 200, body: { others: [...(await presentInStudio(call, page, editing))] } }
    },
  },
  {
    method: 'DELETE', path: '/api/presence/:page',
    async handle({ call, params }) {
      await absent(call, pageOf(params['page']))
      return { status: 204 }
    },
  },
]

async function here({ call, params, body, query }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set())
  const others = await present(call, { ...sayingOf(body), entity: params['entity'] ?? '', id: recordId(params['id']) })
  return { status: 200, body: { others: [...others] } }
}

/** @throws Problem request.invalid */
function sayingOf(body: ApiRequest['body']): { readonly page: string; readonly editing: boolean } {
  const { page, editing = false } = onlyMembers(body, 'page', 'editing')
  if (typeof editing !== 'boolean') throw new Problem('request.invalid', { reason: 'editing must be true or false' })
  return { page: pageOf(page), editing }
}

/** @throws Problem request.invalid */
export function pageOf(name: unknown): string {
  if (typeof name !== 'string' || !pageName.test(name)) throw new Problem('request.invalid', { reason: 'page must be 16 to 64 letters, digits, - or _' })
  return name
}
