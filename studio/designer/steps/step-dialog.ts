/** Which step is added: everything there is, found by typing. */
import '../workflows/workflow-dialog.css'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { t } from '../../client/i18n.js'
import { emptyState } from '../../shell/pages.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import type { Offer } from '../workflows/kinds.js'

/** `<step-dialog .offers>`; resolves with the offer that was chosen. */
@customElement('step-dialog')
export class StepDialog extends Modal<Offer> {
  static override properties = { offers: { attribute: false }, q: { state: true } }
  declare offers: readonly Offer[]
  declare q: string

  constructor() {
    super()
    this.offers = []
    this.q = ''
  }

  protected override get label(): string {
    return t('process.addStep')
  }

  protected override content(): TemplateResult {
    const words = this.q.trim().toLowerCase()
    const named = this.offers.filter(({ title }) => title.toLowerCase().includes(words))
    const shown = named.length > 0 ? named : this.offers.filter(({ help, id }) => [help, id].some((text) => text.toLowerCase().includes(words)))
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body">
        <label class="palette-search">${icon('search')}<input type="search" autofocus aria-label=${t('process.findStep')} placeholder=${t('process.findStep')} .value=${this.q}
          @input=${(event: InputEvent) => (this.q = (event.target as HTMLInputElement).value)} @keydown=${(event: KeyboardEvent) => this.#entered(event, shown)} /></label>
        ${shown.length === 0 ? emptyState({ icon: 'search', title: t('designer.nothingFound'), text: t('process.nothingFoundText') }) : (['do', 'decide', 'more'] as const).map((group) => {
          const offers = shown.filter((offer) => offer.group === group)
          return offers.length === 0 ? '' : html`<h3>${t(`process.group.${group}`)}</h3><div class="offers">${offers.map((offer) => html`<button type="button" class="row-button offer" @click=${() => this.close(offer)}><span class="tile">${icon(offer.icon)}</span><span><strong>${offer.title}</strong><small>${offer.help}</small></span></button>`)}</div>`
        })}
      </div>
    `
  }

  #entered(event: KeyboardEvent, shown: readonly Offer[]): void {
    const [first] = shown
    // While Chinese is being composed, Enter picks a character.
    if (event.key !== 'Enter' || event.isComposing || first === undefined) return
    event.preventDefault()
    this.close(first)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'step-dialog': StepDialog
  }
}
