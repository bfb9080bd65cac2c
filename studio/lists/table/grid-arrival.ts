/** How the grid of a list takes the place of its first rows: once they can be seen, without losing what is pressed or focused in them. */
import type { LitElement } from 'lit'

import { painted } from '../../ui/when-idle.js'

export class GridArrival {
  readonly #host: LitElement
  #isAsked = false
  #isReady = false
  #isPressed = false

  /** @param host the list; it draws first rows or the grid, as `isHere` says */
  constructor(host: LitElement) {
    this.#host = host
  }

  /** False while the first rows stand there. */
  get isHere(): boolean {
    return this.#isReady && !this.#isPressed
  }

  /** Asks for the grid's code. @param seen false where nothing is shown before it: somebody comes back to a place further down */
  async begin(seen: boolean): Promise<void> {
    if (this.#isAsked) return
    this.#isAsked = true
    if (seen) await painted()
    await import('./record-list.js').catch((thrown: unknown) => {
      this.#isAsked = false // the next rows ask again
      throw thrown
    })
    const focused = document.activeElement?.closest('.first-rows [data-id]')?.querySelector('.row-link')?.getAttribute('href') ?? null
    this.#isReady = true
    this.#host.requestUpdate()
    if (focused === null) return
    await painted()
    this.#host.querySelector<HTMLElement>(`record-list .row-link[href="${focused}"]`)?.focus()
  }

  /** One of the first rows is pressed: what goes away before it is let go is not clicked. */
  press(): void {
    this.#isPressed = true
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(() => this.release()), { once: true }) // the click comes before
  }

  /** Nothing is pressed any more; a finger that rested, and has begun to choose, presses nothing either. */
  release(): void {
    this.#isPressed = false
    this.#host.requestUpdate()
  }
}
