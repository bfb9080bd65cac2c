/** `/healthz`, `/readyz` and `/metrics`. The first two cost the same however often they are asked. */
import { timingSafeEqual } from 'node:crypto'
import { Problem } from '../errors.js'
import type { Engine } from '../operations/call.js'
import { readiness } from '../operations/upkeep/readiness.js'
import { isLocal } from './address.js'
import type { OpenRequest, Route } from './handler.js'
import type { Metrics } from './metrics.js'

const keptMs = 1000

/** @param metricsToken lets other machines read the metrics; null: only this one */
export function healthRoutes(engine: Engine, metrics: Metrics, metricsToken: string | null): readonly Route[] {
  let ready: { readonly until: number; readonly answer: ReturnType<typeof readiness> } | undefined
  return [
    // Before Express, which is only loaded when something else is asked: a new process is ready in half the time.
    { method: 'GET', path: '/healthz', open: true, hot: true, handle: () => ({ status: 200, body: { status: 'ok' } }) },
    {
      method: 'GET',
      path: '/readyz',
      open: true,
      hot: true,
      async handle() {
        const now = Date.now()
        if (ready === undefined || ready.until < now) ready = { until: now + keptMs, answer: readiness(engine) }
        const found = await ready.answer
        return { status: found.ready ? 200 : 503, body: { status: found.ready ? 'ready' : 'not ready', metadataVersion: found.metadataVersion } }
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      open: true,
      async handle(request) {
        // The same answer as for an address that does not exist.
        if (!isLocal(request) && !hasToken(request, metricsToken)) throw new Problem('request.path')
        const { contentType, text } = await metrics.text()
        return { status: 200, headers: { 'Content-Type': contentType }, text }
      },
    },
  ]
}

function hasToken({ headers }: OpenRequest, token: string | null): boolean {
  const sent = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === null || sent === undefined) return false
  const [a, b] = [Buffer.from(sent), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
