/** The head of a column: its title, and a button where rows can be sorted by it. */
import type { GridColumn } from '@vaadin/grid/vaadin-grid-column.js'
import { html, nothing, type TemplateResult } from 'lit'

import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import type { Column } from './columns.js'
import { sortOf } from '../list-state.js'

/** A header was chosen; `add`: as a further key. */
export interface SortChoice {
  readonly path: string
  readonly add: boolean
}

/** A press takes no focus: the grid moves no column while something in its head has it. */
const leaveFocus = (event: MouseEvent): void => event.preventDefault()

/** The paths of the columns as they stand now, after somebody dragged one. `_order` is the only way that the grid tells it. */
export const orderIn = (grid: Element): readonly string[] =>
  [...grid.querySelectorAll<GridColumn & { _order?: number }>('vaadin-grid-column[data-path]')].toSorted((a, b) => (a._order ?? 0) - (b._order ?? 0)).map((column) => column.dataset['path'] ?? '')

/** `sort` as in the API; what is chosen is fired as `sort` from `list`. */
export function columnHeader({ path, title, sortable }: Column, sort: string, list: EventTarget): TemplateResult {
  if (!sortable) return html`<span class="column-title">${title}</span>`
  const { direction, rank } = sortOf(sort, path)
  const chosen = (event: MouseEvent): boolean => list.dispatchEvent(new CustomEvent<SortChoice>('sort', { detail: { path, add: event.shiftKey || event.ctrlKey || event.metaKey } }))
  return html`
    <button type="button" class="column-title" title=${t('list.sortHint')} @mousedown=${leaveFocus} @click=${chosen}>
      ${title}${direction === 0 ? nothing : html`${icon(direction === 1 ? 'sortAsc' : 'sortDesc')}<span class="visually-hidden">${t(direction === 1 ? 'list.sortedUp' : 'list.sortedDown')}</span>${sort.includes(',') ? html`<small class="sort-rank">${rank}</small>` : nothing}`}
    </button>
  `
}
