/** `/api/views`: views that people saved. */
import { Problem } from '../errors.js'
import { addView, beginWith, changeView, deleteView, listViews, restoreView } from '../operations/views/views.js'
import type { Json } from '../../metadata/contract/json.js'
import type { UiSavedView } from '../../metadata/contract/ui-model.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { ifVersion, localeOf, onlyParameters } from './query.js'

export const viewRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/views',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['locale']))
      const { views, first, shareWith } = await listViews(call, localeOf(query.get('locale'), call.actor.locale))
      return { status: 200, body: { views: views.map((view): Json => ({ ...view })), first, shareWith: shareWith.map((role): Json => ({ ...role })) } }
    },
  },
  { method: 'POST', path: '/api/views', handle: add },
  { method: 'PUT', path: '/api/views/first', handle: setFirst },
  {
    method: 'PATCH', path: '/api/views/:id',
    async handle(request) {
      return told(200, await changeView(request.call, idOf(request), ifVersion(request.headers), onlyMembers(request.body, 'title', 'roles', 'definition')))
    },
  },
  {
    method: 'DELETE', path: '/api/views/:id',
    async handle(request) {
      await deleteView(request.call, idOf(request), ifVersion(request.headers))
      return { status: 204 }
    },
  },
  {
    method: 'POST', path: '/api/views/:id/restore',
    async handle(request) {
      onlyMembers(request.body)
      return told(200, await restoreView(request.call, idOf(request)))
    },
  },
]

async function add({ call, body, query }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set())
  const { entity, ...rest } = onlyMembers(body, 'entity', 'title', 'roles', 'definition')
  if (typeof entity !== 'string') throw new Problem('request.invalid', { reason: 'entity must be the name of an entity' })
  const view = await addView(call, entity, rest)
  return { ...told(201, view), headers: { Location: `/api/views/${String(view.id)}`, ETag: etagOf(view) } }
}

async function setFirst({ call, body, query }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set())
  const { entity, view } = onlyMembers(body, 'entity', 'view')
  if (typeof entity !== 'string' || (view !== null && typeof view !== 'string')) throw new Problem('request.invalid', { reason: 'entity and view must be names; a view of null is the usual one' })
  await beginWith(call, entity, view)
  return { status: 204 }
}

const etagOf = ({ version }: UiSavedView): string => `"${String(version)}"`
const told = (status: number, view: UiSavedView): ApiResponse => ({ status, headers: { ETag: etagOf(view) }, body: { ...view } })

function idOf({ params, query }: ApiRequest): number {
  onlyParameters(query, new Set())
  const id = params['id'] ?? ''
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new Problem('view.unavailable')
  return Number(id)
}
