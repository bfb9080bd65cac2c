/** `/api/records/...` and `/api/search`: addresses, parameters and headers of the record operations. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Call } from '../operations/call.js'
import { mergedInto } from '../operations/duplicates/merge.js'
import { actorById } from '../operations/people/actor-of.js'
import { aggregate, planAggregate } from '../operations/records/aggregate.js'
import { bulk } from '../operations/records/bulk.js'
import { explain, explainedActions, transitionAction } from '../operations/records/explain.js'
import { exportFormats, exportRecords } from '../operations/records/export.js'
import { history } from '../operations/records/history.js'
import { past } from '../operations/records/past.js'
import { count, get, list, listLimits, planGet, planList, type GetPlan, type ListPlan } from '../operations/records/read.js'
import { archive, purge, restore } from '../operations/records/remove.js'
import { idOf, isId, versionOf } from '../operations/records/row.js'
import { wouldSet } from '../operations/records/ruled.js'
import { peopleFor } from '../operations/notifications/people.js'
import { search, searchLimits } from '../operations/records/search.js'
import { throttle, type Throttle } from '../operations/people/throttle.js'
import { offers } from '../operations/records/offers.js'
import { timeline, timelineLimits } from '../operations/records/timeline.js'
import { transition } from '../operations/records/transition.js'
import { create, update } from '../operations/records/write.js'
import { translator } from '../forms/texts.js'
import { onlyMembers } from './body.js'
import type { CursorSeal } from './cursor.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { onceOf } from './once.js'
import { attachment } from './headers.js'
import { planCache } from './plan-cache.js'
import { flag, ifVersion, instantParameter, jsonParameter, localeOf, names, onlyParameters, recordId, sortKeys, wholeNumber } from './query.js'

/** What the record routes need besides the call. */
export interface RecordParts {
  readonly cursors: CursorSeal
}

/** Taken values tell that a record is there: so many in a row, then one a second. */
const conflictsAtOnce = 300
/** Files: so many at once, then one every two seconds. */
const exportsAtOnce = 30

const bulkBodyMax = 10_000_000
const bulkKeysMax = 200_000

/** The routes of the Records table. */
export function recordRoutes(parts: RecordParts): readonly Route[] {
  const lists = planCache<ListQuestion>()
  const gets = planCache<GetPlan>()
  const limits: Limits = { conflicts: throttle(conflictsAtOnce, 1), exports: throttle(exportsAtOnce, 2) }
  return [
    { method: 'GET', path: '/api/records/:entity', hot: true, handle: (request) => listRecords(request, lists, parts.cursors) },
    { method: 'POST', path: '/api/records/:entity', hot: true, handle: (request) => guarded(limits, request, createRecord) },
    { method: 'GET', path: '/api/records/:entity/export', handle: (request) => exportFile(limits, request) },
    { method: 'POST', path: '/api/records/:entity/bulk', hot: true, bodyMax: bulkBodyMax, keysMax: bulkKeysMax, handle: (request) => guarded(limits, request, bulkRecords) },
    { method: 'POST', path: '/api/records/:entity/aggregate', hot: true, reads: true, handle: aggregateRecords },
    { method: 'POST', path: '/api/records/:entity/rules', reads: true, handle: rulesOfTyped },
    { method: 'GET', path: '/api/records/:entity/:id', hot: true, handle: (request) => getRecord(request, gets) },
    { method: 'PATCH', path: '/api/records/:entity/:id', hot: true, handle: (request) => guarded(limits, request, updateRecord) },
    { method: 'DELETE', path: '/api/records/:entity/:id', handle: removeRecord },
    { method: 'POST', path: '/api/records/:entity/:id/restore', handle: restoreRecord },
    { method: 'GET', path: '/api/records/:entity/:id/transitions', handle: recordTransitions },
    { method: 'POST', path: '/api/records/:entity/:id/transitions/:name', hot: true, handle: (request) => guarded(limits, request, transitRecord) },
    { method: 'GET', path: '/api/records/:entity/:id/history', handle: recordHistory },
    { method: 'GET', path: '/api/records/:entity/:id/timeline', handle: recordTimeline },
    { method: 'GET', path: '/api/records/:entity/:id/people', handle: recordPeople },
    { method: 'GET', path: '/api/records/:entity/:id/explain', handle: explainRecord },
    { method: 'GET', path: '/api/search', handle: searchRecords },
  ]
}

async function rulesOfTyped({ call, params, query, body }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set())
  const { id, values } = onlyMembers(body, 'id', 'values')
  if (!isObject(values)) throw new Problem('request.invalid', { reason: 'values must be the values of a record' })
  if (id !== undefined && !isId(id)) throw new Problem('request.invalid', { reason: 'id must be the id of a record' })
  return { status: 200, body: { set: await wouldSet(call, params['entity'] ?? '', { values, ...(id === undefined ? {} : { id }) }) } }
}

interface Limits {
  readonly conflicts: Throttle
  readonly exports: Throttle
}

/** A write that may tell whether a value is taken: whoever hears so too often has to wait, whatever they write. */
async function guarded(limits: Limits, request: ApiRequest, write: (request: ApiRequest) => Promise<ApiResponse>): Promise<ApiResponse> {
  take(limits.conflicts, request)
  try {
    const answer = await write(request)
    limits.conflicts.giveBack(userKey(request))
    return answer
  } catch (error) {
    if (error instanceof Problem && error.code === 'record.conflict') request.call.engine.log.warn({ user: request.call.actor.id, requestId: request.id }, 'a value was already taken')
    else limits.conflicts.giveBack(userKey(request))
    throw error
  }
}

function take(limit: Throttle, request: ApiRequest): void {
  const seconds = limit.take(userKey(request))
  if (seconds > 0) throw new Problem('limit.rate', { seconds }, { extra: { retryAfter: seconds } })
}

const userKey = (request: ApiRequest): string => String(request.call.actor.id)

const listParameters = new Set(['filter', 'sort', 'fields', 'expand', 'q', 'limit', 'cursor', 'count', 'archived'])
const getParameters = new Set(['fields', 'expand', 'archived'])

interface ListQuestion {
  readonly plan: ListPlan
  readonly counted: boolean
}

async function listRecords(request: ApiRequest, plans: ReturnType<typeof planCache<ListQuestion>>, cursors: CursorSeal): Promise<ApiResponse> {
  const { call } = request
  // The page marker is not part of the question.
  const question = `${entityOf(request)}?${request.rawQuery.replace(/(^|&)cursor=[^&]*/, '')}`
  const { plan, counted } = plans(call.access, question, () => parseList(request))
  // How many and which fields do not change the order: a reader who jumps ahead skips in large pages without content.
  const ordered = question.replace(/(?<=[?&])(?:limit|fields|expand|count)=[^&]*&?/g, '').replace(/[?&]$/, '')
  const scope = { userId: call.actor.id, question: ordered, metadataVersion: call.model.version, roles: call.access.key }
  const cursor = request.query.get('cursor')
  onlyParameters(request.query, listParameters)
  const [page, total] = await Promise.all([list(call, plan, cursor === null ? undefined : cursors.open(cursor, scope)), counted ? count(call, plan) : {}])
  return { status: 200, body: { records: page.records, next: page.next === null ? null : cursors.seal(page.next, scope), ...total } }
}

function parseList(request: ApiRequest): ListQuestion {
  const { call, query } = request
  onlyParameters(query, listParameters)
  const plan = planList(call, { ...listRequest(request), limit: query.has('limit') ? wholeNumber(query.get('limit') ?? '', 'limit', 1, listLimits.pageMax) : listLimits.pageDefault })
  return { plan, counted: flag(query, 'count') }
}

/** What list and export have in common. */
function listRequest(request: ApiRequest) {
  const { query } = request
  const filter = jsonParameter(query, 'filter')
  const q = query.get('q')
  return { entity: entityOf(request), sort: sortKeys(query), archived: flag(query, 'archived'), ...wanted(query), ...(filter === undefined ? {} : { filter }), ...(q === null ? {} : { q }) }
}

function wanted(query: URLSearchParams) {
  const fields = names(query, 'fields')
  const expand = names(query, 'expand')
  return { ...(fields === undefined ? {} : { fields }), ...(expand === undefined ? {} : { expand }) }
}

async function getRecord(request: ApiRequest, plans: ReturnType<typeof planCache<GetPlan>>): Promise<ApiResponse> {
  const { call, query } = request
  const entity = entityOf(request)
  const plan = plans(call.access, `${entity}?${request.rawQuery}`, () => {
    onlyParameters(query, getParameters)
    return planGet(call, { entity, archived: flag(query, 'archived'), ...wanted(query) })
  })
  const id = recordId(request.params['id'])
  const record = await get(call, plan, id).catch(async (error: unknown) => {
    throw await withSurvivor(call, entity, id, error)
  })
  const etag = etagOf(record)
  // An expanded answer has parts of other records, and computed values follow from them: its own version does not say that it is the same.
  const alone = plan.selection.toOne.length === 0 && plan.selection.toMany.length === 0 && plan.selection.fields.every(({ field }) => field.derived === null)
  if (alone && request.headers['if-none-match'] === etag) return { status: 304, headers: { ETag: etag } }
  return { status: 200, headers: { ETag: etag }, body: record }
}

/** A record that was merged into another one is not there: the answer tells which one is. */
async function withSurvivor(call: Call, entity: string, id: number, error: unknown): Promise<unknown> {
  if (!(error instanceof Problem) || error.code !== 'record.unavailable') return error
  const survivor = await mergedInto(call, entity, id)
  return survivor === null ? error : new Problem('record.unavailable', {}, { extra: { mergedInto: survivor } })
}

async function createRecord(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  const entity = entityOf(request)
  const record = await create(request.call, { entity, body: objectBody(request), ...onceOf(request) })
  return { status: 201, headers: { Location: `/api/records/${entity}/${String(idOf(record))}`, ETag: etagOf(record) }, body: record }
}

async function updateRecord(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  const id = recordId(request.params['id'])
  const record = await update(request.call, { entity: entityOf(request), id, body: objectBody(request), ...onlyIf(request) })
  return { status: 200, headers: { ETag: etagOf(record) }, body: record }
}

async function removeRecord(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set(['purge']))
  const command = { entity: entityOf(request), id: recordId(request.params['id']), ...onlyIf(request) }
  await (flag(request.query, 'purge') ? purge(request.call, command) : archive(request.call, command))
  return { status: 204 }
}

async function restoreRecord(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  onlyMembers(request.body)
  const record = await restore(request.call, { entity: entityOf(request), id: recordId(request.params['id']), ...onlyIf(request) })
  return { status: 200, headers: { ETag: etagOf(record) }, body: record }
}

async function recordTransitions(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  return { status: 200, body: await offers(request.call, { entity: entityOf(request), id: recordId(request.params['id']) }) }
}

async function transitRecord(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  const { id, name = '' } = request.params
  const body = request.body === undefined ? {} : objectBody(request)
  const record = await transition(request.call, { entity: entityOf(request), id: recordId(id), name, body, ...onlyIf(request), ...onceOf(request) })
  return { status: 200, headers: { ETag: etagOf(record) }, body: record }
}

async function bulkRecords(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set(['dryRun']))
  const { dryRun: inBody, ...body } = objectBody(request)
  if (inBody !== undefined && typeof inBody !== 'boolean') throw new Problem('request.invalid', { reason: 'dryRun must be true or false' })
  const dryRun = inBody === true || flag(request.query, 'dryRun')
  return { status: 200, body: await bulk(request.call, { entity: entityOf(request), body, dryRun, ...onceOf(request) }) }
}

async function aggregateRecords(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  const body = objectBody(request)
  const unknown = Object.keys(body).find((key) => !['filter', 'q', 'groupBy', 'measures', 'sort', 'limit'].includes(key))
  if (unknown !== undefined) throw new Problem('query.invalid', { reason: `there is no ${unknown.slice(0, 60)} here` })
  return { status: 200, body: { groups: await aggregate(request.call, planAggregate(request.call, entityOf(request), body)) } }
}

async function recordHistory(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set(['at', 'version']))
  const record = { entity: entityOf(request), id: recordId(request.params['id']) }
  const at = instantParameter(request.query, 'at')
  const version = request.query.get('version')
  if (at !== undefined && version !== null) throw new Problem('query.invalid', { reason: 'at and version are given, one is enough' })
  if (at !== undefined) return { status: 200, body: { ...(await past(request.call, { ...record, when: { at } })) } }
  if (version !== null) return { status: 200, body: { ...(await past(request.call, { ...record, when: { version: wholeNumber(version, 'version', 1, Number.MAX_SAFE_INTEGER) } })) } }
  const entries = await history(request.call, record)
  return { status: 200, body: { entries: entries.map((entry): Json => ({ ...entry })) } }
}

async function recordTimeline(request: ApiRequest): Promise<ApiResponse> {
  const { call, query } = request
  onlyParameters(query, new Set(['kinds', 'cursor', 'limit']))
  const kinds = names(query, 'kinds')
  const after = query.get('cursor')
  const limit = query.has('limit') ? wholeNumber(query.get('limit') ?? '', 'limit', 1, timelineLimits.pageMax) : timelineLimits.pageDefault
  const page = await timeline(call, { entity: entityOf(request), id: recordId(request.params['id']), limit, ...(kinds && { kinds }), ...(after === null ? {} : { after }) })
  return { status: 200, body: { items: [...page.items], next: page.next } }
}

async function recordPeople(request: ApiRequest): Promise<ApiResponse> {
  const { call, query } = request
  onlyParameters(query, new Set(['q', 'of']))
  const of = query.get('of')
  const people = await peopleFor(call, { entity: entityOf(request), id: recordId(request.params['id']), q: query.get('q') ?? '', ...(of === null ? {} : { of }) })
  return { status: 200, body: { people: [...people] } }
}

async function explainRecord(request: ApiRequest): Promise<ApiResponse> {
  const { call, query } = request
  onlyParameters(query, new Set(['user', 'action', 'locale']))
  const asked = query.get('action') ?? 'read'
  const named = asked.startsWith(transitionAction) ? { transition: asked.slice(transitionAction.length) } : {}
  const action = 'transition' in named ? 'update' : explainedActions.find((known) => known === asked)
  if (action === undefined) throw new Problem('query.invalid', { reason: `action must be one of ${explainedActions.join(', ')}, or transition: with the name of one` })
  const user = query.get('user')
  const userId = user === null ? call.actor.id : recordId(user)
  const about = userId === null || userId === call.actor.id ? {} : { user: await actorById(call, userId) }
  return { status: 200, body: await explain(call, { entity: entityOf(request), id: recordId(request.params['id']), action, locale: localeOf(query.get('locale'), call.actor.locale), ...named, ...about }) }
}

async function searchRecords(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set(['q', 'limit']))
  const limit = request.query.has('limit') ? wholeNumber(request.query.get('limit') ?? '', 'limit', 1, searchLimits.resultsMax) : searchLimits.resultsMax
  return { status: 200, body: await search(request.call, request.query.get('q') ?? '', limit) }
}

const exportParameters = new Set(['format', 'filter', 'sort', 'fields', 'q', 'archived', 'raw'])
const contentTypes = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', jsonl: 'application/x-ndjson; charset=utf-8' } as const

function exportFile(limits: Limits, request: ApiRequest): ApiResponse {
  take(limits.exports, request)
  onlyParameters(request.query, exportParameters)
  const asked = request.query.get('format') ?? 'csv'
  const format = exportFormats.find((known) => known === asked)
  if (format === undefined) throw new Problem('request.invalid', { reason: `format must be one of ${exportFormats.join(', ')}` })
  const { limit: _, ...question } = { ...listRequest(request), limit: 0 }
  const entity = entityOf(request)
  const stream = exportRecords(request.call, { ...question, format, raw: flag(request.query, 'raw') })
  return { status: 200, headers: { 'Content-Type': contentTypes[format], ...attachment(`${titleOf(request, entity)}.${format}`) }, stream }
}

/** Files are called as people call what is in them. */
const titleOf = ({ call }: ApiRequest, entity: string): string => translator(call.model, call.actor.locale)(`${entity}/entity.json`, '/crm/plural', call.model.entities.get(entity)?.plural ?? entity)

const entityOf = (request: ApiRequest): string => request.params['entity'] ?? ''

const etagOf = (record: JsonObject): string => `"${String(versionOf(record))}"`

function objectBody(request: ApiRequest): JsonObject {
  if (!isObject(request.body)) throw new Problem('request.invalid', { reason: 'the body must be a JSON object' })
  return request.body
}

const onlyIf = ({ headers }: ApiRequest): { readonly ifVersion?: number } => {
  const version = ifVersion(headers)
  return version === undefined ? {} : { ifVersion: version }
}
