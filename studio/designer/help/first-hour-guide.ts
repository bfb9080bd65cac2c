/** The guided first hour, as a small list in a corner: it notices by itself what has been done, and can be left and taken up again. */
import './first-hour-guide.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { docAddress, type DocName } from '../../help/pages.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import type { Desk } from '../desk.js'
import type { Documents } from '../draft/operations.js'
import type { DefinitionChange } from '../words.js'
import { hourSteps, keepHour, keptHour, noticed, type Hour, type HourStep } from './first-hour.js'

/** Where each step is explained. */
const explained: Readonly<Record<HourStep, readonly [DocName, string]>> = {
  field: ['admins', 'add-a-field'], form: ['admins', 'change-a-form'], colour: ['admins', 'add-a-field'], rule: ['admins', 'a-field-that-is-required-sometimes'],
  publish: ['admins', 'add-a-field'], back: ['admins', 'take-it-back'],
}

/** `<first-hour-guide .desk>`: shows nothing until `begin`. */
@customElement('first-hour-guide')
export class FirstHourGuide extends LightElement {
  static override properties = { desk: { attribute: false }, hour: { state: true } }
  declare desk: Desk | undefined
  declare hour: Hour | null
  #looked: { readonly documents: Documents; readonly version: number } | null = null

  constructor() {
    super()
    this.hour = null
    new Watch(this, language)
  }

  get #user(): number {
    return this.desk?.client.session.user?.id ?? 0
  }

  /** Begins it, or goes on where it was left. */
  begin(): void {
    const version = this.desk?.design.published.version ?? 0
    const { hour } = this
    this.#keep(hour === null || hour.done.length === hourSteps.length ? { start: version, done: [], open: true } : { ...hour, open: true })
  }

  #keep(hour: Hour): void {
    this.hour = hour
    this.#looked = null
    keepHour(this.#user, hour)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const { desk } = this
    if (desk === undefined) return
    if (changed.has('desk') && changed.get('desk') === undefined) this.hour = keptHour(this.#user)
    if (this.hour?.open === true && desk.design.saving.state === 'saved') void this.#look(desk, this.hour)
  }

  /** The engine compares what it has: once for every state of the draft. */
  async #look({ client, design: { draft, published } }: Desk, hour: Hour): Promise<void> {
    if (this.#looked?.documents === draft.documents && this.#looked.version === published.version) return
    this.#looked = { documents: draft.documents, version: published.version }
    try {
      const { body } = await client.api.get<{ readonly changes: readonly DefinitionChange[] }>('/api/definitions/compare', { query: { from: String(hour.start), to: 'draft' } })
      const done = noticed(hour, published.version, body.changes, draft.documents)
      if (this.hour !== null && done.length > this.hour.done.length) {
        this.hour = { ...this.hour, done }
        keepHour(this.#user, this.hour)
      }
    } catch {
      this.#looked = null // looked at again with the next step
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { hour } = this
    if (hour?.open !== true) return nothing
    const next = hourSteps.find((step) => !hour.done.includes(step))
    return html`
      <aside class="first-hour" aria-label=${t('hour.title')}>
        <header><h2>${t('hour.title')}</h2><span class="quiet">${hour.done.length} / ${hourSteps.length}</span>
          <button type="button" class="plain icon-only" title=${t('hour.leave')} aria-label=${t('hour.leave')} @click=${() => this.#keep({ ...hour, open: false })}>${icon('close')}</button></header>
        <ol>${hourSteps.map((step) => this.#step(step, hour.done.includes(step), step === next))}</ol>
        <p role="status" class=${next === undefined ? '' : 'visually-hidden'}>${next === undefined ? t('hour.done') : t('hour.progress', { done: hour.done.length, count: hourSteps.length })}</p>
      </aside>`
  }

  #step(step: HourStep, done: boolean, next: boolean): TemplateResult {
    const [page, at] = explained[step]
    return html`
      <li ?data-done=${done} aria-current=${next ? 'step' : nothing}>
        <span class="hour-mark">${done ? icon('check') : nothing}</span>
        <div><strong>${t(`hour.${step}`)}${done ? html`<span class="visually-hidden"> ${t('hour.isDone')}</span>` : nothing}</strong>
          ${next ? html`<p>${t(`hour.${step}.how`)} <a href=${docAddress(page, at)}>${t('help.more')}</a></p>` : nothing}</div>
      </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'first-hour-guide': FirstHourGuide
  }
}
