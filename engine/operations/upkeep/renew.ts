/** After an update of the engine: indexes of earlier ones are made anew in the background. Any process does it for all. */
import { renewIndexes } from '../../storage/tables/outdated.js'
import type { Engine } from '../call.js'

/** How long a table that was in use is left alone before it is tried again. */
const againMilliseconds = 60_000

/** Begins; the returned function ends it, also in the middle of an index. */
export function beginRenewing(engine: Engine): () => Promise<void> {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const renew = async (): Promise<void> => {
    try {
      const count = await renewIndexes(engine.database, engine.current.get(), ending.signal)
      if (count > 0) engine.log.info({ indexes: count }, 'indexes that an earlier version made were made anew')
    } catch (error) {
      if (ending.signal.aborted) return
      engine.log.warn({ err: error }, 'an index that an earlier version made could not be made anew; it is tried again')
      timer = setTimeout(() => void (running = renew()), againMilliseconds).unref()
    }
  }
  let running = renew()
  return async () => {
    ending.abort()
    clearTimeout(timer)
    await running
  }
}
