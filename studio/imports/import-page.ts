/** `/records/<entity>/import`: from a file to records. Everything chosen is kept by the engine, so that the address is all that is needed to go on. */
import './import-choices.css'
import './import-page.css'
import './import-past.css'
import './import-result.css'
import './import-columns.js'
import '@vaadin/button'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { instant, language, number, t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import { Watch } from '../client/store.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { importPath, listPath, recordPath } from '../shell/routes.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { leftText, recentLooks, type Look } from '../ui/time-left.js'
import { describeProblem, explainProblem, toast, toastProblem } from '../ui/toast.js'
import { alikeCard } from './alike-card.js'
import { importRequests, type Changes } from './import-client.js'
import { asThrown, isBusy, isGoingOn, pace, type Counts, type Imported, type Job, type Preview, type ToldProblem } from './import-state.js'
import { rejectedFile } from './rejected-file.js'
import { rowWords } from './row-words.js'
import { undoneWords, undoText } from './undo-words.js'

/** While something is going on it is looked at this often. */
const lookMs = 1_000

/** `<import-page .client .model .entity .importId>`; no id: a file is to be chosen. */
@customElement('import-page')
export class ImportPage extends LightElement {
  static override properties = {
    client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, importId: { attribute: false },
    imported: { state: true }, preview: { state: true }, past: { state: true }, sending: { state: true }, failed: { state: true }, over: { state: true }, again: { state: true }, saving: { state: true }, writing: { state: true },
  }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare importId: number | null
  declare imported: Imported | null
  declare preview: Preview | null
  declare past: readonly Imported[] | null
  /** Share of the file that is sent; null when none is. */
  declare sending: number | null
  declare failed: string
  /** A file is held over the page. */
  declare over: boolean
  /** Id of the import that took the same file. */
  declare again: number | null
  declare saving: boolean
  /** The file of what was not accepted is being written. */
  declare writing: boolean
  #timer: number | undefined
  /** How far it was a little while ago. */
  #looks: readonly Look[] = []

  constructor() {
    super()
    this.importId = null
    this.imported = null
    this.preview = null
    this.past = null
    this.sending = null
    this.failed = ''
    this.over = false
    this.again = null
    this.saving = false
    this.writing = false
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    queueMicrotask(() => void this.#load())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
  }

  get #requests() {
    return this.client === undefined ? null : importRequests(this.client)
  }

  async #load(): Promise<void> {
    const requests = this.#requests
    if (requests === null || this.entity === undefined) return
    this.failed = ''
    try {
      if (this.importId === null) this.past = await requests.list(this.entity.name)
      else await this.#show(await requests.get(this.importId))
    } catch (thrown) {
      this.failed = describeProblem(thrown)
    }
  }

  /** Shows an import as it is now, and looks again while something happens to it. */
  async #show(imported: Imported): Promise<void> {
    // What a check comes to stands below the columns, perhaps out of sight.
    if (this.imported?.id === imported.id && isGoingOn(imported.check) !== isGoingOn(this.imported.check)) void this.#reveal('.check-card')
    this.imported = imported
    window.clearTimeout(this.#timer)
    const going = [imported.undo, imported.job, imported.check].find(isGoingOn)
    this.#looks = going === undefined || going === null ? [] : recentLooks(this.#looks, { at: Date.now(), done: going.done })
    if (isBusy(imported)) this.#timer = window.setTimeout(() => void this.#load(), lookMs)
    if (imported.job !== null || this.#requests === null) return
    try {
      this.preview = await this.#requests.preview(imported.id)
    } catch (thrown) {
      const { code, message: title, detail, body } = asProblem(thrown)
      this.preview = { rows: [], alike: [], incomplete: { ...body, code, title, detail } }
    }
  }

  async #send(file: File | undefined): Promise<void> {
    const requests = this.#requests
    if (requests === null || this.entity === undefined || file === undefined) return
    this.sending = 0
    this.failed = ''
    try {
      const made = await requests.send(this.entity.name, file, (share) => (this.sending = share))
      router.replace(importPath(this.entity.name, made.id))
    } catch (thrown) {
      this.failed = explainProblem(thrown)
    } finally {
      this.sending = null
    }
  }

  async #change(changes: Changes): Promise<void> {
    const { imported } = this
    if (this.#requests === null || imported === null) return
    this.saving = true
    this.again = null
    try {
      await this.#show(await this.#requests.change(imported.id, changes))
    } catch (thrown) {
      toastProblem(thrown)
    } finally {
      this.saving = false
    }
  }

  async #begin(what: 'check' | 'start' | 'undo'): Promise<void> {
    const { imported } = this
    if (this.#requests === null || imported === null) return
    try {
      await this.#show(await this.#requests.begin(imported.id, what))
    } catch (thrown) {
      const problem = asProblem(thrown)
      const other = problem.body['import']
      if (problem.code !== 'import.again' || typeof other !== 'number') return toastProblem(thrown)
      this.again = other
      void this.#reveal('.import-note')
    }
  }

  /** What is told stands below what was set, and the buttons over the end of it. */
  async #reveal(what: string): Promise<void> {
    await this.updateComplete
    this.querySelector(what)?.scrollIntoView({ block: 'center' })
  }

  async #undo(imported: Imported): Promise<void> {
    const agreed = await ask({ title: t('import.undoTitle'), text: undoText({ created: 0, updated: 0, ...imported.result }), yes: t('import.undo'), no: t('cancel'), danger: true })
    if (agreed) await this.#begin('undo')
  }

  async #cancel(job: Job): Promise<void> {
    if (!(await ask({ title: t('import.cancelTitle'), text: t('import.cancelText'), yes: t('import.cancel'), no: t('import.goOn'), danger: true }))) return
    await this.#requests?.cancel(job.id).catch(toastProblem)
    await this.#load()
  }

  async #resume(job: Job): Promise<void> {
    await this.#requests?.resume(job.id).catch(toastProblem)
    await this.#load()
  }

  async #discard(imported: Imported): Promise<void> {
    await this.#requests?.discard(imported.id).catch(toastProblem)
    toast(t('import.discarded', { file: imported.fileName }))
    if (this.entity !== undefined) router.replace(importPath(this.entity.name))
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    if (this.client === undefined || entity === undefined) return nothing
    return html`
      <header class="import-head">
        <a class="plain icon-only" href=${listPath(entity.name)} aria-label=${t('import.back', { entity: entity.plural })} title=${t('import.back', { entity: entity.plural })}>${icon('arrowLeft')}</a>
        <h1>${t('import.title', { entity: entity.plural })}</h1>
      </header>
      <div class="import-body">${this.importId === null ? this.#choose(entity) : this.#one(entity)}</div>
    `
  }

  // ── choosing a file ──

  #choose(entity: UiEntity): TemplateResult {
    return html`
      ${this.failed === '' ? nothing : html`<p class="import-fault" role="alert">${icon('warning')}<span>${this.failed}</span></p>`}
      <label class="drop" data-over=${this.over ? '' : nothing} @dragover=${(event: DragEvent) => this.#drag(event, true)} @dragleave=${(event: DragEvent) => this.#drag(event, false)} @drop=${(event: DragEvent) => this.#drop(event)}>
        <input type="file" accept=".csv,.tsv,.txt,.xlsx,text/csv" ?disabled=${this.sending !== null} @change=${(event: Event) => void this.#send((event.target as HTMLInputElement).files?.[0])} />
        <span class="empty-tile">${icon('file')}</span>
        ${this.sending === null
          ? html`<strong>${t('import.drop')}</strong><small>${t('import.dropText')}</small>`
          : html`<strong>${t('import.sending', { percent: Math.round(this.sending * 100) })}</strong><vaadin-progress-bar .value=${this.sending} ?indeterminate=${this.sending >= 1} aria-label=${t('import.sending', { percent: Math.round(this.sending * 100) })}></vaadin-progress-bar>`}
      </label>
      ${this.#past(entity)}
    `
  }

  #drag(event: DragEvent, over: boolean): void {
    event.preventDefault()
    this.over = over
  }

  #drop(event: DragEvent): void {
    event.preventDefault()
    this.over = false
    void this.#send(event.dataTransfer?.files[0])
  }

  #past(entity: UiEntity): TemplateResult | typeof nothing {
    if (this.past === null) return this.failed === '' ? html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>` : nothing
    if (this.past.length === 0) return nothing
    const zone = this.client?.session.user?.timeZone ?? ''
    return html`
      <section class="import-past" aria-labelledby="import-past">
        <h2 id="import-past">${t('import.past')}</h2>
        <ul>${this.past.map((one) => html`
          <li><a href=${importPath(entity.name, one.id)}>
            <span class="past-name">${one.fileName}</span>
            <small>${instant(one.createdAt, zone)}</small>
            <span class="past-state" data-state=${stateOf(one)}>${t(`import.state.${stateOf(one)}`)}</span>
            <small class="past-counts">${one.result === null ? '' : countsText(one.result)}</small>
          </a></li>`)}</ul>
      </section>`
  }

  // ── one import ──

  #one(entity: UiEntity): TemplateResult {
    if (this.failed !== '') return emptyState({ icon: 'warning', title: t('import.failedToLoad'), text: this.failed, action: html`<button type="button" class="plain accent" @click=${() => void this.#load()}>${icon('refresh')}${t('retry')}</button>` })
    const { imported } = this
    if (imported === null) return html`<div class="skeleton" aria-hidden="true">${Array.from({ length: 8 }, () => html`<i></i>`)}</div>`
    return html`
      <p class="import-file">${icon('file')}<strong>${imported.fileName}</strong><small>${sizeText(imported.bytes)}</small></p>
      ${imported.job === null ? this.#setUp(entity, imported) : this.#result(entity, imported, imported.job)}
    `
  }

  #setUp(entity: UiEntity, imported: Imported): TemplateResult {
    const incomplete = this.preview?.incomplete ?? null
    return html`
      <import-columns .entity=${entity} .model=${this.model} .imported=${imported} .preview=${this.preview} .saving=${this.saving} @changes=${(event: CustomEvent<Changes>) => void this.#change(event.detail)}></import-columns>
      ${alikeCard({ entity, imported, preview: this.preview, choose: (alike) => void this.#change({ alike }) })}
      ${this.#checkCard(entity, imported)}
      ${this.again === null ? nothing : html`<p class="import-note" role="alert">${icon('warning')}<span>${t('import.again')}</span><a class="plain accent" href=${importPath(entity.name, this.again)}>${t('import.againShow')}</a></p>`}
      ${incomplete === null ? nothing : html`<p class="import-note" role="status">${icon('warning')}<span>${describeProblem(asThrown(incomplete))}</span></p>`}
      <footer class="import-actions">
        <button type="button" class="plain" @click=${() => void this.#discard(imported)}>${t('import.discard')}</button>
        <span class="grow"></span>
        <vaadin-button ?disabled=${incomplete !== null || isGoingOn(imported.check)} @click=${() => void this.#begin('check')}>${t('import.check')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${incomplete !== null || isGoingOn(imported.check)} @click=${() => void this.#begin('start')}>${t('import.start')}</vaadin-button>
      </footer>
    `
  }

  #checkCard(entity: UiEntity, imported: Imported): TemplateResult | typeof nothing {
    const { check, checked } = imported
    if (check === null) return nothing
    if (isGoingOn(check)) return html`<section class="card check-card" aria-label=${t('import.checking')}><h2>${t('import.checking')}</h2>${this.#progress(check)}</section>`
    if (check.error !== null) return this.#fault(check, check.error)
    if (checked === null) return nothing
    return html`
      <section class="card check-card" aria-label=${t('import.checkedTitle')}>
        <h2>${t('import.checkedTitle')}</h2>
        ${tiles(checked, true)}
        ${checked.shown.length === 0 ? nothing : html`
          <details ?open=${checked.shown.length < 6}><summary>${t('import.checkedRejects', { count: checked.rejected })}</summary>
          <ul class="row-problems">${checked.shown.map(({ row, problems }) => html`<li><span class="row-number">${number(row)}</span><span>${problems.map((problem) => html`${problem.column === '' ? nothing : html`<b>${problem.column}</b> `}${rowWords(problem, entity)} `)}</span></li>`)}</ul></details>`}
      </section>`
  }

  /** The file is written here, where the words of the reader's language are. */
  async #download(entity: UiEntity, imported: Imported): Promise<void> {
    const requests = this.#requests
    if (requests === null) return
    this.writing = true
    try {
      const file = URL.createObjectURL(await rejectedFile(imported.titles, requests.rejected(imported.id), entity))
      const link = document.createElement('a')
      link.href = file
      link.download = t('import.rejectedName', { name: imported.fileName.replace(/\.[^.]{1,5}$/, '') })
      link.click()
      URL.revokeObjectURL(file)
    } catch (thrown) {
      toastProblem(thrown)
    } finally {
      this.writing = false
    }
  }

  #result(entity: UiEntity, imported: Imported, job: Job): TemplateResult {
    const { result, undo, undone } = imported
    const over = !isGoingOn(job)
    const aside = (result?.rejected ?? 0) + (result?.skipped ?? 0)
    return html`
      <section class="card" aria-live="polite">
        <h2>${isGoingOn(undo) ? t('import.undoing') : t(`import.state.${stateOf(imported)}`)}</h2>
        ${isGoingOn(undo) && undo !== null ? this.#progress(undo) : over ? nothing : this.#progress(job)}
        ${result === null ? nothing : tiles(result, false)}
        ${job.error === null || undo !== null ? nothing : this.#fault(job, job.error)}
        ${undo === null || undo.error === null ? nothing : this.#fault(undo, undo.error)}
        ${undone === null ? nothing : undoneWords(undone).map(({ text, ids }) => html`<p class="undone">${text}</p>
          ${ids.length === 0 ? nothing : html`<ul class="kept">${ids.map((id) => html`<li><a href=${recordPath(entity.name, id)}>${entity.title} ${id}</a></li>`)}</ul>`}`)}
      </section>
      <footer class="import-actions">
        ${over && undo === null && (result?.created ?? 0) + (result?.updated ?? 0) > 0 ? html`<button type="button" class="plain danger" @click=${() => void this.#undo(imported)}>${icon('restore')}${t('import.undo')}</button>` : nothing}
        ${over ? nothing : html`<button type="button" class="plain" @click=${() => void this.#cancel(job)}>${t('import.cancel')}</button>`}
        <span class="grow"></span>
        ${aside > 0 ? html`<button type="button" class="button" ?disabled=${this.writing} @click=${() => void this.#download(entity, imported)}>${icon('download')}${t(this.writing ? 'import.writing' : 'import.rejected', { count: aside })}</button>` : nothing}
        ${over ? html`<a class="button" href=${importPath(entity.name)}>${icon('plus')}${t('import.another')}</a><a class="button primary" href=${listPath(entity.name)}>${t('import.toList', { entity: entity.plural })}</a>` : nothing}
      </footer>
    `
  }

  #fault(job: Job, error: ToldProblem): TemplateResult {
    return html`<p class="import-fault" role="alert">${icon('warning')}<span>${explainProblem(asThrown(error))}</span>
      <button type="button" class="plain accent" @click=${() => void this.#resume(job)}>${icon('refresh')}${t('import.resume')}</button></p>`
  }

  #progress(job: Job): TemplateResult {
    const share = job.total === null || job.total === 0 ? null : Math.min(1, job.done / job.total)
    const speed = pace(job, Date.now(), this.#looks)
    return html`
      <vaadin-progress-bar .value=${share ?? 0} ?indeterminate=${share === null} aria-label=${t('import.progress')}></vaadin-progress-bar>
      <p class="pace"><span>${t('import.rows', { count: job.done })}</span>
        ${speed === null ? nothing : html`<span>${t('import.rate', { count: Math.round(speed.rate) })}</span>`}
        ${isGoingOn(job) ? html`<span>${speed === null || speed.secondsLeft === null ? t('import.estimating') : leftText(speed.secondsLeft)}</span>` : nothing}</p>`
  }
}

type State = 'draft' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'undone'

const stateOf = ({ job, undone, undo }: Imported): State => (undone !== null && !isGoingOn(undo) ? 'undone' : (job?.state ?? 'draft'))

/** Numbers that are nobody's are not shown. */
const tiles = (counts: Counts, only: boolean): TemplateResult => html`
  <dl class="tiles">
    ${([['created', counts.created], ['updated', counts.updated], ['unchanged', counts.unchanged], ['skipped', counts.skipped], ['rejected', counts.rejected]] as const)
      .filter(([name, count]) => count > 0 || name === 'created')
      .map(([name, count]) => html`<div data-kind=${name}><dt>${t(only && (name === 'created' || name === 'updated') ? `import.would.${name}` : `import.count.${name}`)}</dt><dd>${number(count)}</dd></div>`)}
  </dl>`

const countsText = (counts: Counts): string => [t('import.count.created'), number(counts.created), ...(counts.updated > 0 ? [t('import.count.updated'), number(counts.updated)] : []), ...(counts.rejected > 0 ? [t('import.count.rejected'), number(counts.rejected)] : [])].join(' ')

const sizeText = (bytes: number): string => (bytes < 1_000_000 ? `${number(Math.max(1, Math.round(bytes / 1000)))} kB` : `${number(bytes / 1_000_000, { maximumFractionDigits: 1 })} MB`)

declare global {
  interface HTMLElementTagNameMap {
    'import-page': ImportPage
  }
}
