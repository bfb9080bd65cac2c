/** `/api/hooks/<name>`: other systems begin workflows. Nobody is recognised here; the signature of the message says whose it is. */
import { isUtf8 } from 'node:buffer'
import { Problem } from '../errors.js'
import type { Engine } from '../operations/call.js'
import { addressKey, throttle } from '../operations/people/throttle.js'
import { enter, knock } from '../operations/workflows/hook.js'
import { wakeRuns } from '../workflows/runner.js'
import type { Route } from './handler.js'
import { parseJson } from './json-body.js'
import { onlyParameters } from './query.js'

/** The route of `/api/hooks`. */
export function hookRoutes(engine: Engine): readonly Route[] {
  // What is refused counts for who sends it, everything for the hook: a busy shop sends a thousand at once.
  const limits = { refused: throttle(60, 1), hook: throttle(2_000, 0.02) }
  const count = (seconds: number): void => {
    if (seconds > 0) throw new Problem('limit.rate', { seconds }, { extra: { retryAfter: seconds } })
  }
  return [
    {
      method: 'POST', path: '/api/hooks/:name', open: true, raw: true,
      async handle({ params, query, headers, address, bytes = Buffer.alloc(0) }) {
        const name = params['name'] ?? ''
        const from = addressKey(address)
        count(Math.max(limits.refused.take(from), limits.hook.take(name)))
        onlyParameters(query, new Set())
        const found = await knock(engine, name, { headers, bytes }, new Date())
        limits.refused.giveBack(from)
        if (!isUtf8(bytes)) throw new Problem('request.invalid', { reason: 'the body is not UTF-8' })
        const run = String(await enter(engine, found, parseJson(bytes.toString('utf8'))))
        wakeRuns(engine)
        return { status: 202, headers: { Location: `/api/workflows/runs/${run}` }, body: { run } }
      },
    },
  ]
}
