/**
 * Changing one field of many records: choose the field and the value, look at what would happen, then do it. Opens over
 * the list; gives back what was changed, so that it can be taken back.
 */
import './bulk-dialog.css'
import './bulk-status.css'
import '../../fields/inputs.js'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { displayKey, type ListQuery, type Records } from '../../client/records.js'
import type { FieldSlot, Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { unreadMessage } from '../../fields/unread.js'
import { nameOf } from '../../fields/name-of.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'
import { change, gather, look, targetsMax, type Outcome, type Refusal, type Target } from './bulk-change.js'

/** Refused records that are named; the others are counted. */
const refusedShown = 8

/** Which records: some by id, or all that the list shows. */
export type Selected = { readonly ids: readonly number[] } | { readonly query: ListQuery; readonly count: number }

export interface Bulk {
  readonly records: Records
  readonly entity: UiEntity
  readonly surroundings: Surroundings
  readonly which: Selected
}

export interface BulkDone {
  readonly field: UiField
  readonly outcome: Outcome
}

type Step =
  | { readonly name: 'choose' }
  | { readonly name: 'working'; readonly text: 'list.bulkLooking' | 'list.bulkChanging'; readonly done: number; readonly total: number }
  | { readonly name: 'looked'; readonly targets: readonly Target[]; readonly outcome: Outcome; readonly more: boolean }
  | { readonly name: 'failed'; readonly reason: string }

@customElement('bulk-dialog')
export class BulkDialog extends Modal<BulkDone> {
  static override properties = { step: { state: true }, field: { state: true }, value: { state: true }, unread: { state: true } }
  declare bulk: Bulk
  declare step: Step
  declare field: UiField | null
  declare value: Json
  /** Why what stands in the input is no value; '' when it is one. */
  declare unread: string
  /** Whoever goes back while it looks has seen enough. */
  readonly #left = new AbortController()

  constructor() {
    super()
    this.step = { name: 'choose' }
    this.field = null
    this.value = null
    this.unread = ''
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#left.abort()
  }

  protected override get label(): string {
    const { which } = this.bulk
    return t('list.bulkTitle', { count: 'ids' in which ? which.ids.length : which.count })
  }

  protected override get kind(): string {
    return 'bulk-dialog'
  }

  /** What is being changed is not left half told. */
  protected override get mayClose(): boolean {
    return this.step.name !== 'working' || this.step.text !== 'list.bulkChanging'
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2>
        <button type="button" class="plain icon-only" ?disabled=${!this.mayClose} aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body">
        ${this.#choosing(this.bulk)}
        <div role="status" class="bulk-status">${this.#state(this.bulk)}</div>
      </div>
      <footer class="dialog-foot">${this.#actions()}</footer>`
  }

  #choosing({ entity, surroundings }: Bulk): TemplateResult {
    const fields = entity.fields.filter(({ updateable, masked }) => updateable && !masked)
    const { field } = this
    const busy = this.step.name === 'working'
    const slot = (of: UiField): FieldSlot => ({
      ...surroundings, field: of, value: this.value, label: t('list.bulkValue'), required: false, disabled: busy, error: this.unread, help: of.required ? '' : t('list.bulkEmptyHelp'),
      change: (value) => this.#set(of, value),
      touch: () => {},
      unread: (text, _at, part = of) => (this.unread = text === null ? '' : unreadMessage(viewOf(part.type), text)),
    })
    return html`
      <vaadin-combo-box autofocus .label=${t('list.bulkField')} item-label-path="title" item-value-path="key" item-id-path="key" partial-match-mode="only-match" .items=${fields} .selectedItem=${field} ?disabled=${busy} .placeholder=${t('field.choose')}
        @selected-item-changed=${(event: CustomEvent<{ value: UiField | null | undefined }>) => event.detail.value && event.detail.value.key !== field?.key && this.#set(event.detail.value, null)}></vaadin-combo-box>
      ${field === null ? nothing : html`<div class="bulk-value">${viewOf(field.type).input(slot(field))}</div>`}
    `
  }

  #set(field: UiField, value: Json): void {
    this.field = field
    this.value = value
    this.unread = ''
    this.step = { name: 'choose' }
  }

  #state({ entity }: Bulk): TemplateResult | typeof nothing {
    const { step } = this
    if (step.name === 'working') return html`<p>${t(step.text)}</p><progress max=${Math.max(1, step.total)} value=${step.done} aria-label=${t(step.text)}></progress>`
    if (step.name === 'failed') return html`<p class="wrong">${icon('warning')}${step.reason}</p>`
    if (step.name === 'choose') return nothing
    const { changed, refused } = step.outcome
    const same = step.targets.length - changed.length - refused.length
    return html`
      <p class="will">${icon('pencil')}${t('list.bulkWill', { count: changed.length })}</p>
      ${same === 0 ? nothing : html`<p class="quiet">${t('list.bulkSame', { count: same })}</p>`}
      ${step.more ? html`<p class="wrong">${icon('warning')}${t('list.bulkMost', { count: targetsMax })}</p>` : nothing}
      ${refused.length === 0 ? nothing : html`<p class="wrong">${icon('warning')}${t('list.bulkRefused', { count: refused.length })}</p>
        <ul>${refused.slice(0, refusedShown).map(({ target, message }: Refusal) => html`<li><b>${nameOf(entity, target.record)}</b> ${message}</li>`)}
          ${refused.length > refusedShown ? html`<li class="quiet">${t('list.bulkMore', { count: refused.length - refusedShown })}</li>` : nothing}</ul>`}
    `
  }

  #actions(): TemplateResult {
    const { step, field } = this
    const cancel = html`<vaadin-button theme="tertiary" ?disabled=${!this.mayClose} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>`
    if (step.name === 'looked') {
      const count = step.outcome.changed.length
      return html`${cancel}<vaadin-button theme="primary" ?disabled=${count === 0} @click=${() => void this.#change(step.outcome)}>${t('list.bulkDo', { count })}</vaadin-button>`
    }
    const empty = this.unread !== '' || (this.value === null && field?.required === true)
    return html`${cancel}<vaadin-button theme="primary" ?disabled=${step.name === 'working' || field === null || empty} @click=${() => void this.#look()}>${t('list.bulkLook')}</vaadin-button>`
  }

  async #look(): Promise<void> {
    const { field, value, bulk } = this
    if (field === null) return
    try {
      this.step = { name: 'working', text: 'list.bulkLooking', done: 0, total: 1 }
      const targets = await gather(bulk.records, bulk.entity.name, bulk.which, [displayKey(bulk.entity)], field.key)
      const outcome = await look(bulk.records, bulk.entity.name, field.key, value, targets, this.#progress('list.bulkLooking', targets.length))
      this.step = { name: 'looked', targets, outcome, more: 'query' in bulk.which && targets.length === targetsMax && bulk.which.count >= targetsMax }
    } catch (thrown) {
      this.step = { name: 'failed', reason: describeProblem(thrown) }
    }
  }

  async #change(looked: Outcome): Promise<void> {
    const { field, value, bulk } = this
    if (field === null) return
    try {
      const outcome = await change(bulk.records, bulk.entity.name, field.key, value, looked.changed, this.#progress('list.bulkChanging', looked.changed.length))
      this.close({ field, outcome })
    } catch (thrown) {
      this.step = { name: 'failed', reason: describeProblem(thrown) }
    }
  }

  #progress(text: 'list.bulkLooking' | 'list.bulkChanging', total: number): (done: number) => void {
    this.step = { name: 'working', text, done: 0, total }
    return (done) => {
      this.#left.signal.throwIfAborted()
      this.step = { name: 'working', text, done, total }
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bulk-dialog': BulkDialog
  }
}
