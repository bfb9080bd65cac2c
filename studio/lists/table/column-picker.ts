/** Which columns a list shows, and in which order: a button with a form that works at once. Fires `columns` with the paths, `frozen` with how many of the first ones stay in sight. */
import '../quick-search.css'
import './column-picker.css'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { onceOpened } from '../../ui/once-opened.js'
import { pathChoices, type PathChoice } from './columns.js'
import { narrow } from '../narrow.js'

/** More leave no room for the others. */
const frozenMost = 5

/** `<column-picker .model .entity .paths .usual .frozen>` */
@customElement('column-picker')
export class ColumnPicker extends LightElement {
  static override properties = { model: { attribute: false }, entity: { attribute: false }, paths: { attribute: false }, usual: { attribute: false }, frozen: { attribute: false }, opened: { state: true }, q: { state: true }, dragged: { state: true } }
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  /** Paths that are shown now. */
  declare paths: readonly string[]
  /** Paths that the view shows by itself. */
  declare usual: readonly string[]
  /** How many of the first columns stay in sight. */
  /** Null: the list has no columns that stand beside each other. */
  declare frozen: number | null
  declare opened: boolean
  declare q: string
  declare dragged: string | null
  /** Where the keyboard was, for a row that a change took to another place. */
  #focused = ''

  constructor() {
    super()
    this.paths = []
    this.usual = []
    this.frozen = 1
    this.opened = false
    this.q = ''
    this.dragged = null
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    if (this.model === undefined || this.entity === undefined) return nothing
    const changed = this.paths.join() !== this.usual.join()
    return html`
      <button type="button" class="plain icon-only" title=${t('list.columns')} aria-label=${t('list.columns')} aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'}
        ?data-changed=${changed} @click=${() => this.#toggle()}>${icon('columns')}</button>
      ${onceOpened(this.opened, () => html`<vaadin-popover .target=${this.querySelector<HTMLElement>('button') ?? undefined} position="bottom-end" modal .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('list.columns')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => this.#form(), [this.paths, this.frozen, this.q, this.dragged, this.entity, this.model, language.value])}></vaadin-popover>`)}
    `
  }

  override updated(): void {
    if (this.#focused === '') return
    const wanted = this.#focused
    this.#focused = ''
    // The form is drawn by the popover, after this element.
    requestAnimationFrame(() => this.querySelector<HTMLElement>(`.column-form ${wanted}:not(:disabled)`)?.focus())
  }

  #toggle(): void {
    this.q = ''
    this.opened = !this.opened
  }

  #form(): TemplateResult | typeof nothing {
    const { model, entity } = this
    if (model === undefined || entity === undefined) return nothing
    const choices = pathChoices(model, entity)
    const byPath = new Map(choices.map((choice) => [choice.path, choice]))
    const shown = this.paths.flatMap((path) => byPath.get(path) ?? [])
    const wanted = this.q.trim().toLocaleLowerCase()
    const rest = choices.filter(({ path, label }) => !this.paths.includes(path) && label.toLocaleLowerCase().includes(wanted))
    return html`
      <div class="column-form">
        <header><h2>${t('list.columns')}</h2>
          ${this.paths.join() === this.usual.join() ? nothing : html`<button type="button" class="plain accent" @click=${() => this.#show([])}>${t('list.columnsReset')}</button>`}
        </header>
        <ul aria-label=${t('list.columnsShown')}>${repeat(shown, ({ path }) => path, (choice, index) => this.#shownRow(choice, index, shown.length))}</ul>
        ${narrow.matches || this.frozen === null ? nothing : this.#frozenChoice(shown.length, this.frozen)}
        <label class="quick-search">${icon('search')}<input type="search" .value=${this.q} placeholder=${t('list.columnsFind')} aria-label=${t('list.columnsFind')} autocomplete="off"
          @input=${(event: InputEvent) => (this.q = (event.target as HTMLInputElement).value)} /></label>
        <ul class="more" aria-label=${t('list.columnsMore')}>${repeat(rest, ({ path }) => path, (choice) => this.#hiddenRow(choice))}</ul>
        ${rest.length === 0 ? html`<p class="quiet">${t('list.columnsNone')}</p>` : nothing}
      </div>
    `
  }

  /** A phone has one column, which is always in sight. */
  #frozenChoice(shown: number, frozen: number): TemplateResult {
    const choices = Array.from({ length: Math.min(shown, frozenMost) + 1 }, (_, count) => count)
    return html`
      <label class="frozen">${icon('lock')}<span>${t('list.frozen')}</span>
        <select .value=${String(frozen)} @change=${({ currentTarget }: Event & { currentTarget: HTMLSelectElement }) => this.dispatchEvent(new CustomEvent<number>('frozen', { detail: Number(currentTarget.value) }))}>
          ${choices.map((count) => html`<option value=${count} ?selected=${count === frozen}>${count === 0 ? t('list.frozenNone') : t('list.frozenFirst', { count })}</option>`)}
        </select></label>`
  }

  #shownRow(choice: PathChoice, index: number, count: number): TemplateResult {
    const { path, label, field } = choice
    return html`
      <li draggable="true" data-path=${path} ?data-dragged=${this.dragged === path}
        @dragstart=${(event: DragEvent) => this.#drag(event, path)} @dragend=${() => (this.dragged = null)}
        @dragover=${(event: DragEvent) => this.#over(event, index)} @drop=${(event: DragEvent) => event.preventDefault()}>
        <label><input type="checkbox" checked ?disabled=${count === 1} @change=${() => this.#show(this.paths.filter((one) => one !== path), path, 'input')} />${icon(viewOf(field.type).icon)}<span>${label}</span></label>
        <button type="button" class="plain icon-only up" ?disabled=${index === 0} aria-label=${t('list.columnUp', { column: label })} title=${t('list.columnUp', { column: label })} @click=${() => this.#move(path, index - 1, '.up')}>${icon('arrowUp')}</button>
        <button type="button" class="plain icon-only down" ?disabled=${index === count - 1} aria-label=${t('list.columnDown', { column: label })} title=${t('list.columnDown', { column: label })} @click=${() => this.#move(path, index + 1, '.down')}>${icon('arrowDown')}</button>
      </li>
    `
  }

  #hiddenRow({ path, label, field }: PathChoice): TemplateResult {
    return html`<li data-path=${path}><label><input type="checkbox" .checked=${false} @change=${() => this.#show([...this.paths, path], path, 'input')} />${icon(viewOf(field.type).icon)}<span>${label}</span></label></li>`
  }

  #drag(event: DragEvent, path: string): void {
    event.dataTransfer?.setData('text/plain', path)
    this.dragged = path
  }

  #over(event: DragEvent, index: number): void {
    if (this.dragged === null) return
    event.preventDefault()
    if (this.paths[index] !== this.dragged) this.#move(this.dragged, index)
  }

  #move(path: string, to: number, control = ''): void {
    this.#show(this.paths.filter((one) => one !== path).toSpliced(to, 0, path), path, control)
  }

  /** Shows these, in this order; none means as the view does. The keyboard stays at a control of the row that moved. */
  #show(paths: readonly string[], moved = '', control = ''): void {
    this.#focused = control === '' ? '' : `[data-path="${moved}"] ${control}`
    const usual = paths.join() === this.usual.join()
    this.dispatchEvent(new CustomEvent<readonly string[]>('columns', { detail: usual ? [] : paths }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'column-picker': ColumnPicker
  }
}
