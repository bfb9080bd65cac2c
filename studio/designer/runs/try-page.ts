/** A workflow tried out on its drawing, for a real record or an invented beginning. Nothing is sent or written. */
import '../steps/json-text.js'
import './try-page.css'
import '../workflows/workflow-drawing.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { instant, language, t } from '../../client/i18n.js'
import { asProblem } from '../../client/problem.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem, toast } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { entry, shownField } from '../entry.js'
import { subjectOf } from '../workflows/begin.js'
import { functionTitle } from '../workflows/kinds.js'
import { processesPath, workflowAddress } from '../workflows/places.js'
import { marksOf } from './run-words.js'
import type { RunStep } from './runs.js'
import { stepSentence, type Wording } from '../workflows/sentences.js'
import { attempt, decided, effectsOf, inputFor, later, sampleInput, type Attempted } from './trying.js'
import { canBeKept, setTest, testFrom, testPlace, testsOf, type KeptTest } from './kept-tests.js'
import { shownError } from './shown-error.js'
import { shownValue } from './shown-value.js'
import { allSteps, stepFor, stepsOf } from '../workflows/workflow-tree.js'
import { wordingFor, workflowsOf } from '../workflows/workflows.js'
import { problemText } from '../words.js'

/** `<try-page .desk .name>` */
@customElement('try-page')
export class TryPage extends LightElement {
  static override properties = {
    desk: { attribute: false }, name: {}, record: { state: true }, invented: { state: true }, input: { state: true }, tried: { state: true }, shown: { state: true }, chosen: { state: true }, busy: { state: true }, problem: { state: true }, testName: { state: true },
  }
  declare desk: Desk | undefined
  declare name: string
  declare record: number | null
  /** The beginning is typed instead of taken from a record. */
  declare invented: boolean
  /** As typed, or as of the record; undefined until then. */
  declare input: Json | undefined
  declare tried: Attempted | null
  /** How many of its steps are shown: all of them, or as far as one went step by step. */
  declare shown: number
  declare chosen: string
  declare busy: boolean
  declare problem: string
  /** What the run would be called as a test. */
  declare testName: string
  /** When it begins, and how far the clock was put. */
  #start = ''
  #until = ''
  #answers: Readonly<Record<string, Json>> = {}
  #looked = false

  constructor() {
    super()
    this.name = ''
    this.record = null
    this.invented = false
    this.tried = null
    this.shown = 0
    this.chosen = ''
    this.busy = false
    this.problem = ''
    this.testName = ''
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const found = workflowsOf(desk.design, language.value).find(({ name }) => name === this.name)
    if (found === undefined) return html`<div class="page-center">${emptyState({ icon: 'spark', title: t('process.missing'), text: t('process.missingText'), action: html`<a class="button primary" href=${processesPath}>${t('process.toAll')}</a>` })}</div>`
    const wording = wordingFor(desk.design, found, language.value)
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${workflowAddress(this.name)} aria-label=${t('process.toWorkflow')}>${icon('arrowLeft')}</a>
        <div class="entity-title"><h1>${t('process.tryTitle', { workflow: found.title })}</h1><p class="quiet">${t('process.tryLead')}</p></div>
      </header>
      <div class="process-columns trying" ?data-selected=${this.#looked}>
        <div class="drawing-column"><workflow-drawing .wording=${wording} .chosen=${this.chosen} .marks=${this.tried === null ? null : marksOf(this.#steps)} @choose=${(event: CustomEvent<string>) => this.#look(event.detail)}></workflow-drawing></div>
        <aside class="panel" aria-label=${t('process.tryTitle', { workflow: found.title })}>${this.#panel(desk, wording)}</aside>
      </div>
    `
  }

  /** The steps that are shown by now. */
  get #steps(): readonly RunStep[] {
    return (this.tried?.told.steps ?? []).slice(0, this.shown)
  }

  #look(path: string): void {
    this.#looked = path !== ''
    this.chosen = path
    this.requestUpdate()
  }

  #panel(desk: Desk, wording: Wording): TemplateResult {
    const step = this.chosen === '' ? undefined : stepFor(stepsOf(wording.workflow), this.chosen)
    return html`
      <div class="panel-fields process-panel try-panel">
        ${this.#beginning(desk, wording)}
        ${this.problem === '' ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${this.problem}</p>`}
        ${this.tried === null ? nothing : html`${this.#stand(desk, wording, this.tried)}${step === undefined ? nothing : this.#step(desk, wording, step)}${this.#effects(desk, wording, this.tried)}`}
        ${this.#tests(desk, wording)}
      </div>
    `
  }

  // ── the beginning ──

  #beginning(desk: Desk, wording: Wording): TemplateResult {
    const entity = subjectOf(wording.workflow)
    const known = entity !== '' && desk.model.entities[entity] !== undefined
    const invented = this.invented || !known
    return html`
      ${!known ? nothing : html`<div class="try-kinds" role="group" aria-label=${t('process.tryFor')}>
        <button type="button" class="plain" aria-pressed=${invented ? 'false' : 'true'} @click=${() => (this.invented = false)}>${t('process.tryRecord')}</button>
        <button type="button" class="plain" aria-pressed=${invented ? 'true' : 'false'} @click=${() => (this.invented = true)}>${t('process.tryInvented')}</button></div>`}
      ${invented
        ? html`<json-text .label=${t('process.input')} .value=${this.input ?? sampleInput(wording.workflow)} @value=${(event: CustomEvent<Json | undefined>) => (this.input = event.detail)}></json-text>`
        : entry(desk.surroundings, { field: shownField('record', desk.model.entities[entity]?.title ?? '', 'reference', { to: entity }), value: this.record, change: (value) => (this.record = typeof value === 'number' ? value : null) })}
      <div class="row-tools">
        <vaadin-button theme="primary" ?disabled=${this.busy || (!invented && this.record === null)} @click=${() => void this.#begin(desk, wording, false)}>${t(this.tried === null ? 'process.tryStart' : 'process.tryAgain')}</vaadin-button>
        <vaadin-button ?disabled=${this.busy || (!invented && this.record === null)} @click=${() => void this.#begin(desk, wording, true)}>${t('process.tryByStep')}</vaadin-button>
      </div>
    `
  }

  async #begin(desk: Desk, wording: Wording, byStep: boolean): Promise<void> {
    const entity = subjectOf(wording.workflow)
    this.#start = new Date().toISOString()
    this.#until = this.#start
    this.#answers = {}
    this.shown = byStep ? 1 : Number.MAX_SAFE_INTEGER
    if (!this.invented && this.record !== null) {
      try {
        this.input = await inputFor(desk.client, wording.workflow, entity, this.record)
      } catch (thrown) {
        this.problem = describeProblem(asProblem(thrown))
        return
      }
    }
    await this.#run(desk, wording)
  }

  async #run(desk: Desk, { workflow }: Wording): Promise<void> {
    this.busy = true
    this.problem = ''
    try {
      this.tried = await attempt(desk.client, { workflow, input: this.input ?? sampleInput(workflow), start: this.#start, until: this.#until, answers: this.#answers })
      this.chosen = this.#steps.at(-1)?.path ?? ''
    } catch (thrown) {
      this.problem = describeProblem(asProblem(thrown))
    } finally {
      this.busy = false
    }
  }

  // ── where it stands ──

  #stand(desk: Desk, wording: Wording, { told, decides }: Attempted): TemplateResult {
    const all = this.shown >= told.steps.length
    const moment = (at: string): string => instant(at, desk.surroundings.timeZone)
    const jump = (to: string): void => {
      this.#until = to
      this.shown = all ? Number.MAX_SAFE_INTEGER : this.shown
      void this.#run(desk, wording)
    }
    return html`<section class="try-stand" aria-live="polite">
      <p class="run-line"><span class="run-state" data-status=${all ? told.status : 'running'}>${t(`process.status.${(all ? told.status : 'running') as 'running'}`)}</span><span class="quiet">${icon('clock')} ${moment(all ? told.clock : this.#steps.at(-1)?.startedAt ?? this.#start)}</span></p>
      ${!all ? html`<div class="row-tools"><vaadin-button theme="primary small" @click=${() => this.#next()}>${t('process.nextStep')}</vaadin-button><vaadin-button theme="small" @click=${() => (this.shown = Number.MAX_SAFE_INTEGER)}>${t('process.toTheEnd')}</vaadin-button></div>` : nothing}
      ${all && told.error !== null ? shownError(told.error, wording, true) : nothing}
      ${all && decides !== null ? this.#decision(desk, wording, decides) : nothing}
      ${all && told.status === 'waiting' && decides === null ? html`
        <p>${told.dueAt === null ? t('process.waitsForEvent') : t('process.waitsUntil', { at: moment(told.dueAt) })}</p>
        ${told.dueAt === null ? nothing : html`<div class="row-tools">
          <vaadin-button theme="primary small" ?disabled=${this.busy} @click=${() => jump(told.dueAt ?? this.#until)}>${t('process.jumpThere')}</vaadin-button>
          <vaadin-button theme="small" ?disabled=${this.busy} @click=${() => jump(later(this.#until, { hours: 1 }))}>${t('process.jumpHour')}</vaadin-button>
          <vaadin-button theme="small" ?disabled=${this.busy} @click=${() => jump(later(this.#until, { days: 3 }))}>${t('process.jumpDays', { count: 3 })}</vaadin-button></div>`}` : nothing}
      ${all && told.status === 'completed' ? shownValue(t('process.output'), told.output) : nothing}
    </section>`
  }

  /** What people would say is asked of whoever tries it out. */
  #decision(desk: Desk, wording: Wording, path: string): TemplateResult {
    const step = stepFor(stepsOf(wording.workflow), path)
    const say = (answer: JsonObject): void => this.#answer(desk, wording, path, answer)
    return html`
      <p>${step === undefined ? nothing : html`<strong>${stepSentence(wording, step)}</strong> `}${t('process.whatDecided')}</p>
      <div class="row-tools" role="group" aria-label=${t('process.whatDecided')}>
        <vaadin-button theme="primary small" ?disabled=${this.busy} @click=${() => say(decided(true))}>${t('approval.approve')}</vaadin-button>
        <vaadin-button theme="small" ?disabled=${this.busy} @click=${() => say(decided(false))}>${t('approval.reject')}</vaadin-button>
        <vaadin-button theme="small" ?disabled=${this.busy} @click=${() => say(decided(false, true))}>${t('process.nobodyDecided')}</vaadin-button>
      </div>`
  }

  #next(): void {
    this.shown += 1
    this.chosen = this.#steps.at(-1)?.path ?? ''
  }

  #step(desk: Desk, wording: Wording, step: ReturnType<typeof stepFor> & object): TemplateResult {
    const times = this.#steps.filter(({ path }) => path === step.path)
    const last = times.at(-1)
    const asked = this.tried?.asked.get(step.path)
    return html`<section class="run-time">
      <h3>${stepSentence(wording, step)}${times.length > 1 ? html` ×${times.length}` : nothing}</h3>
      ${last === undefined ? html`<p class="quiet">${t('process.notReached')}</p>` : html`
        ${last.error === null ? nothing : shownError(last.error, wording, false)}
        ${shownValue(t('process.wentIn'), asked?.['with'] ?? last.input)}${last.endedAt === null ? nothing : shownValue(t('process.cameOut'), last.output)}
        ${step.kind === 'call' && last.endedAt !== null ? html`<details class="more-options"><summary>${t('process.answerInstead')}</summary><div class="panel-fields">
          <json-text .label=${t('process.itAnswers')} .value=${this.#answers[step.path] ?? last.output} @value=${(event: CustomEvent<Json | undefined>) => this.#answer(desk, wording, step.path, event.detail)}></json-text>
          <button type="button" class="plain" @click=${() => this.#answer(desk, wording, step.path, failing)}>${icon('warning')}${t('process.letItFail')}</button></div></details>` : nothing}`}
    </section>`
  }

  #answer(desk: Desk, wording: Wording, path: string, answer: Json | undefined): void {
    const { [path]: _before, ...others } = this.#answers
    this.#answers = answer === undefined ? others : { ...others, [path]: answer }
    void this.#run(desk, wording).then(() => (this.chosen = path))
  }

  // ── kept as tests ──

  #tests(desk: Desk, wording: Wording): TemplateResult {
    const tests = testsOf(wording.workflow)
    const keepable = this.tried !== null && canBeKept(this.tried) && this.shown >= this.tried.told.steps.length
    const name = this.testName.trim()
    const keep = (): void => {
      if (this.tried === null || name === '') return
      const kept = testFrom(this.tried, { input: this.input ?? sampleInput(wording.workflow), start: this.#start, until: this.#until })
      desk.perform((documents) => setTest(documents, this.name, name, kept))
      this.testName = ''
      toast(t('process.testKept', { name }))
    }
    return html`<section class="try-tests" aria-labelledby="try-tests-title"><h3 id="try-tests-title">${t('process.tests')}</h3>
      ${tests.length === 0 ? html`<p class="quiet">${t('process.testsNone')}</p>` : html`<ul>${tests.map((test) => this.#test(desk, wording, test))}</ul>`}
      ${!keepable ? nothing : html`<form class="test-keep" @submit=${(event: SubmitEvent) => { event.preventDefault(); keep() }}>
        ${entry(desk.surroundings, { field: shownField('test-name', t('process.testName'), 'text', { maxLength: 80 }), value: this.testName, help: t('process.testHelp'), change: (value) => (this.testName = typeof value === 'string' ? value : '') })}
        <vaadin-button theme="small" ?disabled=${name === ''} @click=${keep}>${t(tests.some((test) => test.name === name) ? 'process.keepTestAnew' : 'process.keepTest')}</vaadin-button></form>`}
    </section>`
  }

  #test(desk: Desk, wording: Wording, test: KeptTest): TemplateResult {
    const at = testPlace(this.name, test.name)
    const failing = desk.design.problems.find(({ path }) => path === at)
    return html`<li>
      <p class="run-line">${icon(failing === undefined ? 'check' : 'warning')}<strong>${test.name}</strong><span class="grow"></span>
        <button type="button" class="plain accent" ?disabled=${this.busy} aria-label=${t('process.testShowNamed', { name: test.name })} @click=${() => void this.#replay(desk, wording, test)}>${t('process.testShow')}</button>
        <button type="button" class="plain icon-only" aria-label=${t('process.testRemove', { name: test.name })} title=${t('process.testRemove', { name: test.name })} @click=${() => desk.perform((documents) => setTest(documents, this.name, test.name, undefined))}>${icon('trash')}</button></p>
      ${failing === undefined ? nothing : html`<p class="wrong" role="status">${problemText(failing)}</p>`}</li>`
  }

  /** Plays a test again, on the drawing: with what it began, at its time and with its answers. */
  async #replay(desk: Desk, wording: Wording, test: KeptTest): Promise<void> {
    this.invented = true
    this.input = test.input
    this.#start = test.start
    this.#until = test.until
    this.shown = Number.MAX_SAFE_INTEGER
    this.testName = test.name
    const paths = new Map(allSteps(stepsOf(wording.workflow)).map(({ name, path }) => [name, path]))
    this.#answers = Object.fromEntries(Object.entries(test.answers).map(([step, answer]) => [step.startsWith('/') ? step : (paths.get(step) ?? step), answer]))
    await this.#run(desk, wording)
  }

  #effects(_desk: Desk, wording: Wording, tried: Attempted): TemplateResult {
    const effects = effectsOf(tried, this.#steps)
    const drawn = stepsOf(wording.workflow)
    return html`<section class="try-effects"><h3>${t('process.wouldDo')}</h3>
      ${effects.length === 0 ? html`<p class="quiet">${t('process.wouldDoNothing')}</p>` : html`<ol>${effects.slice(0, 200).map(({ path, call, given }) => {
        const step = stepFor(drawn, path)
        return html`<li><button type="button" class="plain" @click=${() => this.#look(path)}>${step === undefined ? functionTitle(call) : stepSentence(wording, step)}</button>${shownValue(functionTitle(call), given)}</li>`
      })}</ol>`}
    </section>`
  }
}

const failing: JsonObject = { error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 503, title: 'It failed, as you wanted' } }

declare global {
  interface HTMLElementTagNameMap {
    'try-page': TryPage
  }
}
