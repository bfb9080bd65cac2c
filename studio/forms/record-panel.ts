/** A record beside the page: its key facts and its form, without leaving what one was at. What is typed is `Editing`'s. */
import './record-panel.css'
import './record-form.js'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiFormElement, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { face, hasFaces } from '../fields/face.js'
import { filesFor } from '../fields/files-for.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { nameOf } from '../fields/name-of.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { recordPath } from '../shell/routes.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { leaveInput } from '../ui/leave-input.js'
import { LightElement } from '../ui/light-element.js'
import { Editing, type EditingHost, type ReadyRecord } from './editing.js'
import { editedKeys, type UnreadDetail } from './form-state.js'
import { keyFacts } from './key-facts.js'
import { relatedListOf } from './related-list.js'
import type { EditDetail, RecordForm } from './record-form.js'

/** `<record-panel .client .model .entity .recordId>`; one element for each record. */
@customElement('record-panel')
export class RecordPanel extends LightElement implements EditingHost {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  /** Undefined: the caller has no such entity. */
  declare entity: UiEntity | undefined
  declare recordId: number
  readonly #editing = new Editing(this)
  #surroundings: Surroundings | undefined
  #shownModel: UiModel | undefined
  /** Where the person was, to go back there. */
  #before: Element | null = null
  readonly #mayLeave = async (): Promise<boolean> => !this.#editing.dirty || ask({ title: t('record.leaveTitle'), text: t('record.leaveText'), yes: t('record.leaveYes'), no: t('record.leaveNo'), danger: true })
  readonly #keys = (event: KeyboardEvent): void => {
    // What lies over the page closes first.
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open], vaadin-confirm-dialog[opened]') !== null) return
    event.preventDefault()
    void router.closePeek()
  }

  constructor() {
    super()
    this.recordId = 0
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#before = document.activeElement
    document.addEventListener('keydown', this.#keys)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('keydown', this.#keys)
    router.release(this.#mayLeave)
    const lost = document.activeElement === null || document.activeElement === document.body
    if (!lost || this.#before === null) return
    const to = this.#before.isConnected && this.#before !== document.body ? this.#before : document.querySelector('main')
    if (to instanceof HTMLElement) to.focus({ preventScroll: true })
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>('aside')?.focus({ preventScroll: true })
  }

  override willUpdate(): void {
    const { client, model, entity, recordId } = this
    if (client === undefined || model === undefined || entity === undefined || this.#shownModel === model) return
    this.#shownModel = model
    this.#surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath), files: filesFor(client, entity.name, recordId) }
    this.#editing.open({ client, model, entity, id: recordId, surroundings: this.#surroundings }, {})
  }

  override updated(): void {
    if (this.#editing.dirty) router.guardPeek(this.#mayLeave)
    else router.release(this.#mayLeave)
  }

  /** The record was merged into another one. */
  becomes(id: number): void {
    router.release(this.#mayLeave)
    if (this.entity !== undefined) void router.look({ entity: this.entity.name, id })
  }

  async showFirstProblem(): Promise<void> {
    await this.updateComplete
    await this.querySelector<RecordForm>('record-form')?.showFirstProblem()
  }

  override render(): TemplateResult {
    const { entity } = this
    const { record } = this.#editing
    const title = entity === undefined || record.state !== 'ready' ? '' : nameOf(entity, record.form.original)
    return html`
      <div class="panel-shade" @click=${() => void router.closePeek()}></div>
      <aside class="panel" role="dialog" tabindex="-1" aria-label=${title || t('loading')} @keydown=${(event: KeyboardEvent) => this.#saveKey(event)}>
        <header>
          ${entity === undefined || record.state !== 'ready' || !hasFaces(entity) ? html`<span class="tile">${icon(entity?.icon ?? 'map')}</span>` : face(entity, record.form.original, this.#surroundings?.files)}
          <div class="panel-title"><span class="quiet">${entity?.title ?? ''}</span><h2>${title}</h2></div>
          ${entity === undefined ? nothing : html`<a class="plain" href=${recordPath(entity.name, this.recordId)}>${icon('external')}<span>${t('peek.full')}</span></a>`}
          <button type="button" class="plain icon-only" aria-label=${t('close')} title=${`${t('close')} (Esc)`} @click=${() => void router.closePeek()}>${icon('close')}</button>
        </header>
        ${this.#content(record.state)}
      </aside>`
  }

  #content(state: 'loading' | 'failed' | 'ready'): TemplateResult {
    const { entity } = this
    const { record } = this.#editing
    if (entity === undefined || record.state === 'failed') return html`<div class="panel-body">${emptyState({ icon: 'map', title: record.state === 'failed' && !record.missing ? record.reason : t('record.notFound'), text: t('record.notFoundText') })}</div>`
    if (state === 'loading' || record.state !== 'ready' || this.#surroundings === undefined) return html`<div class="panel-body panel-loading" aria-busy="true"><i></i><i></i><i></i></div>`
    return html`
      <div class="panel-body">
        ${record.archived ? html`<p class="panel-note">${t('record.archivedBanner')}</p>` : nothing}
        ${this.#editing.newer ? html`<p class="panel-note" role="status">${t('record.changedElsewhere')} <button type="button" class="plain accent" @click=${() => void this.#editing.takeNewer()}>${t('record.reload')}</button></p>` : nothing}
        ${keyFacts(entity, record.form.original, this.#surroundings)}
        <record-form .entity=${entity} .values=${record.form.values} .problems=${this.#editing.problems} .mode=${this.#editing.mode} .surroundings=${this.#surroundings}
          .related=${(element: UiFormElement) => relatedListOf(element, entity, { client: this.client, model: this.model, recordId: this.recordId, surroundings: this.#surroundings })}
          @edit=${({ detail }: CustomEvent<EditDetail>) => this.#editing.edit(detail.key, detail.value)} @touch=${(event: CustomEvent<string>) => this.#editing.touch(event.detail)} @unread=${({ detail }: CustomEvent<UnreadDetail>) => this.#editing.unread(detail)}></record-form>
      </div>
      ${this.#saveBar(record)}`
  }

  #saveBar(record: ReadyRecord): TemplateResult | typeof nothing {
    const count = editedKeys(record.form).length
    const wrong = Object.keys(this.#editing.problems).length
    if (count === 0 || this.#editing.mode !== 'update') return nothing
    return html`
      <footer role="region" aria-label=${t('save')}>
        <span role="status" class=${wrong > 0 ? 'wrong' : ''}>${wrong > 0 ? t('record.invalid', { count: wrong }) : t('record.unsaved', { count })}</span>
        <vaadin-button theme="tertiary" ?disabled=${this.#editing.saving} @click=${() => this.#editing.discard()}>${t('record.discard')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.#editing.saving} @click=${() => void this.#editing.save()}>${t(this.#editing.saving ? 'record.saving' : 'record.save')}</vaadin-button>
      </footer>`
  }

  /** The page below has the same key. */
  #saveKey(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    void leaveInput().then(() => this.#editing.save())
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'record-panel': RecordPanel
  }
}
