/** The OpenAPI 3.1 document of one deployment for one caller: nothing in it that they may not know of. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Model } from '../../model/model.js'
import { auditActions } from '../../operations/audit/read.js'
import type { Access } from '../../permissions/access.js'
import { connectionPaths } from './connection-paths.js'
import { definitionPaths } from './definition-paths.js'
import { importPaths } from './import-paths.js'
import { jobPaths } from './job-paths.js'
import { anyObject, flag, header, inPath, listOf, object, operation, query, text, whole } from './operation.js'
import { approvalPaths } from './approval-paths.js'
import { notificationPaths } from './notification-paths.js'
import { recordPaths } from './record-paths.js'
import { recordSchemas, schemaRef } from './record-schemas.js'
import { userPaths } from './user-paths.js'
import { viewPaths } from './view-paths.js'
import { simulationPaths, workflowPaths } from './workflow-paths.js'

/** Made from the compiled model; depends on nothing but its arguments. */
export function openApiDocument(model: Model, access: Access): JsonObject {
  const entities = [...model.entities.keys()].flatMap((name) => access.entity(name) ?? [])
  return {
    openapi: '3.1.0',
    info: {
      title: model.title,
      version: String(model.version),
      summary: 'Generated from the metadata of this deployment for the caller.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ cookie: [] }, { token: [] }],
    tags: [
      { name: 'session', description: 'Signing in and out.' },
      { name: 'imports', description: 'Files that become records.' },
      { name: 'jobs', description: 'Work in the background.' },
      { name: 'screens', description: 'What screens and clients need.' },
      { name: 'workflows', description: 'What runs by itself.' },
      ...(access.people ? [{ name: 'people', description: 'Accounts: invitations, passwords, sessions, API tokens.' }] : []),
      ...(access.audit ? [{ name: 'audit', description: 'The log of looks, exports, sign-ins and changes.' }] : []),
      ...(access.design ? [{ name: 'connections', description: 'Other systems: who is told of changes, and secrets.' }] : []),
      ...(access.design ? [{ name: 'definitions', description: 'Metadata: draft, check, plan, publish, go back.' }] : []),
      ...entities.map(({ entity }) => ({ name: entity.name, description: entity.plural })),
    ],
    paths: {
      ...sessionPaths(),
      ...screenPaths(),
      ...importPaths(),
      ...jobPaths(),
      ...viewPaths(),
      ...notificationPaths(),
      ...approvalPaths(),
      ...workflowPaths(),
      ...(access.people ? userPaths() : {}),
      ...(access.design ? { ...definitionPaths(), ...simulationPaths(), ...connectionPaths() } : {}),
      ...(access.audit ? auditPaths() : {}),
      ...filePaths(),
      ...formPaths(),
      ...Object.assign({}, ...entities.map((entity) => recordPaths(entity, access))) as JsonObject,
    },
    components: {
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'tessera_session', description: 'Set by POST /api/session.' },
        token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
      },
      schemas: { Problem: problemSchema, Caller: callerSchema, ...recordSchemas(model, access) },
    },
  }
}

const problemSchema: JsonObject = {
  type: 'object',
  description: 'RFC 9457. `detail` says what to do next; `code` is from the catalogue.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: text, title: text, status: whole, detail: text, code: text, requestId: text,
    problems: listOf(object({ path: text, code: text, message: text })),
  },
  additionalProperties: true,
}

const preferencesSchema: JsonObject = object({ theme: { enum: ['system', 'light', 'dark'] }, density: { enum: ['comfortable', 'compact'] }, notify: { type: 'object', description: 'Kinds of notifications that are not wanted are false.', additionalProperties: flag }, favourites: { type: 'array', maxItems: 50, items: object({ entity: text, id: whole }, ['entity']) } }, [])
const callerSchema: JsonObject = object({ id: whole, name: text, email: text, roles: listOf(text), locale: { type: ['string', 'null'] }, timeZone: text, preferences: preferencesSchema }, ['id', 'name', 'email', 'roles', 'locale', 'timeZone'])

const sessionPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/session': {
    post: operation({
      id: 'signIn', tag: 'session', summary: 'Sign in', open: true, body: object({ email: text, password: text }),
      answers: { 201: { description: 'Signed in; the cookie is set.', schema: schemaRef('Caller'), headers: { 'Set-Cookie': { description: 'The session.', schema: text } } } },
      problems: ['session.refused', 'session.throttled'],
    }),
    get: operation({ id: 'whoAmI', tag: 'session', summary: 'The caller', answers: { 200: { description: 'Who is signed in.', schema: schemaRef('Caller') } } }),
    delete: operation({ id: 'signOut', tag: 'session', summary: 'Sign out, on every node', answers: { 204: { description: 'The session is gone.' } } }),
  },
  '/api/session/invitation': {
    post: operation({
      id: 'acceptInvitation', tag: 'session', summary: 'Choose a password by an invitation, and be signed in', open: true, body: object({ token: { ...text, description: 'What stands behind # in the link.' }, password: text }),
      answers: { 201: { description: 'Signed in; the cookie is set. Other sessions of the person end.', schema: schemaRef('Caller'), headers: { 'Set-Cookie': { description: 'The session.', schema: text } } } },
      problems: ['invitation.unavailable', 'record.invalid', 'session.throttled'],
    }),
  },
  '/api/session/ways': { get: operation({ id: 'signInWays', tag: 'session', summary: 'How people sign in beside a password, and the language of those who have chosen none', open: true, answers: { 200: { description: 'The provider, or null.', schema: object({ language: text, oidc: { anyOf: [object({ title: text }), { type: 'null' }] } }) } } }) },
  '/api/session/oidc': { get: operation({ id: 'signInElsewhere', tag: 'session', summary: 'Go to the provider of identities', open: true, parameters: [query('return', text, 'A path of ours to end at.')], answers: { 302: { description: 'To the provider.' } }, problems: ['request.path', 'session.throttled'] }) },
  '/api/session/oidc/callback': { get: operation({ id: 'comeBack', tag: 'session', summary: 'Come back from the provider and be signed in', open: true, parameters: [query('code', text, 'From the provider.'), query('state', text, 'From the provider.')], answers: { 302: { description: 'Signed in, the cookie is set; or to the page for signing in, with the reason.' } }, problems: ['request.path', 'session.throttled'] }) },
  '/api/session/preferences': {
    patch: operation({
      id: 'choosePreferences', tag: 'session', summary: 'How the caller likes the screens: changes what is sent, null takes it back', body: preferencesSchema,
      answers: { 200: { description: 'All that is chosen.', schema: preferencesSchema } }, problems: ['access.denied'],
    }),
  },
  '/api/session/password': {
    put: operation({
      id: 'changePassword', tag: 'session', summary: 'Change the own password; all other sessions end', body: object({ current: text, next: text }),
      answers: { 204: { description: 'Changed.' } }, problems: ['session.refused', 'session.throttled'],
    }),
  },
})

const fileFacts: JsonObject = object({ id: whole, name: text, size: whole, type: text, url: text }, ['id', 'name', 'size', 'type'])

const filePaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/files': {
    post: {
      ...operation({
        id: 'uploadFile', tag: 'screens', summary: 'Upload a file: the body is its content', body: text,
        parameters: [query('name', text, 'Name of the file.', true), query('entity', text, 'Entity that it is meant for.'), query('field', text, 'Its field: what it does not take is refused at once.')],
        answers: { 201: { description: 'The file, as it stands in a record, with an address of its content for some minutes.', schema: fileFacts } }, problems: ['access.field', 'file.tooLarge', 'file.refused', 'limit.rate', 'storage.full'],
      }),
      requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    },
  },
  '/api/files/links': {
    post: operation({
      id: 'fileLinks', tag: 'screens', summary: 'Addresses of the files in a field of some records, for some minutes',
      body: object({ entity: text, field: text, records: { type: 'array', maxItems: 500, items: whole }, size: { enum: [96, 320, 1200] }, archived: flag }, ['entity', 'field', 'records']),
      answers: { 200: { description: 'File id → address.', schema: object({ links: { type: 'object', additionalProperties: text } }) } }, problems: ['access.field', 'access.denied', 'request.invalid'],
    }),
  },
  '/files/{id}/{signature}/{name}': {
    get: operation({
      id: 'fileContent', tag: 'screens', summary: 'The content of a file, by an address that was given out', open: true,
      parameters: [inPath('id', whole, 'Of the file.'), inPath('signature', text, 'As it was given out.'), inPath('name', text, 'For people.'), header('Range', 'One part of it: bytes=0-99.')],
      answers: { 200: { description: 'The content.', schema: { type: 'string', format: 'binary' }, type: 'application/octet-stream' }, 206: { description: 'The part.' }, 304: { description: 'Not changed.' } }, problems: ['file.missing', 'file.range'],
    }),
  },
})

const formPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/forms/{address}': {
    get: operation({
      id: 'getPublicForm', tag: 'screens', summary: 'A form that is offered to people without an account', open: true,
      parameters: [inPath('address', text, 'Where it is offered.'), query('locale', text, 'Language of its texts.')],
      answers: { 200: { description: 'Its texts, and a model with nothing but its fields.', schema: object({ title: text, lead: text, send: text, thanks: text, entity: text, model: { type: 'object' } }, ['entity', 'model']) } }, problems: ['form.unavailable'],
    }),
    post: operation({
      id: 'submitPublicForm', tag: 'screens', summary: 'Send a filled-in public form', open: true,
      parameters: [inPath('address', text, 'Where it is offered.'), header('Idempotency-Key', 'Sent again with the same key, it is done once.')],
      body: object({ values: { type: 'object' }, trap: text }, ['values']),
      answers: { 201: { description: 'Thanks. Nothing is told of the record.', schema: object({}) } }, problems: ['form.unavailable', 'form.taken', 'record.invalid', 'field.unknown', 'idempotency.mismatch', 'idempotency.inProgress'],
    }),
  },
})

const auditPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/audit': {
    get: operation({
      id: 'audit', tag: 'audit', summary: 'Who looked, exported, signed in, changed records and rights, newest first',
      parameters: [query('entity', text, 'Only about records of this entity.'), query('record', whole, 'Id of one record; with entity.'), query('by', whole, 'Id of a user.'),
        query('action', text, `Some of these, with commas: ${auditActions.join(', ')}.`), query('from', { type: 'string', format: 'date-time' }, 'Not earlier.'), query('to', { type: 'string', format: 'date-time' }, 'Earlier.'),
        query('before', whole, 'The `next` of the page before.'), query('limit', { type: 'integer', minimum: 1, maximum: 200, default: 50 }, 'Entries per page.')],
      answers: { 200: { description: 'Names of records and fields, never values.', schema: object({ entries: listOf(anyObject), next: { type: ['integer', 'null'] } }) } }, problems: ['access.denied', 'query.invalid', 'query.timeout'],
    }),
  },
})

const screenPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/model': {
    get: operation({
      id: 'model', tag: 'screens', summary: 'Entities, fields, forms, views and texts for the caller', parameters: [query('locale', text, 'BCP 47 tag instead of the caller\'s own.')],
      answers: { 200: { description: 'The model.', schema: anyObject }, 304: { description: 'Not changed.' } },
    }),
  },
  '/api/status': {
    get: operation({
      id: 'status', tag: 'screens', summary: 'What is going on with the deployment',
      answers: { 200: { description: '`loading` tells how many records of the sample data are stored; null when none is being loaded.', schema: object({ loading: { anyOf: [object({ done: whole, total: whole }), { type: 'null' }] } }) } },
    }),
  },
  '/api/openapi.json': { get: operation({ id: 'openapi', tag: 'screens', summary: 'This document', answers: { 200: { description: 'OpenAPI 3.1.', schema: anyObject } } }) },
  '/api/search': {
    get: operation({
      id: 'search', tag: 'screens', summary: 'Search across entities, best first', parameters: [query('q', text, 'Words to search for.', true)],
      answers: { 200: { description: 'Hits.', schema: anyObject } }, problems: ['query.invalid', 'query.timeout'],
    }),
  },
  '/api/events': {
    get: operation({
      id: 'events', tag: 'screens', summary: 'Server-sent events: `model` and `record`, for what the caller may see',
      answers: { 200: { description: 'The stream.', schema: text, type: 'text/event-stream' } },
    }),
  },
  '/schemas/{kind}.json': {
    get: operation({
      id: 'definitionSchema', tag: 'screens', summary: 'JSON Schema of a kind of definition', open: true,
      parameters: [{ name: 'kind', in: 'path', required: true, description: 'entity, form, view, role, layer or texts.', schema: text }],
      answers: { 200: { description: 'A JSON Schema.', schema: anyObject } }, problems: ['request.path'],
    }),
  },
})
