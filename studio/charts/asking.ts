/** Asks again whenever the question of its host is another one; an answer that nobody waits for any more is dropped. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

import { describeProblem } from '../ui/toast.js'

export type Answered<T> = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly value: T }

export class Asking<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #key: readonly unknown[] = []
  #request: AbortController | null = null
  answer: Answered<T> = { state: 'loading' }
  /** There is a newer question than the answer is to. */
  busy = false

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    this.#host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#request?.abort()
    this.#key = []
  }

  /** Asks unless it was asked with the same parts before. */
  ask(key: readonly unknown[], run: (signal: AbortSignal) => Promise<T>): void {
    if (key.length === this.#key.length && key.every((part, i) => part === this.#key[i])) return
    this.#key = key
    void this.#run(run)
  }

  async #run(run: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#request?.abort()
    const request = new AbortController()
    this.#request = request
    this.busy = true
    try {
      const value = await run(request.signal)
      if (!request.signal.aborted) this.answer = { state: 'ready', value }
    } catch (thrown) {
      if (!request.signal.aborted) this.answer = { state: 'failed', reason: describeProblem(thrown) }
    }
    if (request.signal.aborted) return
    this.busy = false
    this.#host.requestUpdate()
  }
}
