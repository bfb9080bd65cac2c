/**
 * Changing one field of many records: choose the field and the value, look at what would happen, then do it. Opens over
 * the list; gives back what was changed, so that it can be taken back.
 */
import './bulk-dialog.css'
import '../../fields/inputs.js'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../../metadata/contract/ui-model.js'
import { language, t } from '../../client/i18n.js'
import { displayKey, type ListQuery, type Records } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { FieldSlot, Surroundings } from '../../fields/contract.js'
import { unreadMessage } from '../../forms/unread.js'
import { viewOf } from '../../fields/index.js'
import { nameOf } from '../../fields/name-of.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
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
export class BulkDialog extends LightElement {
  static override properties = { step: { state: true }, field: { state: true }, value: { state: true }, unread: { state: true } }
  declare step: Step
  declare field: UiField | null
  declare value: Json
  /** Why what stands in the input is no value; '' when it is one. */
  declare unread: string
  #bulk: Bulk | null = null
  /** Whoever goes back while it looks has seen enough. */
  readonly #left = new AbortController()
  #finish: ((done: BulkDone | null) => void) | null = null

  constructor() {
    super()
    this.step = { name: 'choose' }
    this.field = null
    this.value = null
    this.unread = ''
    new Watch(this, language)
  }

  /** Shows the dialog; null when nothing was changed. */
  open(bulk: Bulk): Promise<BulkDone | null> {
    this.#bulk = bulk
    return new Promise((resolve) => {
      this.#finish = resolve
      document.body.append(this)
    })
  }

  override firstUpdated(): void {
    this.querySelector('dialog')?.showModal()
  }

  #close(done: BulkDone | null): void {
    this.#left.abort()
    this.querySelector('dialog')?.close()
    this.remove()
    this.#finish?.(done)
  }

  override render(): TemplateResult | typeof nothing {
    if (this.#bulk === null) return nothing
    const { which } = this.#bulk
    const count = 'ids' in which ? which.ids.length : which.count
    return html`
      <dialog class="bulk-dialog" aria-labelledby="bulk-title" @cancel=${(event: Event) => this.#cancelled(event)}>
        <h2 id="bulk-title">${t('list.bulkTitle', { count })}</h2>
        ${this.#choosing(this.#bulk)}
        <div role="status" class="bulk-status">${this.#state(this.#bulk)}</div>
        <div class="bulk-actions">${this.#actions()}</div>
      </dialog>
    `
  }

  get #changing(): boolean {
    return this.step.name === 'working' && this.step.text === 'list.bulkChanging'
  }

  #cancelled(event: Event): void {
    // Pickers inside the dialog send the same event; what is being changed is not left half told.
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    if (!this.#changing) this.#close(null)
  }

  #choosing({ entity, surroundings }: Bulk): TemplateResult {
    const fields = entity.fields.filter(({ updateable, masked }) => updateable && !masked)
    const { field } = this
    const busy = this.step.name === 'working'
    const slot = (of: UiField): FieldSlot => ({
      ...surroundings, field: of, value: this.value, label: t('list.bulkValue'), required: false, disabled: busy, error: this.unread, help: of.required ? '' : t('list.bulkEmptyHelp'),
      change: (value) => this.#set(of, value),
      touch: () => {},
      unread: (text) => (this.unread = text === null ? '' : unreadMessage(of, text)),
    })
    return html`
      <vaadin-combo-box autofocus .label=${t('list.bulkField')} item-label-path="title" item-value-path="key" item-id-path="key" .items=${fields} .selectedItem=${field} ?disabled=${busy} .placeholder=${t('field.choose')}
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
    const cancel = html`<vaadin-button theme="tertiary" ?disabled=${this.#changing} @click=${() => this.#close(null)}>${t('cancel')}</vaadin-button>`
    if (step.name === 'looked') {
      const count = step.outcome.changed.length
      return html`${cancel}<vaadin-button theme="primary" ?disabled=${count === 0} @click=${() => void this.#change(step.outcome)}>${t('list.bulkDo', { count })}</vaadin-button>`
    }
    const empty = this.unread !== '' || (this.value === null && field?.required === true)
    return html`${cancel}<vaadin-button theme="primary" ?disabled=${step.name === 'working' || field === null || empty} @click=${() => void this.#look()}>${t('list.bulkLook')}</vaadin-button>`
  }

  async #look(): Promise<void> {
    const { field, value } = this
    const bulk = this.#bulk
    if (field === null || bulk === null) return
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
    const { field, value } = this
    const bulk = this.#bulk
    if (field === null || bulk === null) return
    try {
      const outcome = await change(bulk.records, bulk.entity.name, field.key, value, looked.changed, this.#progress('list.bulkChanging', looked.changed.length))
      this.#close({ field, outcome })
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
