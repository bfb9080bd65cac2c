/**
 * The first rows of a list, for as long as its grid is on the way: they are read, opened and ticked meanwhile. They stand where those of the grid will, so
 * that nothing moves when it takes their place.
 */
import './record-list.css'
import './first-rows.css'
import { html, nothing, type TemplateResult } from 'lit'
import type { DirectiveResult } from 'lit/directive.js'
import { classMap } from 'lit/directives/class-map.js'
import { styleMap } from 'lit/directives/style-map.js'

import { t } from '../../client/i18n.js'
import type { Rec } from '../../client/records.js'
import { narrow } from '../narrow.js'
import { linkCell, rowCard, valueCell, type Rows } from './cells.js'
import { columnHeader } from './column-header.js'
import type { Column } from './columns.js'
import { tickBox } from './row-parts.js'
import type { Summed } from './totals.js'
import { columnWidths, tickPx, widthsOf } from './widths.js'

export interface FirstRows extends Rows {
  readonly columns: readonly Column[]
  readonly records: readonly Rec[]
  readonly sort: string
  /** Rows have boxes to tick. */
  readonly selectable: boolean
  readonly selected: readonly number[]
  /** Hears `sort`, as from the grid. */
  readonly head: EventTarget
  /** Totals of the whole list, which columns have room for. */
  readonly summed: Summed
  readonly tick: (id: number, ticked: boolean) => void
  readonly open: (id: number) => void
  /** Something in them is pressed. */
  readonly press: () => void
}

/** The least that a row takes, so that no more are made than have room. Pixels. */
const rowPx = 37

export function firstRows(list: FirstRows): TemplateResult {
  const { columns, records, entity, selectable } = list
  const ticked = selectable && !narrow.matches
  const widths = columnWidths(columns, widthsOf(entity?.name ?? ''), { firstPx: 40, summed: list.summed, ticked })
  const width = (index: number): DirectiveResult => styleMap({ inlineSize: widths[index]?.css ?? '', flexGrow: String(widths[index]?.grow ?? 1) })
  const tickWidth = styleMap({ inlineSize: `${String(tickPx)}px` })
  const cells = (record: Rec): TemplateResult => html`
    ${ticked ? html`<div role="cell" style=${tickWidth}>${tickBox(entity, record, list.selected.includes(record.id), (is) => list.tick(record.id, is))}</div>` : nothing}
    ${columns.map((column, i) => html`<div role="cell" class=${column.view.align} style=${width(i)}>${i === 0 ? linkCell(column, record, list) : valueCell(column, record, list.surroundings)}</div>`)}`
  return html`
    <div class=${classMap({ 'first-rows': true, narrow: narrow.matches })} role="table" aria-label=${entity?.plural ?? ''} @pointerdown=${list.press}>
      ${narrow.matches ? nothing : html`<div role="row" class="head">${ticked ? html`<div role="columnheader" style=${tickWidth}><span class="visually-hidden">${t('list.selection')}</span></div>` : nothing}${columns.map((column, i) => html`<div role="columnheader" class=${column.view.align} style=${width(i)}>${columnHeader(column, list.sort, list.head)}</div>`)}</div>`}
      ${records.slice(0, Math.ceil(window.innerHeight / rowPx)).map((record) => html`
        <div role="row" data-id=${record.id} @click=${(event: MouseEvent) => opens(event) && list.open(record.id)}>${narrow.matches ? html`<div role="cell">${rowCard(columns, record, list)}</div>` : cells(record)}</div>`)}
    </div>
  `
}

/** A click beside what does something by itself opens the row. */
const opens = (event: MouseEvent): boolean => !event.defaultPrevented && (event.target as Element).closest('a, button, label') === null

/** The record of the row under an event. */
export const pressedRow = (event: Event): number | null => Number((event.target as Element).closest<HTMLElement>('.first-rows [data-id]')?.dataset['id'] ?? 0) || null
