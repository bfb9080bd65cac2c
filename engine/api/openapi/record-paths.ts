/** OpenAPI paths of one entity's records, for what the caller may do with them. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import type { Access, EntityAccess } from '../../permissions/access.js'
import { allowedTransitions } from '../../permissions/transitions.js'
import { anyObject, flag, header, inPath, listOf, object, operation, query, text, whole } from './operation.js'
import { schemaRef } from './record-schemas.js'

const id = inPath('id', { type: 'integer', minimum: 1 }, 'Id of the record.')
const fields = query('fields', text, 'Members that are wanted, e.g. `name,tier,store.name`.')
const expand = query('expand', text, 'Relations that are answered as records, e.g. `store`.')
const condition = (required = false): JsonObject => ({ name: 'filter', in: 'query', required, description: 'A condition as JSON.', content: { 'application/json': { schema: anyObject } } })
const etag: JsonObject = { ETag: { description: 'The version of the record.', schema: text } }
const ifMatch = header('If-Match', 'The version that was read; another one is answered with 412.')
const idempotencyKey = header('Idempotency-Key', 'The same key within 24 hours gives the same answer once more.')

/** Paths of one entity. Operations that no role of the caller grants are not there. */
export function recordPaths(access: EntityAccess, all: Access): Readonly<Record<string, JsonObject>> {
  const { name } = access.entity
  const root = `/api/records/${name}`
  return {
    [root]: { get: list(access), ...(access.create.length === 0 ? {} : { post: create(access) }) },
    [`${root}/{id}`]: {
      get: one(access),
      ...(access.update.length === 0 ? {} : { patch: update(access) }),
      ...(access.archive === false ? {} : { delete: archive(access) }),
    },
    ...(access.archive === false ? {} : { [`${root}/{id}/restore`]: { post: restore(access) } }),
    ...transitionPaths(access, all, `${root}/{id}/transitions`),
    [`${root}/{id}/presence`]: { put: presence(access) },
    [`${root}/{id}/people`]: { get: people(access) },
    [`${root}/{id}/timeline`]: { get: timeline(access) },
    ...(access.history ? { [`${root}/{id}/history`]: { get: history(access) } } : {}),
    [`${root}/{id}/explain`]: { get: explain(access) },
    ...(access.create.length === 0 && access.update.length === 0 ? {} : { [`${root}/bulk`]: { post: bulk(access) } }),
    [`${root}/aggregate`]: { post: aggregate(access) },
    ...([...access.entity.fields.values()].some(({ derived }) => derived !== null) ? { [`${root}/computed`]: { get: computedStates(access) } } : {}),
    ...(access.entity.duplicates.length === 0 ? {} : duplicatePaths(access, root)),
    [`${root}/rules`]: { post: rulesOfTyped(access) },
    ...(access.update.length === 0 || access.archive === false || access.entity.id === 'user' ? {} : mergePaths(access, root)),
    ...(access.export === false ? {} : { [`${root}/export`]: { get: exported(access) } }),
  }
}

const computedStates = (access: EntityAccess): JsonObject => operation({
  id: `computed.${access.entity.name}`, tag: tag(access), summary: `What is to be told of computed fields: ${access.entity.plural}`, parameters: [query('record', text, 'Id of a record, to be told why values of it are missing.')],
  answers: { 200: { description: 'By field: `asOf` of values that move with time, `progress` while they are computed anew, `failed` where one cannot be computed.', schema: object({ fields: anyObject }) } },
  problems: ['record.unavailable'],
})

function transitionPaths(access: EntityAccess, all: Access, root: string): Readonly<Record<string, JsonObject>> {
  const allowed = allowedTransitions(all, access).map(({ transition }) => transition)
  if (allowed.length === 0) return {}
  const offers = operation({
    id: `transitions.${access.entity.name}`, tag: tag(access), summary: `What may be done with it now: ${access.entity.title}`, parameters: [id],
    answers: { 200: { description: 'The state, and the transitions that lead away from it.', schema: object({ state: { type: ['string', 'integer', 'null'] }, transitions: listOf(object({ name: text, allowed: flag, missing: listOf(text), reason: { type: ['string', 'null'] } })) }) } },
    problems: ['record.unavailable'],
  })
  const transit = operation({
    id: `transit.${access.entity.name}`, tag: tag(access), summary: `Move it on: ${access.entity.title}`,
    parameters: [id, inPath('name', { enum: [...new Set(allowed.map(({ name }) => name))] }, 'Of the transition.'), ifMatch, idempotencyKey],
    body: { type: 'object', description: `Values of fields that the transition requires: ${allowed.map(({ name, require }) => `${name} (${require.filter((key) => access.field(key) !== undefined).join(', ') || 'none'})`).join(', ')}.`, additionalProperties: true },
    answers: { 200: { description: 'The record after the transition.', schema: record(access), headers: etag } },
    problems: ['record.unavailable', 'record.stale', 'record.invalid', 'record.conflict', 'record.outOfReach', 'field.unknown', 'transition.unavailable', 'transition.state', 'transition.refused'],
  })
  return { [root]: { get: offers }, [`${root}/{name}`]: { post: transit } }
}

function duplicatePaths(access: EntityAccess, root: string): Readonly<Record<string, JsonObject>> {
  const found = object({ id: whole, title: text, fields: listOf(text), score: { type: 'number' }, values: anyObject })
  const look = operation({
    id: `duplicates.${access.entity.name}`, tag: tag(access), summary: `Pairs that may be the same: ${access.entity.plural}`, parameters: [query('cursor', text, 'The `next` of the page before.')],
    answers: { 200: { description: 'A page of pairs; it may be empty and go on. `asOf`: all changes until then are considered, null while there are more to look at. `searched`: records looked at while all of them are being searched, else null.', schema: object({ pairs: listOf(object({ a: anyObject, b: anyObject, fields: listOf(text), score: { type: 'number' } })), next: { type: ['string', 'null'] }, scanned: whole, asOf: { type: ['string', 'null'] }, searched: { type: ['integer', 'null'] } }) } },
    problems: ['query.cursor'],
  })
  const check = operation({
    id: `duplicatesOf.${access.entity.name}`, tag: tag(access), summary: `What may be the same as a draft: ${access.entity.title}`,
    body: object({ values: anyObject, id: whole }, ['values']),
    answers: { 200: { description: 'The most alike first.', schema: object({ duplicates: listOf(found) }) } }, problems: ['request.invalid'],
  })
  const distinct = operation({
    id: `distinct.${access.entity.name}`, tag: tag(access), summary: 'Two records are not the same', body: object({ ids: listOf(whole) }, ['ids']),
    answers: { 204: { description: 'The pair is not shown again.' } }, problems: ['request.invalid', 'access.denied', 'record.unavailable'],
  })
  return { [`${root}/duplicates`]: { get: look, post: check }, ...(access.update.length === 0 ? {} : { [`${root}/duplicates/distinct`]: { post: distinct } }) }
}

const rulesOfTyped = (access: EntityAccess): JsonObject => operation({
  id: `rulesOf.${access.entity.name}`, tag: tag(access), summary: `What rules would set: ${access.entity.title}`,
  body: object({ values: anyObject, id: whole }, ['values']),
  answers: { 200: { description: 'Field → value that a rule would set, by the rules of which the caller sees every field.', schema: object({ set: anyObject }) } },
  problems: ['request.invalid', 'field.unknown', 'field.readOnly', 'access.field', 'record.unavailable'],
})

function mergePaths(access: EntityAccess, root: string): Readonly<Record<string, JsonObject>> {
  const counted = listOf(object({ entity: text, count: whole }))
  const merge = operation({
    id: `merge.${access.entity.name}`, tag: tag(access), summary: `Make one of several: ${access.entity.plural}`, parameters: [query('dryRun', flag, 'Tell what would happen and keep nothing.')],
    body: object({ survivor: whole, others: listOf(whole), values: { type: 'object', additionalProperties: whole, description: 'Field → record whose value the survivor gets.' } }, ['survivor', 'others']),
    answers: { 200: { description: 'The survivor; `merge` takes it back.', schema: object({ merge: { type: ['integer', 'null'] }, record: record(access), moved: counted }) } },
    problems: ['request.invalid', 'access.denied', 'access.field', 'record.unavailable', 'record.invalid', 'record.conflict', 'record.outOfReach', 'merge.tooMany'],
  })
  const unmerge = operation({
    id: `unmerge.${access.entity.name}`, tag: tag(access), summary: 'Take a merge back', body: object({ merge: whole }, ['merge']),
    answers: { 200: { description: 'The survivor as it is now, and what stays as it was changed since.', schema: object({ record: record(access), restored: listOf(whole), kept: object({ fields: listOf(text), references: counted }) }) } },
    problems: ['request.invalid', 'access.denied', 'record.unavailable', 'record.conflict'],
  })
  const named = object({ id: whole, title: { type: ['string', 'null'] } })
  const done = operation({
    id: `merges.${access.entity.name}`, tag: tag(access), summary: `Merges that were done: ${access.entity.plural}`, parameters: [query('before', whole, 'The `next` of the page before.')],
    answers: { 200: { description: 'The newest first, of survivors that the caller reads.', schema: object({ merges: listOf(object({ id: whole, survivor: named, others: listOf(named), by: { type: ['integer', 'null'] }, at: text, undone: { type: 'boolean' } })), next: { type: ['integer', 'null'] } }) } },
    problems: ['access.denied', 'request.invalid'],
  })
  return { [`${root}/merge`]: { post: merge }, [`${root}/merges`]: { get: done }, [`${root}/unmerge`]: { post: unmerge } }
}

const tag = (access: EntityAccess): string => access.entity.name
const record = (access: EntityAccess): JsonSchema => schemaRef(`record.${access.entity.name}`)

const list = (access: EntityAccess): JsonObject => operation({
  id: `list.${access.entity.name}`, tag: tag(access), summary: `List: ${access.entity.plural}`,
  parameters: [condition(), query('sort', text, 'Fields, `-` for descending: `-at,name`.'), fields, expand, query('q', text, 'Words to search for.'),
    query('limit', { type: 'integer', minimum: 1, maximum: 500, default: 50 }, 'Records per page.'), query('cursor', text, 'The `next` of the page before.'),
    query('count', flag, 'Count all that match, up to a cap.'), query('archived', flag, 'The archived ones instead.')],
  answers: { 200: { description: 'One page.', schema: object({ records: listOf(record(access)), next: { type: ['string', 'null'] }, count: whole, capped: flag }, ['records', 'next']) } },
  problems: ['access.field', 'query.invalid', 'query.cursor', 'query.timeout'],
})

const one = (access: EntityAccess): JsonObject => operation({
  id: `get.${access.entity.name}`, tag: tag(access), summary: `Read one: ${access.entity.title}`,
  parameters: [id, fields, expand, header('If-None-Match', 'The version that is already known.')],
  answers: { 200: { description: 'The record.', schema: record(access), headers: etag }, 304: { description: 'Not changed.' } },
  problems: ['record.unavailable', 'access.field'],
})

const create = (access: EntityAccess): JsonObject => operation({
  id: `create.${access.entity.name}`, tag: tag(access), summary: `Create: ${access.entity.title}`, parameters: [idempotencyKey],
  body: schemaRef(`record.${access.entity.name}.create`),
  answers: { 201: { description: 'The new record.', schema: record(access), headers: { ...etag, Location: { description: 'Its address.', schema: text } } } },
  problems: ['record.invalid', 'record.conflict', 'record.outOfReach', 'field.unknown', 'field.readOnly', 'idempotency.mismatch', 'idempotency.inProgress'],
})

const update = (access: EntityAccess): JsonObject => operation({
  id: `update.${access.entity.name}`, tag: tag(access), summary: `Change the members that are sent: ${access.entity.title}`, parameters: [id, ifMatch],
  body: schemaRef(`record.${access.entity.name}.update`),
  answers: { 200: { description: 'The record after the change.', schema: record(access), headers: etag } },
  problems: ['record.unavailable', 'record.stale', 'record.invalid', 'record.conflict', 'record.outOfReach', 'field.unknown', 'field.readOnly'],
})

const archive = (access: EntityAccess): JsonObject => operation({
  id: `archive.${access.entity.name}`, tag: tag(access), summary: `Archive, or erase with purge: ${access.entity.title}`, parameters: [id, query('purge', flag, 'Erase for good, where a role allows it.')],
  answers: { 204: { description: 'Done.' } }, problems: ['record.unavailable', 'record.inUse'],
})

const restore = (access: EntityAccess): JsonObject => operation({
  id: `restore.${access.entity.name}`, tag: tag(access), summary: `Bring back from the archive: ${access.entity.title}`, parameters: [id],
  answers: { 200: { description: 'The record.', schema: record(access), headers: etag } }, problems: ['record.unavailable', 'record.conflict'],
})

const history = (access: EntityAccess): JsonObject => operation({
  id: `history.${access.entity.name}`, tag: tag(access), summary: `Who changed what when, or the record as it was: ${access.entity.title}`,
  parameters: [id, query('at', { type: 'string', format: 'date-time' }, 'The record as it was at this moment.'), query('version', { type: 'integer', minimum: 1 }, 'The record as it was in this version.')],
  answers: { 200: { description: 'Newest first, or the values then; only fields that the caller may read.', schema: anyObject } }, problems: ['record.unavailable', 'query.invalid'],
})

const timeline = (access: EntityAccess): JsonObject => operation({
  id: `timeline.${access.entity.name}`, tag: tag(access), summary: `What happened, newest first: ${access.entity.title}`,
  parameters: [id, query('kinds', text, 'Only these: changes, or names of relations, with commas.'), query('limit', { type: 'integer', minimum: 1, maximum: 100 }, 'Items of a page.'), query('cursor', text, 'next of the page before.')],
  answers: { 200: { description: 'Changes, notes, tasks and related records that the caller may read.', schema: anyObject } }, problems: ['record.unavailable', 'query.invalid'],
})

const presence = (access: EntityAccess): JsonObject => operation({
  id: `presence.${access.entity.name}`, tag: tag(access), summary: `A page shows it; who else has it open: ${access.entity.title}`, parameters: [id],
  body: object({ page: text, editing: flag }, ['page']),
  answers: { 200: { description: 'Others who have it open, by name. Said anew every 20 seconds.', schema: object({ others: listOf(object({ id: whole, name: text, editing: flag })) }) } }, problems: ['record.unavailable'],
})

const people = (access: EntityAccess): JsonObject => operation({
  id: `people.${access.entity.name}`, tag: tag(access), summary: `Who may be told of it: ${access.entity.title}`,
  parameters: [id, query('q', text, 'Words of the name.'), query('of', text, 'Only who reads records of this entity, for example note.')],
  answers: { 200: { description: 'At most 8 people who may read the record.', schema: object({ people: listOf(object({ id: whole, name: text })) }) } }, problems: ['record.unavailable', 'query.invalid'],
})

const explain = (access: EntityAccess): JsonObject => operation({
  id: `explain.${access.entity.name}`, tag: tag(access), summary: `Why somebody may or may not: ${access.entity.title}`,
  parameters: [id, query('user', whole, 'The user in question; the caller when absent.'), query('action', text, 'read, create, update, archive, purge, export, or transition: with the name of one.'), query('locale', text, 'Language of the titles of roles.')],
  answers: { 200: { description: 'Roles, rows and fields that decide.', schema: anyObject } }, problems: ['record.unavailable'],
})

function bulk(access: EntityAccess): JsonObject {
  const { name } = access.entity
  const shapes: JsonSchema[] = []
  if (access.create.length > 0) shapes.push(object({ create: { ...listOf(schemaRef(`record.${name}.create`)), maxItems: 1000 } }))
  if (access.update.length > 0) {
    shapes.push(object({ update: { type: 'array', maxItems: 1000, items: { allOf: [schemaRef(`record.${name}.update`)], unevaluatedProperties: true } } }))
    if (access.entity.lifecycle !== null) shapes.push(object({ update: { type: 'array', maxItems: 1000, items: anyObject }, transition: text }))
    shapes.push(object({ where: anyObject, set: schemaRef(`record.${name}.update`) }))
  }
  if (access.create.length > 0 && access.update.length > 0) shapes.push(object({ upsert: { type: 'array', maxItems: 1000, items: anyObject }, key: text }))
  return operation({
    id: `bulk.${name}`, tag: tag(access), summary: `Up to 1,000 records at once, all or nothing: ${access.entity.plural}`, parameters: [query('dryRun', flag, 'Only check.'), idempotencyKey],
    body: shapes.length === 1 && shapes[0] !== undefined ? shapes[0] : { anyOf: shapes },
    answers: { 200: { description: 'What was done.', schema: anyObject } },
    problems: ['record.unavailable', 'record.invalid', 'record.conflict', 'record.outOfReach', 'field.unknown', 'field.readOnly', 'request.tooLarge'],
  })
}

const aggregate = (access: EntityAccess): JsonObject => operation({
  id: `aggregate.${access.entity.name}`, tag: tag(access), summary: `Count, sum and group: ${access.entity.plural}`,
  body: object({ filter: anyObject, q: text, groupBy: listOf(text), measures: { type: 'object', additionalProperties: anyObject }, sort: text, limit: { type: 'integer', minimum: 1 } }, []),
  answers: { 200: { description: 'The groups.', schema: object({ groups: listOf(anyObject) }) } },
  problems: ['access.field', 'query.invalid', 'query.timeout'],
})

const exported = (access: EntityAccess): JsonObject => operation({
  id: `export.${access.entity.name}`, tag: tag(access), summary: `All that match, as a file: ${access.entity.plural}`,
  parameters: [query('format', { enum: ['csv', 'xlsx', 'jsonl'] }, 'Of the file.', true), condition(), fields, query('q', text, 'Words to search for.'), query('sort', text, 'As in the list.')],
  answers: { 200: { description: 'The file.', schema: text, type: 'text/csv' } },
  problems: ['access.field', 'query.invalid', 'query.timeout'],
})
