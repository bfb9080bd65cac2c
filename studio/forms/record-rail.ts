/** Beside a record: who made and changed it, its history, and that looks at it are recorded. */
import './history/history-panel.js'
import './timeline/timeline-panel.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { auditPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { tabBar } from '../ui/tab-bar.js'
import { LightElement } from '../ui/light-element.js'
import type { ReadyRecord } from './editing.js'

/** `<record-rail .client .model .entity .recordId .record .writable .surroundings>`; passes on `take-back` of the history. */
@customElement('record-rail')
export class RecordRail extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, record: { attribute: false }, writable: { attribute: false }, surroundings: { attribute: false }, tab: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare recordId: number | null
  declare record: ReadyRecord | undefined
  /** True when past values can be taken into the form. */
  declare writable: boolean
  declare surroundings: Surroundings | undefined
  /** Of the tabs: 0 is what happened, 1 the history and who made it. */
  declare tab: number

  constructor() {
    super()
    this.recordId = null
    this.writable = false
    this.tab = 0
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, record } = this
    if (entity === undefined || record === undefined) return nothing
    return html`
      <aside class="record-rail">
        ${tabBar(t('record.rail'), [t('timeline.title'), t('record.history')].map((label) => ({ label, alert: 0, alertLabel: '' })), this.tab, 'record-rail-panel', (index) => (this.tab = index))}
        <div id="record-rail-panel" class="rail-panel" role="tabpanel" aria-label=${this.tab === 0 ? t('timeline.title') : t('record.history')}>${this.tab === 0 ? this.#timeline(entity) : this.#past(entity, record)}</div>
        ${this.#recorded(entity)}
      </aside>
    `
  }

  #timeline(entity: UiEntity): TemplateResult {
    return html`<timeline-panel .client=${this.client} .model=${this.model} .entity=${entity} .recordId=${this.recordId} .surroundings=${this.surroundings}></timeline-panel>`
  }

  #past(entity: UiEntity, record: ReadyRecord): TemplateResult {
    return html`
        <section><h2>${t('record.details')}</h2><dl class="facts">${this.#fact('record.createdBy', record, 'created')}${this.#fact('record.updatedBy', record, 'updated')}</dl></section>
        ${entity.may.history ? html`<section><h2>${t('record.history')}</h2>${this.#history(entity, record)}</section>` : nothing}
    `
  }

  #history(entity: UiEntity, record: ReadyRecord): TemplateResult {
    const writable = this.writable ? entity.fields.filter((field) => field.updateable).map((field) => field.key) : []
    return html`<history-panel .client=${this.client} .entity=${entity} .recordId=${this.recordId} .version=${record.version + (record.archived ? 0.5 : 0)} .surroundings=${this.surroundings} .now=${record.form.original} .writable=${writable}></history-panel>`
  }

  #fact(label: 'record.createdBy' | 'record.updatedBy', { form: { original } }: ReadyRecord, what: 'created' | 'updated'): TemplateResult | typeof nothing {
    const at: Json = original[`${what}At`] ?? null
    const by: Json = original[`${what}By`] ?? null
    if (typeof at !== 'string') return nothing
    const who = typeof by === 'number' && this.client !== undefined ? until(this.client.names.of('user', by), '') : t('record.historySystem')
    return html`<div><dt>${t(label)}</dt><dd>${instant(at, this.surroundings?.timeZone ?? '')}<br /><span class="quiet">${who}</span></dd></div>`
  }

  /** What is personal data is read knowingly. */
  #recorded(entity: UiEntity): TemplateResult | typeof nothing {
    const titles = entity.fields.filter((field) => field.sensitive === true).map((field) => field.title)
    if (titles.length === 0 || this.recordId === null) return nothing
    const log = this.model?.mayAudit === true ? html` <a class="accent" href=${auditPath({ entity: entity.name, id: this.recordId })}>${t('audit.ofRecord')}</a>` : nothing
    return html`<p class="recorded quiet">${icon('shield')}<span>${t('record.recorded', { fields: listed(titles) })}${log}</span></p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'record-rail': RecordRail
  }
}
