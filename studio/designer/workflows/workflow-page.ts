/** One workflow: its drawing on one side, the chosen step on the other. What is chosen stands in the address. */
import './workflow-page.css'
import '../text/definition-text.js'
import './begin-panel.js'
import '../home/used-by.js'
import '../steps/step-dialog.js'
import '../runs/start-dialog.js'
import '../steps/step-panel.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toast } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { copyStep, insertStep, moveStep, removeStep, renameStep, type StepChange } from '../commands/workflow-steps.js'
import { pointer } from '../draft/operations.js'
import { subjectOf, subjectPath } from './begin.js'
import { offersFor } from './kinds.js'
import { processesPath, runAddress, runsAddress, stepAddress, workflowAddress } from './places.js'
import { beginSentence, type Wording } from './sentences.js'
import { inLanguage } from './sources.js'
import { beginPath, type Slot, type StepAct } from './workflow-drawing.js'
import { languageOf, placeOf, stepFor, stepsOf, type Keys, type Step } from './workflow-tree.js'
import { wordingFor, workflowsOf, type WorkflowSummary } from './workflows.js'

interface Acted {
  readonly act: StepAct
  readonly step: Step
}

/** `<workflow-page .desk .name>` */
@customElement('workflow-page')
export class WorkflowPage extends LightElement {
  static override properties = { desk: { attribute: false }, name: {} }
  declare desk: Desk | undefined
  declare name: string
  /** Path of a step that was just put somewhere. */
  #follows = ''

  constructor() {
    super()
    this.name = ''
    new Watch(this, language)
  }

  override updated(): void {
    const path = this.#follows
    this.#follows = ''
    if (path !== '') void this.querySelector('workflow-drawing')?.updateComplete.then(() => this.querySelector('workflow-drawing')?.focusStep(path))
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const workflow = workflowsOf(desk.design, language.value).find(({ name }) => name === this.name)
    if (workflow === undefined) return html`<div class="page-center">${emptyState({ icon: 'spark', title: t('process.missing'), text: t('process.missingText'), action: html`<a class="button primary" href=${processesPath}>${t('process.toAll')}</a>` })}</div>`
    const wording = wordingFor(desk.design, workflow, language.value)
    const chosen = new URLSearchParams(desk.query).get('step') ?? ''
    const asText = new URLSearchParams(desk.query).has('text')
    const step = chosen === '' ? undefined : stepFor(stepsOf(workflow.workflow), chosen)
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${processesPath} aria-label=${t('process.toAll')}>${icon('arrowLeft')}</a>
        <span class="tile large">${icon('spark')}</span>
        <div class="entity-title"><h1>${workflow.title}</h1><p class="quiet">${beginSentence(wording)}</p></div>
        <span class="grow"></span>
        <a class="plain" href=${asText ? workflowAddress(this.name) : workflowAddress(this.name, '', '?text')} aria-label=${t('text.title')} aria-current=${asText ? 'true' : nothing}>${icon('braces')}<span>${t('text.title')}</span></a>
        <a class="plain" href=${workflowAddress(this.name, 'try')} aria-label=${t('process.try')}>${icon('eye')}<span>${t('process.try')}</span></a>
        ${workflow.isNew ? nothing : html`<button type="button" class="plain" aria-label=${t('process.start')} @click=${() => void this.#start(desk, workflow)}>${icon('arrowRight')}<span>${t('process.start')}</span></button>`}
        <a class="plain" href=${runsAddress({ workflow: this.name })} aria-label=${t('process.runs')}>${icon('history')}<span>${t('process.runs')}</span></a>
      </header>
      <div class="process-columns" ?data-selected=${chosen !== '' || asText} ?data-text=${asText}>
        <div class="drawing-column"><workflow-drawing editable .wording=${wording} .chosen=${step?.path ?? chosen} .wrong=${this.#wrong(desk, workflow.path)}
          @choose=${(event: CustomEvent<string>) => this.#choose(event.detail)} @insert=${(event: CustomEvent<Slot>) => void this.#insert(desk, wording, event.detail)}
          @move=${({ detail: { keys, slot } }: CustomEvent<{ keys: Keys; slot: Slot }>) => this.#did(desk, moveStep(desk.design.draft.documents, workflow.path, keys, slot.list, slot.index))}
          @act=${(event: CustomEvent<Acted>) => this.#act(desk, workflow.path, event.detail)}></workflow-drawing></div>
        <aside class="panel" aria-label=${t('process.panel')}>${asText ? html`<definition-text .design=${desk.design} .perform=${desk.perform} .path=${workflow.path}></definition-text>` : this.#panel(desk, wording, chosen, step)}</aside>
      </div>
    `
  }

  #panel(desk: Desk, wording: Wording, chosen: string, step: Step | undefined): TemplateResult {
    if (chosen === beginPath) return html`<begin-panel .desk=${desk} .wording=${wording} .name=${this.name} @gone=${() => router.replace(processesPath)}></begin-panel>
      <used-by .client=${desk.client} .design=${desk.design} .path=${wording.path}></used-by>`
    if (step === undefined) return html`<div class="panel-empty">${emptyState({ icon: 'spark', title: t('process.chooseStep'), text: t('process.chooseStepText') })}</div>`
    return html`<step-panel .desk=${desk} .wording=${wording} .step=${step} .name=${this.name} @act=${(event: CustomEvent<Acted>) => this.#act(desk, wording.path, event.detail)}
      @rename=${(event: CustomEvent<string>) => this.#did(desk, renameStep(desk.design.draft.documents, wording.path, step.keys, event.detail))}
      @insert=${() => void this.#insert(desk, wording, { list: step.keys.slice(0, -2), index: Number(step.keys.at(-2)) + 1 })}></step-panel>`
  }

  #choose(path: string): void {
    void router.go(stepAddress(this.name, path))
  }

  async #insert(desk: Desk, wording: Wording, { list, index }: Slot): Promise<void> {
    const dialog = document.createElement('step-dialog')
    const entity = subjectOf(wording.workflow)
    const language = languageOf(wording.workflow)
    dialog.offers = offersFor(wording.functions, language, entity === '' ? null : { entity, id: inLanguage(language, `${subjectPath(wording.workflow)}.id`) })
    const offer = await dialog.open()
    if (offer !== null) this.#did(desk, insertStep(desk.design.draft.documents, wording.path, list, index, [offer.name, offer.task]))
  }

  /** The published one is started: what is in the draft only can be tried out. */
  async #start(desk: Desk, workflow: WorkflowSummary): Promise<void> {
    const dialog = document.createElement('start-dialog')
    dialog.desk = desk
    dialog.workflow = workflow
    const run = await dialog.open()
    if (run !== null) await router.go(runAddress(run.id))
  }

  #act(desk: Desk, path: string, { act, step }: Acted): void {
    const { documents } = desk.design.draft
    const place = placeOf(step.keys)
    if (act === 'copy') this.#did(desk, copyStep(documents, path, step.keys))
    else if (act === 'remove') {
      this.#did(desk, removeStep(documents, path, step.keys))
      router.replace(workflowAddress(this.name))
      toast(t('process.removed', { step: step.name }))
    } else if (place !== null) this.#did(desk, moveStep(documents, path, step.keys, place.list, act === 'up' ? place.index - 1 : place.index + 2))
  }

  /** The step that was changed stays chosen, and the keyboard with it. */
  #did(desk: Desk, { operations, keys }: StepChange): void {
    if (operations.length === 0) return
    desk.perform(() => operations)
    if (keys === null) return
    this.#follows = pointer(...keys)
    router.replace(stepAddress(this.name, this.#follows))
  }

  #wrong(desk: Desk, path: string): readonly string[] {
    return desk.design.problems.flatMap((problem) => (problem.path.startsWith(`${path}#`) ? [problem.path.slice(path.length + 1)] : []))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'workflow-page': WorkflowPage
  }
}
