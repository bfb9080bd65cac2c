/** When the reader is away and who decides for them meanwhile. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../metadata/contract/json.js'
import type { UiField, UiModel } from '../../metadata/contract/ui-model.js'
import type { Absence } from '../client/approvals.js'
import type { Client } from '../client/client.js'
import { todayIn, dayAfter } from '../client/days.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import { Watch } from '../client/store.js'
import { fromWall } from '../client/zone.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { isReadable, refuse, start, type FormState } from '../forms/form-state.js'
import { askedFields } from '../forms/actions/asked-fields.js'
import { recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastProblem } from '../ui/toast.js'

/** Whole days are entered, so days are told; an absence ends with the last moment before its end. */
const days = { dateStyle: 'medium' } as const

/** `<absence-panel .client .model>` */
@customElement('absence-panel')
export class AbsencePanel extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, loaded: { state: true }, form: { state: true }, open: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare loaded: Absence | null
  /** `delegate`, and the first and last day. */
  declare form: FormState
  declare open: boolean

  constructor() {
    super()
    this.loaded = null
    this.form = start({})
    this.open = false
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    queueMicrotask(() => void this.client?.approvals.absence().then((absence) => (this.loaded = absence), toastProblem))
  }

  get #zone(): string {
    return this.client?.session.user?.timeZone ?? ''
  }

  get #fields(): readonly UiField[] {
    const field = (key: string, title: string, type: string, to?: string): UiField => ({ key, title, type, options: to === undefined ? {} : { to }, required: true, createable: true, updateable: true, masked: false, system: false, operators: [], sortable: false, measures: [], buckets: [], ...(to === undefined ? {} : { to }) })
    return [field('delegate', t('approval.standIn'), 'reference', 'user'), field('from', t('approval.awayFrom'), 'date'), field('until', t('approval.awayUntil'), 'date')]
  }

  async #save(client: Client): Promise<void> {
    const { values, unread } = this.form
    const { delegate, from, until } = values
    const missing = this.#fields.flatMap(({ key }) => ((values[key] ?? '') === '' && unread[`/${key}`] === undefined ? [[`/${key}`, t('approval.needed')]] : []))
    this.form = refuse(this.form, Object.fromEntries(missing))
    if (missing.length > 0 || !isReadable(this.form)) return
    const day = (value: Json | undefined, more: number): string => fromWall(`${dayAfter(typeof value === 'string' ? value : '', more)}T00:00`, this.#zone) ?? ''
    try {
      this.loaded = await client.approvals.beAway(Number(delegate), day(from, 0), day(until, 1))
      this.open = false
    } catch (thrown) {
      const problem = asProblem(thrown)
      const [at] = problem.problems
      this.form = refuse(this.form, at === undefined ? { '/delegate': describeProblem(problem) } : { [at.path]: at.path === '/delegate' ? t('approval.standInRefused') : t('approval.awayRefused') })
    }
  }

  async #back(client: Client): Promise<void> {
    try {
      await client.approvals.beBack()
      this.loaded = await client.approvals.absence()
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, loaded } = this
    if (client === undefined || model === undefined || loaded === null) return nothing
    const { absence, standsInFor } = loaded
    return html`
      <section class="absence" aria-label=${t('approval.absence')}>
        ${standsInFor.length === 0 ? nothing : html`<p class="quiet">${icon('users')} ${t('approval.standsInFor', { names: listed(standsInFor.map(({ name }) => name ?? t('approval.somebody'))) })}</p>`}
        ${absence === null ? nothing : html`<p>${icon('calendar')} ${t('approval.away', { name: absence.delegate.name ?? t('approval.somebody'), from: instant(absence.from, this.#zone, days), until: instant(Date.parse(absence.until) - 1, this.#zone, days) })}
          <button type="button" class="plain accent" @click=${() => void this.#back(client)}>${t('approval.beBack')}</button></p>`}
        ${absence !== null ? nothing : this.open ? this.#form(client, model) : html`<button type="button" class="plain" @click=${() => this.#begin()}>${icon('calendar')}${t('approval.beAway')}</button>`}
      </section>`
  }

  #begin(): void {
    const today = todayIn(this.#zone)
    this.form = start({}, { from: today, until: dayAfter(today, 7) })
    this.open = true
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('input')?.focus())
  }

  #form(client: Client, model: UiModel): TemplateResult {
    return html`
      <form class="absence-form" @submit=${(event: Event) => event.preventDefault()} @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && (this.open = false)}>
        ${askedFields({ fields: this.#fields, form: this.form, surroundings: { timeZone: this.#zone, viewOf, lookup: lookupFor(client, model, recordPath) }, disabled: false, become: (step) => (this.form = step(this.form)) })}
        <div class="approval-buttons"><vaadin-button theme="primary" @click=${() => void this.#save(client)}>${t('save')}</vaadin-button><vaadin-button theme="tertiary" @click=${() => (this.open = false)}>${t('cancel')}</vaadin-button></div>
      </form>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'absence-panel': AbsencePanel
  }
}
