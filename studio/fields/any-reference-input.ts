/** Chooses a record of one of several entities: first the kind, then the record. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { LightElement } from '../ui/light-element.js'
import type { FieldSlot } from './contract.js'
import { group } from './group.js'
import './reference-input.js'
import { namedIn } from './types/anyReference.js'

/** `<any-reference-input .slotted .creates>`; a kind without a record yet is no value. */
@customElement('any-reference-input')
export class AnyReferenceInput extends LightElement {
  static override properties = { slotted: { attribute: false }, creates: { attribute: false }, kind: { state: true } }
  declare slotted: FieldSlot | undefined
  /** True where a record that is not there yet may be made. */
  declare creates: boolean
  /** The kind that was chosen last; '' until one was. */
  declare kind: string

  constructor() {
    super()
    this.creates = false
    this.kind = ''
    new Watch(this, language)
  }

  override willUpdate(): void {
    const named = namedIn(this.slotted?.value)
    const kinds = this.slotted?.field.targets ?? []
    if (named !== null) this.kind = named.entity
    else if (kinds.length === 1) this.kind = kinds[0] ?? ''
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    const kinds = slot.field.targets ?? []
    const named = namedIn(slot.value)
    return group(slot, html`
      <div class="group-grid">
        ${kinds.length === 1 ? nothing : html`<div data-width="half">${this.#kinds(slot, kinds)}</div>`}
        ${this.kind === '' ? nothing : html`
          <div data-width=${kinds.length === 1 ? 'full' : 'half'}><reference-input .slotted=${this.#inner(slot)} .to=${this.kind} .chosen=${named?.entity === this.kind ? named.id : null} .creates=${this.creates}></reference-input></div>`}
      </div>`)
  }

  #kinds(slot: FieldSlot, kinds: readonly string[]): TemplateResult {
    const field: UiField = {
      ...bare, key: 'kind', title: t('field.kind'), type: 'select', required: slot.required,
      options: { enum: kinds, options: Object.fromEntries(kinds.map((name) => [name, { title: slot.lookup.entity(name)?.title ?? name }])) },
    }
    return slot.viewOf(field.type).input({ ...slot, field, value: this.kind === '' ? null : this.kind, label: field.title, error: '', help: '', touch: () => {}, change: (kind) => this.#choose(slot, kind) })
  }

  /** Another kind begins without a record: that of the other kind is none of this one. */
  #choose(slot: FieldSlot, chosen: Json): void {
    const kind = typeof chosen === 'string' ? chosen : ''
    if (kind === this.kind) return
    this.kind = kind
    if (namedIn(slot.value) !== null) slot.change(null)
  }

  #inner(slot: FieldSlot): FieldSlot {
    const title = slot.lookup.entity(this.kind)?.title ?? slot.field.title
    const { autofocus: _autofocus, ...rest } = slot
    return {
      ...rest, label: title, error: '', help: '', touch: () => {},
      field: { ...slot.field, title },
      change: (id) => slot.change(typeof id === 'number' ? { entity: this.kind, id } : null),
    }
  }
}

const bare = { createable: true, updateable: true, masked: false, system: false, operators: [], sortable: false, measures: [], buckets: [] } as const satisfies Partial<UiField>

declare global {
  interface HTMLElementTagNameMap {
    'any-reference-input': AnyReferenceInput
  }
}
