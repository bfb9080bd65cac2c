/** Rows are chosen on a telephone: begun by a long press or from the menu, ended by "Done", Escape, the way back, or more room. */
import type { LitElement, ReactiveController } from 'lit'

import { router } from '../../shell/router.js'
import { narrow } from '../narrow.js'

export class Choosing implements ReactiveController {
  on = false
  readonly #host: LitElement
  readonly #forget: () => void
  #leave: (() => void) | undefined
  readonly #pressed = (event: KeyboardEvent): void => void (event.key === 'Escape' && !event.defaultPrevented && this.#isHere(event.target) && this.end())
  readonly #room = (): void => (this.on ? this.end() : this.#host.requestUpdate())

  /** @param forget what was chosen */
  constructor(host: LitElement, forget: () => void) {
    this.#host = host
    this.#forget = forget
    host.addController(this)
  }

  hostConnected(): void {
    narrow.addEventListener('change', this.#room)
  }

  hostDisconnected(): void {
    narrow.removeEventListener('change', this.#room)
    this.#over()
  }

  begin(): void {
    if (this.on) return
    this.on = true
    this.#leave = router.within(() => this.end())
    document.addEventListener('keydown', this.#pressed)
    this.#host.requestUpdate()
  }

  end(): void {
    this.#over()
    this.#forget()
    this.#host.requestUpdate()
  }

  /** What is open above the list closes first. */
  #isHere(target: EventTarget | null): boolean {
    return (target === document.body || (target instanceof Node && this.#host.contains(target))) && document.querySelector('dialog[open], :popover-open') === null
  }

  #over(): void {
    this.on = false
    this.#leave?.()
    this.#leave = undefined
    document.removeEventListener('keydown', this.#pressed)
  }
}
