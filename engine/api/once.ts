/** `Idempotency-Key`: a request that is sent again is done once. */
import { Problem } from '../errors.js'
import type { OnceKey } from '../operations/idempotency.js'
import type { OpenRequest } from './handler.js'

/** The key and what it stands for; nothing when there is none. @throws Problem request.invalid */
export function onceOf(request: OpenRequest): { readonly once?: OnceKey } {
  const key = request.headers['idempotency-key']
  if (key === undefined) return {}
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new Problem('request.invalid', { reason: 'Idempotency-Key must be 1 to 255 visible characters' })
  return { once: { key, request: `${request.method} ${request.path}?${request.rawQuery}\n${JSON.stringify(request.body)}` } }
}
