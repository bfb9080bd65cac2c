/** What a dialog asks the engine to do: once at a time, and what went wrong stays to be read. */
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit'

import { icon } from './icon.js'
import { explainProblem } from './toast.js'

export class Attempt {
  #busy = false
  #failure: unknown = null
  readonly #host: ReactiveControllerHost

  constructor(host: ReactiveControllerHost) {
    this.#host = host
  }

  /** True until the answer is there. */
  get busy(): boolean {
    return this.#busy
  }

  /** What went wrong last; null when nothing did. */
  get failure(): unknown {
    return this.#failure
  }

  /** What went wrong, in words, where the dialog shows it. */
  get notice(): TemplateResult | typeof nothing {
    return this.#failure === null ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${explainProblem(this.#failure)}</p>`
  }

  /**
   * Does nothing while an answer is waited for.
   * @param done is called with what came of it, when nothing is waited for any more
   */
  async make<T>(work: () => Promise<T>, done: (made: T) => void): Promise<void> {
    if (this.#busy) return
    this.#set(true, null)
    let made: T
    try {
      made = await work()
    } catch (thrown) {
      return this.#set(false, thrown)
    }
    this.#set(false, null)
    done(made)
  }

  #set(busy: boolean, failure: unknown): void {
    this.#busy = busy
    this.#failure = failure
    this.#host.requestUpdate()
  }
}
