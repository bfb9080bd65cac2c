/** Chooses several records of another entity: chips, and a list to type a part of a name into. Pages are asked for while scrolling. */
import '@vaadin/multi-select-combo-box'
import { multiSelectComboBoxRenderer } from '@vaadin/multi-select-combo-box/lit.js'
import type { ComboBoxDataProvider } from '@vaadin/combo-box'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../client/i18n.js'
import { LightElement } from '../ui/light-element.js'
import { choiceWords, noneFound } from './choice-words.js'
import { control } from './control.js'
import type { Choice, FieldSlot } from './contract.js'
import { Found } from './found.js'

/** `<references-input .slotted .to .chosen>` */
@customElement('references-input')
export class ReferencesInput extends LightElement {
  static override properties = { slotted: { attribute: false }, to: {}, chosen: { attribute: false }, names: { state: true }, missing: { state: true } }
  declare slotted: FieldSlot | undefined
  declare to: string
  declare chosen: readonly number[]
  /** Names as far as they are known by now. */
  declare names: ReadonlyMap<number, string>
  /** What was typed and found in no record; '' for none. */
  declare missing: string
  readonly #found = new Found((missing) => (this.missing = missing))

  constructor() {
    super()
    this.to = ''
    this.chosen = []
    this.names = new Map()
    this.missing = ''
  }

  override willUpdate(): void {
    const unknown = this.chosen.filter((id) => !this.names.has(id))
    if (this.slotted === undefined || unknown.length === 0) return
    this.names = new Map([...this.names, ...unknown.map((id) => [id, `#${id}`] as const)])
    void this.#name(this.slotted, unknown)
  }

  async #name(slot: FieldSlot, ids: readonly number[]): Promise<void> {
    const named = await Promise.all(ids.map(async (id) => [id, await slot.lookup.name(this.to, id)] as const))
    this.names = new Map([...this.names, ...named])
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    return html`
      <vaadin-multi-select-combo-box ${control(slot)} @focusout=${() => (this.missing = '')} ${multiSelectComboBoxRenderer<Choice>(choiceWords, [])}
        @selected-items-changed=${(event: CustomEvent<{ value: readonly Choice[] }>) => this.#choose(slot, event.detail.value)}
        item-label-path="name" item-id-path="id" .autoExpandHorizontally=${false} .autoExpandVertically=${true}
        .placeholder=${t('field.find')} .dataProvider=${this.#provide} .selectedItems=${this.chosen.map((id) => ({ id, name: this.names.get(id) ?? `#${id}` }))}>
      </vaadin-multi-select-combo-box>
      ${noneFound(this.missing)}
    `
  }

  #choose(slot: FieldSlot, choices: readonly Choice[]): void {
    const ids = choices.map(({ id }) => id).sort((a, b) => a - b)
    if (ids.join() === this.chosen.join()) return
    this.names = new Map([...this.names, ...choices.map(({ id, name }) => [id, name] as const)])
    this.chosen = ids
    slot.change(ids)
  }

  readonly #provide: ComboBoxDataProvider<Choice> = (asked, done) => this.#found.provide(this.slotted?.lookup, this.to, asked, done)
}

declare global {
  interface HTMLElementTagNameMap {
    'references-input': ReferencesInput
  }
}
