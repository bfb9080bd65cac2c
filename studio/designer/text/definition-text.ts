/** One definition of the draft as text. Equal to the visual editors: what is typed is in the draft as soon as it is whole, what the draft gets elsewhere is read here. */
import './definition-text.css'

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { theme } from '../../client/preferences.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Design, DraftProblem } from '../draft/draft-store.js'
import type { Perform } from '../entities/field-panel.js'
import { problemText } from '../words.js'
import { difference } from './difference.js'
import { lineAt, readText, spanOf, type Fault } from './reading.js'
import { kept } from './kept.js'
import type { Mark, TextView, TextViewOptions } from './monaco.js'
import { followed, isTaken, openText, toldOf, type TextState } from './text-state.js'

const restMs = 500
const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** `<definition-text .design .perform .path .at>`: fills the element around it; `path` is the document's, `at` a JSON Pointer that is looked at first. */
@customElement('definition-text')
export class DefinitionText extends LightElement {
  static override properties = { design: { attribute: false }, perform: { attribute: false }, path: {}, at: {}, state: { state: true }, refused: { state: true }, phase: { state: true } }
  declare design: Design | undefined
  declare perform: Perform
  declare path: string
  declare at: string
  declare state: TextState
  /** Somebody else changed the place that was typed at. */
  declare refused: boolean
  /** Of the editor, which comes with the first text. */
  declare phase: 'loading' | 'shown' | 'failed'
  #view: TextView | null = null
  #shownPath = ''
  #timer: number | undefined
  readonly #dress = (): void => this.#view?.dress()

  constructor() {
    super()
    this.path = ''
    this.at = ''
    this.state = openText(undefined)
    this.refused = false
    this.phase = 'loading'
    new Watch(this, language, theme)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    dark.addEventListener('change', this.#dress)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    dark.removeEventListener('change', this.#dress)
    this.#leave()
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (this.design === undefined) return
    if (changed.has('path')) {
      this.#leave()
      this.refused = false
      this.state = kept.read(this.path) ?? openText(this.#document)
    }
    if (changed.has('design') || changed.has('path')) this.state = followed(this.state, this.#document)
  }

  get #document(): Design['draft']['documents'][string] | undefined {
    return this.design?.draft.documents[this.path]
  }

  /** What is typed goes into the draft before the page is left; what cannot is kept. */
  #leave(): void {
    if (this.#shownPath !== '') this.#take()
    this.#view?.end()
    this.#view = null
    this.#shownPath = ''
  }

  override updated(changed: PropertyValues<this>): void {
    void this.#show(changed.has('at'))
  }

  async #show(reveal: boolean): Promise<void> {
    const host = this.querySelector<HTMLElement>('.text-host')
    if (host === null) return
    if (this.#view === null) {
      const monaco = await loaded().catch((thrown: unknown) => this.#notLoaded(thrown))
      if (monaco === undefined || !host.isConnected || this.#view !== null) return
      this.#shownPath = this.path
      this.phase = 'shown'
      this.#view = monaco.showText(host, { path: this.path, text: this.state.text, label: t('text.label', { path: this.path }), readOnly: false, typed: (text) => this.#typed(text), rested: () => this.#take() })
      if (this.at !== '') this.#view.reveal(spanOf(this.state.text, this.at))
    }
    this.#view.show(this.state.text)
    this.#view.mark(this.#marks())
    this.#view.dress()
    if (reveal && this.at !== '') this.#view.reveal(spanOf(this.state.text, this.at))
  }

  #notLoaded(thrown: unknown): undefined {
    this.phase = 'failed'
    toastProblem(thrown)
  }

  #typed(text: string): void {
    this.state = { ...this.state, text }
    this.refused = false
    kept.keep(this.#shownPath, this.state)
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#take(), restMs)
  }

  #take(): void {
    window.clearTimeout(this.#timer)
    const path = this.#shownPath
    const { operations, state } = toldOf(path, this.state)
    try {
      this.perform(() => operations)
    } catch {
      // The place of a change is gone: somebody changed it meanwhile. The text stays, and the person decides.
      this.refused = true
      return
    }
    if (state === this.state) return
    this.state = state
    kept.forget(path)
  }

  #put(state: TextState): void {
    window.clearTimeout(this.#timer)
    kept.forget(this.path)
    this.refused = false
    this.state = state
  }

  /** The text as a whole, over what others changed. */
  #insist(): void {
    const { value } = readText(this.state.text)
    if (value === null) return
    const { path } = this
    this.perform((documents) => difference(path, documents[path], value))
    this.#put({ ...this.state, base: value })
  }

  get #problems(): readonly DraftProblem[] {
    return this.design?.problems.filter(({ path }) => path.split('#')[0] === this.path) ?? []
  }

  get #fault(): Fault | null {
    return this.state.text.trim() === '' && this.#document === undefined ? null : readText(this.state.text).fault
  }

  #marks(): readonly Mark[] {
    const fault = this.#fault
    if (fault !== null) return [{ ...fault, message: faultText(fault) }]
    return this.#problems.map((problem) => ({ ...spanOf(this.state.text, placeIn(problem)), message: problemText(problem) }))
  }

  override render(): TemplateResult | typeof nothing {
    if (this.design === undefined) return nothing
    return html`
      <div class="text-frame" aria-busy=${this.phase === 'loading'} @keydown=${stay}>
        <div class="text-host"></div>
        ${this.phase === 'shown' ? nothing : html`<p class="quiet">${t(this.phase === 'failed' ? 'text.notLoaded' : 'loading')}</p>`}
      </div>
      <div class="text-state" role="status">${this.#said()}</div>
    `
  }

  #said(): TemplateResult {
    const fault = this.#fault
    if (fault !== null) return this.#broken(fault)
    if (this.refused) return this.#meanwhile()
    const problems = this.#problems
    if (!isTaken(this.state)) return html`<p class="quiet">${t('text.typing')}</p>`
    if (problems.length === 0) return html`<p class="quiet">${icon('check')}${t('text.taken')}</p>`
    return html`<ul>${problems.map((problem) => html`<li>${this.#place(spanOf(this.state.text, placeIn(problem)).offset)}<span>${problemText(problem)}</span></li>`)}</ul>`
  }

  #place(offset: number): TemplateResult {
    return html`<button type="button" class="plain text-place" ?disabled=${this.phase !== 'shown'} @click=${() => this.#goTo(offset)}>${icon('warning')}${t('text.place', { line: lineAt(this.state.text, offset).line, column: lineAt(this.state.text, offset).column })}</button>`
  }

  #goTo(offset: number): void {
    this.#view?.reveal({ offset, length: 1 })
    this.#view?.focus()
  }

  /** Where and why, and that the draft is as it was. */
  #broken(fault: Fault): TemplateResult {
    return html`
      <div class="text-broken">${this.#place(fault.offset)}<span>${faultText(fault)} ${t('text.notInDraft')}</span>
        <button type="button" class="plain accent" @click=${() => this.#put(openText(this.#document))}>${t('text.discard')}</button></div>
    `
  }

  #meanwhile(): TemplateResult {
    return html`
      <div class="text-broken">${icon('warning')}<span>${t('text.meanwhile')}</span>
        <button type="button" class="plain accent" @click=${() => this.#put(openText(this.#document))}>${t('text.takeDraft')}</button>
        <button type="button" class="plain accent" @click=${() => this.#insist()}>${t('text.takeMine')}</button></div>
    `
  }
}

/** Keys typed into the text are not shortcuts of the page, nor is its undo that of the draft. */
function stay(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || /^[zy]$/i.test(event.key)) event.stopPropagation()
}

const placeIn = ({ path }: DraftProblem): string => path.split('#')[1] ?? ''

const faultText = ({ reason, name }: Fault): string => t(`text.fault.${reason}` as 'text.fault.symbol', { name })

/** Its own words come in the language that the studio has when it is first loaded. */
async function loaded(): Promise<{ readonly showText: (host: HTMLElement, options: TextViewOptions) => TextView }> {
  if (language.value === 'zh') await import('monaco-editor/nls/lang/zh-cn')
  return import('./monaco.js')
}

declare global {
  interface HTMLElementTagNameMap {
    'definition-text': DefinitionText
  }
}
