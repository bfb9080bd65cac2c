/** Popovers that cost nothing until somebody opens them. */
import { nothing, type TemplateResult } from 'lit'
import { AsyncDirective, directive } from 'lit/async-directive.js'

class OnceOpened extends AsyncDirective {
  #state: 'closed' | 'coming' | 'there' = 'closed'
  /** What had the keyboard when it was opened. */
  #opener: HTMLElement | null = null
  #popover: () => TemplateResult | typeof nothing = () => nothing

  override render(opened: boolean, popover: () => TemplateResult): TemplateResult | typeof nothing {
    this.#popover = popover
    this.#follow(opened)
    if (this.#state === 'there') return popover()
    if (opened && this.#state === 'closed') void this.#bring()
    return nothing
  }

  /** Vaadin gives the keyboard back only where it has heard of the press that opened it. */
  #follow(opened: boolean): void {
    const { activeElement } = document
    if (opened && this.#opener === null) this.#opener = activeElement instanceof HTMLElement ? activeElement : null
    if (opened || this.#opener === null) return
    const opener = this.#opener
    this.#opener = null
    // Who has clicked somewhere else meanwhile is there.
    setTimeout(() => (document.activeElement === document.body || document.activeElement?.closest('vaadin-popover') !== null) && opener.focus())
  }

  async #bring(): Promise<void> {
    this.#state = 'coming'
    // A way that failed is told by whoever hears of code that does not come; the next click tries again.
    const came = await import('@vaadin/popover').then(() => true, () => false)
    this.#state = came ? 'there' : 'closed'
    if (came && this.isConnected) this.setValue(this.#popover())
  }
}

/**
 * `${onceOpened(this.opened, () => html`<vaadin-popover .opened=${this.opened} ...>`)}`: the popover is made, and its code loaded, when it is opened for the first
 * time, and stays from then on, and gives the keyboard back. A list has half a dozen of them, and its readers open none at first.
 */
export const onceOpened = directive(OnceOpened)
