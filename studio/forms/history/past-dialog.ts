/** The record as it was: one version after the other, beside what it is now; values can be taken back. */
import './past-dialog.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { instant, language, t } from '../../client/i18n.js'
import type { PastRecord } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'
import { same } from '../form-state.js'

/** A version to choose: when it came into force. */
export interface Moment {
  readonly version: number
  readonly at: string
}

/** `<past-dialog .client .entity .recordId .moments .version .now .writable .surroundings>`; fires `take-back` (detail: key → value) and `close`. */
@customElement('past-dialog')
export class PastDialog extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, moments: { attribute: false }, version: { attribute: false }, now: { attribute: false }, writable: { attribute: false }, surroundings: { attribute: false }, past: { state: true }, reason: { state: true }, all: { state: true } }
  declare client: Client
  declare entity: UiEntity
  declare recordId: number
  /** Oldest first. */
  declare moments: readonly Moment[]
  declare version: number
  declare now: JsonObject
  /** Keys of fields that may be set. */
  declare writable: readonly string[]
  declare surroundings: Surroundings
  declare past: PastRecord | null
  declare reason: string
  /** Fields that are as they were, too. */
  declare all: boolean
  #asked = 0

  constructor() {
    super()
    this.past = null
    this.reason = ''
    this.all = false
    this.#asked = 0
    new Watch(this, language)
  }

  override willUpdate(): void {
    if (this.#asked === this.version) return
    this.#asked = this.version
    void this.#load(this.version)
  }

  override firstUpdated(): void {
    this.querySelector('dialog')?.showModal()
  }

  async #load(version: number): Promise<void> {
    try {
      const past = await this.client.records.past(this.entity.name, this.recordId, version)
      if (version === this.version) [this.past, this.reason] = [past, '']
    } catch (thrown) {
      this.reason = describeProblem(thrown)
    }
  }

  override render(): TemplateResult {
    const at = this.moments.findIndex(({ version }) => version === this.version)
    const moment = this.moments[at]
    const when = moment === undefined ? '' : instant(moment.at, this.surroundings.timeZone)
    const step = (by: number): void => void (this.version = this.moments[at + by]?.version ?? this.version)
    return html`
      <dialog class="past" aria-labelledby="past-title" @close=${() => this.dispatchEvent(new CustomEvent('close'))}>
        <header>
          <h2 id="past-title">${t('past.title')}</h2>
          <button type="button" class="plain icon-only" title=${t('close')} aria-label=${t('close')} @click=${() => this.#close()}>${icon('close')}</button>
        </header>
        <div class="past-time">
          <button type="button" class="plain icon-only" ?disabled=${at <= 0} title=${t('past.earlier')} aria-label=${t('past.earlier')} @click=${() => step(-1)}>${icon('chevronLeft')}</button>
          <input type="range" min="0" max=${this.moments.length - 1} .value=${String(at)} aria-label=${t('past.moment')} aria-valuetext=${when} @input=${(event: Event) => (this.version = this.moments[Number((event.currentTarget as HTMLInputElement).value)]?.version ?? this.version)} />
          <button type="button" class="plain icon-only" ?disabled=${at >= this.moments.length - 1} title=${t('past.later')} aria-label=${t('past.later')} @click=${() => step(1)}>${icon('chevronRight')}</button>
        </div>
        <p class="past-when" role="status">${t('past.version', { version: this.version, at: when })}${this.past?.archived === true ? ` · ${t('past.archived')}` : ''}</p>
        <div class="past-body">${this.#body()}</div>
        ${this.#foot()}
      </dialog>
    `
  }

  #body(): TemplateResult {
    const past = this.past
    if (this.reason !== '') return html`<p class="quiet">${this.reason}</p>`
    if (past === null) return html`<p class="quiet" role="status">${t('loading')}</p>`
    if (past.version === 0) return html`<p class="quiet">${t('past.notThere')}</p>`
    const fields = this.#fields(past)
    const shown = this.all ? this.entity.fields.filter((field) => Object.hasOwn(past.values, field.key)) : fields
    return html`
      ${fields.length === 0 ? html`<p class="quiet">${t('past.same')}</p>` : nothing}
      ${shown.length === 0 ? nothing : html`<table>
        <thead><tr><th scope="col">${t('past.field')}</th><th scope="col">${t('past.then')}</th><th scope="col">${t('past.now')}</th><th><span class="visually-hidden">${t('past.take')}</span></th></tr></thead>
        <tbody>${shown.map((field) => this.#row(past, field))}</tbody>
      </table>`}
      <label class="past-all"><input type="checkbox" .checked=${this.all} @change=${() => (this.all = !this.all)} /> ${t('past.all')}</label>
    `
  }

  /** Fields that are not as they were. */
  #fields(past: PastRecord): readonly UiField[] {
    return this.entity.fields.filter((field) => Object.hasOwn(past.values, field.key) && !same(past.values[field.key] ?? null, this.now[field.key] ?? null))
  }

  #mayTake = (past: PastRecord, { key }: UiField): boolean => this.writable.includes(key) && !past.unfit.includes(key)

  #row(past: PastRecord, field: UiField): TemplateResult {
    const [then, now] = [past.values[field.key] ?? null, this.now[field.key] ?? null]
    const differs = !same(then, now)
    const taking = differs && this.#mayTake(past, field)
    return html`
      <tr class=${differs ? 'differs' : ''}>
        <th scope="row">${field.title}</th>
        <td data-label=${t('past.then')}>${past.unfit.includes(field.key) ? html`${typeof then === 'object' ? JSON.stringify(then) : String(then)} <small>${t('past.unfit')}</small>` : this.#written(field, then)}</td>
        <td data-label=${t('past.now')}>${this.#written(field, now)}</td>
        <td>${taking ? html`<button type="button" class="plain accent" aria-label=${t('past.takeField', { field: field.title })} @click=${() => this.#take({ [field.key]: then })}>${t('past.take')}</button>` : nothing}</td>
      </tr>
    `
  }

  #written(field: UiField, value: Json): unknown {
    return value === null || value === '' ? html`<span class="quiet">${t('record.empty')}</span>` : until(viewOf(field.type).text(value, { ...this.surroundings, field }), '…')
  }

  #foot(): TemplateResult | typeof nothing {
    const past = this.past
    const fields = past === null || past.version === 0 ? [] : this.#fields(past).filter((field) => this.#mayTake(past, field))
    if (past === null || fields.length === 0) return nothing
    return html`<footer><span class="quiet">${t('past.hint')}</span><button type="button" class="button primary" @click=${() => this.#take(Object.fromEntries(fields.map(({ key }) => [key, past.values[key] ?? null])))}>${t('past.takeAll', { count: fields.length })}</button></footer>`
  }

  #take(values: JsonObject): void {
    this.dispatchEvent(new CustomEvent<JsonObject>('take-back', { detail: values, bubbles: true }))
    this.#close()
  }

  #close(): void {
    this.querySelector('dialog')?.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'past-dialog': PastDialog
  }
}
