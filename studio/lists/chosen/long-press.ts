/** A finger that rests on something, where there is no mouse to hover or to press twice. */
import type { LitElement, ReactiveController } from 'lit'

const restsMs = 500
/** A finger that lies still moves, too. */
const stillPx = 10

/** Does what `begun` answers to the press, once the finger has rested; the menu or the click that a browser makes of it is left out. */
export class LongPress implements ReactiveController {
  #timer: number | undefined
  #from = { x: 0, y: 0 }
  #act: (() => void) | undefined
  /** It was done: what comes of the finger that is lifted is no click. */
  #done = false

  constructor(host: LitElement, begun: (event: PointerEvent) => (() => void) | undefined) {
    host.addController(this)
    host.addEventListener('pointerdown', (event) => {
      this.#stop()
      this.#done = false
      this.#act = event.pointerType === 'mouse' ? undefined : begun(event)
      this.#from = { x: event.clientX, y: event.clientY }
      if (this.#act !== undefined) this.#timer = window.setTimeout(() => this.#rested(), restsMs)
    })
    host.addEventListener('pointermove', ({ clientX, clientY }) => void (Math.hypot(clientX - this.#from.x, clientY - this.#from.y) > stillPx && this.#stop()))
    for (const over of ['pointerup', 'pointercancel'] as const) host.addEventListener(over, () => this.#stop())
    host.addEventListener('contextmenu', (event) => {
      // Some browsers are faster than the timer.
      if (this.#act !== undefined) this.#rested()
      if (this.#done) event.preventDefault()
    })
    host.addEventListener('click', (event) => {
      if (!this.#done) return
      this.#done = false
      event.preventDefault()
      event.stopPropagation()
    }, { capture: true })
  }

  hostDisconnected(): void {
    this.#stop()
  }

  #rested(): void {
    const act = this.#act
    this.#stop()
    this.#done = true
    act?.()
  }

  #stop(): void {
    window.clearTimeout(this.#timer)
    this.#act = undefined
  }
}
