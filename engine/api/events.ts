/** `/api/events`: server-sent events of what the caller may see. */
import type { Engine } from '../operations/call.js'
import { watch, type Notice, type Watch } from '../operations/changes/watch.js'
import type { Route } from './handler.js'
import { pageOf } from './presence.js'
import { onlyParameters } from './query.js'

/** The route of the event stream. */
export const eventRoutes = (engine: Engine): readonly Route[] => [
  {
    method: 'GET', path: '/api/events',
    handle: ({ credential, session, closed, query, call }) => {
      onlyParameters(query, new Set(['page']))
      const page = query.has('page') ? { page: pageOf(query.get('page')), user: call.actor.id } : {}
      return {
        status: 200,
        headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
        stream: lines({ engine, credential, session, signal: closed(), ...page }),
      }
    },
  },
]

async function* lines(what: Watch): AsyncGenerator<string> {
  for await (const notice of watch(what)) yield line(notice)
}

/** One event as text. */
function line(notice: Notice): string {
  // Browsers wait this long before they connect again. What happens after it has been read is told.
  if (notice.kind === 'begun') return 'retry: 3000\n\n'
  if (notice.kind === 'alive') return ': alive\n\n'
  const { kind, ...data } = notice
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`
}
