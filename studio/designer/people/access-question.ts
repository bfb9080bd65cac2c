/** May this person do that with this record, and why? Answered by the engine, rule by rule and field by field. */
import '../access/reach-choice.css'
import './people.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { explain, type Explanation } from '../../client/explain.js'
import { language, listed, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { readFilter } from '../../lists/filter/filter-tree.js'
import { groupWords } from '../../lists/filter/filter-words.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { explainProblem } from '../../ui/toast.js'
import { entry, shownField } from '../entry.js'

const actions = ['read', 'update'] as const
type Action = (typeof actions)[number]

/** `<access-question .client .model .surroundings .personId>` */
@customElement('access-question')
export class AccessQuestion extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, surroundings: { attribute: false }, personId: { type: Number }, entity: { state: true }, record: { state: true }, action: { state: true }, told: { state: true } }
  declare client: Client
  declare model: UiModel
  declare surroundings: Surroundings
  declare personId: number
  /** Name of the entity; '' while none is chosen. */
  declare entity: string
  declare record: number | null
  declare action: Action
  declare told: Explanation | { readonly failed: string } | null

  constructor() {
    super()
    this.personId = 0
    this.entity = ''
    this.record = null
    this.action = 'read'
    this.told = null
    new Watch(this, language)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (['personId', 'entity', 'record', 'action'].some((key) => changed.has(key))) void this.#ask()
  }

  async #ask(): Promise<void> {
    const { client, entity, record, action, personId } = this
    this.told = null
    if (entity === '' || record === null) return
    const told = await explain(client.api, entity, record, action, personId).catch((thrown: unknown) => ({ failed: explainProblem(thrown) }))
    if (record === this.record && action === this.action && personId === this.personId) this.told = told
  }

  override render(): TemplateResult {
    const entities = Object.values(this.model.entities).toSorted((a, b) => a.plural.localeCompare(b.plural, language.value))
    const chosen = this.model.entities[this.entity]
    return html`
      <details class="more-options access-question"><summary>${t('people.why')}</summary>
        <div class="panel-fields">
          <label>${t('access.entity')}<select @change=${(event: Event) => this.#choose(event)}><option value="" ?selected=${this.entity === ''}></option>${entities.map(({ name, plural }) => html`<option value=${name} ?selected=${name === this.entity}>${plural}</option>`)}</select></label>
          ${chosen === undefined ? nothing : html`
            ${entry(this.surroundings, { field: shownField(`record-${chosen.name}`, t('people.whyRecord'), 'reference', { to: chosen.name }), value: this.record, change: (value) => (this.record = typeof value === 'number' ? value : null) })}
            <span class="reach-choice" role="radiogroup" aria-label=${t('access.test.action')}>${actions.map((one) => html`<label><input type="radio" name="why-action" .checked=${one === this.action} @change=${() => (this.action = one)} />${t(`access.action.${one}`)}</label>`)}</span>
            <div role="status">${this.#answer(chosen)}</div>`}
        </div>
      </details>
    `
  }

  #choose(event: Event): void {
    this.record = null
    this.entity = event.target instanceof HTMLSelectElement ? event.target.value : ''
  }

  #answer(entity: UiEntity): TemplateResult | typeof nothing {
    const { told } = this
    if (told === null) return nothing
    if ('failed' in told) return html`<p class="panel-error">${icon('warning')}${told.failed}</p>`
    const titles = (how: string): readonly string[] => entity.fields.flatMap(({ key, title, system }) => (!system && told.fields[key] === how ? [title] : []))
    const unseen = this.action === 'read' ? [['why.hidden', titles('hidden')] as const, ['why.masked', titles('masked')] as const] : [['people.whyNotSettable', titles('not settable')] as const]
    return html`
      <p><span class="badge" data-color=${told.allowed ? 'green' : 'red'}>${t(told.allowed ? 'people.whyYes' : 'people.whyNo')}</span></p>
      <ul class="person-lines">${told.rules.length === 0 ? html`<li>${t('why.noRole')}</li>` : told.rules.map(({ title, grants, holds, where }) => html`<li>${icon(grants && holds ? 'check' : 'close')}<span>${title}<small>${!grants ? t('people.whyNoGrant') : where === null ? t(holds ? 'access.anyRecord' : 'people.whyOther') : html`${t('access.where')} ${groupWords({ model: this.model, surroundings: this.surroundings }, entity, readFilter(where))} — ${t(holds ? 'people.whyHolds' : 'people.whyFails')}`}</small></span></li>`)}</ul>
      ${told.allowed ? unseen.filter(([, fields]) => fields.length > 0).map(([key, fields]) => html`<p class="quiet">${t(key, { fields: listed(fields) })}</p>`) : nothing}
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'access-question': AccessQuestion
  }
}
