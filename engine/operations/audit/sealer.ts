/** Seals what was committed, a moment afterwards; any process may do it for all. */
import { seal, sealAfter, waiting } from '../../storage/audit/chain.js'
import type { Engine } from '../call.js'
import { flushLooks } from './looks.js'

/** How long something that was committed waits for its seal at most, while a process runs. */
const everyMilliseconds = 1_000

/** Seals everything that was committed and noted before the call. */
export async function sealAll(engine: Engine): Promise<void> {
  await flushLooks(engine)
  while ((await sealAfter(engine.database)) > 0);
}

/** Begins to seal; the returned function writes and seals the rest and ends it. */
export function beginSealing(engine: Engine): () => Promise<void> {
  let running: Promise<void> | undefined
  /** Commits at which everything was sealed. */
  let quiet: number | undefined
  const look = async (): Promise<void> => {
    const commits = engine.database.commits?.()
    if (commits !== undefined && commits === quiet) return
    if (await waiting(engine.database.read)) await seal(engine.database)
    else quiet = commits
  }
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => engine.log.warn({ err: error }, 'the audit log could not be sealed; it is tried again'))
      .finally(() => (running = undefined))
  }, everyMilliseconds).unref()
  return async () => {
    clearInterval(timer)
    await running
    await sealAll(engine).catch((error: unknown) => engine.log.warn({ err: error }, 'the audit log could not be sealed; the next start does it'))
  }
}
