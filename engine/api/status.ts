/** `/api/status`: what is going on with the deployment that a signed-in person should know of. */
import type { Engine } from '../operations/call.js'
import type { Route } from './handler.js'

/** The route of `/api/status`. It tells counts of records only, and only while the sample data is being loaded. */
export const statusRoutes = (engine: Engine): readonly Route[] => [
  {
    method: 'GET', path: '/api/status',
    async handle() {
      // Loaded when asked for: the sample's readers are of no use to a start.
      const { demoProgress } = await import('../operations/demo.js')
      const progress = await demoProgress(engine)
      const loading = progress === null || progress.done >= progress.total ? null : { done: progress.done, total: progress.total }
      return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: { loading } }
    },
  },
]
