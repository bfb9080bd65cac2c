/** One record, or a new one: the form, related records and history. Keeps what is typed until it is saved or given up. */
import './record-page.css'
import '../duplicates/duplicate-hints.js'
import './history-panel.js'
import './record-form.js'
import './related-list.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiFormElement, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import type { RecordEvent } from '../client/model.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import { nameOf, type Rec } from '../client/records.js'
import { Watch } from '../client/store.js'
import type { Surroundings } from '../fields/contract.js'
import { sendable } from '../fields/lines-state.js'
import { viewOf } from '../fields/index.js'
import { noteOpened } from '../client/recent.js'
import { filesFor } from '../fields/files-for.js'
import { lookupFor } from '../fields/lookup.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { auditPath, designPath, listPath, mergePath, recordPath } from '../shell/routes.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toast, toastProblem } from '../ui/toast.js'
import { check } from './checks.js'
import { resolveConflict } from './conflict-dialog.js'
import { readConflict, type Conflict } from './conflict.js'
import { changes, dirtyKeys, discard, edit, isDirty, rebase, refuse, same, start, touch, touchAll, type FormState } from './form-state.js'
import { isWritable, type EditDetail, type FormMode, type RecordForm } from './record-form.js'
import { Creation, saveChanges, type Outcome } from './save.js'

type Page =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string; readonly missing: boolean }
  | { readonly state: 'ready'; readonly form: FormState; readonly etag: string; readonly version: number; readonly archived: boolean }

/** Keys of the fields whose rows are read with the record. */
const linesOf = (entity: UiEntity): readonly string[] => entity.fields.filter(({ lines }) => lines !== undefined).map(({ key }) => key)

/** `<record-page .client .model .entity .recordId .prefill>`; without an id it is a new record. */
@customElement('record-page')
export class RecordPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, prefill: { attribute: false }, page: { state: true }, saving: { state: true }, newer: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare recordId: number | null
  declare prefill: JsonObject
  declare page: Page
  declare saving: boolean
  /** True when somebody else saved while there are edits here. */
  declare newer: boolean
  #surroundings: Surroundings | undefined
  #shownModel: UiModel | undefined
  #creation = new Creation()
  #stop: (() => void) | null = null
  readonly #mayLeave = (): Promise<boolean> => this.#askToLeave()
  readonly #beforeUnload = (event: BeforeUnloadEvent): void => {
    if (this.#dirty) event.preventDefault()
  }
  readonly #saveKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void this.#save()
  }

  constructor() {
    super()
    this.recordId = null
    this.prefill = {}
    this.page = { state: 'loading' }
    this.saving = false
    this.newer = false
    new Watch(this, language)
  }

  get #dirty(): boolean {
    return this.page.state === 'ready' && isDirty(this.page.form)
  }

  get #mode(): FormMode {
    if (this.recordId === null) return 'create'
    return this.page.state === 'ready' && !this.page.archived && this.entity?.may.update === true ? 'update' : 'read'
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('beforeunload', this.#beforeUnload)
    document.addEventListener('keydown', this.#saveKey)
    queueMicrotask(() => (this.#stop = this.client?.model.onRecord((event) => this.#changedElsewhere(event)) ?? null))
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('beforeunload', this.#beforeUnload)
    document.removeEventListener('keydown', this.#saveKey)
    router.release(this.#mayLeave)
    this.#stop?.()
  }

  override willUpdate(): void {
    const { client, model, entity } = this
    if (client === undefined || model === undefined || entity === undefined || this.#shownModel === model) return
    const first = this.#shownModel === undefined
    const newFields = this.#shownModel?.entities[entity.name]?.fields.length !== entity.fields.length
    this.#shownModel = model
    this.#surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath), files: filesFor(client, entity.name, this.recordId) }
    if (first && this.recordId === null) this.#begin(entity)
    else if (first || this.recordId !== null) void this.#load(client, entity)
    if (!first && newFields && this.#dirty) toast(t('record.changedFields'))
  }

  override updated(): void {
    if (this.#dirty) router.guard(this.#mayLeave)
    else router.release(this.#mayLeave)
  }

  #begin(entity: UiEntity): void {
    const defaults = Object.fromEntries(entity.fields.flatMap((field) => (field.createable && field.default !== undefined ? [[field.key, field.default]] : [])))
    const known = Object.fromEntries(Object.entries(this.prefill).filter(([key]) => entity.fields.some((field) => field.key === key && field.createable)))
    // What a link filled in beforehand is no work of the person's that could be lost.
    this.page = { state: 'ready', form: start({ ...defaults, ...known }), etag: '', version: 0, archived: false }
  }

  /** Reads the record, live or archived. Edits that are there stay on top of what was read. */
  async #load(client: Client, entity: UiEntity): Promise<void> {
    const id = this.recordId
    if (id === null) return
    try {
      const { body, etag } = await client.records.get(entity.name, id, { expand: linesOf(entity) })
      this.#show(body, etag, false)
      const user = client.session.user?.id
      if (user !== undefined) noteOpened(user, { entity: entity.name, id })
    } catch (thrown) {
      const problem = asProblem(thrown)
      const survivor = problem.body['mergedInto']
      if (typeof survivor === 'number' && this.page.state !== 'ready') {
        toast(t('merge.followed'))
        router.replace(recordPath(entity.name, survivor))
        return
      }
      const archived = problem.status === 404 && entity.may.archive ? await client.records.get(entity.name, id, { archived: true, expand: linesOf(entity) }).catch(() => null) : null
      if (archived !== null) this.#show(archived.body, archived.etag, true)
      else if (this.page.state !== 'ready') this.page = { state: 'failed', reason: describeProblem(problem), missing: problem.status === 404 }
      else toastProblem(problem)
    }
  }

  #show(record: Rec, etag: string, archived: boolean): void {
    const version = typeof record['version'] === 'number' ? record['version'] : 0
    if (this.page.state === 'ready' && isDirty(this.page.form)) {
      // With edits under way the version that they began with stays, so that saving still finds conflicts. New fields come in.
      // Nobody edits computed values: those are always the newest.
      const computed = Object.fromEntries((this.entity?.fields ?? []).flatMap(({ key, computed: kind }) => (kind === undefined || record[key] === undefined ? [] : [[key, record[key]]])))
      this.page = { ...this.page, form: rebase(this.page.form, { ...record, ...this.page.form.original, ...computed }) }
      this.newer = version > this.page.version
      return
    }
    this.page = { state: 'ready', form: start(record), etag: etag || `"${version}"`, version, archived }
    this.newer = false
    document.title = `${nameOf(this.entity, record)} · ${this.model?.title ?? ''}`
  }

  #changedElsewhere(event: RecordEvent | null): void {
    const { client, entity } = this
    if (client === undefined || entity === undefined || this.page.state !== 'ready' || this.saving) return
    if (event !== null && (event.entity !== entity.name || event.id !== this.recordId)) return
    // Computed values followed from another record: this one has its version still, and edits under way stay.
    if (event?.action === 'derived') return void this.#load(client, entity)
    if (event !== null && event.version <= this.page.version) return
    if (this.#dirty) this.newer = event !== null || this.newer
    else void this.#load(client, entity)
  }

  async #askToLeave(): Promise<boolean> {
    return !this.#dirty || ask({ title: t('record.leaveTitle'), text: t('record.leaveText'), yes: t('record.leaveYes'), no: t('record.leaveNo'), danger: true })
  }

  /** What is wrong and may be shown: own checks of touched fields, and all that the engine refused. */
  #problems(entity: UiEntity, form: FormState): Readonly<Record<string, string>> {
    const own = Object.entries(this.#checks(entity, form)).filter(([path]) => form.touched.has(path.split('/')[1] ?? ''))
    return { ...Object.fromEntries(own), ...form.refused }
  }

  #checks(entity: UiEntity, form: FormState): Readonly<Record<string, string>> {
    const writable = entity.fields.filter((field) => isWritable(field, this.#mode))
    const required = writable.filter((field) => field.required).map((field) => field.key)
    // A value that was there before is not this person's mistake, unless they change it.
    const keys = this.#mode === 'create' ? writable.map((field) => field.key) : dirtyKeys(form)
    return check(entity, form.values, keys, required)
  }

  async #save(): Promise<void> {
    const { client, entity, page } = this
    if (client === undefined || entity === undefined || page.state !== 'ready' || this.saving || this.#mode === 'read') return
    if (client.files.running.value > 0) {
      toast(t('field.file.saveLater'))
      return
    }
    if (this.#mode === 'update' && !isDirty(page.form)) return
    const form = touchAll(page.form, entity.fields.map((field) => field.key))
    this.page = { ...page, form }
    if (Object.keys(this.#checks(entity, form)).length > 0) {
      await this.updateComplete
      await this.#form?.showFirstProblem()
      return
    }
    this.saving = true
    const outcome = await this.#send(client, entity, form, page.etag)
    this.saving = false
    await this.#ended(outcome, client, entity)
  }

  #send(client: Client, entity: UiEntity, form: FormState, etag: string): Promise<Outcome> {
    const sent = (body: JsonObject): JsonObject => (this.model === undefined ? body : sendable(this.model, entity, body, form.original))
    if (this.recordId !== null) return saveChanges(client.records, entity, this.recordId, sent(changes(form)), etag)
    const body = Object.fromEntries(Object.entries(form.values).filter(([key, value]) => value !== null && value !== '' && entity.fields.some((field) => field.key === key && field.createable)))
    return this.#creation.save(client.records, entity, sent(body))
  }

  async #ended(outcome: Outcome, client: Client, entity: UiEntity): Promise<void> {
    if (this.page.state !== 'ready') return
    if (outcome.kind === 'saved') await this.#saved(outcome.record, outcome.etag, client, entity)
    else if (outcome.kind === 'conflict') await this.#conflict(outcome.conflict, entity)
    else if (outcome.kind === 'failed') toastProblem(outcome.problem)
    else {
      this.page = { ...this.page, form: refuse(this.page.form, outcome.problems) }
      if (Object.keys(outcome.problems).some((path) => !entity.fields.some((field) => path.startsWith(`/${field.key}`)))) toastProblem(outcome.problem)
      await this.updateComplete
      await this.#form?.showFirstProblem()
    }
  }

  async #saved(record: Rec, etag: string, client: Client, entity: UiEntity): Promise<void> {
    client.names.learn(entity.name, record.id, nameOf(entity, record))
    if (this.recordId === null) {
      router.release(this.#mayLeave)
      if (this.page.state === 'ready') this.page = { ...this.page, form: discard(this.page.form) }
      toast(t('record.created', { entity: entity.title }))
      router.replace(recordPath(entity.name, record.id))
      return
    }
    if (this.page.state !== 'ready') return
    // The answer is the record as this person may read it; what is not in it was hidden by the save itself.
    const unsent = Object.fromEntries(linesOf(entity).flatMap((key) => (Object.hasOwn(record, key) ? [] : [[key, this.page.state === 'ready' ? (this.page.form.original[key] ?? null) : null]])))
    this.page = { ...this.page, form: start(this.page.form.original) }
    this.#show({ ...unsent, ...record }, etag, false)
    toast(t('record.saved'))
  }

  /** False when the person goes on editing. Where different fields were changed there is nothing to choose: both stay. */
  async #choose(conflict: Conflict, entity: UiEntity): Promise<boolean> {
    const choice = conflict.fields.length === 0 || this.#surroundings === undefined ? {} : await resolveConflict(conflict, entity, this.#surroundings)
    if (choice === null || this.page.state !== 'ready') return false
    const form = rebase(this.page.form, { ...this.page.form.original, ...conflict.theirs })
    this.page = { ...this.page, form: { ...form, values: { ...form.values, ...choice } }, etag: `"${conflict.version}"`, version: conflict.version }
    this.newer = false
    return true
  }

  async #conflict(conflict: Conflict, entity: UiEntity): Promise<void> {
    if ((await this.#choose(conflict, entity)) && this.#dirty) await this.#save()
  }

  /** Puts the edits on top of what somebody else saved meanwhile; where both changed a field, the person chooses. */
  async #takeNewer(client: Client, entity: UiEntity): Promise<void> {
    if (this.recordId === null || this.page.state !== 'ready') return
    try {
      const { body } = await client.records.get(entity.name, this.recordId, { expand: linesOf(entity) })
      const conflict = readConflict({ mine: changes(this.page.form), theirs: body, original: this.page.form.original, version: body['version'] ?? 0 })
      if (conflict !== null) await this.#choose(conflict, entity)
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  async #archive(): Promise<void> {
    const { client, entity, recordId, page } = this
    if (client === undefined || entity === undefined || recordId === null || page.state !== 'ready') return
    if (!(await this.#askToLeave())) return
    const name = nameOf(entity, page.form.original)
    const restore = async (): Promise<void> => {
      await client.records.restore(entity.name, recordId)
      toast(t('record.restoredToast', { name }))
      if (this.isConnected) await this.#load(client, entity)
      else await router.go(recordPath(entity.name, recordId))
    }
    try {
      if (page.archived) {
        await restore()
        return
      }
      await client.records.archive(entity.name, recordId)
      this.page = { ...page, form: discard(page.form), archived: true }
      toast(t('record.archivedToast', { name }), { label: t('undo'), run: () => void restore().catch(toastProblem) })
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  get #form(): RecordForm | null {
    return this.querySelector('record-form')
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, page } = this
    if (entity === undefined) return nothing
    if (page.state === 'loading') return html`<div class="record-skeleton" aria-busy="true">${Array.from({ length: 7 }, () => html`<i></i>`)}</div>`
    if (page.state === 'failed') {
      return html`<div class="page-center">${emptyState({
        icon: page.missing ? 'map' : 'warning',
        title: page.missing ? t('record.notFound') : page.reason,
        text: t('record.notFoundText'),
        action: html`<a class="button" href=${listPath(entity.name)}>${t('record.toList', { entity: entity.plural })}</a>`,
      })}</div>`
    }
    return this.#ready(entity, page)
  }

  #ready(entity: UiEntity, page: Extract<Page, { state: 'ready' }>): TemplateResult {
    const problems = this.#problems(entity, page.form)
    const rail = this.recordId !== null
    return html`
      ${this.#head(entity, page)}
      ${page.archived ? html`<p class="record-note">${icon('archive')}<span>${t('record.archivedBanner')}</span></p>` : nothing}
      ${this.newer ? html`<p class="record-note" role="status">${icon('refresh')}<span>${t('record.changedElsewhere')}</span><button type="button" class="plain accent" @click=${() => this.client !== undefined && void this.#takeNewer(this.client, entity)}>${t('record.reload')}</button></p>` : nothing}
      <div class="record-body ${rail ? '' : 'alone'}">
        <div>${this.#duplicates(entity, page)}
        <record-form .entity=${entity} .values=${page.form.values} .problems=${problems} .mode=${this.#mode} .surroundings=${this.#surroundings} .related=${(element: UiFormElement) => this.#related(entity, element)}
          @edit=${(event: CustomEvent<EditDetail>) => this.#edited(event.detail)} @touch=${(event: CustomEvent<string>) => this.#touched(event.detail)}></record-form></div>
        ${rail ? this.#rail(entity, page) : nothing}
      </div>
      ${this.#saveBar(page, Object.keys(problems).length)}
    `
  }

  #duplicates(entity: UiEntity, page: Extract<Page, { state: 'ready' }>): TemplateResult | typeof nothing {
    if (entity.duplicates === undefined || this.#mode === 'read') return nothing
    return html`<duplicate-hints .client=${this.client} .entity=${entity} .values=${page.form.values} .recordId=${this.recordId}
      .recordPath=${(id: number) => recordPath(entity.name, id)} .mergePath=${(ids: readonly number[]) => mergePath(entity.name, ids)} @use=${(event: CustomEvent<number>) => this.#use(entity, event.detail)}></duplicate-hints>`
  }

  /** The person takes the record that is there instead of what was typed. */
  #use(entity: UiEntity, id: number): void {
    router.release(this.#mayLeave)
    if (this.page.state === 'ready') this.page = { ...this.page, form: discard(this.page.form) }
    router.replace(recordPath(entity.name, id))
  }

  #head(entity: UiEntity, page: Extract<Page, { state: 'ready' }>): TemplateResult {
    const title = this.recordId === null ? t('record.new', { entity: entity.title }) : nameOf(entity, page.form.original)
    const archive = t(page.archived ? 'restore' : 'archive')
    return html`
      <header class="record-head">
        <a class="plain icon-only" href=${listPath(entity.name)} aria-label=${t('record.toList', { entity: entity.plural })} title=${t('record.toList', { entity: entity.plural })} @click=${(event: MouseEvent) => this.#back(event)}>${icon('arrowLeft')}</a>
        <span class="tile large">${icon(entity.icon)}</span>
        <div class="record-title"><a class="record-kind" href=${listPath(entity.name)}>${entity.plural}</a><h1>${title}</h1></div>
        <span class="grow"></span>
        ${this.model?.mayDesign === true ? html`<a class="plain icon-only" title=${t('designer.customise', { entity: entity.plural })} aria-label=${t('designer.customise', { entity: entity.plural })} href=${designPath(entity.name)}>${icon('shapes')}</a>` : nothing}
        ${this.recordId !== null && entity.may.archive ? html`<button type="button" class="plain" @click=${() => void this.#archive()}>${icon(page.archived ? 'restore' : 'archive')}<span>${archive}</span></button>` : nothing}
      </header>
    `
  }

  /** Back to the list as it was left, when that is where we came from. */
  #back(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || !router.cameFromHere(listPath(this.entity?.name ?? ''))) return
    event.preventDefault()
    event.stopPropagation()
    history.back()
  }

  #rail(entity: UiEntity, page: Extract<Page, { state: 'ready' }>): TemplateResult {
    return html`
      <aside class="record-rail">
        <section><h2>${t('record.details')}</h2><dl class="facts">${this.#fact('record.createdBy', page.form.original, 'created')}${this.#fact('record.updatedBy', page.form.original, 'updated')}</dl></section>
        ${entity.may.history ? html`<section><h2>${t('record.history')}</h2><history-panel .client=${this.client} .entity=${entity} .recordId=${this.recordId} .version=${page.version + (page.archived ? 0.5 : 0)} .surroundings=${this.#surroundings} .now=${page.form.original} .writable=${this.#mode === 'update' ? entity.fields.filter((field) => field.updateable).map((field) => field.key) : []}
          @take-back=${(event: CustomEvent<JsonObject>) => this.#takeBack(event.detail)}></history-panel></section>` : nothing}
        ${this.#recorded(entity)}
      </aside>
    `
  }

  #fact(label: 'record.createdBy' | 'record.updatedBy', record: JsonObject, what: 'created' | 'updated'): TemplateResult | typeof nothing {
    const at: Json = record[`${what}At`] ?? null
    const by: Json = record[`${what}By`] ?? null
    if (typeof at !== 'string') return nothing
    const who = typeof by === 'number' && this.client !== undefined ? until(this.client.names.of('user', by), '') : t('record.historySystem')
    return html`<div><dt>${t(label)}</dt><dd>${instant(at, this.#surroundings?.timeZone ?? '')}<br /><span class="quiet">${who}</span></dd></div>`
  }

  #related(entity: UiEntity, element: UiFormElement): TemplateResult | typeof nothing {
    const relation = entity.relations.find(({ name }) => name === element.options?.['relation'])
    if (relation === undefined || this.recordId === null) return nothing
    const asked = element.options?.['columns']
    const columns = Array.isArray(asked) ? (asked as readonly Json[]).map(String) : []
    return html`<related-list .client=${this.client} .model=${this.model} .relation=${relation} .recordId=${this.recordId} .columns=${columns} .surroundings=${this.#surroundings} .heading=${element.label ?? relation.title}></related-list>`
  }

  #saveBar(page: Extract<Page, { state: 'ready' }>, wrong: number): TemplateResult | typeof nothing {
    const create = this.recordId === null
    const dirty = dirtyKeys(page.form).length
    if (this.#mode === 'read' || (!create && dirty === 0)) return nothing
    const note = wrong > 0 ? html`<span class="wrong">${t('record.invalid', { count: wrong })}</span>` : create ? html`<span class="quiet">${t('record.requiredHint')}</span>` : t('record.unsaved', { count: dirty })
    return html`
      <div class="save-bar ${create ? 'create' : ''}" role="region" aria-label=${t('save')}>
        <span role="status">${note}</span>
        <span class="grow"></span>
        ${create ? nothing : html`<vaadin-button theme="tertiary" ?disabled=${this.saving} @click=${() => (this.page = { ...page, form: discard(page.form) })}>${t('record.discard')}</vaadin-button>`}
        <vaadin-button theme="primary" ?disabled=${this.saving} @click=${() => void this.#save()}>${t(this.saving ? 'record.saving' : create ? 'create' : 'record.save')}</vaadin-button>
      </div>
    `
  }

  /** Past values become edits: they are seen, can be given up, and are saved like everything else. */
  #takeBack(values: JsonObject): void {
    for (const [key, value] of Object.entries(values)) this.#edited({ key, value })
    toast(t('past.taken', { count: Object.keys(values).length }))
  }

  /** What is personal data is read knowingly. */
  #recorded(entity: UiEntity): TemplateResult | typeof nothing {
    const titles = entity.fields.filter((field) => field.sensitive === true).map((field) => field.title)
    if (titles.length === 0 || this.recordId === null) return nothing
    const log = this.model?.mayAudit === true ? html` <a class="accent" href=${auditPath({ entity: entity.name, id: this.recordId })}>${t('audit.ofRecord')}</a>` : nothing
    return html`<p class="recorded quiet">${icon('shield')}<span>${t('record.recorded', { fields: listed(titles) })}${log}</span></p>`
  }

  #edited({ key, value }: EditDetail): void {
    if (this.page.state === 'ready' && !same(this.page.form.values[key], value)) this.page = { ...this.page, form: edit(this.page.form, key, value) }
  }

  #touched(key: string): void {
    if (this.page.state === 'ready') this.page = { ...this.page, form: touch(this.page.form, key) }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'record-page': RecordPage
  }
}
