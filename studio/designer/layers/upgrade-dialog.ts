/** Takes a new version of a lower layer: its files are chosen, each conflict is decided, and the plan is looked at before it is published. */
import './upgrade-dialog.css'
import '@vaadin/button'
import '@vaadin/progress-bar'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { readFilter } from '../../lists/filter/filter-tree.js'
import { groupWords } from '../../lists/filter/filter-words.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import type { DraftProblem } from '../draft/draft-store.js'
import { keysOf } from '../draft/operations.js'
import { layerTitle, placeText, problemText, Titles } from '../words.js'
import type { LayerFiles } from './archive.js'
import { chosenFiles } from './chosen-files.js'
import { allOthers, bodyOf, keyOf, openOf, type Decisions, type Take, type UpgradeConflict } from './upgrade.js'

type State =
  | { readonly name: 'choosing'; readonly reason: string }
  | { readonly name: 'looking' }
  | { readonly name: 'deciding'; readonly documents: LayerFiles; readonly conflicts: readonly UpgradeConflict[]; readonly problems: readonly DraftProblem[] }

/** `<upgrade-dialog .desk>`; resolves with true when it was published. */
@customElement('upgrade-dialog')
export class UpgradeDialog extends Modal<true> {
  static override properties = { desk: { attribute: false }, step: { state: true }, layer: { state: true }, decisions: { state: true } }
  declare desk: Desk
  declare step: State
  /** Name of the layer that is replaced. */
  declare layer: string
  declare decisions: Decisions

  constructor() {
    super()
    this.step = { name: 'choosing', reason: '' }
    this.layer = ''
    this.decisions = new Map()
  }

  protected override get label(): string {
    return t('layers.upgrade')
  }

  protected override get kind(): string {
    return 'wide upgrade-dialog'
  }

  get #lower(): readonly string[] {
    return this.desk.design.published.layers.filter((name) => name !== 'studio')
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.layer = this.#lower.at(-1) ?? ''
  }

  protected override content(): TemplateResult {
    const { step } = this
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body" aria-live="polite">
        ${step.name === 'choosing' ? this.#choosing(step.reason) : nothing}
        ${step.name === 'looking' ? html`<p class="plan-wait"><vaadin-progress-bar indeterminate></vaadin-progress-bar>${t('layers.upgrade.looking')}</p>` : nothing}
        ${step.name === 'deciding' ? this.#deciding(step.conflicts, step.problems) : nothing}
      </div>
      ${this.#foot()}`
  }

  #choosing(reason: string): TemplateResult {
    return html`
      <p class="quiet">${t('layers.upgrade.lead')}</p>
      ${reason === '' ? nothing : html`<p class="note warn" role="alert">${icon('warning')}${reason}</p>`}
      <label class="upgrade-layer"><span>${t('layers.upgrade.which')}</span>
        <select class="plain-select" @change=${(event: Event) => (this.layer = (event.target as HTMLSelectElement).value)}>${this.#lower.map((name) => html`<option value=${name} ?selected=${name === this.layer}>${layerTitle(name)}</option>`)}</select></label>
      <div class="upgrade-files">
        <label class="plain upload-button">${icon('upload')}${t('layers.upload')}<input class="visually-hidden" type="file" accept=".zip" @change=${(event: Event) => void this.#chosen(event)} /></label>
        <label class="plain upload-button">${icon('upload')}${t('layers.uploadFolder')}<input class="visually-hidden" type="file" webkitdirectory @change=${(event: Event) => void this.#chosen(event)} /></label>
      </div>`
  }

  async #chosen(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement
    const files = [...(input.files ?? [])]
    input.value = ''
    if (files.length === 0) return
    this.step = { name: 'looking' }
    try {
      const { layer: documents, broken } = await chosenFiles(files)
      if (broken.length > 0 || Object.keys(documents).length === 0) {
        this.step = { name: 'choosing', reason: broken.length > 0 ? t('layers.broken', { files: broken.slice(0, 10).join(', ') }) : t('layers.nothing') }
        return
      }
      const { body } = await this.desk.client.api.post<{ readonly conflicts: readonly UpgradeConflict[]; readonly problems: readonly DraftProblem[] }>('/api/definitions/upgrade', bodyOf(this.layer, documents, [], new Map()))
      this.step = { name: 'deciding', documents, conflicts: body.conflicts, problems: body.problems }
      if (body.conflicts.length === 0 && body.problems.length === 0) await this.#review()
    } catch (thrown) {
      this.step = { name: 'choosing', reason: describeProblem(thrown) }
    }
  }

  #deciding(conflicts: readonly UpgradeConflict[], problems: readonly DraftProblem[]): TemplateResult {
    const { draft, published } = this.desk.design
    const titles = new Titles(draft.documents, published.documents)
    if (conflicts.length === 0) return html`<p>${icon('check')} ${t('layers.upgrade.none')}</p>${problems.slice(0, 20).map((problem) => html`<p class="wrong">${placeText(problem.path, titles)}: ${problemText(problem)}</p>`)}`
    return html`
      <p>${t('layers.upgrade.conflicts', { count: conflicts.length })} <span class="quiet">${t('layers.upgrade.rest')}</span></p>
      <div class="upgrade-all">
        <button type="button" class="plain accent" @click=${() => (this.decisions = allOthers(conflicts, this.decisions, 'mine'))}>${t('layers.upgrade.allMine')}</button>
        <button type="button" class="plain accent" @click=${() => (this.decisions = allOthers(conflicts, this.decisions, 'theirs'))}>${t('layers.upgrade.allTheirs')}</button>
      </div>
      <ol class="upgrade-conflicts">${conflicts.map((conflict, at) => this.#conflict(conflict, at, titles))}</ol>`
  }

  #conflict(conflict: UpgradeConflict, at: number, titles: Titles): TemplateResult {
    const key = keyOf(conflict)
    const side = (take: Take, label: string, value: Json | undefined): TemplateResult => html`
      <label class="upgrade-side"><input type="radio" name=${`conflict-${String(at)}`} .checked=${this.decisions.get(key) === take} @change=${() => (this.decisions = new Map([...this.decisions, [key, take]]))} />
        <span><strong>${label}</strong>${this.#value(conflict.path, value)}</span></label>`
    return html`
      <li><fieldset><legend><strong>${placeText(conflict.path, titles)}</strong> ${placeIn(conflict.path)}</legend>
        <p class="quiet">${t(`layers.upgrade.why.${conflict.why}`, { layer: layerTitle(conflict.layer), lower: layerTitle(this.layer) })}</p>
        <div class="upgrade-sides">
          ${side('mine', t('layers.upgrade.keep', { layer: layerTitle(conflict.layer) }), conflict.mine)}
          ${side('theirs', t('layers.upgrade.take', { layer: layerTitle(this.layer) }), conflict.theirs)}
          <div class="upgrade-side"><span><strong>${t('layers.upgrade.was')}</strong>${this.#value(conflict.path, conflict.base)}</span></div>
        </div></fieldset></li>`
  }

  /** A condition on records of an entity as a sentence, everything else as it is written. */
  #value(path: string, value: Json | undefined): TemplateResult {
    const { drafted: model, surroundings } = this.desk
    const entity = model.entities[path.split('/')[0] ?? '']
    const isCondition = conditions.has(keysOf(path.split('#')[1] ?? '').at(-1) ?? '')
    return isCondition && isObject(value) && entity !== undefined ? html`<span>${groupWords({ model, surroundings }, entity, readFilter(value))}</span>` : written(value)
  }

  #foot(): TemplateResult {
    const { step } = this
    const open = step.name === 'deciding' ? openOf(step.conflicts, this.decisions) : 0
    return html`
      <footer class="dialog-foot">
        ${open === 0 ? nothing : html`<span class="quiet grow" role="status">${t('layers.upgrade.open', { count: open })}</span>`}
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        ${step.name === 'deciding' ? html`<vaadin-button theme="primary" ?disabled=${open > 0} @click=${() => void this.#review()}>${t('designer.review')}</vaadin-button>` : nothing}
      </footer>`
  }

  /** The plan stands over this dialog: who goes back from it finds all decisions as they were. */
  async #review(): Promise<void> {
    const { step } = this
    if (step.name === 'deciding' && (await this.desk.upgrade(bodyOf(this.layer, step.documents, step.conflicts, this.decisions)))) this.close(true)
  }
}

/** Settings whose values are conditions on records of the entity that they stand at. */
const conditions: ReadonlySet<string> = new Set(['filter', 'guard', 'requiredWhen'])

/** The part of a definition, for those who know its words. */
const placeIn = (path: string): TemplateResult | typeof nothing => {
  const last = keysOf(path.split('#')[1] ?? '').at(-1)
  return last === undefined ? nothing : html`<code>${last}</code>`
}

const written = (value: Json | undefined): TemplateResult =>
  value === undefined ? html`<span class="quiet">${t('layers.upgrade.absent')}</span>` : html`<pre>${typeof value === 'string' ? value : Array.isArray(value) && value.every((one: Json) => typeof one === 'string') ? value.join(', ') : JSON.stringify(value, null, 2)}</pre>`

declare global {
  interface HTMLElementTagNameMap {
    'upgrade-dialog': UpgradeDialog
  }
}
