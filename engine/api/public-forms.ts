/** `/api/forms/<address>`: a form for people without an account. Nobody is recognised here, so what is sent is limited by where it comes from. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { describePublic } from '../forms/describe.js'
import type { Engine } from '../operations/call.js'
import { addressKey, throttle, type Throttle } from '../operations/people/throttle.js'
import { atForm, submit } from '../operations/public/submit.js'
import type { OpenRequest, Route } from './handler.js'
import { onceOf } from './once.js'
import { localeOf, onlyParameters } from './query.js'

/** The routes of `/api/forms`. */
export function publicFormRoutes(engine: Engine): readonly Route[] {
  // A family behind one address fills in a few at once; a form in a campaign gets many from everywhere.
  const limits: Limits = { sender: throttle(5, 60), form: throttle(600, 1) }
  return [
    {
      method: 'GET', path: '/api/forms/:address', open: true,
      async handle({ params, query }) {
        onlyParameters(query, new Set(['locale']))
        const { call, form } = await atForm(engine, params['address'] ?? '')
        return { status: 200, headers: { 'Cache-Control': 'no-cache' }, body: describePublic(call.model, form, call.access, call.actor, localeOf(query.get('locale'), 'en')) }
      },
    },
    {
      method: 'POST', path: '/api/forms/:address', open: true, bodyMax: 100_000, keysMax: 500,
      async handle(request) {
        onlyParameters(request.query, new Set())
        const { values, trap } = sent(request.body)
        const there = await atForm(engine, request.params['address'] ?? '')
        const counted = countedAt(limits, request)
        // No person sees the trap. Who fills it in is told that all went well, so that nothing is learnt from it.
        if (trap !== '') engine.log.info({ requestId: request.id, path: request.path }, 'a public form was filled in by a machine')
        else await submit(there, { values, ...onceOf(request) }).catch((error: unknown) => {
          if (error instanceof Problem && error.code !== 'form.taken') counted.giveBack() // a mistake is corrected, and tells nothing of others
          throw error
        })
        return { status: 201, body: {} }
      },
    },
  ]
}

interface Limits {
  readonly sender: Throttle
  readonly form: Throttle
}

/** Counts what is sent to a form. @throws Problem limit.rate */
function countedAt(limits: Limits, { path, address }: OpenRequest): { giveBack(): void } {
  const sender = `${path} ${addressKey(address)}`
  const seconds = Math.max(limits.sender.take(sender), limits.form.take(path))
  if (seconds > 0) throw new Problem('limit.rate', { seconds }, { extra: { retryAfter: seconds } })
  return {
    giveBack() {
      limits.sender.giveBack(sender)
      limits.form.giveBack(path)
    },
  }
}

/** `{ "values": {...}, "trap": "" }`. */
function sent(body: Json | undefined): { readonly values: JsonObject; readonly trap: string } {
  if (!isObject(body)) throw new Problem('request.invalid', { reason: 'the body must be a JSON object' })
  const { values, trap = '', ...others } = body
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new Problem('field.unknown', { field: unknown })
  if (!isObject(values) || typeof trap !== 'string') throw new Problem('request.invalid', { reason: 'values must be an object, trap a text' })
  return { values, trap }
}
