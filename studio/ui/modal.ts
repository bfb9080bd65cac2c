/** An element that is a dialog over the page: opens when it is added, goes when it is closed. */
import './dialog.css'

import { html, type TemplateResult } from 'lit'

import { language } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { LightElement } from './light-element.js'

/** Types of inputs that hold a line of text. */
const lines: ReadonlySet<string> = new Set(['text', 'email', 'url', 'tel', 'number'])

export abstract class Modal<Result> extends LightElement {
  #finish: ((result: Result | null) => void) | null = null

  constructor() {
    super()
    new Watch(this, language)
  }

  /** Shows the dialog; resolves with what was decided, null when it was closed without. */
  open(): Promise<Result | null> {
    return new Promise((resolve) => {
      this.#finish = resolve
      document.body.append(this)
    })
  }

  protected abstract content(): TemplateResult
  protected abstract readonly label: string

  override render(): TemplateResult {
    return html`<dialog class=${`studio-dialog ${this.kind}`} aria-label=${this.label} @cancel=${(event: Event) => this.#cancelled(event)} @keydown=${(event: KeyboardEvent) => this.#pressed(event)}>${this.content()}</dialog>`
  }

  protected get kind(): string {
    return ''
  }

  /** Enter was pressed in a line of text: what the first button of the dialog does, where it says so. */
  protected entered(): void {}

  /** While Chinese is being composed Enter picks a character; in an open choice it takes one. */
  #pressed(event: KeyboardEvent): void {
    const [target] = event.composedPath()
    if (event.key === 'Enter' && !event.isComposing && !event.defaultPrevented && target instanceof HTMLInputElement && lines.has(target.type) && target.getAttribute('role') !== 'combobox') this.entered()
  }

  /** False while closing would leave something half done. */
  protected get mayClose(): boolean {
    return true
  }

  override firstUpdated(): void {
    this.querySelector('dialog')?.showModal()
  }

  #cancelled(event: Event): void {
    // Pickers inside the dialog send the same event.
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    if (this.mayClose) this.close(null)
  }

  protected close(result: Result | null): void {
    this.querySelector('dialog')?.close()
    this.remove()
    this.#finish?.(result)
    this.#finish = null
  }
}
