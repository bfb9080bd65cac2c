/** What rows of a list have in common, in groups or not. Templates only. */
import { html, type TemplateResult } from 'lit'

import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import type { Rec } from '../../client/records.js'
import { nameOf } from '../../fields/name-of.js'
import { icon } from '../../ui/icon.js'
import type { Column } from './columns.js'

/** A box to tick a row with; told whether it is ticked now, and whether Shift was held. */
export const tickBox = (entity: UiEntity | undefined, record: Rec, ticked: boolean, tick: (ticked: boolean, range: boolean) => void): TemplateResult => html`
  <label class="tick-row"><input type="checkbox" .checked=${ticked} aria-label=${t('list.select', { name: nameOf(entity, record) })}
    @click=${(event: MouseEvent) => tick((event.target as HTMLInputElement).checked, event.shiftKey)} /></label>`

/** Does it come from a box to tick, which does by itself what it is for? */
export const isTick = (event: Event): boolean => event.composedPath().some((node) => node instanceof HTMLElement && node.classList.contains('tick-row'))

/** For `keyup` before it reaches the grid: Space on the cell of a box ticks it, and the keyboard stays on the cell. The grid would click the label, which takes it into the box, where arrows lead nowhere. */
export const spaceTicks = {
  capture: true,
  handleEvent(event: KeyboardEvent): void {
    const content = event.key === ' ' ? cellOf(event)?.querySelector('slot')?.assignedElements()[0] : undefined
    const box = content?.querySelector('.tick-row input')
    if (box === null || box === undefined) return
    event.preventDefault()
    event.stopImmediatePropagation()
    box.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: event.shiftKey }))
  },
}

/** With a mouse a pencil shows in the cell that it is over; with the keyboard F2 does the same. */
export const pencil = (entity: UiEntity | undefined, record: Rec, column: Column, edit: (event: MouseEvent) => void): TemplateResult => html`
  <button type="button" class="cell-edit" tabindex="-1" aria-label=${t('list.cellEdit', { field: column.title, name: nameOf(entity, record) })} title=${t('list.cellEditHint')}
    @click=${edit}>${icon('pencil')}</button>`

/** The cell of a grid that a key was pressed in. */
export const cellOf = (event: KeyboardEvent): HTMLElement | null => event.composedPath().find((node): node is HTMLElement => node instanceof HTMLElement && /^T[DH]$/.test(node.tagName)) ?? null
