/** For what goes on somewhere else and has to be asked about. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

import { whenIdle } from '../ui/when-idle.js'

/** Asks once the page is at rest that its host came into, and then every `pauseMs` for as long as the answer is true: there is more to come. */
export class Again implements ReactiveController {
  readonly #ask: () => Promise<boolean>
  readonly #pauseMs: number
  #connected = false
  #timer: number | undefined

  constructor(host: ReactiveControllerHost, ask: () => Promise<boolean>, pauseMs: number) {
    this.#ask = ask
    this.#pauseMs = pauseMs
    host.addController(this)
  }

  hostConnected(): void {
    this.#connected = true
    whenIdle(() => this.#look(), 0)
  }

  hostDisconnected(): void {
    this.#connected = false
    window.clearTimeout(this.#timer)
  }

  /** Asks at once: what it is about has changed. */
  now(): void {
    window.clearTimeout(this.#timer)
    void this.#look()
  }

  async #look(): Promise<void> {
    if (this.#connected && (await this.#ask()) && this.#connected) this.#timer = window.setTimeout(() => void this.#look(), this.#pauseMs)
  }
}
