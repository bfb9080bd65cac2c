/** `GET /api/records/{entity}/computed`: for when computed values are exact, and why some are missing. */
import { Problem } from '../errors.js'
import { computedStates } from '../operations/derived/state.js'
import type { Route } from './handler.js'
import { onlyParameters } from './query.js'

export const computedRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/records/:entity/computed',
    async handle({ call, params, query }) {
      onlyParameters(query, new Set(['record']))
      const record = query.get('record')
      if (record !== null && !/^[1-9]\d{0,14}$/.test(record)) throw new Problem('record.unavailable')
      return { status: 200, body: { fields: await computedStates(call, params['entity'] ?? '', record === null ? undefined : Number(record)) } }
    },
  },
]
