/** The head of a column: its title, and a button where rows can be sorted by it. */
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

/** `sort` as in the API; what is chosen is fired as `sort` from `list`. */
export function columnHeader({ path, title, sortable }: Column, sort: string, list: EventTarget): TemplateResult {
  if (!sortable) return html`<span class="column-title">${title}</span>`
  const { direction, rank } = sortOf(sort, path)
  const chosen = (event: MouseEvent): boolean => list.dispatchEvent(new CustomEvent<SortChoice>('sort', { detail: { path, add: event.shiftKey || event.ctrlKey || event.metaKey } }))
  return html`
    <button type="button" class="column-title" title=${t('list.sortHint')} @click=${chosen}>
      ${title}${direction === 0 ? nothing : html`${icon(direction === 1 ? 'sortAsc' : 'sortDesc')}<span class="visually-hidden">${t(direction === 1 ? 'list.sortedUp' : 'list.sortedDown')}</span>${sort.includes(',') ? html`<small class="sort-rank">${rank}</small>` : nothing}`}
    </button>
  `
}
