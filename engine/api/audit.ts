/** `/api/audit`: who looked, exported, signed in, changed records and rights. */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { auditLimits, readAudit, type AuditRequest } from '../operations/audit/read.js'
import type { Route } from './handler.js'
import { instantParameter, names, onlyParameters, wholeNumber } from './query.js'

const parameters = new Set(['entity', 'record', 'by', 'action', 'from', 'to', 'before', 'limit'])
const numberMax = Number.MAX_SAFE_INTEGER

/** The route of the audit log. */
export const auditRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/audit',
    async handle({ call, query }) {
      onlyParameters(query, parameters)
      const { entries, next } = await readAudit(call, requestOf(query))
      return { status: 200, body: { entries: entries.map((entry): Json => ({ ...entry })), next } }
    },
  },
]

function requestOf(query: URLSearchParams): AuditRequest {
  const number = (name: string): number | undefined => {
    const text = query.get(name)
    return text === null ? undefined : wholeNumber(text, name, 1, numberMax)
  }
  const entity = query.get('entity')
  const [record, by, before, limit] = [number('record'), number('by'), number('before'), number('limit')]
  const [actions, from, to] = [names(query, 'action'), instantParameter(query, 'from'), instantParameter(query, 'to')]
  if (record !== undefined && entity === null) throw new Problem('query.invalid', { reason: 'record needs the entity that it is of' })
  if (limit !== undefined && limit > auditLimits.pageMax) throw new Problem('query.invalid', { reason: `limit must be a whole number from 1 to ${auditLimits.pageMax}` })
  return {
    limit: limit ?? auditLimits.pageDefault,
    ...(entity === null ? {} : { entity }), ...(record === undefined ? {} : { record }), ...(by === undefined ? {} : { by }), ...(before === undefined ? {} : { before }),
    ...(actions === undefined ? {} : { actions }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }),
  }
}
