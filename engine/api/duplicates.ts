/** `/api/records/{entity}/duplicates`, `/merge`, `/unmerge`: records that may be the same as others, and become one. */
import { isObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { duplicatesOfDraft, markDistinct } from '../operations/duplicates/find.js'
import { merge, readMerge, unmerge } from '../operations/duplicates/merge.js'
import { mergesOf } from '../operations/duplicates/merges.js'
import { pairsOf } from '../operations/duplicates/pairs.js'
import { isId } from '../operations/records/row.js'
import { onlyMembers } from './body.js'
import type { CursorSeal } from './cursor.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { flag, onlyParameters } from './query.js'

export function duplicateRoutes(cursors: CursorSeal): readonly Route[] {
  return [
    { method: 'GET', path: '/api/records/:entity/duplicates', handle: (request) => pairs(request, cursors) },
    { method: 'POST', path: '/api/records/:entity/duplicates', handle: ofDraft },
    { method: 'POST', path: '/api/records/:entity/duplicates/distinct', handle: distinct },
    { method: 'POST', path: '/api/records/:entity/merge', handle: mergeRecords },
    { method: 'GET', path: '/api/records/:entity/merges', handle: merges },
    { method: 'POST', path: '/api/records/:entity/unmerge', handle: unmergeRecords },
  ]
}

async function pairs(request: ApiRequest, cursors: CursorSeal): Promise<ApiResponse> {
  const { call, query } = request
  onlyParameters(query, new Set(['cursor']))
  const entity = request.params['entity'] ?? ''
  const scope = { userId: call.actor.id, question: `${entity}/duplicates`, metadataVersion: call.model.version, roles: call.access.key }
  const cursor = query.get('cursor')
  const found = await pairsOf(call, entity, cursor === null ? undefined : cursors.open(cursor, scope))
  return { status: 200, body: { ...found, next: found.next === null ? null : cursors.seal(found.next, scope) } }
}

async function ofDraft(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  const { id, values } = onlyMembers(request.body, 'id', 'values')
  if (!isObject(values)) throw new Problem('request.invalid', { reason: 'values must be the values of a record' })
  if (id !== undefined && !isId(id)) throw new Problem('request.invalid', { reason: 'id must be the id of a record' })
  const duplicates = await duplicatesOfDraft(request.call, request.params['entity'] ?? '', { values, ...(id === undefined ? {} : { id }) })
  return { status: 200, body: { duplicates } }
}

async function distinct(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  await markDistinct(request.call, request.params['entity'] ?? '', onlyMembers(request.body, 'ids')['ids'])
  return { status: 204 }
}

async function merges({ call, params, query }: ApiRequest): Promise<ApiResponse> {
  onlyParameters(query, new Set(['before']))
  const before = query.get('before')
  if (before !== null && !/^[1-9]\d{0,14}$/.test(before)) throw new Problem('request.invalid', { reason: 'before must be the id of a merge' })
  return { status: 200, body: await mergesOf(call, params['entity'] ?? '', before === null ? undefined : Number(before)) }
}

async function mergeRecords(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set(['dryRun']))
  const body = onlyMembers(request.body, 'survivor', 'others', 'values')
  return { status: 200, body: await merge(request.call, readMerge(request.params['entity'] ?? '', body, flag(request.query, 'dryRun'))) }
}

async function unmergeRecords(request: ApiRequest): Promise<ApiResponse> {
  onlyParameters(request.query, new Set())
  const { merge: id } = onlyMembers(request.body, 'merge')
  if (!isId(id)) throw new Problem('request.invalid', { reason: 'merge is the number of a merge' })
  return { status: 200, body: await unmerge(request.call, { entity: request.params['entity'] ?? '', merge: id }) }
}
