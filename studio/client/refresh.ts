/** What is shown and changes elsewhere is asked for again: one question at a time, and one more for all that happened meanwhile. Knows no screens. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

/**
 * Asks; who calls while it is being asked is answered by one more question behind that one, however many they are.
 * What comes is never older than the call. Rejects as `ask` does.
 */
export function oneAtATime(ask: () => Promise<void>): () => Promise<void> {
  let going: Promise<void> | null = null
  let next: Promise<void> | null = null
  const begin = (): Promise<void> => {
    next = null
    const asked = ask().finally(() => {
      if (going === asked) going = null
    })
    going = asked
    return asked
  }
  return () => (going === null ? begin() : (next ??= going.then(begin, begin)))
}

/** Acts at the first call at once, and once for all calls within a pause behind it when that is over. */
export function spaced(act: () => void, pauseMs: number): () => void {
  let pausing = false
  let missed = false
  const begin = (): void => {
    pausing = true
    missed = false
    setTimeout(() => {
      pausing = false
      if (missed) begin()
    }, pauseMs)
    act()
  }
  return () => {
    if (pausing) missed = true
    else begin()
  }
}

export interface Refreshed {
  /** Begins to listen and gives how to stop; undefined where there is nobody to listen to. */
  readonly listen: (news: () => void) => (() => void) | undefined
  readonly ask: () => Promise<unknown>
  /** So long further news are waited for. */
  readonly pauseMs: number
}

/** Listens while its host is in the page, and asks a pause after the first news, never twice at a time. */
export class Refresh implements ReactiveController {
  readonly #what: Refreshed
  #stop: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking = false
  #missed = false

  constructor(host: ReactiveControllerHost, what: Refreshed) {
    this.#what = what
    host.addController(this)
  }

  hostConnected(): void {
    // Properties are set right after the element was made.
    queueMicrotask(() => (this.#stop ??= this.#what.listen(() => this.#news())))
  }

  hostDisconnected(): void {
    this.#stop?.()
    this.#stop = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#missed = false
  }

  #news(): void {
    if (this.#asking) this.#missed = true
    else this.#timer ??= setTimeout(() => void this.#ask(), this.#what.pauseMs)
  }

  async #ask(): Promise<void> {
    this.#timer = undefined
    this.#asking = true
    try {
      await this.#what.ask()
    } finally {
      this.#asking = false
      if (this.#missed) {
        this.#missed = false
        this.#news()
      }
    }
  }
}
