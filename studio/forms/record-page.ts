/** One record, or a new one: its name, the form, related records and history. What is typed is `Editing`'s; this shows it. */
import './record-page.css'
import '../duplicates/duplicate-hints.js'
import '../shell/favourites.js'
import './record-form.js'
import './record-rail.js'
import '../trees/tree-path.js'
import '@vaadin/button'
import '../work/approval-list.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiAction, UiEntity, UiFormElement, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, number, t } from '../client/i18n.js'
import { fieldOf } from '../client/model.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { face, hasFaces } from '../fields/face.js'
import { filesFor } from '../fields/files-for.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { computedNotes } from '../computed/notes.js'
import { nameOf } from '../fields/name-of.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { formDesignPath, listPath, mergePath, recordPath } from '../shell/routes.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { leaveInput } from '../ui/leave-input.js'
import { LightElement } from '../ui/light-element.js'
import { toast } from '../ui/toast.js'
import { isTyping } from '../ui/typing.js'
import { painted } from '../ui/when-idle.js'
import { editingNote, facesOf, Presence } from '../work/presence.js'
import { Course, type RecordPlace } from '../lifecycles/course.js'
import { placeOf, type Place } from '../lists/trail.js'
import { actionButtons } from './actions/action-buttons.js'
import { Editing, type EditingHost, type ReadyRecord } from './editing.js'
import { editedKeys, type UnreadDetail } from './form-state.js'
import { keyFacts } from './key-facts.js'
import { relatedListOf } from './related-list.js'
import { isRequired } from './required.js'
import type { EditDetail, RecordForm } from './record-form.js'
import { RuleNotes } from './rule-notes.js'

/** `<record-page .client .model .entity .recordId .prefill>`; without an id it is a new record. */
@customElement('record-page')
export class RecordPage extends LightElement implements EditingHost {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, prefill: { attribute: false }, place: { state: true }, notes: { state: true }, whole: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare recordId: number | null
  declare prefill: JsonObject
  /** Where the record stands in the list that it was opened from. */
  declare place: Place | null
  /** False until the form can be seen and typed into: what stands below and beside it comes in the next frame. */
  declare whole: boolean
  /** What is to be said of computed values, by field. */
  declare notes: Readonly<Record<string, string>>
  readonly #editing = new Editing(this)
  readonly #presence = new Presence(this)
  readonly #course = new Course(this, this.#editing)
  readonly #rules = new RuleNotes(this)
  #surroundings: Surroundings | undefined
  #shownModel: UiModel | undefined
  #wasDirty = false
  /** Record and version that the notes are of. */
  #noted = ''
  readonly #mayLeave = (): Promise<boolean> => this.#askToLeave()
  readonly #beforeUnload = (event: BeforeUnloadEvent): void => {
    if (this.#editing.dirty) event.preventDefault()
  }
  readonly #keys = (event: KeyboardEvent): void => {
    const act = this.#action(event)
    if (act === null) return
    event.preventDefault()
    void act()
  }

  constructor() {
    super()
    this.recordId = null
    this.prefill = {}
    this.place = null
    this.notes = {}
    this.whole = false
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('beforeunload', this.#beforeUnload)
    document.addEventListener('keydown', this.#keys)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('beforeunload', this.#beforeUnload)
    document.removeEventListener('keydown', this.#keys)
    router.release(this.#mayLeave)
  }

  override willUpdate(): void {
    const { client, model, entity, recordId } = this
    if (client === undefined || model === undefined || entity === undefined || this.#shownModel === model) return
    this.#shownModel = model
    this.#surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath), files: filesFor(client, entity.name, recordId) }
    void this.#locate(entity, recordId)
    this.#editing.open({ client, model, entity, id: recordId, surroundings: this.#surroundings }, this.prefill)
  }

  override updated(): void {
    if (this.#editing.dirty) router.guard(this.#mayLeave)
    else router.release(this.#mayLeave)
    this.#keepInSight()
    const { record } = this.#editing
    if (record.state === 'ready' && this.recordId !== null) document.title = `${nameOf(this.entity, record.form.original)} · ${this.model?.title ?? ''}`
    this.#note()
    if (record.state === 'ready' && this.#editing.mode !== 'read' && this.client !== undefined && this.entity !== undefined && this.#surroundings !== undefined) this.#rules.at({ client: this.client, entity: this.entity, id: this.recordId, form: record.form, surroundings: this.#surroundings })
    this.#course.at(this.#savedPlace)
    if (record.state === 'ready' && !this.whole) void painted().then(() => (this.whole = true))
    if (record.state === 'ready' && this.client !== undefined && this.entity !== undefined && this.recordId !== null && !record.archived) this.#presence.atRecord(this.client, this.entity.name, this.recordId, this.#editing.dirty)
  }

  /** What saves comes over the end of the page: the field that is being typed into stays above it. */
  #keepInSight(): void {
    const { dirty } = this.#editing
    if (dirty && !this.#wasDirty && document.activeElement !== null && this.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: 'nearest' })
    this.#wasDirty = dirty
  }

  /** Where transitions of a saved record are made. */
  get #savedPlace(): RecordPlace | undefined {
    const { client, model, entity, recordId } = this
    const surroundings = this.#surroundings
    return client === undefined || model === undefined || entity === undefined || surroundings === undefined || recordId === null ? undefined : { client, model, entity, surroundings }
  }

  /** Asks once for each state of the record. */
  #note(): void {
    const { client, entity, recordId } = this
    const { record } = this.#editing
    if (client === undefined || entity === undefined || recordId === null || record.state !== 'ready' || record.archived) return
    const of = `${String(recordId)} ${String(record.version)}`
    if (of === this.#noted) return
    this.#noted = of
    void computedNotes(client, entity, recordId).then((notes) => (this.notes = notes))
  }

  /** Only where "back" leads to the list: whoever came another way was in no list. */
  async #locate(entity: UiEntity, id: number | null): Promise<void> {
    if (id !== null && router.cameFromHere(listPath(entity.name))) this.place = await placeOf(entity.name, id).catch(() => null)
  }

  /** To another record of the list. The list stays the page before. */
  async #goTo(id: number | null | undefined): Promise<void> {
    if (id === null || id === undefined || !(await this.#askToLeave())) return
    this.becomes(id)
  }

  becomes(id: number): void {
    const address = recordPath(this.entity?.name ?? '', id)
    router.release(this.#mayLeave)
    if (this.isConnected) router.replace(address)
    else void router.go(address)
  }

  async showFirstProblem(): Promise<void> {
    await this.updateComplete
    await this.querySelector<RecordForm>('record-form')?.showFirstProblem()
  }

  #action(event: KeyboardEvent): (() => Promise<void>) | null {
    if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey)) return () => leaveInput().then(() => this.#editing.save())
    if (!event.altKey || isTyping(event)) return null
    if (event.key === 'ArrowUp') return () => this.#goTo(this.place?.previous)
    return event.key === 'ArrowDown' ? () => this.#goTo(this.place?.next) : null
  }

  async #askToLeave(): Promise<boolean> {
    return !this.#editing.dirty || ask({ title: t('record.leaveTitle'), text: t('record.leaveText'), yes: t('record.leaveYes'), no: t('record.leaveNo'), danger: true })
  }

  async #archive(): Promise<void> {
    if (await this.#askToLeave()) await this.#editing.toggleArchived()
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    const { record } = this.#editing
    if (entity === undefined) return nothing
    if (record.state === 'loading') return html`<div class="record-skeleton" aria-busy="true">${Array.from({ length: 7 }, () => html`<i></i>`)}</div>`
    if (record.state === 'failed') {
      return html`<div class="page-center">${emptyState({
        icon: record.missing ? 'map' : 'warning',
        title: record.missing ? t('record.notFound') : record.reason,
        text: t('record.notFoundText'),
        action: html`<a class="button" href=${listPath(entity.name)}>${t('record.toList', { entity: entity.plural })}</a>`,
      })}</div>`
    }
    return this.#ready(entity, record)
  }

  #ready(entity: UiEntity, record: ReadyRecord): TemplateResult {
    const { problems, mode, newer } = this.#editing
    const rail = this.recordId !== null
    return html`
      ${this.#head(entity, record)}
      ${record.archived ? html`<p class="record-note">${icon('archive')}<span>${t('record.archivedBanner')}</span></p>` : nothing}
      ${mode === 'read' && !record.archived ? html`<p class="why-note quiet">${icon('lock')}<span>${t('why.readOnly')}</span><button type="button" class="plain accent" @click=${() => void this.#why(null)}>${t('why.title')}</button></p>` : nothing}
      ${newer ? html`<p class="record-note" role="status">${icon('refresh')}<span>${t('record.changedElsewhere')}</span><button type="button" class="plain accent" @click=${() => void this.#editing.takeNewer()}>${t('record.reload')}</button></p>` : nothing}
      <div class="record-body ${rail ? '' : 'alone'}">
        <div>${editingNote(this.#presence.others)}${this.recordId === null || !this.whole ? nothing : html`<approval-list .client=${this.client} .model=${this.model} .record=${`${entity.name}/${String(this.recordId)}`} .quiet=${true}></approval-list>`}${this.#duplicates(entity, record)}
        <record-form .entity=${entity} .values=${record.form.values} .problems=${problems} .notes=${{ ...this.notes, ...this.#rules.notes }} .explains=${this.recordId !== null} .mode=${mode} .surroundings=${this.#surroundings} .related=${(element: UiFormElement) => this.#related(entity, element)}
          @edit=${({ detail }: CustomEvent<EditDetail>) => this.#editing.edit(detail.key, detail.value)} @touch=${(event: CustomEvent<string>) => this.#editing.touch(event.detail)} @unread=${({ detail }: CustomEvent<UnreadDetail>) => this.#editing.unread(detail)} @why=${(event: CustomEvent<string>) => void this.#why(event.detail)}></record-form></div>
        ${rail && this.whole ? html`<record-rail .client=${this.client} .model=${this.model} .entity=${entity} .recordId=${this.recordId} .record=${record} .writable=${mode === 'update'} .surroundings=${this.#surroundings}
          @take-back=${(event: CustomEvent<JsonObject>) => this.#takeBack(event.detail)}></record-rail>` : nothing}
      </div>
      ${this.#saveBar(record, Object.keys(problems).length)}
    `
  }

  /** Why a field, or the record (null), cannot be changed. */
  async #why(key: string | null): Promise<void> {
    const { client, model, entity, recordId } = this
    if (client === undefined || model === undefined || entity === undefined || recordId === null) return
    const { tellWhy } = await import('./why/why-dialog.js')
    await tellWhy({ client, model, entity, id: recordId, field: key === null ? null : (fieldOf(entity, key) ?? null) })
  }

  /** What the record stands below in its tree. */
  #way({ name, tree }: UiEntity, { form }: ReadyRecord): TemplateResult | typeof nothing {
    if (tree === undefined || this.recordId === null) return nothing
    const parent = form.original[tree]
    return html`<tree-path .lookup=${this.#surroundings?.lookup} .entity=${name} .recordId=${this.recordId} .parent=${typeof parent === 'number' ? parent : null}></tree-path>`
  }

  #duplicates(entity: UiEntity, record: ReadyRecord): TemplateResult | typeof nothing {
    if (entity.duplicates === undefined || this.#editing.mode === 'read') return nothing
    return html`<duplicate-hints .client=${this.client} .entity=${entity} .values=${record.form.values} .recordId=${this.recordId}
      .recordPath=${(id: number) => recordPath(entity.name, id)} .mergePath=${(ids: readonly number[]) => mergePath(entity.name, ids)} @use=${(event: CustomEvent<number>) => this.#use(event.detail)}></duplicate-hints>`
  }

  /** The person takes the record that is there instead of what was typed. */
  #use(id: number): void {
    this.#editing.discard()
    this.becomes(id)
  }

  #head(entity: UiEntity, record: ReadyRecord): TemplateResult {
    const title = this.recordId === null ? t('record.new', { entity: entity.title }) : nameOf(entity, record.form.original)
    const archive = t(record.archived ? 'restore' : 'archive')
    return html`
      <header class="record-head">
        <a class="plain icon-only" href=${listPath(entity.name)} aria-label=${t('record.toList', { entity: entity.plural })} title=${t('record.toList', { entity: entity.plural })} @click=${(event: MouseEvent) => this.#back(event)}>${icon('arrowLeft')}</a>
        ${this.recordId === null || !hasFaces(entity) ? html`<span class="tile large">${icon(entity.icon)}</span>` : face(entity, record.form.original, this.#surroundings?.files, undefined, 'large')}
        <div class="record-title"><a class="record-kind" href=${listPath(entity.name)}>${entity.plural}</a>${this.#way(entity, record)}<h1>${title}</h1></div>
        <span class="grow"></span>
        ${facesOf(this.#presence.others)}
        ${this.recordId === null ? nothing : html`<favourite-star .client=${this.client} .entity=${entity.name} .recordId=${this.recordId}></favourite-star>`}
        ${this.place === null ? nothing : this.#neighbours(this.place)}
        ${this.model?.mayDesign === true ? html`<a class="plain icon-only record-design" title=${t('form.editThis')} aria-label=${t('form.editThis')} href=${formDesignPath(entity.name, this.recordId, entity.formName)}>${icon('shapes')}</a>` : nothing}
        ${this.model?.mayDesign === true && this.recordId !== null ? html`<button type="button" class="plain icon-only record-design" title=${t('why.rights')} aria-label=${t('why.rights')} @click=${() => void this.#why(null)}>${icon('key')}</button>` : nothing}
        ${this.recordId === null || record.archived ? nothing : actionButtons(entity, 'record-actions', (action) => void this.#start(entity, record, action))}
        ${this.recordId !== null && entity.may.archive ? html`<button type="button" class="plain" @click=${() => void this.#archive()}>${icon(record.archived ? 'restore' : 'archive')}<span>${archive}</span></button>` : nothing}
      </header>
      ${this.#course.render(this.#savedPlace)}
      ${this.#surroundings === undefined || this.recordId === null ? nothing : keyFacts(entity, record.form.original, this.#surroundings)}
    `
  }

  async #start(entity: UiEntity, { form }: ReadyRecord, action: UiAction): Promise<void> {
    const { client, recordId } = this
    const surroundings = this.#surroundings
    if (client === undefined || recordId === null || surroundings === undefined) return
    const { startAction } = await import('./actions/action-dialog.js')
    await startAction(action, { client, entity: entity.name, ids: [recordId], of: nameOf(entity, form.original), surroundings })
  }

  #neighbours({ position, count, capped, previous, next }: Place): TemplateResult {
    const step = (id: number | null, label: 'record.previous' | 'record.next', key: string, name: 'chevronUp' | 'chevronDown'): TemplateResult =>
      html`<button type="button" class="plain icon-only" ?disabled=${id === null} aria-label=${t(label)} title="${t(label)} (Alt ${key})" aria-keyshortcuts="Alt+${key === '↑' ? 'ArrowUp' : 'ArrowDown'}" @click=${() => void this.#goTo(id)}>${icon(name)}</button>`
    return html`<span class="record-place">${step(previous, 'record.previous', '↑', 'chevronUp')}<span class="quiet">${t('record.place', { position: number(position), count: number(count) })}${capped ? '+' : ''}</span>${step(next, 'record.next', '↓', 'chevronDown')}</span>`
  }

  /** Back to the list as it was left, when that is where we came from. */
  #back(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || !router.cameFromHere(listPath(this.entity?.name ?? ''))) return
    event.preventDefault()
    event.stopPropagation()
    history.back()
  }

  #related(entity: UiEntity, element: UiFormElement): TemplateResult | typeof nothing {
    const { client, model, recordId } = this
    return recordId === null || !this.whole ? nothing : relatedListOf(element, entity, { client, model, recordId, surroundings: this.#surroundings })
  }

  #requiredHint({ form }: ReadyRecord): TemplateResult | typeof nothing {
    const required = this.entity?.fields.some((field) => field.createable && isRequired(field, form.values, true))
    return required === true ? html`<span class="quiet">${t('record.requiredHint')}</span>` : nothing
  }

  #saveBar(record: ReadyRecord, wrong: number): TemplateResult | typeof nothing {
    const { mode, saving } = this.#editing
    const create = mode === 'create'
    const dirty = editedKeys(record.form).length
    if (mode === 'read' || (!create && dirty === 0)) return nothing
    const note = wrong > 0 ? html`<span class="wrong">${t('record.invalid', { count: wrong })}</span>` : create ? this.#requiredHint(record) : t('record.unsaved', { count: dirty })
    return html`
      <div class="save-bar ${create ? 'create' : ''}" role="region" aria-label=${t('save')}>
        <span role="status">${note}</span>
        <span class="grow"></span>
        ${create ? nothing : html`<vaadin-button theme="tertiary" ?disabled=${saving} @click=${() => this.#editing.discard()}>${t('record.discard')}</vaadin-button>`}
        <vaadin-button theme="primary" ?disabled=${saving} @click=${() => void this.#editing.save()}>${t(saving ? 'record.saving' : create ? 'create' : 'record.save')}</vaadin-button>
      </div>
    `
  }

  /** Past values become edits: they are seen, can be given up, and are saved like everything else. */
  #takeBack(values: JsonObject): void {
    for (const [key, value] of Object.entries(values)) this.#editing.edit(key, value)
    toast(t('past.taken', { count: Object.keys(values).length }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'record-page': RecordPage
  }
}
