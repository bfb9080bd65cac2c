/** One run on the drawing of its workflow: where it is, what went in and out, how long; and what can be done about it. */
import '../steps/json-text.js'
import './repair-dialog.js'
import './run-page.css'
import '../workflows/workflow-drawing.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import { instant, language, t } from '../../client/i18n.js'
import { asProblem, type ApiProblem } from '../../client/problem.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { recordPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem, toast } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { canonical } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { runAddress, runsAddress, workflowAddress } from '../workflows/places.js'
import { lasted, marksOf, recordWords } from './run-words.js'
import { readRun, repairVerbs, type Repair, type RepairVerb, type Run, type RunStep } from './runs.js'
import { stepSentence, workflowTitle, type Wording } from '../workflows/sentences.js'
import { shownError } from './shown-error.js'
import { shownValue } from './shown-value.js'
import { stepFor, stepsOf } from '../workflows/workflow-tree.js'
import { wordingFor } from '../workflows/workflows.js'

const pollMs = 4_000
const over: ReadonlySet<string> = new Set(['completed', 'cancelled'])

/** `<run-page .desk .run>`; `run` is its id. */
@customElement('run-page')
export class RunPage extends LightElement {
  static override properties = { desk: { attribute: false }, run: {}, told: { state: true }, documents: { state: true }, failure: { state: true }, chosen: { state: true } }
  declare desk: Desk | undefined
  declare run: string
  declare told: Run | null
  /** The definitions that it follows; null while they are asked for. */
  declare documents: Documents | null
  declare failure: ApiProblem | null
  /** Path of the step that is looked at. */
  declare chosen: string
  #timer: number | undefined

  constructor() {
    super()
    this.run = ''
    this.told = null
    this.documents = null
    this.failure = null
    this.chosen = ''
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load()
    this.#timer = window.setInterval(() => document.hidden || over.has(this.told?.status ?? '') || void this.#load(), pollMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.#timer)
  }

  async #load(): Promise<void> {
    const { desk } = this
    if (desk === undefined) return
    try {
      const run = await readRun(desk.client.api, this.run)
      this.documents ??= await documentsOf(desk, run)
      this.#tell(run)
    } catch (thrown) {
      if (this.told === null) this.failure = asProblem(thrown)
    }
  }

  /** At first what failed, or where it stands, is looked at. */
  #tell(run: Run): void {
    if (this.told === null) this.chosen = run.steps.findLast(({ status }) => status === 'faulted' || status === 'waiting' || status === 'running')?.path ?? ''
    this.told = run
    this.failure = null
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, told, documents } = this
    if (desk === undefined) return nothing
    if (this.failure !== null) return html`<div class="page-center">${emptyState({ icon: 'warning', title: t('process.noRun'), text: describeProblem(this.failure), action: html`<a class="button primary" href=${runsAddress()}>${t('process.allRuns')}</a>` })}</div>`
    if (told === null || documents === null) return html`<div class="page-center" aria-busy="true"><p class="quiet">${t('loading')}</p></div>`
    const path = `workflows/${told.workflow}.json`
    const workflow = documents[path]
    const wording = workflow === undefined ? undefined : { ...wordingFor(desk.design, { path, workflow }, language.value), documents }
    return html`
      ${this.#head(desk, told, documents)}
      <div class="process-columns" ?data-selected=${this.chosen !== '' && this.#looked}>
        <div class="drawing-column">${wording === undefined ? emptyState({ icon: 'spark', title: t('process.noDrawing'), text: t('process.noDrawingText') }) : html`<workflow-drawing .wording=${wording} .chosen=${this.chosen} .marks=${marksOf(told.steps)} @choose=${(event: CustomEvent<string>) => this.#look(event.detail)}></workflow-drawing>`}</div>
        <aside class="panel" aria-label=${t('process.panel')}>${this.#panel(desk, told, wording)}</aside>
      </div>
    `
  }

  /** On narrow screens the drawing is shown first, whatever is looked at. */
  #looked = false

  #look(path: string): void {
    this.#looked = true
    this.chosen = path
    this.requestUpdate()
  }

  #head(desk: Desk, run: Run, documents: Documents): TemplateResult {
    return html`<header class="studio-head">
      <a class="plain icon-only" href=${runsAddress({ workflow: run.workflow })} aria-label=${t('process.allRuns')}>${icon('arrowLeft')}</a>
      <div class="entity-title"><h1>${workflowTitle(documents, run.workflow)}</h1>
        <p class="run-line"><span class="run-state" data-status=${run.status}>${t(`process.status.${run.status as 'running'}`)}</span>
          <span class="quiet">${instant(run.createdAt, desk.surroundings.timeZone)}${run.endedAt === null ? nothing : html` · ${lasted(run.createdAt, run.endedAt)}`}</span>
          ${run.record === null ? nothing : html`<a href=${recordPath(run.record.entity, run.record.id)}>${recordWords(desk.model.entities, run)}</a>`}
          ${run.parent === null ? nothing : html`<a href=${runAddress(run.parent)}>${t('process.parent')}</a>`}</p></div>
      <span class="grow"></span>
      ${repairVerbs.filter((verb) => possible(run, verb)).map((verb) => html`<vaadin-button theme=${verb === 'retry' || verb === 'resume' ? 'primary' : verb === 'cancel' ? 'tertiary error' : ''} @click=${() => void this.#repair(desk, run, verb)}>${t(`process.repair.${verb}`)}</vaadin-button>`)}
      ${this.#newer(desk, run) === undefined ? nothing : html`<vaadin-button @click=${() => void this.#move(desk, run)}>${t('process.moveTitle')}</vaadin-button>`}
      <a class="plain icon-only" href=${workflowAddress(run.workflow)} aria-label=${t('process.toWorkflow')} title=${t('process.toWorkflow')}>${icon('pencil')}</a>
    </header>`
  }

  /** The document in force, when the run follows another one and is not over. */
  #newer({ design }: Desk, run: Run): JsonObject | undefined {
    const path = `workflows/${run.workflow}.json`
    const workflow = design.published.documents[path]
    const ended = run.status === 'completed' || run.status === 'cancelled'
    return ended || run.definitions >= design.published.version || canonical(workflow) === canonical(this.documents?.[path]) ? undefined : workflow
  }

  async #move(desk: Desk, run: Run): Promise<void> {
    const path = `workflows/${run.workflow}.json`
    const workflow = this.#newer(desk, run)
    const before = this.documents?.[path]
    if (workflow === undefined) return
    await import('./move-runs-dialog.js')
    const dialog = document.createElement('move-runs-dialog')
    dialog.api = desk.client.api
    dialog.workflow = run.workflow
    dialog.run = run.id
    dialog.from = before === undefined ? undefined : { ...wordingFor(desk.design, { path, workflow: before }, language.value), documents: this.documents ?? {} }
    dialog.to = wordingFor(desk.design, { path, workflow }, language.value)
    const moved = await dialog.open()
    if (moved === null) return
    toast(t('process.moved', { count: moved.moved.length }))
    this.documents = null
    void this.#load()
  }

  async #repair(desk: Desk, run: Run, verb: RepairVerb): Promise<void> {
    const dialog = document.createElement('repair-dialog')
    dialog.api = desk.client.api
    dialog.run = run.id
    dialog.verb = verb
    const told = await dialog.open()
    if (told === null) return
    this.told = told
    toast(t(`process.repaired.${verb}`))
    void this.#load()
  }

  #panel(desk: Desk, run: Run, wording: Wording | undefined): TemplateResult {
    const step = wording === undefined || this.chosen === '' ? undefined : stepFor(stepsOf(wording.workflow), this.chosen)
    const times = step === undefined ? [] : run.steps.filter(({ path }) => path === step.path)
    return html`
      ${step === undefined || wording === undefined
        ? html`<header class="panel-head"><h2>${t('process.theRun')}</h2></header>`
        : html`<header class="panel-head"><h2 tabindex="-1">${stepSentence(wording, step)}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => this.#look('')}>${icon('close')}</button></header>`}
      <div class="panel-fields process-panel">
        ${step === undefined ? this.#whole(desk, run, wording) : times.length === 0 ? html`<p class="quiet">${t('process.notReached')}</p>` : times.slice(-20).map((one, index) => this.#time(desk, one, wording, times.length > 1 ? index + 1 : 0))}
      </div>
    `
  }

  #whole(desk: Desk, run: Run, wording: Wording | undefined): TemplateResult {
    return html`
      ${run.error === null ? nothing : shownError(run.error, wording, true)}
      ${run.dueAt === null ? nothing : html`<p class="note">${icon('clock')}<span>${t('process.goesOn', { at: instant(run.dueAt, desk.surroundings.timeZone) })}</span></p>`}
      ${shownValue(t('process.input'), run.input)}${run.status === 'completed' ? shownValue(t('process.output'), run.output) : nothing}
      ${(run.repairs ?? []).length === 0 ? nothing : html`<h3>${t('process.repairs')}</h3><ul class="repair-list">${(run.repairs ?? []).map((repair: Repair) => html`<li><strong>${t(repair.repair === 'move' ? 'process.moveTitle' : `process.repair.${repair.repair as RepairVerb}`)}</strong> <span class="quiet">${instant(repair.at, desk.surroundings.timeZone)}</span><p>${repair.reason}</p></li>`)}</ul>`}
    `
  }

  #time(desk: Desk, step: RunStep, wording: Wording | undefined, number: number): TemplateResult {
    return html`<section class="run-time">
      <p class="run-line">${number === 0 ? nothing : html`<b>${number}.</b>`}<span class="run-state" data-status=${step.status}>${t(`process.status.${step.status as 'running'}`)}</span><span class="quiet">${instant(step.startedAt, desk.surroundings.timeZone, { dateStyle: 'medium', timeStyle: 'medium' })} ${lasted(step.startedAt, step.endedAt)}</span></p>
      ${step.error === null ? nothing : shownError(step.error, wording, false)}
      ${step.truncated === true ? html`<p class="quiet">${t('process.tooLarge')}</p>` : html`${shownValue(t('process.wentIn'), step.input)}${step.endedAt === null ? nothing : shownValue(t('process.cameOut'), step.output)}`}
    </section>`
  }
}

function possible(run: Run, verb: RepairVerb): boolean {
  if (verb === 'retry') return run.status === 'faulted' && run.repairable === true
  if (verb === 'skip') return run.status === 'faulted' && run.skippable === true
  if (verb === 'resume') return run.status === 'suspended'
  const live = !over.has(run.status) && run.status !== 'faulted'
  return verb === 'suspend' ? live && run.status !== 'suspended' : live
}

/** The documents of the version that the run follows. */
async function documentsOf({ client, design }: Desk, run: Run): Promise<Documents> {
  if (run.definitions === design.published.version) return design.published.documents
  return (await client.api.get<{ readonly documents: Documents }>(`/api/definitions/versions/${String(run.definitions)}`)).body.documents
}

declare global {
  interface HTMLElementTagNameMap {
    'run-page': RunPage
  }
}
