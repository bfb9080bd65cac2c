/** `/api/openapi.json`: made once per model and role set. */
import type { Model } from '../model/model.js'
import type { Access } from '../permissions/access.js'
import type { Route } from './handler.js'
import { openApiDocument } from './openapi/document.js'

const texts = new WeakMap<Model, Map<string, string>>()

/** The route of the OpenAPI document. */
export const openApiRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/openapi.json',
    handle: ({ call }) => ({ status: 200, headers: { 'Content-Type': 'application/vnd.oai.openapi+json;version=3.1' }, text: documentText(call.model, call.access) }),
  },
]

function documentText(model: Model, access: Access): string {
  const known = texts.get(model) ?? new Map<string, string>()
  texts.set(model, known)
  const text = known.get(access.key) ?? JSON.stringify(openApiDocument(model, access))
  known.set(access.key, text)
  return text
}
