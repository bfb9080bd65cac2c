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

/** Jobs in each state, and those that nobody takes although they are due. */
export interface JobCounts {
  readonly states: Readonly<Record<string, number>>
  readonly stuck: number
}

/** A registry of its own, so that several engines in one process do not meet. */
export function metrics(jobs: () => Promise<JobCounts>): Metrics {
  let loaded: Loaded | undefined
  let loading: Promise<Loaded> | undefined
  return {
    observe(method, route, status, seconds) {
      if (loaded === undefined) {
        loading ??= load(jobs).then((ready) => (loaded = ready))
        return // the few before it is there are not counted
      }
      loaded.requests.observe({ method, route, status: String(status) }, seconds)
    },
    async text() {
      const { registry } = await (loading ??= load(jobs).then((ready) => (loaded = ready)))
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

async function load(jobs: () => Promise<JobCounts>): Promise<Loaded> {
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'tessera_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  registry.registerMetric(new Gauge({
    name: 'tessera_jobs', help: 'Background jobs by state.', labelNames: ['state'], registers: [],
    async collect() {
      for (const [state, count] of Object.entries((await jobs()).states)) this.set({ state }, count)
    },
  }))
  registry.registerMetric(new Gauge({
    name: 'tessera_jobs_stuck', help: 'Jobs that are due and that nobody takes.', registers: [],
    async collect() {
      this.set((await jobs()).stuck)
    },
  }))
  return { registry, requests }
}
