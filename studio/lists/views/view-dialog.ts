/** Name of a view, and who else sees it. What was typed stays until it is saved or left. */
import './view-dialog.css'
import '@vaadin/button'
import '@vaadin/checkbox'
import '@vaadin/checkbox-group'
import '@vaadin/text-field'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiViews } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'

export interface ViewDraft {
  readonly title: string
  readonly roles: readonly string[]
  /** The reader's lists of this entity begin with it. */
  readonly begin: boolean
}

const titleMax = 120

@customElement('view-dialog')
export class ViewDialog extends Modal<ViewDraft> {
  static override properties = { draft: { attribute: false }, shareWith: { attribute: false }, begin: { attribute: false }, problem: { state: true }, busy: { state: true } }
  declare draft: ViewDraft
  declare shareWith: UiViews['shareWith']
  /** Whether it may begin with it: null hides the question. */
  declare begin: boolean | null
  declare problem: string
  declare busy: boolean
  /** Saves; the dialog stays open with what was typed when that fails. */
  keep: (draft: ViewDraft) => Promise<void> = async () => {}

  constructor() {
    super()
    this.draft = { title: '', roles: [], begin: false }
    this.shareWith = []
    this.begin = null
    this.problem = ''
    this.busy = false
  }

  protected override get label(): string {
    return t(this.begin === null ? 'views.edit' : 'views.saveAsTitle')
  }

  protected override get kind(): string {
    return 'view-dialog'
  }

  protected override get mayClose(): boolean {
    return !this.busy
  }

  protected override content(): TemplateResult {
    const { draft } = this
    const set = (changes: Partial<ViewDraft>): unknown => (this.draft = { ...this.draft, ...changes })
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <form class="dialog-body" @submit=${(event: Event) => event.preventDefault()} @keydown=${(event: KeyboardEvent) => this.#key(event)}>
        <vaadin-text-field label=${t('views.name')} maxlength=${titleMax} required autofocus .value=${draft.title} @value-changed=${(event: CustomEvent<{ value: string }>) => set({ title: event.detail.value })}></vaadin-text-field>
        ${this.shareWith.length === 0 ? nothing : html`
          <vaadin-checkbox-group theme="vertical" label=${t('views.share')} helper-text=${t('views.shareHelp')} .value=${draft.roles} @value-changed=${(event: CustomEvent<{ value: string[] }>) => event.detail.value !== draft.roles && set({ roles: event.detail.value })}>
            ${this.shareWith.map(({ name, title }) => html`<vaadin-checkbox value=${name} label=${title}></vaadin-checkbox>`)}
          </vaadin-checkbox-group>`}
        ${this.begin === null ? nothing : html`<vaadin-checkbox label=${t('views.begin')} .checked=${draft.begin} @checked-changed=${(event: CustomEvent<{ value: boolean }>) => set({ begin: event.detail.value })}></vaadin-checkbox>`}
        <p class="view-problem" role="alert">${this.problem}</p>
      </form>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.busy || draft.title.trim() === ''} @click=${() => void this.#save()}>${t('save')}</vaadin-button>
      </footer>
    `
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.isComposing && this.draft.title.trim() !== '' && !this.busy) void this.#save()
  }

  async #save(): Promise<void> {
    this.busy = true
    this.problem = ''
    try {
      await this.keep({ ...this.draft, title: this.draft.title.trim() })
      this.close(this.draft)
    } catch (thrown) {
      this.problem = describeProblem(thrown)
    } finally {
      this.busy = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'view-dialog': ViewDialog
  }
}
