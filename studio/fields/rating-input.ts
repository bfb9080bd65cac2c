/** Enters stars: arrow keys move between them, the button beside them takes them away. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'

import { t } from '../client/i18n.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import type { FieldSlot } from './contract.js'
import { group } from './group.js'

let last = 0

/** `<rating-input .slotted .max>` */
@customElement('rating-input')
export class RatingInput extends LightElement {
  static override properties = { slotted: { attribute: false }, max: { type: Number } }
  declare slotted: FieldSlot | undefined
  declare max: number
  /** Radio buttons belong together by their name, which no other field of the page may have. */
  readonly #name = `rating-${String((last += 1))}`

  constructor() {
    super()
    this.max = 5
  }

  override render(): TemplateResult | typeof nothing {
    const slot = this.slotted
    if (slot === undefined) return nothing
    const value = typeof slot.value === 'number' ? slot.value : 0
    return group(slot, html`<div class="stars">
      ${Array.from({ length: this.max }, (_, i) => i + 1).map((star) => {
        const words = t('field.rating.of', { count: star, max: this.max })
        return html`<label ?data-on=${star <= value} title=${words}>
          <input class="visually-hidden" type="radio" name=${this.#name} value=${star} .checked=${live(star === value)} aria-label=${words} @change=${() => slot.change(star)} />
          ${icon('star')}
        </label>`
      })}
      ${value === 0 || slot.disabled ? nothing : html`<button type="button" class="plain icon-only" aria-label=${t('field.rating.clear')} title=${t('field.rating.clear')} @click=${() => slot.change(null)}>${icon('close')}</button>`}
    </div>`)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rating-input': RatingInput
  }
}
