/** Chooses a record of another entity by typing a part of its name. Pages are asked for while scrolling. */
import '@vaadin/combo-box'
import type { ComboBoxDataProvider } from '@vaadin/combo-box'
import { comboBoxRenderer } from '@vaadin/combo-box/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../client/i18n.js'
import '../trees/tree-path.js'
import { icon } from '../ui/icon.js'
import { peekButton } from '../ui/peek-button.js'
import { LightElement } from '../ui/light-element.js'
import { choiceWords, noneFound } from './choice-words.js'
import { control } from './control.js'
import type { Choice, FieldSlot } from './contract.js'
import { Found } from './found.js'

/** `<reference-input .slotted .to .chosen .creates>` */
@customElement('reference-input')
export class ReferenceInput extends LightElement {
  static override properties = { slotted: { attribute: false }, to: {}, chosen: { attribute: false }, creates: { attribute: false }, shown: { state: true }, missing: { state: true } }
  declare slotted: FieldSlot | undefined
  declare to: string
  declare chosen: number | null
  /** True where a record that is not there yet may be made. */
  declare creates: boolean
  declare shown: Choice | null
  /** What was typed and found in no record; '' for none. */
  declare missing: string
  readonly #found = new Found((missing) => (this.missing = missing))

  constructor() {
    super()
    this.to = ''
    this.chosen = null
    this.creates = false
    this.shown = null
    this.missing = ''
  }

  override willUpdate(): void {
    if (this.slotted === undefined) return
    if (this.chosen === null) this.shown = null
    else if (this.shown?.id !== this.chosen) void this.#name(this.slotted, this.chosen)
  }

  async #name(slot: FieldSlot, id: number): Promise<void> {
    this.shown = { id, name: `#${id}` }
    const name = await slot.lookup.name(this.to, id)
    if (this.chosen === id) this.shown = { id, name }
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    return html`
      <vaadin-combo-box ${control(slot)} @focusout=${() => (this.missing = '')} ${comboBoxRenderer<Choice>((choice) => this.#choice(slot, choice), [])}
        @selected-item-changed=${(event: CustomEvent<{ value: Choice | null | undefined }>) => this.#choose(slot, event.detail.value ?? null)}
        item-label-path="name" item-value-path="id" item-id-path="id" clear-button-visible
        .placeholder=${t('field.find')} .dataProvider=${this.#provide} .selectedItem=${this.shown}>
        ${this.chosen === null ? nothing : html`<a slot="prefix" class="open-reference" href=${slot.lookup.address(this.to, this.chosen)} aria-label=${t('list.openRecord', { name: this.shown?.name ?? '' })} title=${t('open')}>${icon('link')}</a>${peekButton(slot.lookup.address(this.to, this.chosen), this.shown?.name ?? '', { slot: 'suffix' })}`}
      </vaadin-combo-box>
      ${noneFound(this.missing)}
      ${slot.lookup.entity(this.to)?.tree === undefined ? nothing : html`<tree-path .lookup=${slot.lookup} .entity=${this.to} .recordId=${this.chosen}></tree-path>`}
    `
  }

  #choice(slot: FieldSlot, choice: Choice): TemplateResult {
    if (choice.create !== undefined) return html`<div class="choice new">${t('field.createNamed', { entity: slot.lookup.entity(this.to)?.title ?? '', name: choice.create })}</div>`
    return choiceWords(choice)
  }

  /** A record that is made now is chosen at once; who goes back has what was chosen before. */
  async #create(slot: FieldSlot, name: string): Promise<void> {
    this.shown = this.chosen === null ? null : { id: this.chosen, name: await slot.lookup.name(this.to, this.chosen) }
    const made = await slot.lookup.create?.(this.to, name)
    if (made !== null && made !== undefined) this.#choose(slot, made)
    else this.requestUpdate()
    this.querySelector<HTMLElement>('vaadin-combo-box')?.focus()
  }

  #choose(slot: FieldSlot, choice: Choice | null): void {
    if (choice?.create !== undefined) return void this.#create(slot, choice.create)
    const id = choice?.id ?? null
    if (id === this.chosen) return
    this.shown = choice
    this.chosen = id
    slot.change(id)
  }

  readonly #provide: ComboBoxDataProvider<Choice> = (asked, done) => this.#found.provide(this.slotted?.lookup, this.to, asked, done, this.creates)
}

declare global {
  interface HTMLElementTagNameMap {
    'reference-input': ReferenceInput
  }
}
