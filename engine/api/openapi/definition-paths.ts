/** OpenAPI paths of the metadata, for callers who may design. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import { anyObject, flag, header, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const findings: JsonSchema = listOf(object({ path: text, code: text, message: text }))
const steps: JsonSchema = listOf(anyObject)
const plan: JsonSchema = object({ base: whole, steps, problems: findings, access: { ...listOf(anyObject), description: 'Who gains or loses access, where roles change.' } })
const decisions: JsonSchema = listOf(object({ layer: text, path: text, take: { enum: ['mine', 'theirs'] } }))
const conflicts: JsonSchema = listOf(object({ layer: text, path: text, why: { enum: ['changed', 'gone', 'retyped', 'renamed'] }, base: {}, mine: {}, theirs: {} }, ['layer', 'path', 'why']))
const consent: JsonSchema = object({ consent: listOf(text), message: text }, [])
const published: JsonSchema = object({ version: whole, steps })
const beside = { types: anyObject, inferred: anyObject }
const draft: JsonSchema = object({ base: whole, version: whole, stale: flag, changed: flag, documents: anyObject, ...beside, layer: anyObject })
const patched: JsonSchema = object({ base: whole, version: whole, stale: flag, changed: flag, documents: anyObject, ...beside })
const n: JsonObject = inPath('n', { type: 'integer', minimum: 1 }, 'Number of the version.')

/** JSON Patch (RFC 6902). */
const operations: JsonSchema = {
  type: 'array', maxItems: 1000,
  items: { type: 'object', required: ['op', 'path'], properties: { op: { enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'] }, path: text, from: text, value: {} } },
}

/** A new version of a lower layer. */
const upgradePaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/definitions/upgrade': {
    post: operation({
      id: 'planUpgrade', tag: 'definitions', summary: 'What a new version of a lower layer would do, with the layers above put on top of it', body: object({ layer: text, documents: anyObject, decisions }, ['layer', 'documents']),
      description: 'Changes nothing. `documents`: all files of the layer. `conflicts`: where the layer and one above it changed the same place; a decision says whose value it gets.',
      answers: { 200: { description: 'The plan and the conflicts.', schema: object({ base: whole, steps, problems: findings, access: listOf(anyObject), conflicts }) } }, problems: ['definitions.invalid'],
    }),
  },
  '/api/definitions/upgrade/publish': {
    post: operation({
      id: 'publishUpgrade', tag: 'definitions', summary: 'Publish a new version of a lower layer in one unit', body: object({ layer: text, documents: anyObject, decisions, consent: listOf(text), message: text, base: whole }, ['layer', 'documents']),
      answers: { 200: { description: 'Nothing to change; the version in force.', schema: published }, 201: { description: 'The new version.', schema: published } },
      problems: ['definitions.conflicts', 'definitions.invalid', 'definitions.stale', 'definitions.blocked', 'definitions.consent', 'storage.busy', 'storage.full'],
    }),
  },
})

export const definitionPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/definitions': {
    get: operation({
      id: 'definitions', tag: 'definitions', summary: 'The published definitions, merged, and the layer each property comes from',
      answers: { 200: { description: 'The definitions.', schema: object({ version: whole, layers: listOf(text), documents: anyObject, provenance: anyObject, below: anyObject, fieldTypes: listOf(anyObject), computedTypes: listOf(anyObject), functions: listOf(anyObject), workflowFunctions: listOf(anyObject) }) } },
    }),
  },
  '/api/definitions/draft': {
    get: operation({ id: 'draft', tag: 'definitions', summary: 'The caller\'s draft, merged', description: '`types` are the field types of properties by document, `inferred` the entities that lists of objects become.', answers: { 200: { description: 'The draft.', schema: draft } } }),
    patch: operation({
      id: 'changeDraft', tag: 'definitions', summary: 'Change the draft by JSON Patch on the merged documents',
      description: '`move` of a property or of an `entity.json` to a new key of the same kind is a rename: the identity stays and every reference follows. Answers only the documents that changed; `null` for one that is gone.',
      parameters: [header('If-Match', 'The base version of the draft.')], body: operations, bodyType: 'application/json-patch+json',
      answers: { 200: { description: 'What changed.', schema: patched } }, problems: ['definitions.stale', 'request.type'],
    }),
    delete: operation({ id: 'discardDraft', tag: 'definitions', summary: 'Throw the draft away', answers: { 204: { description: 'Gone.' } } }),
  },
  '/api/definitions/draft/model': {
    get: operation({ id: 'draftModel', tag: 'definitions', summary: 'The screens\' model as it would be with the draft in force', description: 'As far as the draft compiles: what is wrong is left out, and told by the check.', parameters: [query('locale', text, 'BCP 47 tag instead of the caller\'s own.')], answers: { 200: { description: 'As of `/api/model`.', schema: anyObject } } }),
  },
  '/api/definitions/draft/layer': {
    put: operation({
      id: 'replaceDraft', tag: 'definitions', summary: 'Replace everything that the draft says by the files of a layer', body: object({ documents: anyObject }),
      description: '`documents`: path of each file → what stands in it, as `tessera export` writes it; `null` where the layer removes a definition. `layer` of the draft is the same the other way round.',
      parameters: [header('If-Match', 'The base version of the draft.')],
      answers: { 200: { description: 'The draft.', schema: draft } }, problems: ['definitions.stale', 'definitions.invalid'],
    }),
  },
  '/api/definitions/draft/rebase': {
    post: operation({
      id: 'rebaseDraft', tag: 'definitions', summary: 'Put the draft on top of the newest version',
      body: object({ prefer: { enum: ['mine', 'theirs'] } }, []),
      answers: { 200: { description: 'The draft on its new base.', schema: draft } }, problems: ['definitions.stale'],
    }),
  },
  '/api/definitions/check': { post: operation({ id: 'checkDraft', tag: 'definitions', summary: 'All problems of the draft', answers: { 200: { description: 'The problems; and what can be published, but is hardly meant.', schema: object({ problems: findings, hints: findings }) } } }) },
  '/api/definitions/computed': {
    post: operation({
      id: 'tryComputed', tag: 'definitions', summary: 'What a computed field in the draft would give', body: object({ entity: text, key: text, property: anyObject }),
      description: 'Changes nothing. `type` is null while there are problems; `samples` are the values for the newest records, for callers who may read all that it comes from.',
      answers: { 200: { description: 'Problems by setting, the type of the values, samples.', schema: object({ problems: listOf(anyObject), type: anyObject, options: anyObject, samples: listOf(anyObject) }) } },
    }),
  },
  '/api/definitions/plan': {
    post: operation({
      id: 'planDraft', tag: 'definitions', summary: 'What publishing would do, with its data impact', body: object({ restore: whole }, []),
      description: '`restore` plans going back to that version instead of publishing the draft.',
      answers: { 200: { description: 'The plan.', schema: plan } }, problems: ['definitions.version', 'definitions.stale'],
    }),
  },
  ...upgradePaths(),
  '/api/definitions/publish': {
    post: operation({
      id: 'publish', tag: 'definitions', summary: 'Publish the draft in one unit', body: consent,
      answers: { 200: { description: 'Nothing to change; the version in force.', schema: published }, 201: { description: 'The new version.', schema: published } },
      problems: ['definitions.invalid', 'definitions.stale', 'definitions.blocked', 'definitions.consent', 'storage.busy', 'storage.full'],
    }),
  },
  ...historyPaths(),
})

/** What was, and what differs. */
const historyPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/definitions/uses': {
    get: operation({
      id: 'definitionUses', tag: 'definitions', summary: 'What names a definition of the draft, and what it names',
      parameters: [query('path', text, 'Path of the definition, e.g. `member/entity.json`.'), query('field', text, 'Only this field of the entity.')],
      answers: { 200: { description: 'Paths of definitions.', schema: object({ usedBy: listOf(text), uses: listOf(text) }) } },
    }),
  },
  '/api/definitions/texts': {
    get: operation({
      id: 'textsBehind', tag: 'definitions', summary: 'Translations whose text was changed since they were written',
      answers: { 200: { description: 'Each with the text that was translated.', schema: object({ behind: listOf(object({ language: text, path: text, place: text, was: text })) }) } },
    }),
  },
  '/api/definitions/presence': {
    put: operation({
      id: 'presenceInStudio', tag: 'definitions', summary: 'A page shows the studio; who else designs',
      body: object({ page: text, editing: flag }, ['page']),
      answers: { 200: { description: 'The others, by name; `editing`: with changes that are not published. Said anew every 20 seconds.', schema: object({ others: listOf(object({ id: whole, name: text, editing: flag })) }) } },
    }),
  },
  '/api/definitions/health': {
    get: operation({
      id: 'definitionHealth', tag: 'definitions', summary: 'What does not work, and what will be slow',
      answers: { 200: { description: 'Definitions that are left out, workflows with failed runs, failed jobs, lists of many records without an index, and questions that people waited for as they go through many records: the fields that an index would help with, how often, how long at most and when last, since the server started.', schema: object({ quarantined: findings, workflows: listOf(anyObject), jobs: listOf(anyObject), views: listOf(anyObject), questions: listOf(anyObject) }) } },
    }),
  },
  '/api/definitions/compare': {
    get: operation({
      id: 'compareDefinitions', tag: 'definitions', summary: 'Two versions or layers side by side',
      description: 'A side is `published`, `draft`, the number of a version, or `layer:NAME`: the published layers up to that one.',
      parameters: [query('from', text, 'A side; `published` when absent.'), query('to', text, 'A side; `draft` when absent.')],
      answers: { 200: { description: 'Every property that differs, with what each layer says of it.', schema: object({ changes: listOf(anyObject) }) } }, problems: ['definitions.version'],
    }),
  },
  '/api/definitions/history': {
    get: operation({
      id: 'definitionHistory', tag: 'definitions', summary: 'The versions that changed one definition, newest first',
      parameters: [query('path', text, 'Path of the definition, e.g. `member/entity.json`.'), query('before', whole, 'Only versions below this one: `next` of the answer before.')],
      answers: { 200: { description: 'The versions, with what each changed.', schema: object({ versions: listOf(anyObject), next: { type: ['integer', 'null'] } }) } },
    }),
  },
  '/api/definitions/versions': { get: operation({ id: 'versions', tag: 'definitions', summary: 'History, newest first', answers: { 200: { description: 'The versions.', schema: object({ versions: listOf(anyObject) }) } } }) },
  '/api/definitions/versions/{n}': {
    get: operation({ id: 'version', tag: 'definitions', summary: 'One version with its difference to the one before', parameters: [n], answers: { 200: { description: 'The version.', schema: anyObject } }, problems: ['definitions.version'] }),
  },
  '/api/definitions/versions/{n}/model': {
    get: operation({ id: 'versionModel', tag: 'definitions', summary: 'The screens\' model as it would be with that version in force', description: 'With the rights that the version gives the caller.', parameters: [n, query('locale', text, 'BCP 47 tag instead of the caller\'s own.')], answers: { 200: { description: 'As of `/api/model`.', schema: anyObject } }, problems: ['definitions.version'] }),
  },
  '/api/definitions/versions/{n}/restore': {
    post: operation({
      id: 'restoreVersion', tag: 'definitions', summary: 'Go back: publish an earlier version through the same plan', parameters: [n], body: consent,
      answers: { 200: { description: 'Nothing to change; the version in force.', schema: published }, 201: { description: 'The new version.', schema: published } },
      problems: ['definitions.version', 'definitions.invalid', 'definitions.stale', 'definitions.blocked', 'definitions.consent'],
    }),
  },
})
