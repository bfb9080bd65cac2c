/** OpenAPI paths of saved views. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import { anyObject, flag, header, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const view: JsonSchema = object({
  id: whole, version: whole, entity: text, name: text, title: text, columns: listOf(text), sort: text, filter: anyObject, groupBy: listOf(text), totals: { type: 'object', additionalProperties: text }, mine: flag, mayChange: flag, roles: listOf(text),
  leftOut: object({ columns: whole, sort: whole, summaries: whole, filters: whole }), lost: listOf(text),
}, ['id', 'version', 'entity', 'name', 'title', 'columns', 'sort', 'mine', 'mayChange', 'roles', 'leftOut'])
const id = inPath('id', { type: 'integer', minimum: 1 }, 'Id of the view.')
const ifMatch = header('If-Match', 'The version that is meant.')
const sent = { title: text, roles: listOf(text), definition: { ...anyObject, description: 'As in /schemas/view.json.' } }
const answers = { 200: { description: 'The view, as far as the caller may use it.', schema: view } }

export const viewPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/views': {
    get: operation({
      id: 'views', tag: 'screens', summary: 'Saved views: the own ones and those shared with a role of the caller', parameters: [query('locale', text, 'Language of the names of roles.')],
      answers: { 200: { description: '`first`: entity → the view that the caller begins with.', schema: object({ views: listOf(view), first: { type: 'object', additionalProperties: text }, shareWith: listOf(object({ name: text, title: text })) }) } },
    }),
    post: operation({ id: 'saveView', tag: 'screens', summary: 'Save a view', body: object({ entity: text, ...sent }, ['entity', 'title', 'definition']), answers: { 201: { description: 'The view.', schema: view } }, problems: ['request.path', 'access.field', 'query.invalid', 'view.invalid', 'view.roles', 'view.tooMany', 'request.tooLarge'] }),
  },
  '/api/views/first': {
    put: operation({ id: 'beginWithView', tag: 'screens', summary: 'The view to begin with on an entity', body: object({ entity: text, view: { type: ['string', 'null'] } }), answers: { 204: { description: 'Noted.' } }, problems: ['request.path', 'view.unavailable'] }),
  },
  '/api/views/{id}': {
    patch: operation({ id: 'changeView', tag: 'screens', summary: 'Change a view; what is left out stays', parameters: [id, ifMatch], body: object(sent, []), answers, problems: ['view.unavailable', 'view.stale', 'access.field', 'query.invalid', 'view.invalid', 'view.roles', 'request.tooLarge'] }),
    delete: operation({ id: 'deleteView', tag: 'screens', summary: 'Delete a view; for a month it can be restored', parameters: [id, ifMatch], answers: { 204: { description: 'Deleted.' } }, problems: ['view.unavailable', 'view.stale'] }),
  },
  '/api/views/{id}/restore': { post: operation({ id: 'restoreView', tag: 'screens', summary: 'Bring a deleted view back', parameters: [id], answers, problems: ['view.unavailable', 'view.tooMany'] }) },
})
