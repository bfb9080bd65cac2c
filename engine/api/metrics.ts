/** Counters for Prometheus. The library is loaded after the start: no request waits for it. */
import type { Histogram, Registry } from 'prom-client'

export interface Metrics {
  observe(method: string, route: string, status: number, seconds: number): void
  /** The exposition text. */
  text(): Promise<{ readonly contentType: string; readonly text: string }>
}

interface Loaded {
  readonly registry: Registry
  readonly requests: Histogram<'method' | 'route' | 'status'>
}

/** A registry of its own, so that several engines in one process do not meet. */
export function metrics(): Metrics {
  let loaded: Loaded | undefined
  let loading: Promise<Loaded> | undefined
  return {
    observe(method, route, status, seconds) {
      if (loaded === undefined) {
        loading ??= load().then((ready) => (loaded = ready))
        return // the few before it is there are not counted
      }
      loaded.requests.observe({ method, route, status: String(status) }, seconds)
    },
    async text() {
      const { registry } = await (loading ??= load().then((ready) => (loaded = ready)))
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

async function load(): Promise<Loaded> {
  const { collectDefaultMetrics, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'tessera_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  return { registry, requests }
}
