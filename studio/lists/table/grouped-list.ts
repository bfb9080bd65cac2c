/** A list in groups, each with how many records it has and its totals; a group is unfolded when it is asked for. Fires `open` (detail: id), `sort`, `order` (detail: paths of the columns), `selected` (detail: ids), `choose` (detail: id of the row that was pressed long) and `edit` (detail: Cell). */
import './record-list.css'
import './grouped-list.css'
import '@vaadin/grid'
import '@vaadin/grid/vaadin-grid-column.js'
import type { Grid, GridDataProviderCallback, GridDataProviderParams } from '@vaadin/grid'
import type { GridColumn } from '@vaadin/grid/vaadin-grid-column.js'
import { columnBodyRenderer, columnFooterRenderer, columnHeaderRenderer } from '@vaadin/grid/lit.js'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { language, number, t } from '../../client/i18n.js'
import type { Rec } from '../../client/records.js'
import type { Surroundings } from '../../fields/contract.js'
import { Watch } from '../../client/store.js'
import { nameOf } from '../../fields/name-of.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Cell } from './cell-editor.js'
import { columnHeader, orderIn } from './column-header.js'
import { narrowValues, valueCell } from './cells.js'
import { isEditable, linkText, valueAt, type Column } from './columns.js'
import { groupText, groupsMax, type Groups, type GroupRow } from './groups.js'
import { LongPress } from '../chosen/long-press.js'
import { narrow, narrowing } from '../narrow.js'
import { cellOf, isTick, pencil, spaceTicks, tickBox } from './row-parts.js'
import { totalCell, type Summed } from './totals.js'
import { columnWidths, keepWidth, tickPx, widthsOf, type Width } from './widths.js'

type RecordRow = { readonly rowId: string; readonly record: Rec }
type Item = GroupRow | RecordRow

const pageSize = 100

/** `<grouped-list .entity .columns .groups .summed .surroundings .address .sort .selectable .selected .choosing .frozen>`; other `groups` are another list. */
@customElement('grouped-list')
export class GroupedList extends LightElement {
  static override properties = { entity: { attribute: false }, columns: { attribute: false }, groups: { attribute: false }, summed: { attribute: false }, surroundings: { attribute: false }, address: { attribute: false }, sort: {}, selectable: { attribute: false }, selected: { attribute: false }, everything: { attribute: false }, choosing: { attribute: false }, frozen: { attribute: false }, expanded: { state: true }, more: { state: true } }
  declare entity: UiEntity | undefined
  declare columns: readonly Column[]
  declare groups: Groups | undefined
  /** Totals of all groups together. */
  declare summed: Summed
  declare surroundings: Surroundings | undefined
  declare address: (record: Rec) => string
  /** As in the API. */
  declare sort: string
  /** Rows of records have boxes to tick, and their values can be changed in place. */
  declare selectable: boolean
  /** Ids of the records that are ticked. */
  declare selected: readonly number[]
  /** All rows are, also those that are not here. */
  declare everything: boolean
  /** On a narrow screen: records are ticked instead of opened. */
  declare choosing: boolean
  /** How many of the first columns stay in sight. */
  declare frozen: number
  /** Ids of the rows of groups that are unfolded. */
  declare expanded: ReadonlySet<string>
  /** There are more groups than are shown. */
  declare more: boolean

  constructor() {
    super()
    this.columns = []
    this.summed = new Map()
    this.address = () => ''
    this.sort = ''
    this.selectable = false
    this.selected = []
    this.everything = false
    this.choosing = false
    this.frozen = 1
    this.expanded = new Set()
    this.more = false
    new Watch(this, language, narrowing)
    new LongPress(this, (event) => {
      const item = narrow.matches && this.selectable && !this.choosing ? this.#itemAt(event) : undefined
      return item === undefined || 'isGroup' in item ? undefined : () => void this.dispatchEvent(new CustomEvent('choose', { detail: item.record.id }))
    })
  }

  get #grid(): Grid<Item> | null {
    return this.querySelector<Grid<Item>>('vaadin-grid')
  }

  override updated(changed: PropertyValues<this>): void {
    const grid = this.#grid
    if (grid === null || !changed.has('groups')) return
    grid.clearCache()
    if (grid.dataProvider !== this.#provide) grid.dataProvider = this.#provide
  }

  override render(): TemplateResult | typeof nothing {
    if (this.entity === undefined) return nothing
    const own = widthsOf(this.entity.name)
    const widths = columnWidths(this.columns, own, { firstPx: 120, summed: this.summed, ticked: this.selectable })
    return html`
      ${this.more ? html`<p class="list-note">${icon('warning')}${t('summary.more', { count: groupsMax })}</p>` : nothing}
      <vaadin-grid theme="no-border" class=${narrow.matches ? 'quiet-links narrow' : 'quiet-links'} ?data-choosable=${this.selectable} ?data-choosing=${this.choosing} .pageSize=${pageSize} accessible-name=${this.entity.plural} item-id-path="rowId" item-has-children-path="isGroup" column-reordering-allowed
        @column-reorder=${({ currentTarget }: Event & { currentTarget: Element }) => this.dispatchEvent(new CustomEvent<readonly string[]>('order', { detail: orderIn(currentTarget) }))} @column-resize=${(event: CustomEvent<{ resizedColumn: GridColumn }>) => keepWidth(own, event.detail)}
        @expanded-items-changed=${(event: CustomEvent<{ value: readonly Item[] }>) => (this.expanded = new Set(event.detail.value.map(({ rowId }) => rowId)))}
        @click=${(event: MouseEvent) => this.#clicked(event)} @keydown=${(event: KeyboardEvent) => this.#key(event)} @keyup=${spaceTicks}>
        ${this.selectable && (this.choosing || !narrow.matches) ? this.#tickColumn() : nothing}
        ${narrow.matches ? this.#narrowColumn() : repeat(this.columns, ({ path }) => path, (column, index) => this.#column(column, index, widths[index]))}
      </vaadin-grid>
    `
  }

  /** Boxes to tick, for records only: what a group has is not all here. */
  #tickColumn(): TemplateResult {
    const body = (item: Item): TemplateResult | typeof nothing => ('isGroup' in item ? nothing : tickBox(this.entity, item.record, this.everything || this.selected.includes(item.record.id), (ticked) => this.#tick(item.record.id, ticked)))
    return html`<vaadin-grid-column frozen width=${`${String(tickPx)}px`} flex-grow="0" ${columnHeaderRenderer(() => html`<span class="visually-hidden">${t('list.selection')}</span>`, [language.value])} ${columnBodyRenderer(body, [this.selected, this.everything, language.value])}></vaadin-grid-column>`
  }

  #tick(id: number, ticked: boolean): void {
    const others = this.selected.filter((one) => one !== id)
    this.dispatchEvent(new CustomEvent<readonly number[]>('selected', { detail: ticked ? [...others, id] : others }))
  }

  #column(column: Column, index: number, width: Width | undefined): TemplateResult {
    const editable = this.selectable && this.entity !== undefined && isEditable(this.entity, column)
    const body = (item: Item): TemplateResult | typeof nothing => ('isGroup' in item ? (index === 0 ? this.#group(item) : this.#total(item.summed, column)) : index === 0 ? this.#link(item.record, column) : editable ? this.#editable(item.record, column) : valueCell(column, item.record, this.surroundings))
    const footer = (): TemplateResult | typeof nothing => (index === 0 && !this.summed.has(column.path) ? html`<b>${t('summary.all')}</b>` : this.#total(this.summed, column))
    return html`
      <vaadin-grid-column resizable data-path=${column.path} .width=${width?.css ?? ''} .flexGrow=${width?.grow ?? 1} text-align=${column.view.align} ?frozen=${index < this.frozen}
        ${columnHeaderRenderer(() => columnHeader(column, this.sort, this), [column, this.sort, language.value])} ${columnBodyRenderer(body, [column, this.expanded, this.surroundings, language.value])}
        ${this.summed.size > 0 ? columnFooterRenderer(footer, [this.summed, column, language.value]) : nothing}></vaadin-grid-column>
    `
  }

  /** On narrow screens a group is a line with its totals under it. */
  #narrowColumn(): TemplateResult {
    const others = this.columns.filter(({ path }) => path !== this.entity?.display)
    const totals = (summed: Summed): TemplateResult => html`<span class="row-values">${this.columns.filter(({ path }) => summed.has(path)).map((column) => html`<span>${column.title}: ${this.#total(summed, column)}</span>`)}</span>`
    const body = (item: Item): TemplateResult => ('isGroup' in item
      ? html`<div class="row-card">${this.#group(item)}${totals(item.summed)}</div>`
      : html`<div class="row-card in-group"><a class="row-link" href=${this.address(item.record)}>${nameOf(this.entity, item.record)}</a>
          <span class="row-values">${others.filter(({ path }) => valueAt(item.record, path) !== null).slice(0, narrowValues).map((column) => html`<span>${valueCell(column, item.record, this.surroundings)}</span>`)}</span></div>`)
    return html`<vaadin-grid-column .flexGrow=${1} ${columnHeaderRenderer(() => html`${nothing}`, [])} ${columnBodyRenderer(body, [this.columns, this.expanded, this.surroundings, language.value])}
      ${this.summed.size > 0 ? columnFooterRenderer(() => totals(this.summed), [this.summed, language.value]) : nothing}></vaadin-grid-column>`
  }

  #group(row: GroupRow): TemplateResult {
    const open = this.expanded.has(row.rowId)
    const text = this.surroundings === undefined ? '' : groupText(row, this.surroundings)
    return html`
      <span class="group" style="--level: ${row.level}">
        <button type="button" class="plain icon-only group-toggle" tabindex="-1" aria-expanded=${open ? 'true' : 'false'} aria-label=${t(open ? 'summary.fold' : 'summary.unfold', { group: row.title })}>${icon(open ? 'chevronDown' : 'chevronRight')}</button>
        <strong>${text}</strong><span class="group-count">${number(row.count)}</span>
      </span>
    `
  }

  #total(summed: Summed, column: Column): TemplateResult | typeof nothing {
    const total = summed.get(column.path)
    return total === undefined || this.surroundings === undefined ? nothing : totalCell(total, column, this.surroundings)
  }

  #link(record: Rec, column: Column): TemplateResult {
    return html`<a class="row-link in-group" style="--level: ${this.groups?.levels ?? 1}" href=${this.address(record)}>${linkText(column, record, this.entity, this.surroundings)}</a>`
  }

  #editable(record: Rec, column: Column): TemplateResult {
    return html`${valueCell(column, record, this.surroundings)}${pencil(this.entity, record, column, ({ currentTarget }) => this.#edit((currentTarget as HTMLElement).parentElement, record, column))}`
  }

  #edit(anchor: HTMLElement | null, record: Rec, column: Column): void {
    if (anchor !== null) this.dispatchEvent(new CustomEvent<Cell>('edit', { detail: { anchor, record, column } }))
  }

  #editFocused(event: KeyboardEvent): void {
    const context = this.#grid?.getEventContext(event)
    const column = this.columns.find(({ path }) => path === context?.column?.dataset['path'])
    if (context?.item === undefined || 'isGroup' in context.item || column === undefined || this.entity === undefined || !this.selectable || !isEditable(this.entity, column)) return
    event.preventDefault()
    this.#edit(cellOf(event), context.item.record, column)
  }

  readonly #provide = (params: GridDataProviderParams<Item>, done: GridDataProviderCallback<Item>): void => void this.#page(params, done)

  async #page({ page, parentItem: parent }: GridDataProviderParams<Item>, done: GridDataProviderCallback<Item>): Promise<void> {
    const groups = this.groups
    if (groups === undefined) return
    try {
      const above = parent !== undefined && 'isGroup' in parent ? parent : null
      if (above !== null && above.level + 1 >= groups.levels) {
        const records = await groups.records(above, page)
        if (groups === this.groups) done(records.map((record) => ({ rowId: `${above.rowId}/${record.id}`, record })), above.count)
        return
      }
      const rows = await groups.below(above)
      if (groups !== this.groups) return
      if (above === null) this.more = rows.length >= groupsMax
      done(rows.slice(page * pageSize, (page + 1) * pageSize), rows.length)
    } catch (thrown) {
      done([], 0)
      if (groups === this.groups && this.isConnected) toastProblem(thrown)
    }
  }

  #toggle(row: GroupRow): void {
    if (this.expanded.has(row.rowId)) this.#grid?.collapseItem(row)
    else this.#grid?.expandItem(row)
  }

  #itemAt(event: Event): Item | undefined {
    const context = this.#grid?.getEventContext(event)
    if (context?.section === 'body' && context.item !== undefined) return context.item
    // With the keyboard on a whole row there is no cell: `_item` is the only way that the grid tells whose row it is.
    return event.composedPath().find((node): node is HTMLTableRowElement & { readonly _item?: Item } => node instanceof HTMLTableRowElement)?._item
  }

  /** The row of a record is the box to tick; groups are folded and unfolded as ever. True when it was one. */
  #choose(event: Event): boolean {
    const item = this.#itemAt(event)
    if (item === undefined || 'isGroup' in item) return false
    if (isTick(event)) return true
    event.preventDefault()
    this.#tick(item.record.id, !this.everything && !this.selected.includes(item.record.id))
    return true
  }

  #clicked(event: MouseEvent): void {
    if (this.choosing && this.#choose(event)) return
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.composedPath().some((node) => node instanceof HTMLAnchorElement || node instanceof HTMLLabelElement || (node instanceof HTMLElement && node.classList.contains('cell-edit')))) return
    const item = this.#itemAt(event)
    if (item !== undefined) this.#act(item)
  }

  #key(event: KeyboardEvent): void {
    if (this.choosing && event.key === 'Enter' && this.#choose(event)) return
    if (event.key === 'F2') this.#editFocused(event)
    // The arrows that fold and unfold a row are the grid's own.
    const item = event.key === 'Enter' ? this.#itemAt(event) : undefined
    if (item !== undefined) this.#act(item)
  }

  #act(item: Item): void {
    if ('isGroup' in item) this.#toggle(item)
    else this.dispatchEvent(new CustomEvent('open', { detail: item.record.id }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'grouped-list': GroupedList
  }
}
