/** OpenAPI paths of imports. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import { anyObject, flag, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const column = object({ column: whole, field: text, by: text }, ['column', 'field'])
const habits = object({ dates: { enum: ['ymd', 'dmy', 'mdy'] }, decimal: { enum: ['.', ','] }, timeZone: text }, [])
const settings = object({ reading: anyObject, mode: { enum: ['create', 'update', 'upsert'] }, key: orNull(text), columns: listOf(column), habits, alike: { enum: ['create', 'skip', 'update'] } }, [])
const imported: JsonSchema = object({
  id: whole, owner: orNull(whole), entity: text, fileName: text, bytes: whole, settings, titles: listOf(text), sheets: listOf(text), keys: listOf(text),
  check: orNull(anyObject), checked: orNull(anyObject), job: orNull(anyObject), result: orNull(anyObject), undo: orNull(anyObject), undone: orNull(anyObject),
  createdAt: text, startedAt: orNull(text),
})
const problem = object({ column: text, code: text, params: anyObject, path: text, message: text }, ['column', 'code', 'message'])
const alike = object({ row: whole, id: orNull(whole), earlier: orNull(whole), title: text, fields: listOf(text), score: { type: 'number' } })
const id = inPath('id', { type: 'integer', minimum: 1 }, 'Id of the import.')
const one = { description: 'The import.', schema: imported }

export const importPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/imports': {
    get: operation({ id: 'imports', tag: 'imports', summary: 'The newest imports of the caller; for administrators everybody\'s', parameters: [query('entity', text, 'Only those of this entity.')], answers: { 200: { description: 'Newest first.', schema: object({ imports: listOf(imported) }) } }, problems: ['request.path'] }),
    post: operation({
      id: 'sendImport', tag: 'imports', summary: 'Send a file (CSV or XLSX); find out how it is best read',
      description: 'The body is the file. With `settings` and `start` (or `dryRun`) the import begins at once.',
      parameters: [query('entity', text, 'What the rows become.', true), query('name', text, 'Name of the file.'), query('settings', text, 'Settings as in PATCH, as JSON.'), query('start', flag, 'Begin at once.'), query('dryRun', flag, 'Go through the file without writing anything.')],
      body: { type: 'string', format: 'binary' }, bodyType: 'application/octet-stream',
      answers: { 201: one, 202: one }, problems: ['request.path', 'request.tooLarge', 'import.unreadable', 'import.incomplete', 'import.again', 'storage.full'],
    }),
  },
  '/api/imports/{id}': {
    get: operation({ id: 'import', tag: 'imports', summary: 'How an import is set up and how far it is', parameters: [id], answers: { 200: one }, problems: ['import.unavailable'] }),
    patch: operation({ id: 'setUpImport', tag: 'imports', summary: 'Say how the file is read, where its columns go, and how records are found', parameters: [id], body: settings, answers: { 200: one }, problems: ['import.unavailable', 'import.unreadable', 'import.begun'] }),
    delete: operation({ id: 'discardImport', tag: 'imports', summary: 'Throw away a file that was not imported', parameters: [id], answers: { 204: { description: 'Gone.' } }, problems: ['import.unavailable', 'import.begun'] }),
  },
  '/api/imports/{id}/preview': {
    get: operation({ id: 'previewImport', tag: 'imports', summary: 'The first rows, with what is wrong with each', parameters: [id], answers: { 200: { description: 'Rows; `incomplete` says what is missing before the import can begin.', schema: object({ rows: listOf(object({ row: whole, cells: listOf(text), problems: listOf(problem) })), alike: listOf(alike), incomplete: orNull(anyObject) }) } }, problems: ['import.unavailable', 'import.unreadable'] }),
  },
  '/api/imports/{id}/check': { post: operation({ id: 'checkImport', tag: 'imports', summary: 'Go through the whole file without writing anything', parameters: [id], answers: { 202: one }, problems: ['import.unavailable', 'import.begun', 'import.incomplete'] }) },
  '/api/imports/{id}/start': { post: operation({ id: 'startImport', tag: 'imports', summary: 'Begin the import', parameters: [id], answers: { 202: one }, problems: ['import.unavailable', 'import.begun', 'import.again', 'import.incomplete'] }) },
  '/api/imports/{id}/undo': { post: operation({ id: 'undoImport', tag: 'imports', summary: 'Take an import back; what was changed since stays', parameters: [id], answers: { 202: one }, problems: ['import.unavailable', 'import.incomplete'] }) },
  '/api/imports/{id}/rejected': { get: operation({ id: 'rejectedRows', tag: 'imports', summary: 'Rows that were not accepted, with the reasons, as CSV; with `format=json` page by page', parameters: [id, query('format', { enum: ['json'] }, 'As JSON: `titles`, `rows` with `row`, `cells` and `problems`, and `next`.'), query('after', whole, '`next` of the page before.')], answers: { 200: { description: 'The file.', schema: text, type: 'text/csv' } }, problems: ['import.unavailable'] }) },
})
