/** Runs, newest first, and why a workflow ran or did not run for a record. What is shown stands in the address. */
import './run-list.css'
import './why-not.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { recordPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem, toast } from '../../ui/toast.js'
import { when } from '../../ui/when.js'
import { asProblem, type ApiProblem } from '../../client/problem.js'
import type { Desk } from '../desk.js'
import { titleFrom } from '../draft/definitions.js'
import { processesPath, runAddress, runsAddress } from '../workflows/places.js'
import { errorText, errorWords, lasted, recordWords } from './run-words.js'
import { listRuns, statuses, type RunHead, type RunsQuestion } from './runs.js'
import { wordingFor, workflowsOf } from '../workflows/workflows.js'

const pollMs = 10_000

/** `<run-list .desk>` */
@customElement('run-list')
export class RunList extends LightElement {
  static override properties = { desk: { attribute: false }, runs: { state: true }, next: { state: true }, failure: { state: true } }
  declare desk: Desk | undefined
  /** Null until the first answer. */
  declare runs: readonly RunHead[] | null
  declare next: string | null
  declare failure: ApiProblem | null
  #asked = ''
  #timer: number | undefined

  constructor() {
    super()
    this.runs = null
    this.next = null
    this.failure = null
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // While only the first page is shown it is kept fresh.
    this.#timer = window.setInterval(() => document.hidden || (this.runs?.length ?? 0) > 50 || void this.#load(), pollMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.#timer)
  }

  get #question(): RunsQuestion {
    const query = new URLSearchParams(this.desk?.query ?? '')
    return Object.fromEntries((['workflow', 'status', 'record'] as const).flatMap((key) => (query.get(key) ? [[key, query.get(key) ?? '']] : [])))
  }

  override updated(): void {
    const asked = JSON.stringify(this.#question)
    if (this.desk === undefined || asked === this.#asked) return
    this.#asked = asked
    this.runs = null
    void this.#load()
  }

  async #load(cursor?: string): Promise<void> {
    const { desk } = this
    if (desk === undefined) return
    const asked = this.#asked
    try {
      const page = await listRuns(desk.client.api, { ...this.#question, ...(cursor === undefined ? {} : { cursor }) })
      if (asked !== this.#asked) return
      this.runs = cursor === undefined ? page.runs : [...(this.runs ?? []), ...page.runs]
      this.next = page.next
      this.failure = null
    } catch (thrown) {
      if (this.runs === null) this.failure = asProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const workflows = workflowsOf(desk.design, language.value)
    const question = this.#question
    const go = (changed: RunsQuestion): void => void router.go(runsAddress({ workflow: '', status: '', record: '', ...question, ...changed }))
    const select = (key: 'workflow' | 'status', label: string, all: string, choices: readonly (readonly [string, string])[]): TemplateResult => html`<label class="run-filter"><span>${label}</span><select class="plain-select" @change=${(event: Event) => go({ [key]: (event.target as HTMLSelectElement).value })}>
      <option value="">${all}</option>${choices.map(([value, title]) => html`<option value=${value} ?selected=${question[key] === value}>${title}</option>`)}</select></label>`
    const workflow = workflows.find(({ name }) => name === question.workflow)
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${processesPath} aria-label=${t('process.toAll')}>${icon('arrowLeft')}</a>
        <div><h1>${t('process.runs')}</h1><p class="quiet">${t('process.runsLead')}</p></div>
        <span class="grow"></span>
        ${question.workflow === undefined || !this.#hasOlder(desk, question.workflow) ? nothing : html`<vaadin-button @click=${() => void this.#move(desk, question.workflow ?? '')}>${t('process.moveTitle')}</vaadin-button>`}
      </header>
      <div class="process-body">
        <div class="run-filters">
          ${select('workflow', t('process.workflow'), t('process.everyWorkflow'), workflows.map(({ name, title }) => [name, title]))}
          ${select('status', t('process.state'), t('process.everyState'), statuses.map((status) => [status, t(`process.status.${status}`)]))}
          ${question.record === undefined ? nothing : html`<button type="button" class="badge" @click=${() => go({ record: '' })}>${t('process.forRecord', { record: question.record })} ${icon('close')}<span class="visually-hidden">${t('process.removeFilter')}</span></button>`}
        </div>
        ${workflow === undefined ? nothing : html`<why-not .desk=${desk} .workflow=${workflow} @record=${(event: CustomEvent<string>) => go({ record: event.detail })}></why-not>`}
        ${this.#list(desk, workflows)}
      </div>
    `
  }

  /** True when some that are shown are not over and follow an earlier version. */
  #hasOlder({ design }: Desk, workflow: string): boolean {
    return (this.runs ?? []).some((run) => run.workflow === workflow && run.definitions < design.published.version && run.endedAt === null)
  }

  async #move(desk: Desk, name: string): Promise<void> {
    const path = `workflows/${name}.json`
    const workflow = desk.design.published.documents[path]
    if (workflow === undefined) return
    await import('./move-runs-dialog.js')
    const dialog = document.createElement('move-runs-dialog')
    dialog.api = desk.client.api
    dialog.workflow = name
    dialog.to = wordingFor(desk.design, { path, workflow }, language.value)
    const moved = await dialog.open()
    if (moved === null) return
    toast(t('process.moved', { count: moved.moved.length }))
    void this.#load()
  }

  #list(desk: Desk, workflows: ReturnType<typeof workflowsOf>): TemplateResult {
    if (this.failure !== null) return emptyState({ icon: 'warning', title: t('problem.unknown'), text: describeProblem(this.failure), action: html`<button type="button" class="plain accent" @click=${() => void this.#load()}>${icon('refresh')}${t('retry')}</button>` })
    if (this.runs === null) return html`<p class="quiet" aria-busy="true">${t('loading')}</p>`
    if (this.runs.length === 0) return emptyState({ icon: 'history', title: t('process.noRuns'), text: t('process.noRunsText') })
    const title = (name: string): string => workflows.find((one) => one.name === name)?.title ?? titleFrom(name)
    const failed = new Set(this.runs.filter(({ error }) => error !== null).map(({ workflow }) => workflow))
    const wordings = new Map(workflows.filter(({ name }) => failed.has(name)).map((workflow) => [workflow.name, wordingFor(desk.design, workflow, language.value)]))
    return html`<ul class="run-rows">${this.runs.map((run) => html`<li class="run-row">
        <span class="run-state" data-status=${run.status}>${t(`process.status.${run.status as 'running'}`)}</span>
        <a class="run-main" href=${runAddress(run.id)}><strong>${title(run.workflow)}</strong>${run.error === null ? nothing : html`<small class="wrong">${errorText(errorWords(run.error, wordings.get(run.workflow)))}</small>`}</a>
        ${run.record === null ? html`<span></span>` : html`<a class="quiet run-about" href=${recordPath(run.record.entity, run.record.id)}>${recordWords(desk.model.entities, run)}</a>`}
        <span class="quiet run-when">${when(run.createdAt, desk.surroundings.timeZone)}${run.endedAt === null ? nothing : html` <small>${lasted(run.createdAt, run.endedAt)}</small>`}</span>
      </li>`)}</ul>
      ${this.next === null ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#load(this.next ?? undefined)}>${t('process.moreRuns')}</button>`}`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'run-list': RunList
  }
}
