/** Keeps pairs up to date while a process runs; any process may do it for all. */
import type { Database } from '../../storage/contract.js'
import type { Engine } from '../call.js'
import { ModelMoved } from '../unit.js'
import { keepUp, type Left } from './kept.js'

/** How long a change waits to be looked at, when there is little to do. */
const everyMilliseconds = 1_000
/** So many times as long as a step took the next one waits: those who work come first. */
const restFactor = 2

/** Begins to keep up; the returned function ends that. */
export function beginKeeping(engine: Engine): () => Promise<void> {
  let running: Promise<void> | undefined
  let ended = false
  /** Commits at which nothing was left. */
  let quiet: number | undefined
  const look = async (): Promise<void> => {
    const commits = engine.database.commits?.()
    if (commits !== undefined && commits === quiet) {
      later(everyMilliseconds)
      return
    }
    const began = performance.now()
    const left = await step(engine).catch((error: unknown): Left => {
      if (!(error instanceof ModelMoved)) engine.log.warn({ err: error }, 'records that may be the same could not be looked for; it is tried again')
      return 'later'
    })
    quiet = left === 'nothing' ? commits : undefined
    const took = performance.now() - began
    if (!ended) later(left === 'more' ? took * restFactor : Math.max(everyMilliseconds, took * restFactor))
  }
  let timer: NodeJS.Timeout
  const later = (milliseconds: number): void => {
    timer = setTimeout(() => {
      running = look()
    }, milliseconds).unref()
  }
  later(everyMilliseconds)
  return async () => {
    ended = true
    clearTimeout(timer)
    await running
  }
}

/** Brings the pairs up to now, or as far as the time allows. Gives when they were so, or null when there is more to do. */
export async function catchUp(engine: Engine, milliseconds: number): Promise<Date | null> {
  const until = performance.now() + milliseconds
  for (;;) {
    const at = new Date()
    const left = await step(engine)
    if (left === 'nothing') return at
    if (left === 'later' || performance.now() >= until) return null
  }
}

/** In one process one step at a time: two would only lose against each other. */
function step(engine: Engine): Promise<Left> {
  const before = steps.get(engine.database) ?? Promise.resolve()
  const next = before.catch(() => undefined).then(() => keepUp(engine))
  steps.set(engine.database, next)
  return next
}
const steps = new WeakMap<Database, Promise<Left>>()
