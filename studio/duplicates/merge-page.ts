/** Records side by side: which one stays, and which value it gets for each field. */
import './duplicates.css'
import '@vaadin/button'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { merge, unmerge, type Merged } from '../client/duplicates.js'
import { instant, language, t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { nameOf } from '../fields/name-of.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { listPath, recordPath } from '../shell/routes.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toast, toastProblem, toastUndo } from '../ui/toast.js'
import { choices, defaultChoice, isEmpty, oldest } from './merge-choice.js'

type State = { readonly kind: 'loading' } | { readonly kind: 'failed'; readonly reason: string } | { readonly kind: 'ready'; readonly records: readonly Rec[] }

/** `<merge-page .client .model .entity .ids>` */
@customElement('merge-page')
export class MergePage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, ids: { attribute: false }, state: { state: true }, survivor: { state: true }, chosen: { state: true }, look: { state: true }, busy: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare ids: readonly number[]
  declare state: State
  declare survivor: number
  /** Field key → record whose value is taken. */
  declare chosen: Readonly<Record<string, number>>
  /** What would move; null until it is known. */
  declare look: Merged | null
  declare busy: boolean

  constructor() {
    super()
    this.state = { kind: 'loading' }
    this.survivor = 0
    this.chosen = {}
    this.look = null
    this.busy = false
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load()
  }

  async #load(): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return
    try {
      const records = (await Promise.all(this.ids.map((id) => client.records.get(entity.name, id)))).map(({ body }) => body)
      this.survivor = oldest(records)
      this.chosen = defaultChoice(entity, records, this.survivor)
      this.state = { kind: 'ready', records }
      await this.#lookAhead()
    } catch (thrown) {
      this.state = { kind: 'failed', reason: describeProblem(thrown) }
    }
  }

  #sent(records: readonly Rec[]) {
    const values = Object.fromEntries(Object.entries(this.chosen).filter(([, id]) => id !== this.survivor))
    return { survivor: this.survivor, others: records.map(({ id }) => id).filter((id) => id !== this.survivor), values }
  }

  /** What would move, asked of the engine itself; a fault of the chosen values is told when the person merges. */
  async #lookAhead(): Promise<void> {
    const { client, entity, state } = this
    if (client === undefined || entity === undefined || state.kind !== 'ready') return
    this.look = null
    this.look = await merge(client.api, entity.name, { ...this.#sent(state.records), values: {} }, true).catch(() => null)
  }

  #stay(id: number): void {
    if (this.state.kind !== 'ready' || this.entity === undefined) return
    this.survivor = id
    this.chosen = defaultChoice(this.entity, this.state.records, id)
    void this.#lookAhead()
  }

  async #merge(): Promise<void> {
    const { client, entity, state } = this
    if (client === undefined || entity === undefined || state.kind !== 'ready' || this.busy) return
    this.busy = true
    try {
      const sent = this.#sent(state.records)
      const { merge: done } = await merge(client.api, entity.name, sent, false)
      for (const { id } of state.records) client.names.forget(entity.name, id)
      const back = async (): Promise<void> => {
        if (done === null) return
        await unmerge(client.api, entity.name, done)
        toast(t('merge.undone'))
        await router.go(listPath(entity.name))
      }
      toastUndo(t('merge.done', { count: state.records.length }), () => void back().catch(toastProblem))
      router.replace(recordPath(entity.name, sent.survivor))
    } catch (thrown) {
      toastProblem(thrown)
    } finally {
      this.busy = false
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, state } = this
    if (entity === undefined) return nothing
    if (state.kind === 'loading') return html`<div class="page-wide"><vaadin-progress-bar indeterminate aria-label=${t('loading')}></vaadin-progress-bar></div>`
    if (state.kind === 'failed') return html`<div class="page-center">${emptyState({ icon: 'warning', title: t('merge.failed'), text: state.reason, action: html`<a class="button" href=${listPath(entity.name)}>${t('record.toList', { entity: entity.plural })}</a>` })}</div>`
    const { records } = state
    const { differing, equal } = choices(entity, records)
    return html`
      <div class="page-wide merge-page">
        <header><h1>${t('merge.title', { count: records.length, entity: entity.plural })}</h1><p class="quiet">${t('merge.lead')}</p></header>
        <div class="merge-table" style="--records: ${records.length}">
          <fieldset class="merge-row merge-head"><legend>${t('merge.survivor')}</legend>${records.map((record) => this.#head(entity, record))}</fieldset>
          ${differing.map((field) => this.#field(entity, field, records))}
        </div>
        ${equal.length === 0 ? nothing : html`<p class="quiet">${t('merge.equal', { fields: equal.map(({ title }) => title).join(', ') })}</p>`}
        <footer class="merge-actions">
          <p role="status">${this.#moves()}</p><span class="grow"></span>
          <vaadin-button theme="tertiary" @click=${() => history.back()}>${t('cancel')}</vaadin-button>
          <vaadin-button theme="primary" ?disabled=${this.busy} @click=${() => void this.#merge()}>${t('merge.confirm')}</vaadin-button>
        </footer>
      </div>
    `
  }

  #moves(): string {
    if (this.look === null) return t('merge.archives', { count: this.ids.length - 1 })
    const moved = this.look.moved.map(({ entity, count }) => t('merge.count', { count, entity: this.model?.entities[entity]?.plural ?? entity }))
    return moved.length === 0 ? t('merge.movesNone', { count: this.ids.length - 1 }) : t('merge.moves', { count: this.ids.length - 1, moved: new Intl.ListFormat(language.value).format(moved) })
  }

  #head(entity: UiEntity, record: Rec): TemplateResult {
    const created = record['createdAt']
    return html`
      <label class="merge-cell ${record.id === this.survivor ? 'chosen' : ''}">
        <input type="radio" name="survivor" .checked=${record.id === this.survivor} @change=${() => this.#stay(record.id)} />
        <span><strong>${nameOf(entity, record)}</strong><small class="quiet">${t(record.id === this.survivor ? 'merge.stays' : 'merge.goes')}${typeof created === 'string' ? ` · ${instant(created, this.#surroundings.timeZone, { dateStyle: 'medium' })}` : ''}</small></span>
      </label>
    `
  }

  #field(entity: UiEntity, field: UiField, records: readonly Rec[]): TemplateResult {
    const chosen = this.chosen[field.key] ?? this.survivor
    return html`
      <fieldset class="merge-row"><legend>${field.title}</legend>${records.map((record) => html`
        <label class="merge-cell ${record.id === chosen ? 'chosen' : ''}">
          <input type="radio" name="field-${field.key}" .checked=${record.id === chosen} @change=${() => (this.chosen = { ...this.chosen, [field.key]: record.id })}
            aria-label=${`${field.title}: ${nameOf(entity, record)}`} />
          <span>${this.#value(field, record[field.key] ?? null)}</span>
        </label>`)}</fieldset>
    `
  }

  #value(field: UiField, value: Json): unknown {
    return isEmpty(value) ? html`<span class="quiet">—</span>` : viewOf(field.type).cell(value, { ...this.#surroundings, field })
  }

  get #surroundings(): Surroundings {
    const { client, model } = this
    if (client === undefined || model === undefined) throw new Error('shown without a client')
    return { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath) }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'merge-page': MergePage
  }
}
