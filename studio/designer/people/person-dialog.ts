/** Somebody new: who they are, what they may do, and how they come in. */
import '@vaadin/button'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { OfferedRole } from '../../../metadata/contract/account.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { t } from '../../client/i18n.js'
import { asProblem } from '../../client/problem.js'
import { randomKey } from '../../client/random.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { Attempt } from '../../ui/attempt.js'
import { Modal } from '../../ui/modal.js'
import { entry } from '../entry.js'
import { invite, resetPassword, type Secret } from './accounts.js'
import { roleChoice } from './role-choice.js'

/** Without these nobody comes in. */
const first: readonly string[] = ['name', 'email']

export interface NewPerson {
  readonly id: number
  readonly name: string
  readonly secret: Secret
}

@customElement('person-dialog')
export class PersonDialog extends Modal<NewPerson> {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, roles: { attribute: false }, values: { state: true }, way: { state: true } }
  declare client: Client
  declare entity: UiEntity
  declare surroundings: Surroundings
  declare roles: readonly OfferedRole[]
  declare values: JsonObject
  declare way: 'link' | 'password'
  readonly #attempt = new Attempt(this)
  /** The person once they are made: what comes after may fail and be tried again. */
  #made: number | null = null
  readonly #key = randomKey()

  constructor() {
    super()
    this.roles = []
    this.values = {}
    this.way = 'link'
  }

  protected override get label(): string {
    return t('people.new')
  }

  protected override get mayClose(): boolean {
    return !this.#attempt.busy
  }

  protected override content(): TemplateResult {
    const own = this.values['roles']
    const roles = Array.isArray(own) ? own.filter((role): role is string => typeof role === 'string') : []
    const asked = this.roles.filter(({ name }) => roles.includes(name)).flatMap(({ asks }) => asks)
    const [needed, others] = [this.#others.filter(({ key }) => asked.includes(key)), this.#others.filter(({ key }) => !asked.includes(key))]
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body panel-fields">
        ${this.#attempt.notice}
        ${first.flatMap((key) => this.entity.fields.filter((field) => field.key === key)).map((field) => this.#field(field, field.key === first[0]))}
        ${roleChoice(this.roles, roles, (next) => this.#set('roles', [...next]))}
        ${needed.map((field) => this.#field(field, false))}
        ${others.length === 0 ? nothing : html`<details class="person-more" ?open=${others.some(({ key }) => this.#problemOf(key) !== '')}><summary>${t('people.others')}</summary><div class="panel-fields">${others.map((field) => this.#field(field, false))}</div></details>`}
        <fieldset class="marks"><legend>${t('people.way')}</legend>
          ${(['link', 'password'] as const).map((way) => html`<label class="tick"><input type="radio" name="way" .checked=${this.way === way} @change=${() => (this.way = way)} /><span>${t(`people.way.${way}`)}<small>${t(`people.wayHelp.${way}`)}</small></span></label>`)}
        </fieldset>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" ?disabled=${this.#attempt.busy} @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" ?disabled=${this.#attempt.busy} @click=${() => void this.#make()}>${t('people.make')}</vaadin-button>
      </footer>
    `
  }

  /** What else may be said at once. What a chosen role asks for stands in sight: a clerk without stores would see nothing. */
  get #others(): readonly UiField[] {
    return this.entity.fields.filter(({ key, system, createable }) => createable && !system && !first.includes(key) && key !== 'roles' && key !== 'active')
  }

  #field(field: UiField, autofocus: boolean): TemplateResult {
    const { key } = field
    const value = this.values[key] ?? field.default
    return entry(this.surroundings, { field, value, autofocus, error: this.#problemOf(key), ...(field.help === undefined ? {} : { help: field.help }), change: (next) => this.#set(key, next) })
  }

  #problemOf(key: string): string {
    const { failure } = this.#attempt
    const problem = failure === null ? undefined : asProblem(failure).problems.find(({ path }) => path.split('/')[1] === key)
    return problem?.message ?? ''
  }

  #set(key: string, value: JsonObject[string]): void {
    if (JSON.stringify(this.values[key]) !== JSON.stringify(value)) this.values = { ...this.values, [key]: value }
  }

  protected override entered(): void {
    if (!this.#attempt.busy) void this.#make()
  }

  async #make(): Promise<void> {
    await this.#attempt.make(async () => {
      this.#made ??= (await this.client.records.create('user', this.values, this.#key)).body.id
      const secret = await (this.way === 'link' ? invite : resetPassword)(this.client.api, this.#made)
      const { name } = this.values
      return { id: this.#made, name: typeof name === 'string' ? name : '', secret }
    }, (made) => this.close(made))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'person-dialog': PersonDialog
  }
}
