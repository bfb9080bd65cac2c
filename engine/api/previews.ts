/** `/api/previews`: seeing the application as a role or as somebody else, with a pass that is sent as `X-Tessera-Preview`. */
import { isObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { beginPreview, type PreviewAs } from '../operations/people/preview.js'
import { onlyMembers } from './body.js'
import type { Route } from './handler.js'

/** Characters: the pass holds them, and travels in a header. */
const withMax = 2_000

export const previewRoutes: readonly Route[] = [
  {
    method: 'POST', path: '/api/previews', bodyMax: 10_000,
    async handle({ call, body, session, credential }) {
      const as = asked(onlyMembers(body, 'role', 'user', 'with'))
      if (credential !== 'cookie') throw new Problem('access.denied')
      return { status: 201, body: { ...(await beginPreview(call, session, as)) } }
    },
  },
]

function asked({ role, user, with: given }: ReturnType<typeof onlyMembers>): PreviewAs {
  if (role === undefined && user === undefined) throw new Problem('request.invalid', { reason: 'role or user must be given' })
  if (role !== undefined && typeof role !== 'string') throw new Problem('request.invalid', { reason: 'role must be the name of one' })
  if (user !== undefined && !(typeof user === 'number' && Number.isSafeInteger(user) && user > 0)) throw new Problem('request.invalid', { reason: 'user must be an id' })
  if (given !== undefined && (!isObject(given) || role === undefined || JSON.stringify(given).length > withMax)) throw new Problem('request.invalid', { reason: 'with must be a few fields of people, beside a role' })
  return { ...(role === undefined ? {} : { role }), ...(typeof user === 'number' ? { user } : {}), ...(given === undefined ? {} : { with: given }) }
}
