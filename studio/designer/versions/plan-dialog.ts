/** What publishing would do, in sentences; consent to every step that loses something; and the publish itself. */
import './plan-dialog.css'
import './screen-changes.js'
import '@vaadin/button'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { AccessChange, PlanStep } from '../../../metadata/contract/plan.js'
import type { Client } from '../../client/client.js'
import { listed, t, type TextKey } from '../../client/i18n.js'
import { asProblem, type ApiProblem } from '../../client/problem.js'
import { listPath, recordPath } from '../../shell/routes.js'
import { emptyState } from '../../shell/pages.js'
import { icon } from '../../ui/icon.js'
import { describeProblem } from '../../ui/toast.js'
import { accessChanges, losesAccess } from '../access/access-changes.js'
import { addressOf } from '../draft/definitions.js'
import type { UpgradeBody } from '../layers/upgrade.js'
import type { DraftProblem, DraftStore } from '../draft/draft-store.js'
import { Modal } from '../../ui/modal.js'
import { layerTitle, placeText, problemText, stepDetail, stepText, timeText, type Titles } from '../words.js'
import type { Sides } from './screens.js'
import { draftSide, versionSide } from './sides.js'

type State =
  | { readonly state: 'planning' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'blocked'; readonly problems: readonly DraftProblem[] }
  | { readonly state: 'ready'; readonly base: number; readonly steps: readonly PlanStep[]; readonly access: readonly AccessChange[]; readonly note: string }
  | { readonly state: 'publishing'; readonly steps: readonly PlanStep[] }

interface PlanAnswer {
  readonly base: number
  readonly steps: readonly PlanStep[]
  readonly problems: readonly DraftProblem[]
  readonly access?: readonly AccessChange[]
}

export interface Publication {
  readonly version: number
  readonly steps: readonly PlanStep[]
}

/** `restore`: the version to go back to; null publishes the draft. */
@customElement('plan-dialog')
export class PlanDialog extends Modal<Publication> {
  static override properties = { client: { attribute: false }, store: { attribute: false }, restore: { attribute: false }, upgrade: { attribute: false }, titles: { attribute: false }, current: { state: true }, agreed: { state: true }, message: { state: true } }
  declare client: Client
  declare store: DraftStore
  declare restore: number | null
  /** A new version of a lower layer, which is published instead of the draft. */
  declare upgrade: UpgradeBody | null
  declare titles: Titles
  declare current: State
  declare agreed: ReadonlySet<string>
  declare message: string

  constructor() {
    super()
    this.restore = null
    this.upgrade = null
    this.current = { state: 'planning' }
    this.agreed = new Set()
    this.message = ''
  }

  protected override get label(): string {
    if (this.upgrade !== null) return t('layers.upgrade.title', { layer: layerTitle(this.upgrade.layer) })
    return this.restore === null ? t('designer.publishTitle') : t('designer.restoreTitle', { version: String(this.restore) })
  }

  protected override get mayClose(): boolean {
    return this.current.state !== 'publishing'
  }

  /** The draft is published, and nothing else. */
  get #isDraft(): boolean {
    return this.restore === null && this.upgrade === null
  }

  override firstUpdated(): void {
    super.firstUpdated()
    void this.#plan('')
  }

  async #plan(note: string): Promise<void> {
    this.current = { state: 'planning' }
    try {
      if (this.#isDraft && !(await this.store.flush())) {
        this.current = { state: 'failed', reason: t('designer.notSaved') }
        return
      }
      const [path, about] = this.upgrade !== null ? ['/api/definitions/upgrade', this.upgrade] : ['/api/definitions/plan', this.restore === null ? {} : { restore: this.restore }]
      const { body } = await this.client.api.post<PlanAnswer>(path, about)
      this.current = body.problems.length > 0 ? { state: 'blocked', problems: body.problems } : { state: 'ready', base: body.base, steps: body.steps, access: body.access ?? [], note }
    } catch (thrown) {
      await this.#failed(thrown)
    }
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head">
        <h2>${this.label}</h2>
        <button type="button" class="plain icon-only" aria-label=${t('close')} ?disabled=${!this.mayClose} @click=${() => void this.leave()}>${icon('close')}</button>
      </header>
      <div class="dialog-body" aria-live="polite">${this.#body()}</div>
      ${this.#foot()}
    `
  }

  #body(): TemplateResult {
    const current = this.current
    switch (current.state) {
      case 'planning':
        return html`<p class="plan-wait"><vaadin-progress-bar indeterminate></vaadin-progress-bar>${t('designer.planning')}</p>`
      case 'failed':
        return emptyState({ icon: 'warning', title: t('problem.unknown'), text: current.reason, action: html`<button type="button" class="plain accent" @click=${() => void this.#plan('')}>${icon('refresh')}${t('retry')}</button>` })
      case 'blocked':
        return html`<p>${t('designer.blocked', { count: current.problems.length })}</p><ul class="problem-list">${this.#places(current.problems).map((place) => this.#problems(place, current.problems.filter(({ path }) => placeText(path, this.titles) === place)))}</ul>`
      case 'publishing':
        return html`<p class="plan-wait"><vaadin-progress-bar indeterminate></vaadin-progress-bar>${t('designer.publishing')}</p>${this.#steps(current.steps, true)}`
      case 'ready':
        return current.steps.length === 0 ? emptyState({ icon: 'check', title: t('designer.nothingToDo'), text: t('designer.nothingToDoText') }) : this.#ready(current.steps, current.access, current.note)
    }
  }

  #places(problems: readonly DraftProblem[]): readonly string[] {
    return [...new Set(problems.map(({ path }) => placeText(path, this.titles)))]
  }

  /** What is wrong at one place, each sentence once. */
  #problems(place: string, problems: readonly DraftProblem[]): TemplateResult {
    const [address] = problems.map(({ path }) => addressOf(path))
    // What a draft has wrong is called as the draft calls it.
    const documents = this.#isDraft ? this.store.design.value?.draft.documents : undefined
    const said = [...new Set(problems.map((problem) => problemText(documents === undefined ? problem : { ...problem, documents })))]
    return html`
      <li>${icon('warning')}<div>
        ${address === undefined ? html`<strong>${place}</strong>` : html`<a href=${address} @click=${() => this.close(null)}><strong>${place}</strong></a>`}
        ${said.map((sentence) => html`<p>${sentence}</p>`)}
        ${problems.map(({ path }) => html`<code>${path}</code>`)}
      </div></li>
    `
  }

  #ready(steps: readonly PlanStep[], access: readonly AccessChange[], note: string): TemplateResult {
    return html`
      ${note === '' ? nothing : html`<p class="note warn" role="alert">${icon('warning')}${note}</p>`}
      <p class="quiet plan-lead">${t(leadOf(steps, access))}</p>
      ${this.#steps(steps, false)}
      ${accessChanges(access, this.titles)}
      ${this.upgrade === null ? html`<screen-changes .client=${this.client} .load=${() => this.#sides()}></screen-changes>` : nothing}
      <label class="plan-message"><span>${t('designer.message')}</span>
        <input type="text" class="plain-input" maxlength="2000" placeholder=${t('designer.messageHint')} .value=${this.message} @input=${(event: InputEvent) => (this.message = event.target instanceof HTMLInputElement ? event.target.value : '')} /></label>
    `
  }

  /** The screens as they are beside what they become. */
  async #sides(): Promise<Sides | null> {
    const { client, restore } = this
    const design = this.store.design.value
    const model = client.model.current.value
    if (design === null || model === null) return null
    const inForce = { documents: design.published.documents, model }
    return { before: inForce, after: restore === null ? await draftSide(client, design.draft.documents) : await versionSide(client, restore), inForce }
  }

  #steps(steps: readonly PlanStep[], busy: boolean): TemplateResult {
    return html`<ol class="plan-steps">${steps.toSorted((a, b) => gravityOf(a) - gravityOf(b)).map((step) => this.#step(step, busy))}</ol>`
  }

  #step(step: PlanStep, busy: boolean): TemplateResult {
    const detail = stepDetail(step)
    const blocked = isBlocked(step)
    const references = (step.references ?? []).filter((path) => path.includes('/') && !path.startsWith('texts/'))
    return html`
      <li class="plan-step" data-safety=${step.safety}>
        ${badge(step)}
        <div>
          <p class="plan-sentence">${stepText(step, this.titles)}</p>
          ${[detail, timeText(step), step.programs === undefined ? '' : t('designer.programs', { names: listed(step.programs) })].map((text) => (text === '' ? nothing : html`<p class="quiet">${text}</p>`))}
          ${step.failing === undefined || step.failing.samples.length === 0 ? nothing : this.#samples(step, step.failing.samples)}
          ${blocked || step.failing?.filter !== undefined ? this.#toList(step) : nothing}
          ${references.length === 0 ? nothing : html`<details><summary>${t('designer.plan.references', { count: references.length })}</summary><ul class="references">${references.map((path) => html`<li>${placeText(path, this.titles)}</li>`)}</ul></details>`}
          ${needsConsent(step) ? html`<label class="tick consent"><input type="checkbox" ?disabled=${busy} .checked=${this.agreed.has(step.key)} @change=${() => this.#agree(step.key)} /><span>${t('designer.consent')}</span></label>` : nothing}
        </div>
      </li>
    `
  }

  #samples(step: PlanStep, samples: readonly { readonly id: number; readonly value: Json }[]): TemplateResult {
    return html`<ul class="samples">${samples.map(({ id, value }) => html`<li><a href=${recordPath(step.from !== undefined && step.action === 'renameEntity' ? step.from : (step.entity ?? ''), id)} target="_blank">#${id}</a>${value === null ? nothing : html`<code>${short(value)}</code>`}</li>`)}</ul>`
  }

  /** The records that stand in the way or lack something, in the list that people correct them in. */
  #toList({ entity, field, failing }: PlanStep): TemplateResult | typeof nothing {
    const values = failing?.samples.map(({ value }) => value) ?? []
    if (entity === undefined || field === undefined || field.includes('+') || values.length === 0) return nothing
    const filter = failing?.filter ?? { [field]: { $in: values } }
    const query = Object.keys(filter).length === 0 ? '' : `?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}`
    return html`<a class="to-list" href=${listPath(entity, query)} target="_blank">${icon('list')}${t('designer.openThese')}</a>`
  }

  #agree(key: string): void {
    const next = new Set(this.agreed)
    if (!next.delete(key)) next.add(key)
    this.agreed = next
  }

  #foot(): TemplateResult {
    const current = this.current
    const steps = current.state === 'ready' ? current.steps : []
    const blocked = steps.filter(isBlocked).length
    const open = steps.filter((step) => needsConsent(step) && !this.agreed.has(step.key)).length
    const reason = blocked > 0 ? t('designer.stepsBlocked', { count: blocked }) : open > 0 ? t('designer.consentMissing', { count: open }) : ''
    return html`
      <footer class="dialog-foot">
        ${reason === '' ? nothing : html`<span class="quiet grow" role="status">${reason}</span>`}
        ${blocked > 0 ? html`<vaadin-button @click=${() => void this.#plan('')}>${icon('refresh', 'prefix')}${t('designer.checkAgain')}</vaadin-button>` : nothing}
        <vaadin-button theme="tertiary" ?disabled=${!this.mayClose} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${steps.length === 0 || blocked > 0 || open > 0} @click=${() => void this.#publish()}>${this.restore === null ? t('designer.publish') : t('designer.goBack')}</vaadin-button>
      </footer>
    `
  }

  async #publish(): Promise<void> {
    const current = this.current
    if (current.state !== 'ready') return
    this.current = { state: 'publishing', steps: current.steps }
    const path = this.upgrade !== null ? '/api/definitions/upgrade/publish' : this.restore === null ? '/api/definitions/publish' : `/api/definitions/versions/${this.restore}/restore`
    try {
      const { body } = await this.client.api.post<Publication>(path, { ...this.upgrade, consent: [...this.agreed], message: this.message.trim(), base: current.base })
      this.close(body)
    } catch (thrown) {
      await this.#failed(thrown)
    }
  }

  async #failed(thrown: unknown): Promise<void> {
    const problem = asProblem(thrown)
    if (problem.code === 'definitions.consent' || problem.code === 'definitions.blocked') return this.#plan(t('designer.planChanged'))
    if (problem.problems.length > 0) return void (this.current = { state: 'blocked', problems: problem.problems })
    if (problem.code === 'definitions.stale' && !this.#isDraft) return this.#plan(t('designer.planChanged'))
    if (problem.code === 'definitions.stale') return this.#bringUp(problem)
    this.current = { state: 'failed', reason: problem.detail || describeProblem(problem) }
  }

  /** Somebody published meanwhile: on top of that, if nothing is in the way; the page asks otherwise. */
  async #bringUp(problem: ApiProblem): Promise<void> {
    try {
      await this.store.rebase()
    } catch {
      this.current = { state: 'failed', reason: problem.detail }
      return
    }
    if (this.store.design.value?.saving.state === 'stale') this.close(null)
    else await this.#plan(t('designer.planChanged'))
  }
}

/** What the steps mean together. */
function leadOf(steps: readonly PlanStep[], access: readonly AccessChange[]): TextKey {
  if (steps.some(isBlocked)) return 'designer.planBlocked'
  if (steps.some(({ safety }) => safety !== 'safe')) return 'designer.planCareful'
  return losesAccess(access) ? 'designer.planLess' : 'designer.planSafe'
}

/** Records that lack what is required from now on are in no danger, but somebody should know of them. */
function badge({ action, safety, failing }: PlanStep): TemplateResult {
  const lacks = action === 'requireField' && failing !== undefined
  return html`<span class="badge" data-color=${lacks ? 'amber' : safetyColors[safety]}>${t(lacks ? 'designer.safety.later' : `designer.safety.${safety}`)}</span>`
}

const safetyColors = { safe: 'green', slow: 'amber', lossy: 'red', blocked: 'red' } as const
/** What asks for attention stands first. */
const gravity = { blocked: 0, lossy: 1, slow: 2, safe: 3 } as const
const gravityOf = ({ safety, failing }: PlanStep): number => gravity[safety] - (failing === undefined ? 0 : 0.5)
const isBlocked = ({ safety }: PlanStep): boolean => safety === 'blocked'
const needsConsent = ({ safety }: PlanStep): boolean => safety === 'lossy'

const shortest = 80
const short = (value: Json): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > shortest ? `${text.slice(0, shortest)}…` : text
}

declare global {
  interface HTMLElementTagNameMap {
    'plan-dialog': PlanDialog
  }
}
