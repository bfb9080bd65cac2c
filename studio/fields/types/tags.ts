/** Free words: chosen from what is suggested, or typed. */
import { html } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { control } from '../control.js'
import { plain } from '../plain.js'
import { steady } from '../steady.js'
import { textInput } from '../text-input.js'
import type { FieldSlot, FieldView } from '../contract.js'

const words = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).map(plain) : value === null || value === undefined ? [] : [plain(value)])

const suggestions = (slot: FieldSlot): readonly string[] => [...new Set([...words(slot.field.options['suggestions']), ...words(slot.value)])]

/** Takes what was typed, with Enter or on the way out. A word that differs from one that is there by upper and lower case only is the same tag. */
function added(slot: FieldSlot, typed: string): void {
  const known = words(slot.value)
  const next = typed.split(/[,，、;；]/).map((word) => word.replaceAll(/\s+/gu, ' ').trim()).reduce<readonly string[]>(
    (all, word) => (word === '' || all.some((one) => one.toLowerCase() === word.toLowerCase()) ? all : [...all, word]), known)
  if (next.length > known.length) slot.change([...next])
}

/** Enter takes what was typed. The list closes then: as long as it is open it keeps every further Enter, which is for what is around the field. */
const closes = {
  capture: true,
  handleEvent({ key, currentTarget }: KeyboardEvent & { readonly currentTarget: { readonly filter: string; opened: boolean } }): void {
    if (key === 'Enter' && currentTarget.filter !== '') setTimeout(() => (currentTarget.opened = false))
  },
}

export const tags: FieldView = {
  type: 'tags',
  icon: 'tag',
  align: 'start',
  columnPx: 200,
  wide: false,
  filters: ['$contains'],
  input: (slot) => html`
    <vaadin-multi-select-combo-box ${control(slot)}
      @selected-items-changed=${(event: CustomEvent<{ value: readonly string[] }>) => {
        if (JSON.stringify(event.detail.value) !== JSON.stringify(words(slot.value))) slot.change(event.detail.value.length === 0 ? null : [...event.detail.value])
      }}
      @focusout=${{ handleEvent: (event: FocusEvent & { currentTarget: { filter: string } }) => added(slot, event.currentTarget.filter), capture: true }}
      @keydown=${closes}
      @custom-value-set=${(event: CustomEvent<string>) => added(slot, event.detail)}
      allow-custom-value .items=${steady(suggestions(slot))} .placeholder=${words(slot.value).length === 0 ? t('field.tags.add') : ''}
      .autoExpandHorizontally=${false} .selectedItems=${steady([...words(slot.value)])}></vaadin-multi-select-combo-box>
  `,
  filter: (slot) => textInput(slot),
  cell: (value) => html`<span class="badges">${words(value).map((word) => html`<span class="badge">${word}</span>`)}</span>`,
  text: (value) => words(value).join(', '),
}
