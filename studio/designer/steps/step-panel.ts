/** The chosen step: its form, when it is done, where it goes on, and all of it as text. */
import './json-text.js'
import './step-panel.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import type { Desk } from '../desk.js'
import { setValue } from '../commands/set-value.js'
import { setInStep } from '../commands/workflow-steps.js'
import { objectOf, textOf } from '../draft/definitions.js'
import { entry, shownField } from '../entry.js'
import { problemText } from '../words.js'
import { callForm } from './call-form.js'
import { jsonPart } from './json-part.js'
import { iconOf } from '../workflows/kinds.js'
import type { PanelContext } from './panel-context.js'
import { httpForm, onlyIfForm, plainForms, thenChoice } from './plain-forms.js'
import { workflowAddress } from '../workflows/places.js'
import { stepSentence, type Wording } from '../workflows/sentences.js'
import { sourcesFor } from '../workflows/sources.js'
import type { StepAct } from '../workflows/workflow-drawing.js'
import { namesIn, placeOf, type Step } from '../workflows/workflow-tree.js'

/** `<step-panel .desk .wording .step .name>`; fires `act` ({ act, step }), `rename` (the new name), `insert` (after this step). */
@customElement('step-panel')
export class StepPanel extends LightElement {
  static override properties = { desk: { attribute: false }, wording: { attribute: false }, step: { attribute: false }, name: {} }
  declare desk: Desk | undefined
  declare wording: Wording | undefined
  declare step: Step | undefined
  /** Of the workflow, for addresses. */
  declare name: string

  constructor() {
    super()
    this.name = ''
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, wording, step } = this
    if (desk === undefined || wording === undefined || step === undefined) return nothing
    const context = this.#context(desk, wording, step)
    return html`
      <header class="panel-head"><span class="tile">${icon(iconOf(step))}</span><h2 tabindex="-1">${stepSentence(wording, step)}</h2><a class="plain icon-only" href=${workflowAddress(this.name)} aria-label=${t('close')}>${icon('close')}</a></header>
      ${keyed(step.path, html`<div class="panel-fields process-panel">
        ${this.#problems(context)}
        ${this.#form(context)}
        ${step.kind === 'unknown' ? nothing : onlyIfForm(context)}
        ${this.#more(context)}
        ${this.#tools(step)}
      </div>`)}
    `
  }

  #context(desk: Desk, wording: Wording, step: Step): PanelContext {
    const { path } = wording
    const problems = this.#inside(desk, step)
    return {
      desk, wording, step, surroundings: desk.surroundings,
      sources: sourcesFor(wording.workflow, step.keys, wording.entities),
      entity: (name) => wording.entities.find((entity) => entity.name === name),
      set: (member, value) => desk.perform((documents) => setInStep(documents, path, step.keys, member, value), `${step.path}/${member.join('/')}`),
      change: (operations) => desk.perform(() => operations),
      error: (inside) => problems.find(({ at }) => at === inside)?.text ?? '',
    }
  }

  /** What is wrong in the step itself, with its place below the step. */
  #inside(desk: Desk, step: Step): readonly { readonly at: string; readonly text: string }[] {
    const start = `${this.wording?.path ?? ''}#${step.path}`
    const lanes = step.lanes.flatMap(({ steps }) => steps.map(({ path }) => path.slice(step.path.length)))
    return desk.design.problems.flatMap((problem) => {
      if (problem.path !== start && !problem.path.startsWith(`${start}/`)) return []
      const at = problem.path.slice(start.length)
      return lanes.some((lane) => at.startsWith(lane)) ? [] : [{ at, text: problemText(problem) }]
    })
  }

  /** Those that no input shows beside itself. */
  #problems({ desk, step, error }: PanelContext): TemplateResult | typeof nothing {
    const shown = this.#inside(desk, step).filter(({ at }) => at === '' || !(at === '/if' || at === '/while' || at.startsWith('/with') || at.startsWith('/do/0/') || at.startsWith('/switch')))
    return shown.length === 0 || error === undefined ? nothing : html`${shown.map(({ text }) => html`<p class="panel-error" role="alert">${icon('warning')}${text}</p>`)}`
  }

  #form(context: PanelContext): TemplateResult | typeof nothing {
    const { step } = context
    if (step.kind !== 'call') {
      if (step.kind === 'unknown') return html`<p class="note warn">${icon('warning')}<span>${t('process.notByEye')}</span></p>`
      return plainForms[step.kind]?.(context) ?? nothing
    }
    const call = textOf(step.task['call'])
    if (call === 'http') return httpForm(context)
    const known = context.wording.functions.find(({ name }) => name === call)
    return known === undefined ? html`<p class="note">${icon('help')}<span>${t('process.asTextOnly')}</span></p>${jsonPart(context, t('process.given'), ['with'])}` : callForm(context, known)
  }

  #more(context: PanelContext): TemplateResult {
    const { step, wording, desk } = context
    const place = placeOf(step.keys)
    const beside = place === null ? [] : namesIn(wording.workflow, place.list).filter((name) => name !== step.name)
    const marked = ['input', 'output', 'export', 'timeout', 'metadata'].some((key) => step.task[key] !== undefined)
    return html`<details class="more-options" ?open=${step.kind === 'unknown'}><summary>${t('process.more')}${marked ? html` <span class="badge">${t('process.moreSet')}</span>` : nothing}</summary><div class="panel-fields">
      <div class="key-entry" @change=${(event: Event) => this.#renamed(event)}>${entry(context.surroundings, { field: shownField('step-name', t('process.stepName'), 'text', {}, true), value: step.name, help: t('process.stepNameHelp'), change: () => {} })}</div>
      ${step.kind === 'switch' ? nothing : thenChoice(context, ['then'], beside)}
      <json-text .label=${t('process.asText')} .value=${step.task} @value=${(event: CustomEvent<Json | undefined>) => isObject(event.detail) && desk.perform((documents) => setValue(documents, [wording.path, ...step.keys], objectOf(event.detail)))}></json-text>
    </div></details>`
  }

  #renamed(event: Event): void {
    const input = event.target as { readonly value?: unknown } | null
    if (typeof input?.value === 'string' && input.value !== this.step?.name) this.dispatchEvent(new CustomEvent<string>('rename', { detail: input.value }))
  }

  #tools(step: Step): TemplateResult {
    const act = (name: StepAct): void => void this.dispatchEvent(new CustomEvent('act', { detail: { act: name, step } }))
    return html`<div class="panel-end step-tools" role="toolbar" aria-label=${t('process.stepTools')}>
      <button type="button" class="plain accent" @click=${() => this.dispatchEvent(new CustomEvent('insert'))}>${icon('plus')}${t('process.addAfter')}</button>
      <button type="button" class="plain" @click=${() => act('up')}>${icon('arrowUp')}${t('process.up')}</button>
      <button type="button" class="plain" @click=${() => act('down')}>${icon('arrowDown')}${t('process.down')}</button>
      <button type="button" class="plain" @click=${() => act('copy')}>${icon('copy')}${t('process.copy')}</button>
      <button type="button" class="plain danger" @click=${() => act('remove')}>${icon('trash')}${t('process.remove')}</button>
    </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'step-panel': StepPanel
  }
}
