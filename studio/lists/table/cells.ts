/** What stands in the rows of a list, in its grid and before that is there. Templates only. */
import { html, type TemplateResult } from 'lit'

import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Rec } from '../../client/records.js'
import type { Surroundings } from '../../fields/contract.js'
import { nameOf } from '../../fields/name-of.js'
import { peekButton } from '../../ui/peek-button.js'
import { linkText, valueAt, type Column } from './columns.js'

/** What all cells of a list have in common. */
export interface Rows {
  readonly entity: UiEntity | undefined
  readonly surroundings: Surroundings | undefined
  /** Address of a row's record. */
  readonly address: (record: Rec) => string
}

/** Values under the name in a row of the narrow list. */
export const narrowValues = 3

export function valueCell(column: Column, record: Rec, surroundings: Surroundings | undefined): TemplateResult {
  const value = valueAt(record, column.path)
  if (value === null || surroundings === undefined) return html`<span class="no-value"></span>`
  return html`${column.view.cell(value, { ...surroundings, field: column.field, record })}`
}

/** The first column is the link to the record, so that it opens in a new tab as every link does. */
export const linkCell = (column: Column, record: Rec, { entity, surroundings, address }: Rows): TemplateResult =>
  html`<a class="row-link" href=${address(record)}>${linkText(column, record, entity, surroundings)}</a>${peek(record, { entity, address })}`

const peek = (record: Rec, { entity, address }: Pick<Rows, 'entity' | 'address'>): TemplateResult => peekButton(address(record), nameOf(entity, record), { focusable: false })

/** On narrow screens a row is a name with the most telling values under it. */
export function rowCard(columns: readonly Column[], record: Rec, { entity, surroundings, address }: Rows): TemplateResult {
  const named = columns.find(({ path }) => path === entity?.display)
  const others = columns.filter((column) => column !== named && valueAt(record, column.path) !== null)
  return html`
    <div class="row-card">
      <a class="row-link" href=${address(record)}>${named === undefined ? nameOf(entity, record) : linkText(named, record, entity, surroundings)}</a>${peek(record, { entity, address })}
      <span class="row-values">${others.slice(0, narrowValues).map((column) => html`<span>${valueCell(column, record, surroundings)}</span>`)}</span>
    </div>
  `
}
