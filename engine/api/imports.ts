/** `/api/imports`: files that become records. */
import { Problem } from '../errors.js'
import { check, configure, discard, getImport, listImports, preview, start, undo, upload } from '../operations/imports/imports.js'
import { rejectedPage, rejectedRows } from '../operations/imports/rejects.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { attachment } from './headers.js'
import { flag, jsonParameter, onlyParameters } from './query.js'

const none: ReadonlySet<string> = new Set()
const uploadParameters = new Set(['entity', 'name', 'settings', 'start', 'dryRun'])
const settingsMax = 500_000

export const importRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/imports', raw: true, handle: uploaded },
  {
    method: 'GET', path: '/api/imports',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['entity']))
      return { status: 200, body: { imports: await listImports(call, query.get('entity') ?? undefined) } }
    },
  },
  { method: 'GET', path: '/api/imports/:id', handle: (request) => about(request, getImport) },
  {
    method: 'PATCH', path: '/api/imports/:id', bodyMax: settingsMax,
    handle: (request) => about(request, (call, id) => configure(call, id, request.body)),
  },
  {
    method: 'DELETE', path: '/api/imports/:id',
    async handle(request) {
      await discard(request.call, idOf(request))
      return { status: 204 }
    },
  },
  { method: 'GET', path: '/api/imports/:id/preview', handle: (request) => about(request, preview) },
  { method: 'POST', path: '/api/imports/:id/check', handle: (request) => begun(request, check) },
  { method: 'POST', path: '/api/imports/:id/start', handle: (request) => begun(request, start) },
  { method: 'POST', path: '/api/imports/:id/undo', handle: (request) => begun(request, undo) },
  {
    method: 'GET', path: '/api/imports/:id/rejected',
    async handle(request) {
      const { query } = request
      if (query.get('format') === 'json') return { status: 200, body: await rejectedPage(request.call, idOf(request, rejectedParameters), afterOf(query)) }
      const { fileName, stream } = await rejectedRows(request.call, idOf(request))
      return { status: 200, headers: { 'Content-Type': 'text/csv; charset=utf-8', ...attachment(fileName) }, stream }
    },
  },
]

/** Takes the file in; with `settings` and `start` or `dryRun` one request does it all. */
async function uploaded({ call, query, content }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, uploadParameters)
  if (content === undefined) throw new Problem('request.invalid', { reason: 'the body must be the file' })
  const imported = await upload(call, { entity: query.get('entity') ?? '', fileName: query.get('name') ?? 'file', content })
  const id = Number(imported['id'])
  const settings = jsonParameter(query, 'settings')
  const configured = settings === undefined ? imported : await configure(call, id, settings)
  if (flag(query, 'dryRun')) return { status: 202, headers: locationOf(id), body: await check(call, id) }
  if (flag(query, 'start')) return { status: 202, headers: locationOf(id), body: await start(call, id) }
  return { status: 201, headers: locationOf(id), body: configured }
}

const locationOf = (id: number) => ({ Location: `/api/imports/${String(id)}` })

async function about(request: ApiRequest, read: typeof getImport): Promise<ApiResponse> {
  return { status: 200, body: await read(request.call, idOf(request)) }
}

async function begun(request: ApiRequest, begin: typeof start): Promise<ApiResponse> {
  onlyMembers(request.body)
  return { status: 202, body: await begin(request.call, idOf(request)) }
}

const rejectedParameters: ReadonlySet<string> = new Set(['format', 'after'])

/** The row behind which a page begins. */
function afterOf(query: URLSearchParams): number {
  const after = query.get('after') ?? '-1'
  if (!/^(?:-1|\d{1,15})$/.test(after)) throw new Problem('request.invalid', { reason: 'after is the next of the page before' })
  return Number(after)
}

function idOf({ params, query }: ApiRequest, allowed: ReadonlySet<string> = none): number {
  onlyParameters(query, allowed)
  const id = params['id'] ?? ''
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new Problem('import.unavailable')
  return Number(id)
}
