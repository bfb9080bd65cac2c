/** A new record in the middle of something else: what must be known of it, filled in, checked and made. */
import '@vaadin/button'
import '../record-form.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { displayKey } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Choice, Surroundings } from '../../fields/contract.js'
import { sendable } from '../../fields/lines-state.js'
import { nameOf } from '../../fields/name-of.js'
import { leaveInput } from '../../ui/leave-input.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import { check } from '../checks.js'
import { isRequired } from '../required.js'
import { edit, isDirty, isReadable, refuse, shownProblems, start, touch, touchAll, unread, type FormState, type UnreadDetail } from '../form-state.js'
import type { EditDetail, RecordForm } from '../record-form.js'
import { Creation } from '../save.js'

/** `<quick-form .client .model .entity .surroundings .begin .given .also>`; fires `made` (detail: Choice), `cancelled` and `typed` (detail: whether something would be lost). */
@customElement('quick-form')
export class QuickForm extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, begin: { attribute: false }, given: { attribute: false }, also: { attribute: false }, form: { state: true }, saving: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare surroundings: Surroundings | undefined
  /** Values that the person begins with. */
  declare begin: JsonObject
  /** Values that are settled by the place where it is made, and not asked for. */
  declare given: JsonObject
  /** Keys of fields that are asked for besides the necessary ones. */
  declare also: readonly string[]
  declare form: FormState
  declare saving: boolean
  readonly #creation = new Creation()

  constructor() {
    super()
    this.begin = {}
    this.given = {}
    this.also = []
    this.form = start({})
    this.saving = false
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // Properties are set right after the element was made.
    queueMicrotask(() => {
      const defaults = Object.fromEntries(this.#fields.flatMap((field) => (field.default === undefined ? [] : [[field.key, field.default]])))
      this.form = start({ ...defaults, ...Object.fromEntries(Object.entries(this.begin).filter(([key]) => this.#fields.some((field) => field.key === key))) })
    })
  }

  /** What was typed so far, for going on with it elsewhere. */
  get values(): JsonObject {
    return { ...this.#filled, ...this.given }
  }

  get #filled(): JsonObject {
    return Object.fromEntries(Object.entries(this.form.values).filter(([, value]) => value !== null && value !== ''))
  }

  /** Its name first, then what it needs, and its key facts, as far as the person may set them. */
  get #fields(): readonly UiField[] {
    const { entity } = this
    if (entity === undefined) return []
    const keys = new Set([displayKey(entity), ...entity.fields.filter((field) => isRequired(field, this.values, true)).map(({ key }) => key), ...(entity.tree === undefined ? [] : [entity.tree]), ...entity.facts, ...this.also])
    const fields = entity.fields.filter((field) => keys.has(field.key) && field.createable && !Object.hasOwn(this.given, field.key))
    return fields.toSorted((a, b) => Number(b.key === displayKey(entity)) - Number(a.key === displayKey(entity)))
  }

  get #checks(): Readonly<Record<string, string>> {
    const fields = this.#fields
    return this.entity === undefined ? {} : check(this.entity, this.form.values, fields.map(({ key }) => key), fields.filter((field) => isRequired(field, this.values, true)).map(({ key }) => key))
  }

  #become(form: FormState): void {
    this.form = form
    this.dispatchEvent(new CustomEvent<boolean>('typed', { detail: isDirty(form) }))
  }

  async #showFirstProblem(): Promise<void> {
    await this.updateComplete
    await this.querySelector<RecordForm>('record-form')?.showFirstProblem()
  }

  async #save(): Promise<void> {
    const { client, model, entity } = this
    if (this.saving || client === undefined || model === undefined || entity === undefined) return
    this.#become(touchAll(this.form, this.#fields.map(({ key }) => key)))
    if (Object.keys(this.#checks).length > 0 || !isReadable(this.form)) return this.#showFirstProblem()
    this.saving = true
    const outcome = await this.#creation.save(client.records, entity, sendable(model, entity, this.values, {}), model.entities)
    this.saving = false
    if (outcome.kind === 'saved') {
      const name = nameOf(entity, outcome.record)
      client.names.learn(entity.name, outcome.record.id, name)
      this.dispatchEvent(new CustomEvent<Choice>('made', { detail: { id: outcome.record.id, name } }))
      return
    }
    if (outcome.kind !== 'refused') return toastProblem(outcome.kind === 'failed' ? outcome.problem : new Error(outcome.kind))
    this.#become(refuse(this.form, outcome.problems))
    if (Object.keys(outcome.problems).some((path) => !this.#fields.some(({ key }) => path.startsWith(`/${key}`)))) toastProblem(outcome.problem)
    await this.#showFirstProblem()
  }

  /** The page below has the same keys. */
  #keys(event: KeyboardEvent): void {
    const saves = event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey)
    if (!saves && (event.key !== 'Escape' || event.defaultPrevented)) return
    event.preventDefault()
    event.stopPropagation()
    if (saves) void leaveInput().then(() => this.#save())
    else this.dispatchEvent(new CustomEvent('cancelled'))
  }

  override render(): TemplateResult | typeof nothing {
    const { entity } = this
    if (entity === undefined) return nothing
    const shown: UiEntity = { ...entity, form: { type: 'HorizontalLayout', elements: this.#fields.map(({ key }) => ({ type: 'Control', scope: `#/properties/${key}` })) } }
    const problems = shownProblems(this.form, this.#checks)
    return html`
      <div class="quick-form" @keydown=${(event: KeyboardEvent) => this.#keys(event)}>
        <record-form .entity=${shown} .values=${this.form.values} .problems=${problems} .mode=${'create'} .surroundings=${this.surroundings}
          @edit=${({ detail }: CustomEvent<EditDetail>) => this.#become(edit(this.form, detail.key, detail.value))} @touch=${(event: CustomEvent<string>) => this.#become(touch(this.form, event.detail))}
          @unread=${({ detail }: CustomEvent<UnreadDetail>) => this.#become(unread(this.form, detail))}></record-form>
        <div class="quick-create-actions">
          <vaadin-button theme="tertiary" @click=${() => this.dispatchEvent(new CustomEvent('cancelled'))}>${t('cancel')}</vaadin-button>
          <vaadin-button theme="primary" ?disabled=${this.saving} @click=${() => void this.#save()}>${t('create')}</vaadin-button>
        </div>
      </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'quick-form': QuickForm
  }
}
