/** Seals what was committed, a moment afterwards; any process may do it for all. */
import { seal, sealAfter, sealedTogether, waiting } from '../../storage/audit/chain.js'
import { latestNumber } from '../../storage/changes.js'
import type { Engine } from '../call.js'
import { flushLooks } from './looks.js'

/** How long something that was committed waits for its seal at most, while a process runs and keeps up. */
const everyMilliseconds = 1_000
/** Changes in a second from which on it is a busy time: then those who work come first. */
const busyFrom = 100
/** In other times the next seals wait so many times as long as the last ones took, while there is more to seal. */
const restFactor = 4

/** Seals everything that was committed and noted before the call. */
export async function sealAll(engine: Engine): Promise<void> {
  await flushLooks(engine)
  while ((await sealAfter(engine.database)) > 0);
}

/** Begins to seal; the returned function writes and seals the rest and ends it. */
export function beginSealing(engine: Engine): () => Promise<void> {
  let ended = false
  /** Commits at which everything was sealed. */
  let quiet: number | undefined
  /** The last change when the last seals were not enough, and when that was. */
  let reached = { number: 0, at: 0 }
  let timer: NodeJS.Timeout | undefined
  /** Gives how long nobody needs to look again. */
  const look = async (): Promise<number> => {
    const commits = engine.database.commits?.()
    if (commits !== undefined && commits === quiet) return everyMilliseconds
    const began = performance.now()
    if (!(await waiting(engine.database.read))) quiet = commits
    else if ((await seal(engine.database)) >= sealedTogether) {
      const now = performance.now()
      const before = reached
      reached = { number: await latestNumber(engine.database.read), at: now }
      const perSecond = (reached.number - before.number) / ((now - before.at) / 1_000)
      if (perSecond < busyFrom) return restFactor * (now - began)
    }
    return everyMilliseconds
  }
  const run = async (): Promise<void> => {
    const rest = await look().catch((error: unknown) => {
      engine.log.warn({ err: error }, 'the audit log could not be sealed; it is tried again')
      return everyMilliseconds
    })
    if (!ended) later(Math.min(rest, everyMilliseconds))
  }
  let running = Promise.resolve()
  const later = (milliseconds: number): void => void (timer = setTimeout(() => void (running = run()), milliseconds).unref())
  later(everyMilliseconds)
  return async () => {
    ended = true
    clearTimeout(timer)
    await running
    await sealAll(engine).catch((error: unknown) => engine.log.warn({ err: error }, 'the audit log could not be sealed; the next start does it'))
  }
}
