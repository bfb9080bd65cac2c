/** The grid of a list: rows come in pages while scrolling, a row opens its record. Knows nothing of filters and addresses. */
import './record-list.css'
import '@vaadin/grid'
import '@vaadin/grid/vaadin-grid-column.js'
import type { Grid, GridDataProviderCallback, GridDataProviderParams } from '@vaadin/grid'
import type { GridColumn } from '@vaadin/grid/vaadin-grid-column.js'
import { columnBodyRenderer, columnFooterRenderer, columnHeaderRenderer } from '@vaadin/grid/lit.js'
import { html, nothing, render, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Rec } from '../../client/records.js'
import type { Surroundings } from '../../fields/contract.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Cell } from './cell-editor.js'
import { linkCell, rowCard, valueCell } from './cells.js'
import { columnHeader, orderIn } from './column-header.js'
import { isEditable, type Column } from './columns.js'
import { gridPageSize, type KeysetPages } from './keyset-pages.js'
import { LongPress } from '../chosen/long-press.js'
import { narrow, narrowing } from '../narrow.js'
import { cellOf, isTick, pencil, spaceTicks, tickBox } from './row-parts.js'
import { totalCell, type Summed } from './totals.js'
import { columnWidths, keepWidth, tickPx, widthsOf, type Width, type Widths } from './widths.js'

/** How far the scroll bar reaches beyond what is known, where the count is capped. */
const growRows = 10_000

/** `<record-list .entity .columns .pages .size .sort .surroundings>`; fires `open` (detail: id), with Shift `look` (detail: id), `sort` (detail: SortChoice), `order` (detail: paths of the columns), `selected` (detail: ids), `choose` (detail: id of the row that was pressed long) and `edit` (detail: Cell). */
@customElement('record-list')
export class RecordList extends LightElement {
  static override properties = {
    entity: { attribute: false },
    columns: { attribute: false },
    pages: { attribute: false },
    size: { attribute: false },
    capped: { attribute: false },
    sort: { attribute: false },
    surroundings: { attribute: false },
    address: { attribute: false },
    startRow: { attribute: false },
    selectable: { attribute: false },
    selected: { attribute: false },
    everything: { attribute: false },
    choosing: { attribute: false },
    summed: { attribute: false },
    frozen: { attribute: false },
  }
  declare entity: UiEntity | undefined
  declare columns: readonly Column[]
  declare pages: KeysetPages<Rec> | undefined
  /** Rows that are known to exist. */
  declare size: number
  /** True when there are more rows than `size`. */
  declare capped: boolean
  declare sort: string
  declare surroundings: Surroundings | undefined
  /** Address of a row's record. */
  declare address: (record: Rec) => string
  /** Row to begin with, e.g. where the reader was before. */
  declare startRow: number
  /** Rows have boxes to tick, and their values can be changed in place. */
  declare selectable: boolean
  /** Ids of the rows that are ticked. */
  declare selected: readonly number[]
  /** All rows are, also those that are not here. */
  declare everything: boolean
  /** On a narrow screen: rows are ticked instead of opened. */
  declare choosing: boolean
  /** Totals of the whole list; empty for none. */
  declare summed: Summed
  /** How many of the first columns stay in sight. */
  declare frozen: number
  /** Row that was ticked last: where a range begins. */
  #lastTicked = 0
  readonly #pencil = Object.assign(document.createElement('span'), { className: 'cell-tool' })

  constructor() {
    super()
    this.columns = []
    this.size = 0
    this.capped = false
    this.sort = ''
    this.startRow = 0
    this.selectable = false
    this.selected = []
    this.everything = false
    this.choosing = false
    this.summed = new Map()
    this.frozen = 1
    this.address = () => ''
    new Watch(this, narrowing)
    new LongPress(this, (event) => {
      const item = narrow.matches && this.selectable && !this.choosing ? this.#grid?.getEventContext(event)?.item : undefined
      return item === undefined ? undefined : () => void this.dispatchEvent(new CustomEvent('choose', { detail: item.id }))
    })
  }

  /** First row in sight, for coming back to it. */
  get firstRow(): number {
    // `_firstVisibleIndex` is the only way that the grid tells it.
    const grid = this.querySelector<Grid<Rec> & { _firstVisibleIndex?: number }>('vaadin-grid')
    return grid?._firstVisibleIndex ?? 0
  }

  override updated(changed: PropertyValues<this>): void {
    const grid = this.#grid
    if (grid === null || this.pages === undefined) return
    if (changed.has('pages')) {
      grid.size = this.size
      grid.clearCache()
      if (grid.dataProvider !== this.#provide) grid.dataProvider = this.#provide
      grid.scrollToIndex(this.startRow)
    } else if (changed.has('size')) {
      this.#resize(this.size)
    } else if (changed.has('columns') || changed.has('surroundings')) {
      grid.requestContentUpdate()
    }
  }

  override render(): TemplateResult | typeof nothing {
    if (this.entity === undefined) return nothing
    const widths = columnWidths(this.columns, this.#widths, { firstPx: 40, summed: this.summed, ticked: this.selectable })
    return html`
      <vaadin-grid theme="no-border" class=${narrow.matches ? 'quiet-links narrow' : 'quiet-links'} ?data-choosable=${this.selectable} ?data-choosing=${this.choosing} .pageSize=${gridPageSize} accessible-name=${this.entity.plural} column-reordering-allowed
        @column-reorder=${() => this.#reordered()} @column-resize=${(event: CustomEvent<{ resizedColumn: GridColumn }>) => keepWidth(this.#widths, event.detail)}
        @pointerover=${(event: PointerEvent) => event.pointerType === 'mouse' && this.#point(event)} @click=${(event: MouseEvent) => this.#clicked(event)} @keydown=${(event: KeyboardEvent) => this.#key(event)} @keyup=${spaceTicks}>
        ${this.selectable && (this.choosing || !narrow.matches) ? this.#tickColumn() : nothing}
        ${narrow.matches ? this.#narrowColumn() : repeat(this.columns, ({ path }) => path, (column, index) => this.#column(column, index, widths[index]))}
      </vaadin-grid>
    `
  }

  get #grid(): Grid<Rec> | null {
    return this.querySelector<Grid<Rec>>('vaadin-grid')
  }

  #column(column: Column, index: number, width: Width | undefined): TemplateResult {
    const header = (): TemplateResult => columnHeader(column, this.sort, this)
    const body = (record: Rec): TemplateResult => (index === 0 ? linkCell(column, record, this) : valueCell(column, record, this.surroundings))
    return html`
      <vaadin-grid-column resizable data-path=${column.path} .width=${width?.css ?? ''} .flexGrow=${width?.grow ?? 1} text-align=${column.view.align} ?frozen=${index < this.frozen}
        ${columnHeaderRenderer(header, [this.sort, column, language.value])} ${columnBodyRenderer(body, [column, this.surroundings, language.value])}
        ${this.summed.size > 0 ? columnFooterRenderer(() => this.#total(column, index), [this.summed, column, language.value]) : nothing}></vaadin-grid-column>
    `
  }

  #total(column: Column, index: number): TemplateResult | typeof nothing {
    const total = this.summed.get(column.path)
    if (total === undefined || this.surroundings === undefined) return index === 0 ? html`<b>${t('summary.all')}</b>` : nothing
    return totalCell(total, column, this.surroundings)
  }

  /** Boxes to tick; with Shift all rows from the one ticked before. */
  #tickColumn(): TemplateResult {
    const body = (record: Rec, { index }: { readonly index: number }): TemplateResult => tickBox(this.entity, record, this.everything || this.selected.includes(record.id), (ticked, range) => void this.#tick(record, index, ticked, range))
    return html`<vaadin-grid-column frozen width=${`${String(tickPx)}px`} flex-grow="0" ${columnHeaderRenderer(() => html`<span class="visually-hidden">${t('list.selection')}</span>`, [language.value])} ${columnBodyRenderer(body, [this.selected, this.everything, language.value])}></vaadin-grid-column>`
  }

  async #tick(record: Rec, index: number, ticked: boolean, range: boolean): Promise<void> {
    const from = range ? this.#lastTicked : index
    this.#lastTicked = index
    const ids = new Set([record.id, ...(await this.#idsBetween(Math.min(from, index), Math.max(from, index)))])
    const others = this.selected.filter((id) => !ids.has(id))
    this.dispatchEvent(new CustomEvent<readonly number[]>('selected', { detail: ticked ? [...others, ...ids] : others }))
  }

  async #idsBetween(first: number, last: number): Promise<readonly number[]> {
    const ids: number[] = []
    for (let page = Math.floor(first / gridPageSize); page * gridPageSize <= last; page += 1) {
      const records = (await this.pages?.page(page)) ?? []
      ids.push(...records.filter((_, at) => page * gridPageSize + at >= first && page * gridPageSize + at <= last).map(({ id }) => id))
    }
    return ids
  }

  /** The grid has moved a column: its order becomes the list's, so that it stays. */
  #reordered(): void {
    if (this.#grid !== null) this.dispatchEvent(new CustomEvent<readonly string[]>('order', { detail: orderIn(this.#grid) }))
  }

  get #widths(): Widths {
    return widthsOf(this.entity?.name ?? '')
  }

  /** One pencil for all cells follows the mouse: one in each would be half of what a list is made of. */
  #point(event: PointerEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>('vaadin-grid-cell-content')
    if (cell === null || cell === this.#pencil.parentElement) return
    this.#pencil.remove()
    const pointed = this.#editableAt(event)
    if (pointed === undefined || pointed.column === this.columns[0]) return
    render(pencil(this.entity, pointed.record, pointed.column, (click) => this.#editAt(click, cell)), this.#pencil)
    cell.append(this.#pencil)
  }

  /** The record and the column under an event, where its value can be changed in place. */
  #editableAt(event: Event): Omit<Cell, 'anchor'> | undefined {
    const { item: record, column: at } = this.#grid?.getEventContext(event) ?? {}
    const column = this.columns.find(({ path }) => path === at?.dataset['path'])
    return record === undefined || column === undefined || this.entity === undefined || !this.selectable || !isEditable(this.entity, column) ? undefined : { record, column }
  }

  #editAt(event: Event, anchor: HTMLElement | null): void {
    const cell = this.#editableAt(event)
    if (cell === undefined) return
    event.preventDefault()
    this.#edit(anchor, cell)
  }

  #edit(anchor: HTMLElement | null, cell: Omit<Cell, 'anchor'>): void {
    if (anchor !== null) this.dispatchEvent(new CustomEvent<Cell>('edit', { detail: { anchor, ...cell } }))
  }

  /** On narrow screens a row is a name with the most telling values under it. */
  #narrowColumn(): TemplateResult {
    const body = (record: Rec): TemplateResult => rowCard(this.columns, record, this)
    const totals = (): TemplateResult => html`<span class="row-values">${this.columns.filter(({ path }) => this.summed.has(path)).map((column) => html`<span>${column.title}: ${this.#total(column, 1)}</span>`)}</span>`
    return html`<vaadin-grid-column .flexGrow=${1} ${columnHeaderRenderer(() => html`${nothing}`, [])} ${columnBodyRenderer(body, [this.columns, this.surroundings, language.value])}
      ${this.summed.size > 0 ? columnFooterRenderer(totals, [this.summed, this.columns, language.value]) : nothing}></vaadin-grid-column>`
  }

  readonly #provide = (params: GridDataProviderParams<Rec>, done: GridDataProviderCallback<Rec>): void => void this.#page(params.page, done)

  async #page(index: number, done: GridDataProviderCallback<Rec>): Promise<void> {
    const pages = this.pages
    if (pages === undefined) return
    try {
      const records = await pages.page(index)
      if (pages !== this.pages) return
      const reached = index * gridPageSize + records.length
      done([...records])
      // Behind the first page somebody is scrolling. What is sensitive is read by nobody but who looks at it.
      if (index > 0 && !this.columns.some(({ field }) => field.sensitive === true)) pages.readAhead(index + 1)
      this.#resize(pages.end ?? (this.capped && reached >= this.size ? this.size + growRows : this.size))
    } catch (thrown) {
      done([])
      // A list that was left or asked anew is nobody's concern any more.
      if (pages === this.pages && this.isConnected) toastProblem(thrown)
    }
  }

  /** The grid keeps a size of its own beside what pages report. */
  #resize(size: number): void {
    this.size = size
    const grid = this.#grid
    if (grid !== null && grid.size !== size) grid.size = size
  }

  /** The whole row is the box to tick: links in it lead nowhere meanwhile. */
  #choose(event: MouseEvent | KeyboardEvent): void {
    const context = this.#grid?.getEventContext(event)
    if (context?.section !== 'body' || context.item === undefined || isTick(event)) return
    event.preventDefault()
    void this.#tick(context.item, context.index ?? 0, !this.everything && !this.selected.includes(context.item.id), false)
  }

  #clicked(event: MouseEvent): void {
    if (this.choosing) return this.#choose(event)
    if (event.defaultPrevented || event.metaKey || event.ctrlKey) return
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement || node instanceof HTMLButtonElement || node instanceof HTMLLabelElement)) return
    // A text that was just selected is to be copied, not left. With Shift the browser selects on its own.
    if (!event.shiftKey && (window.getSelection()?.toString() ?? '') !== '') return
    this.#open(event)
  }

  #key(event: KeyboardEvent): void {
    // The space bar is the grid's own: it clicks what the cell holds.
    if (this.choosing) return void (event.key === 'Enter' && this.#choose(event))
    if (event.key === 'F2') this.#editAt(event, cellOf(event))
    if (event.key === 'Enter' && !event.composedPath().some((node) => node instanceof HTMLButtonElement)) this.#open(event)
  }

  #open(event: MouseEvent | KeyboardEvent): void {
    const context = this.#grid?.getEventContext(event)
    if (context?.section === 'body' && context.item !== undefined) this.dispatchEvent(new CustomEvent(event.shiftKey ? 'look' : 'open', { detail: context.item.id }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'record-list': RecordList
  }
}
