/** Everything that runs by itself, and how it goes. */
import './process-list.css'
import './workflow-dialog.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { addLifecycle, lifecyclePath } from '../commands/change-lifecycle.js'
import { setValue } from '../commands/set-value.js'
import { entitiesOf } from '../draft/definitions.js'
import { layerTitle } from '../words.js'
import { shapeOf, stateFields } from '../lifecycles/lifecycle-shape.js'
import { lifecycleAddress, runsAddress, workflowAddress } from './places.js'
import { listWorkflows, type WorkflowState } from '../runs/runs.js'
import { beginSentence } from './sentences.js'
import { newWorkflow, workflowPath } from './starters.js'
import { workflowsOf, wordingFor, type WorkflowSummary } from './workflows.js'

/** What the counts are called, in the order in which they are told. */
const told = ['running', 'waiting', 'faulted', 'suspended', 'completed'] as const
const pollMs = 15_000

/** `<process-list .desk>` */
@customElement('process-list')
export class ProcessList extends LightElement {
  static override properties = { desk: { attribute: false }, states: { state: true } }
  declare desk: Desk | undefined
  declare states: readonly WorkflowState[] | null
  #timer: number | undefined

  constructor() {
    super()
    this.states = null
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load()
    this.#timer = window.setInterval(() => document.hidden || void this.#load(), pollMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.#timer)
  }

  async #load(): Promise<void> {
    if (this.desk === undefined) return
    try {
      this.states = await listWorkflows(this.desk.client.api)
    } catch (thrown) {
      if (this.states === null) toastProblem(thrown) // later the list stands as it was
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const workflows = workflowsOf(desk.design, language.value)
    const failed = (this.states ?? []).reduce((sum, { runs }) => sum + (runs?.['faulted'] ?? 0), 0)
    return html`
      <header class="studio-head">
        <div><h1>${t('process.title')}</h1><p class="quiet">${t('process.lead')}</p></div>
        <span class="grow"></span>
        <a class="plain" href=${runsAddress()} aria-label=${t('process.allRuns')}>${icon('history')}<span>${t('process.allRuns')}</span></a>
        <vaadin-button theme="primary" @click=${() => void this.#create(desk)}>${icon('plus', 'prefix')}${t('process.new')}</vaadin-button>
      </header>
      <div class="process-body">
        ${failed === 0 ? nothing : html`<p class="note warn process-failed">${icon('warning')}<span>${t('process.failedRuns', { count: failed })}</span><a href=${runsAddress({ status: 'faulted' })}>${t('process.lookAtThem')}</a></p>`}
        <h2>${t('process.workflows')}</h2>
        ${workflows.length === 0
          ? emptyState({ icon: 'refresh', title: t('process.none'), text: t('process.noneText'), action: html`<vaadin-button theme="primary" @click=${() => void this.#create(desk)}>${t('process.new')}</vaadin-button>` })
          : html`<ul class="process-cards">${workflows.map((workflow) => this.#card(desk, workflow))}</ul>`}
        ${this.#lifecycles(desk)}
      </div>
    `
  }

  #card(desk: Desk, workflow: WorkflowSummary): TemplateResult {
    const wrong = desk.design.problems.filter(({ path }) => path.startsWith(`${workflow.path}#`)).length
    return html`<li class="process-card">
      <a class="process-name" href=${workflowAddress(workflow.name)}><span class="tile large">${icon('spark')}</span><span><strong>${workflow.title}</strong><small>${beginSentence(wordingFor(desk.design, workflow, language.value))}</small></span></a>
      <span class="process-facts">
        ${wrong === 0 ? nothing : html`<span class="badge" data-color="red">${t('designer.problemCount', { count: wrong })}</span>`}
        ${workflow.isNew ? html`<span class="badge" data-color="green">${t('designer.origin.new')}</span>` : this.#health(workflow)}
        ${workflow.isNew || workflow.layer === '' ? nothing : html`<span class="quiet">${t('process.madeIn', { layer: layerTitle(workflow.layer) })}</span>`}
      </span>
    </li>`
  }

  #lifecycles(desk: Desk): TemplateResult {
    const { documents } = desk.design.draft
    const entities = entitiesOf(documents, desk.design.types, language.value, desk.design.inferred).filter(({ archived }) => !archived)
    const free = entities.filter(({ name }) => documents[lifecyclePath(name)] === undefined).flatMap((entity) => stateFields(entity).map((field) => ({ entity, field })))
    return html`<h2>${t('process.lifecycles')}</h2><p class="quiet">${t('process.lifecyclesLead')}</p>
      <ul class="process-cards">${entities.map((entity) => {
        const shape = shapeOf(documents, language.value, entity)
        return shape === null ? nothing : html`<li class="process-card"><a class="process-name" href=${lifecycleAddress(entity.name)}><span class="tile large">${icon('flag')}</span><span><strong>${entity.title}</strong><small>${shape.states.map(({ title }) => title).join(' · ')}</small></span></a></li>`
      })}</ul>
      ${free.length === 0 ? nothing : html`<label class="plain-entry new-lifecycle"><span>${t('process.newLifecycle')}</span><select class="plain-select" @change=${(event: Event) => {
        const chosen = free[Number((event.target as HTMLSelectElement).value) - 1]
        if (chosen === undefined) return
        desk.perform((now) => addLifecycle(now, chosen.entity.name, chosen.field.key))
        void router.go(lifecycleAddress(chosen.entity.name))
      }}><option value="0">${t('process.newLifecycleText')}</option>${free.map(({ entity, field }, index) => html`<option value=${index + 1}>${entity.title} · ${field.title}</option>`)}</select></label>`}`
  }

  #health({ name, title }: WorkflowSummary): TemplateResult {
    const runs = this.states?.find((state) => state.name === name)?.runs ?? {}
    const counts: Readonly<Record<string, number>> = { ...runs, running: (runs['running'] ?? 0) + (runs['pending'] ?? 0) }
    const shown = told.filter((status) => (counts[status] ?? 0) > 0)
    if (this.states === null) return html`<span class="quiet" aria-busy="true">${t('loading')}</span>`
    if (shown.length === 0) return html`<span class="quiet">${t('process.neverRan')}</span>`
    return html`${shown.map((status) => html`<a class="run-count" data-status=${status} href=${runsAddress({ workflow: name, status })} aria-label=${t('process.runsOf', { workflow: title, status: t(`process.status.${status}`), count: counts[status] ?? 0 })}>
      <b>${counts[status]}</b> ${t(`process.status.${status}`)}</a>`)}`
  }

  async #create({ design, surroundings, perform }: Desk): Promise<void> {
    const dialog = document.createElement('workflow-dialog')
    dialog.design = design
    dialog.surroundings = surroundings
    const made = await dialog.open()
    if (made === null) return
    perform((documents) => setValue(documents, [workflowPath(made.name)], newWorkflow(made)))
    await router.go(workflowAddress(made.name))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'process-list': ProcessList
  }
}
