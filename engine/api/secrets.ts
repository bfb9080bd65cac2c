/** `/api/secrets`: what both sides know, by name. It is set and used, and never read again. */
import { Problem } from '../errors.js'
import { listSecrets, removeSecret, setSecret } from '../operations/secrets/secrets.js'
import { onlyMembers } from './body.js'
import type { Route } from './handler.js'

export const secretRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/secrets', handle: async ({ call }) => ({ status: 200, body: { secrets: await listSecrets(call) } }) },
  {
    method: 'PUT', path: '/api/secrets/:name', bodyMax: 20_000,
    async handle({ call, params, body }) {
      const { value } = onlyMembers(body, 'value')
      if (typeof value !== 'string') throw new Problem('request.invalid', { reason: 'value must be a text' })
      await setSecret(call, params['name'] ?? '', value)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE', path: '/api/secrets/:name',
    async handle({ call, params }) {
      await removeSecret(call, params['name'] ?? '')
      return { status: 204 }
    },
  },
]
