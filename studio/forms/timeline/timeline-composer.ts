/** Writes a note or a task about a record. What is typed is kept in this browser until it is sent. */
import '../../fields/inputs.js'
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { fieldOf } from '../../client/model.js'
import { asProblem } from '../../client/problem.js'
import { peopleFor } from '../../client/people.js'
import { randomKey } from '../../client/random.js'
import { Watch } from '../../client/store.js'
import type { Choice, Surroundings } from '../../fields/contract.js'
import { filesFor } from '../../fields/files-for.js'
import { viewOf } from '../../fields/index.js'
import { firstUnread } from '../../fields/unread.js'
import { initials } from '../../ui/initials.js'
import { icon } from '../../ui/icon.js'
import { leaveInput } from '../../ui/leave-input.js'
import { LightElement } from '../../ui/light-element.js'
import { explainProblem, toastProblem } from '../../ui/toast.js'
import { refusalOf } from '../refusals.js'
import { keepDraft, keptDraft, type Draft } from './timeline-draft.js'

/** What is typed behind an @ at the end of a text. */
const mentioned = /(?:^|\s)@([\p{L}\p{M}\p{N}.'-]{0,40})$/u

/** `<timeline-composer .client .model .entity .recordId .surroundings>`; fires `written`. */
@customElement('timeline-composer')
export class TimelineComposer extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, surroundings: { attribute: false }, draft: { state: true }, found: { state: true }, chosen: { state: true }, refused: { state: true }, sending: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare recordId: number
  declare surroundings: Surroundings | undefined
  declare draft: Draft
  /** People who may be meant by what stands behind the last @. */
  declare found: readonly Choice[]
  /** Which of them Enter takes. */
  declare chosen: number
  declare sending: boolean
  /** Why what was sent last was not taken; '' when it was. */
  declare refused: string
  #place = ''
  #key = randomKey()

  constructor() {
    super()
    this.recordId = 0
    this.draft = { what: 'note', text: '', due: '', assignee: null, private: false, mentions: [], files: [] }
    this.found = []
    this.chosen = 0
    this.sending = false
    this.refused = ''
    new Watch(this, language)
  }

  override willUpdate(): void {
    const place = `${String(this.client?.session.user?.id ?? 0)}/${this.entity?.name ?? ''}/${String(this.recordId)}`
    if (this.client === undefined || this.entity === undefined || place === this.#place) return
    this.#place = place
    this.draft = keptDraft(place) ?? { what: this.#kinds[0] ?? 'note', text: '', due: '', assignee: null, private: false, mentions: [], files: [] }
  }

  /** What the person may write about this record. */
  get #kinds(): readonly ('note' | 'task')[] {
    return (['note', 'task'] as const).filter((name) => this.model?.entities[name]?.may.create === true && this.entity?.timeline.some(({ entity }) => entity === name) === true)
  }

  #become(changed: Partial<Draft>): void {
    this.draft = { ...this.draft, ...changed }
    keepDraft(this.#place, this.draft)
  }

  async #typed(text: string): Promise<void> {
    if (text === this.draft.text) return
    this.#become({ text })
    const { client, entity, recordId, draft: { what } } = this
    const q = mentioned.exec(text)?.[1]
    const found = q === undefined || client === undefined || entity === undefined ? [] : await peopleFor(client.api, entity.name, recordId, q, what).catch(() => [])
    if (text !== this.draft.text) return
    this.found = found.filter(({ id }) => id !== client?.session.user?.id)
    this.chosen = 0
  }

  #mention({ id, name }: Choice): void {
    this.found = []
    this.#become({ text: `${this.draft.text.replace(/@[^@]*$/u, '')}@${name} `, mentions: [...this.draft.mentions.filter((one) => one.id !== id), { id, name }] })
    this.querySelector<HTMLElement>('vaadin-text-area, vaadin-text-field')?.focus()
  }

  async #attach(input: HTMLInputElement): Promise<void> {
    const field = fieldOf(this.model?.entities['note'] ?? ({ fields: [] } as unknown as UiEntity), 'files')
    if (this.client === undefined || field === undefined) return
    for (const file of input.files ?? []) {
      try {
        const sent = await filesFor(this.client, 'note').upload(field, file, () => {}, new AbortController().signal)
        this.#become({ files: [...this.draft.files, sent] })
      } catch (thrown) {
        toastProblem(thrown)
      }
    }
    input.value = ''
  }

  async #send(): Promise<void> {
    const { client, entity, draft } = this
    if (client === undefined || entity === undefined || draft.text.trim() === '' || this.sending) return
    const unread = firstUnread(this)
    if (unread !== null) return unread.focus()
    this.sending = true
    const about = { entity: entity.name, id: this.recordId }
    const mentions = draft.mentions.filter(({ name }) => draft.text.includes(`@${name}`)).map(({ id }) => id)
    const assignee = draft.assignee ?? client.session.user?.id
    const body: JsonObject = draft.what === 'note'
      ? { text: draft.text.trim(), about, ...(draft.private && { private: true }), ...(mentions.length > 0 && { mentions }), ...(draft.files.length > 0 && { files: draft.files }) }
      : { title: draft.text.trim(), about, ...(assignee !== undefined && { assignee }), ...(mentions.length > 0 && { mentions }), ...(draft.due !== '' && { due: draft.due }), ...(typeof draft.kind === 'string' && { kind: draft.kind }) }
    try {
      await client.records.create(draft.what, body, this.#key)
      this.#become({ text: '', kind: null, due: '', assignee: null, private: false, mentions: [], files: [] })
      this.dispatchEvent(new CustomEvent('written'))
      this.refused = ''
    } catch (thrown) {
      this.refused = this.#reason(thrown)
    }
    this.#key = randomKey()
    this.sending = false
  }

  /** Each part that was refused in a sentence; else what is wrong as a whole. */
  #reason(thrown: unknown): string {
    const kind = this.model?.entities[this.draft.what]
    const { problems } = asProblem(thrown)
    return kind === undefined || problems.length === 0 ? explainProblem(thrown) : problems.map((part) => refusalOf(part, kind)).join(' ')
  }

  #keys(event: KeyboardEvent): void {
    const person = this.found[this.chosen]
    if ((event.key === 'Enter' || event.key === 'Tab') && person !== undefined && !event.isComposing) {
      event.preventDefault()
      this.#mention(person)
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && person !== undefined) {
      event.preventDefault()
      this.chosen = (this.chosen + (event.key === 'ArrowDown' ? 1 : -1) + this.found.length) % this.found.length
    } else if (event.key === 'Escape' && this.found.length > 0) {
      event.preventDefault()
      event.stopPropagation()
      this.found = []
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || (this.draft.what === 'task' && isInTitle(event))) && !event.isComposing) {
      event.preventDefault()
      void leaveInput().then(() => this.#send())
    }
  }

  override render(): TemplateResult | typeof nothing {
    const kinds = this.#kinds
    if (kinds.length === 0) return nothing
    const { draft } = this
    return html`
      <div class="composer" @keydown=${(event: KeyboardEvent) => this.#keys(event)}>
        <div class="composer-kinds" role="group" aria-label=${t('timeline.write')}>${kinds.map((kind) => html`
          <button type="button" class="pill" aria-pressed=${kind === draft.what ? 'true' : 'false'} @click=${() => this.#become({ what: kind })}>${icon(this.model?.entities[kind]?.icon ?? kind)}${this.model?.entities[kind]?.title}</button>`)}</div>
        ${draft.what === 'note' ? this.#note(draft) : this.#task(draft)}
        ${this.#people()}
        <p class="form-error" role="alert">${this.refused}</p>
        <div class="composer-foot">
          ${draft.what === 'note' ? this.#noteTools(draft) : nothing}
          <span class="grow"></span>
          <vaadin-button theme="primary small" ?disabled=${draft.text.trim() === '' || this.sending} title="Ctrl Enter" @click=${() => void this.#send()}>${t('timeline.send')}</vaadin-button>
        </div>
      </div>`
  }

  #note(draft: Draft): TemplateResult {
    return html`
      <vaadin-text-area accessible-name=${t('timeline.noteHint')} placeholder=${t('timeline.noteHint')} .minRows=${2} .maxRows=${12} maxlength="20000" .value=${draft.text} @value-changed=${(event: CustomEvent<{ value: string }>) => void this.#typed(event.detail.value)}></vaadin-text-area>
      ${draft.files.length === 0 ? nothing : html`<ul class="composer-files">${draft.files.map((file, index) => html`<li>${icon('file')}${typeof file['name'] === 'string' ? file['name'] : ''}<button type="button" class="plain icon-only" aria-label=${t('remove')} @click=${() => this.#become({ files: draft.files.filter((_, at) => at !== index) })}>${icon('close')}</button></li>`)}</ul>`}`
  }

  /** Those who may be told, below the text; what is chosen is said by screen readers while the focus stays in the text. */
  #people(): TemplateResult {
    return html`<ul class="composer-people" role="listbox" aria-label=${t('timeline.people')} ?hidden=${this.found.length === 0}>${this.found.map((person, index) => html`
      <li role="option" aria-selected=${index === this.chosen ? 'true' : 'false'} @mousedown=${(event: Event) => event.preventDefault()} @click=${() => this.#mention(person)}><span class="avatar" aria-hidden="true">${initials(person.name)}</span>${person.name}</li>`)}</ul>
      <span class="visually-hidden" role="status">${this.found[this.chosen]?.name ?? ''}</span>`
  }

  #noteTools(draft: Draft): TemplateResult {
    return html`
      <label class="plain icon-only attach" title=${t('timeline.attach')}>${icon('file')}<input type="file" multiple class="visually-hidden" aria-label=${t('timeline.attach')} @change=${(event: Event) => void this.#attach(event.target as HTMLInputElement)} /></label>
      <label class="composer-private"><input type="checkbox" .checked=${draft.private} @change=${(event: Event) => this.#become({ private: (event.target as HTMLInputElement).checked })} />${t('timeline.private')}</label>`
  }

  #task(draft: Draft): TemplateResult {
    return html`
      <vaadin-text-field accessible-name=${t('timeline.taskHint')} placeholder=${t('timeline.taskHint')} maxlength="200" .value=${draft.text} @value-changed=${(event: CustomEvent<{ value: string }>) => void this.#typed(event.detail.value)}></vaadin-text-field>
      <div class="composer-plan">
        ${this.#input('kind', draft.kind ?? this.#usualKind, (value) => this.#become({ kind: typeof value === 'string' ? value : null }))}
        ${this.#input('due', draft.due === '' ? null : draft.due, (value) => this.#become({ due: typeof value === 'string' ? value : '' }))}
        ${this.#input('assignee', draft.assignee ?? this.client?.session.user?.id ?? null, (value) => this.#become({ assignee: typeof value === 'number' ? value : null }))}
      </div>`
  }

  get #usualKind(): Json {
    const task = this.model?.entities['task']
    return (task === undefined ? undefined : fieldOf(task, 'kind'))?.default ?? null
  }

  #input(key: string, value: Json, change: (value: Json) => void): TemplateResult | typeof nothing {
    const task = this.model?.entities['task']
    const field = task === undefined ? undefined : fieldOf(task, key)
    return field === undefined || this.surroundings === undefined ? nothing : viewOf(field.type).input({ ...this.surroundings, field, label: field.title, value, required: false, disabled: false, error: '', help: '', change, touch: () => {} })
  }
}

/** In the pickers beside the title Enter takes a choice. */
const isInTitle = ({ target }: Event): boolean => target instanceof Element && target.closest('vaadin-text-field') !== null

declare global {
  interface HTMLElementTagNameMap {
    'timeline-composer': TimelineComposer
  }
}
