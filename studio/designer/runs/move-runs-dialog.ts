/** Runs under way go on by the version in force: which of them can, and where the steps go on that are not there any more. */
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { Api } from '../../client/api.js'
import { t } from '../../client/i18n.js'
import { asProblem } from '../../client/problem.js'
import { icon } from '../../ui/icon.js'
import { Attempt } from '../../ui/attempt.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'
import { stepSentence, type Wording } from '../workflows/sentences.js'
import { allSteps, stepFor, stepsOf } from '../workflows/workflow-tree.js'
import { moveRuns, type MovedRuns, type Obstacle } from './runs.js'

/** `<move-runs-dialog .api .workflow .run .from .to>`; resolves with what moved. */
@customElement('move-runs-dialog')
export class MoveRunsDialog extends Modal<MovedRuns> {
  static override properties = {
    api: { attribute: false }, workflow: {}, run: {}, from: { attribute: false }, to: { attribute: false }, all: { state: true }, mapping: { state: true }, reason: { state: true }, told: { state: true }, problem: { state: true },
  }
  declare api: Api
  declare workflow: string
  /** Null: all that are under way. */
  declare run: string | null
  /** The document that the run follows, where one is looked at. */
  declare from: Wording | undefined
  declare to: Wording
  declare all: boolean
  /** Path of a step → path of the one at which it goes on. */
  declare mapping: Readonly<Record<string, string>>
  declare reason: string
  /** What would happen; null until the first answer. */
  declare told: MovedRuns | null
  declare problem: string
  readonly #attempt = new Attempt(this)
  #asked = ''

  constructor() {
    super()
    this.workflow = ''
    this.run = null
    this.all = false
    this.mapping = {}
    this.reason = ''
    this.told = null
    this.problem = ''
  }

  protected override get label(): string {
    return t('process.moveTitle')
  }

  protected override get mayClose(): boolean {
    return !this.#attempt.busy
  }

  override updated(): void {
    const asked = JSON.stringify([this.run, this.all, this.mapping])
    if (asked === this.#asked) return
    this.#asked = asked
    void this.#look(asked)
  }

  get #body(): { readonly runs?: Json; readonly mapping: Readonly<Record<string, string>> } {
    return { ...(this.run === null || this.all ? {} : { runs: [this.run] }), mapping: this.mapping }
  }

  async #look(asked: string): Promise<void> {
    try {
      const told = await moveRuns(this.api, this.workflow, this.#body, true)
      if (asked !== this.#asked) return
      this.told = told
      this.problem = ''
    } catch (thrown) {
      this.problem = describeProblem(asProblem(thrown))
    }
  }

  protected override content(): TemplateResult {
    const { told } = this
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body panel-fields process-panel">
        <p>${t('process.moveHelp')}</p>
        ${this.run === null ? nothing : html`<label class="tick"><input type="checkbox" .checked=${this.all} @change=${() => (this.all = !this.all)} /><span>${t('process.moveAll')}</span></label>`}
        ${told === null ? html`<p class="quiet" aria-busy="true">${t('loading')}</p>` : html`
          <p role="status"><strong>${t('process.moveCount', { moved: String(told.moved.length), all: String(told.moved.length + told.refused.length) })}</strong>${told.more ? html` ${t('process.moveMore')}` : nothing}</p>
          ${this.#steps(told)}`}
        <label class="plain-entry"><span>${t('process.reason')}</span><textarea class="reason" rows="3" maxlength="1000" required autofocus .value=${this.reason} @input=${(event: InputEvent) => (this.reason = (event.target as HTMLTextAreaElement).value)}></textarea></label>
        ${this.problem === '' ? this.#attempt.notice : html`<p class="panel-error" role="alert">${icon('warning')}${this.problem}</p>`}
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.#attempt.busy} @click=${() => this.close(null)}>${t('process.leave')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.#attempt.busy || this.reason.trim() === '' || (told?.moved.length ?? 0) === 0} @click=${() => void this.#do()}>${t('process.move')}</vaadin-button>
      </footer>
    `
  }

  /** Steps at which runs stand and that the new version has not, and those that were given a place already. */
  #steps(told: MovedRuns): TemplateResult | typeof nothing {
    const found = new Map<string, Obstacle & { readonly runs: number }>()
    for (const { obstacles } of told.refused) for (const one of obstacles) found.set(one.path, { ...one, runs: (found.get(one.path)?.runs ?? 0) + 1 })
    const paths = [...new Set([...found.keys(), ...Object.keys(this.mapping)])]
    if (paths.length === 0) return nothing
    const steps = allSteps(stepsOf(this.to.workflow))
    return html`<ul class="move-steps">${paths.map((path) => {
      const obstacle = found.get(path)
      const old = this.from === undefined ? undefined : stepFor(stepsOf(this.from.workflow), path)
      const name = old === undefined || this.from === undefined ? (path.split('/').at(-1) ?? path) : stepSentence(this.from, old)
      const helped = obstacle === undefined || obstacle.reason === 'gone' || obstacle.reason === 'elsewhere' || obstacle.reason === 'kind'
      return html`<li>
        <p><strong>${name}</strong>${obstacle === undefined ? nothing : html` <span class="wrong">${icon('warning')}${t(`process.moveReason.${obstacle.reason}`)} ${t('process.moveRuns', { count: obstacle.runs })}</span>`}</p>
        ${!helped ? nothing : html`<label class="plain-entry"><span>${t('process.moveTo')}</span><select class="plain-select" @change=${(event: Event) => this.#map(path, (event.target as HTMLSelectElement).value)}>
          <option value="">${t('process.moveNowhere')}</option>${steps.map((step) => html`<option value=${step.path} ?selected=${this.mapping[path] === step.path}>${stepSentence(this.to, step)}</option>`)}</select></label>`}</li>`
    })}</ul>`
  }

  #map(path: string, to: string): void {
    const { [path]: _before, ...others } = this.mapping
    this.mapping = to === '' ? others : { ...others, [path]: to }
  }

  async #do(): Promise<void> {
    await this.#attempt.make(async () => moveRuns(this.api, this.workflow, { ...this.#body, reason: this.reason.trim() }, false), (made) => this.close(made))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'move-runs-dialog': MoveRunsDialog
  }
}
