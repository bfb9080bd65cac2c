/** An element that is a dialog over the page: opens when it is added, goes when it is closed. */
import './dialog.css'

import { html, type TemplateResult } from 'lit'

import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { ask } from './dialogs.js'
import { LightElement } from './light-element.js'

/** Types of inputs that hold a line of text. */
const lines: ReadonlySet<string> = new Set(['text', 'email', 'url', 'tel'])

type Writable = HTMLInputElement | HTMLTextAreaElement | HTMLElement

const isWritable = (target: EventTarget | undefined): target is Writable =>
  target instanceof HTMLInputElement ? target.type !== 'search' : target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)

const writtenIn = (place: Writable): string => (place instanceof HTMLInputElement || place instanceof HTMLTextAreaElement ? place.value : place.textContent)

export abstract class Modal<Result> extends LightElement {
  #finish: ((result: Result | null) => void) | null = null
  /** What stood in each place before somebody typed there. */
  readonly #before = new Map<Writable, string>()
  #asking = false

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
    return html`<dialog class=${`studio-dialog ${this.kind}`} aria-label=${this.label} closedby="none" tabindex="-1" @cancel=${(event: Event) => this.#cancelled(event)} @beforeinput=${(event: InputEvent) => this.#typing(event)} @keydown=${(event: KeyboardEvent) => this.#pressed(event)}>${this.content()}</dialog>`
  }

  protected get kind(): string {
    return ''
  }

  /** Enter was pressed in a line of text: what the first button of the dialog does, where it says so. */
  protected entered(): void {}

  /** While Chinese is being composed Enter picks a character; in an open choice it takes one. */
  #pressed(event: KeyboardEvent): void {
    const [target] = event.composedPath()
    if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented && !this.#asking) {
      event.preventDefault() // or the same press answers the question
      void this.leave()
    }
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
    void this.leave()
  }

  #typing(event: InputEvent): void {
    const [target] = event.composedPath()
    if (isWritable(target) && !this.#before.has(target)) this.#before.set(target, writtenIn(target))
  }

  /** Something was typed that would be lost; what was looked for is no work. */
  get #typed(): boolean {
    return [...this.#before].some(([place, before]) => writtenIn(place) !== before)
  }

  /** Escape, and the cross: closes without a result, and asks before what was typed is lost. "Cancel" is an answer already. */
  protected async leave(): Promise<void> {
    if (this.#asking || !this.mayClose) return
    this.#asking = true
    // The page behind cannot be pressed: the question stands inside.
    const yes = !this.#typed || (await ask({ title: t('dialog.leaveTitle'), text: t('dialog.leaveText'), yes: t('dialog.leaveYes'), no: t('dialog.leaveNo'), danger: true }, this.querySelector('dialog') ?? document.body))
    this.#asking = false
    if (yes) this.close(null)
  }

  protected close(result: Result | null): void {
    this.querySelector('dialog')?.close()
    this.remove()
    this.#finish?.(result)
    this.#finish = null
  }
}
