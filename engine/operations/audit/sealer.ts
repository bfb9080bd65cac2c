/** Seals what was committed, a moment afterwards; any process may do it for all. */
import { seal, sealAfter, sealedTogether, waiting } from '../../storage/audit/chain.js'
import type { Engine } from '../call.js'
import { flushLooks } from './looks.js'

/** How long something that was committed waits for its seal at most, while a process runs and keeps up. */
const everyMilliseconds = 1_000
/** While more is written than is sealed, so many times as long as the last seals took the next ones wait: those who work come first. */
const restFactor = 9

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
  let timer: NodeJS.Timeout | undefined
  /** Gives how long nobody needs to look again. */
  const look = async (): Promise<number> => {
    const commits = engine.database.commits?.()
    if (commits !== undefined && commits === quiet) return everyMilliseconds
    const began = performance.now()
    if (!(await waiting(engine.database.read))) quiet = commits
    else if ((await seal(engine.database)) >= sealedTogether) return restFactor * (performance.now() - began)
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
