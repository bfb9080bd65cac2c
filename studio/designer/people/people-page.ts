/** Everybody who may come in: found by name, with what they are and how they come in; who is chosen is edited in the panel. */
import '../entities/entity-page.css'
import './people.css'
import './person-dialog.js'
import './person-panel.js'
import './secret-dialog.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { AccountSummary, OfferedRole } from '../../../metadata/contract/account.js'
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import type { Rec } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { icon } from '../../ui/icon.js'
import { initials } from '../../ui/initials.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'
import { when } from '../../ui/when.js'
import { accountsOf } from './accounts.js'

const pageSize = 50
const pauseMs = 250

const address = (id: number): string => `/studio/people/${String(id)}`

/** `<people-page>`; `chosen`: id of the person in the panel, null for none. */
@customElement('people-page')
export class PeoplePage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, surroundings: { attribute: false }, chosen: { attribute: false }, q: { state: true }, people: { state: true }, accounts: { state: true }, roles: { state: true }, next: { state: true }, state: { state: true }, drafts: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare surroundings: Surroundings
  declare chosen: number | null
  declare q: string
  declare people: readonly Rec[]
  declare accounts: ReadonlyMap<number, AccountSummary>
  declare roles: readonly OfferedRole[]
  declare next: string | null
  declare state: 'loading' | 'ready' | { readonly failed: string }
  /** What is typed and not saved, by person: looking at somebody else loses nothing. */
  declare drafts: ReadonlyMap<number, JsonObject>
  #timer: number | undefined
  #asked = 0

  constructor() {
    super()
    this.chosen = null
    this.q = ''
    this.people = []
    this.accounts = new Map()
    this.roles = []
    this.next = null
    this.state = 'loading'
    this.drafts = new Map()
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load(null)
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('chosen') as number | null | undefined
    if (before === undefined || before === this.chosen) return
    this.querySelector<HTMLElement>(this.chosen === null ? `[data-person="${String(before)}"]` : '.panel h2')?.focus({ preventScroll: true })
  }

  async #load(cursor: string | null): Promise<void> {
    const { client } = this
    if (client === undefined) return
    const asked = ++this.#asked
    if (cursor === null) this.state = this.people.length === 0 ? 'loading' : this.state
    try {
      const page = await client.records.list('user', { limit: pageSize, ...(this.q.trim() === '' ? { sort: 'name' } : { q: this.q.trim() }), ...(cursor === null ? {} : { cursor }) })
      const { users, roles } = await accountsOf(client.api, page.records.map(({ id }) => id))
      if (asked !== this.#asked) return
      this.people = cursor === null ? page.records : [...this.people, ...page.records]
      this.accounts = new Map([...(cursor === null ? [] : this.accounts), ...users.map((one) => [one.id, one] as const)])
      this.roles = roles
      this.next = page.next
      this.state = 'ready'
    } catch (thrown) {
      if (asked === this.#asked) this.state = { failed: describeProblem(thrown) }
    }
  }

  #search(q: string): void {
    this.q = q
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#load(null), pauseMs)
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, chosen } = this
    const entity = model?.entities['user']
    if (client === undefined || entity === undefined) return nothing
    return html`
      <header class="studio-head">
        <div><h1>${t('people.title')}</h1><p class="quiet">${t('people.lead')}</p></div>
        <span class="grow"></span>
        <label class="palette-search">${icon('search')}<input type="search" aria-label=${t('people.find')} placeholder=${t('people.find')} .value=${this.q} @input=${(event: InputEvent) => this.#search(event.target instanceof HTMLInputElement ? event.target.value : '')} /></label>
        ${entity.may.create ? html`<vaadin-button theme="primary" class="add" aria-label=${t('people.new')} @click=${() => void this.#add()}>${icon('plus', 'prefix')}<span class="wide">${t('people.new')}</span></vaadin-button>` : nothing}
      </header>
      <div class="entity-columns" ?data-selected=${chosen !== null} ?data-alone=${chosen === null}>
        <div class="field-column">${this.#list()}</div>
        <aside class="panel" aria-label=${t('designer.properties')}>
          ${chosen === null ? nothing : html`<person-panel .client=${client} .entity=${entity} .surroundings=${this.surroundings} .roles=${this.roles} .personId=${chosen} .model=${model} .draft=${this.drafts.get(chosen) ?? {}}
            @drafted=${(event: CustomEvent<JsonObject>) => (this.drafts = new Map(this.drafts).set(chosen, event.detail))} @changed=${() => void this.#load(null)}></person-panel>`}
        </aside>
      </div>
    `
  }

  #list(): TemplateResult {
    const { state } = this
    if (typeof state === 'object') return emptyState({ icon: 'warning', title: t('problem.unknown'), text: state.failed, action: html`<button type="button" class="plain accent" @click=${() => void this.#load(null)}>${icon('refresh')}${t('retry')}</button>` })
    if (state === 'loading') return html`<p class="quiet page-center" aria-busy="true">${t('loading')}</p>`
    if (this.people.length === 0) return emptyState({ icon: 'users', title: t('people.none'), text: t('people.noneText') })
    return html`
      <ul class="field-list people-list">${this.people.map((person) => this.#row(person))}</ul>
      ${this.next === null ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#load(this.next)}>${t('people.more')}</button>`}
    `
  }

  #row(person: Rec): TemplateResult {
    const text = (key: string): string => (typeof person[key] === 'string' ? person[key] : '')
    const held = Array.isArray(person['roles']) ? person['roles'].filter((role): role is string => typeof role === 'string') : []
    const name = text('name') || `#${String(person.id)}`
    return html`
      <li><a class="field-row" data-person=${person.id} href=${address(person.id)} aria-current=${person.id === this.chosen ? 'true' : nothing}>
        <span class="avatar" aria-hidden="true">${initials(name)}</span>
        <span class="field-name"><strong>${name}</strong><small>${text('email')}</small></span>
        <span class="person-roles">${held.map((role) => html`<span class="badge">${this.roles.find((one) => one.name === role)?.title ?? role}</span>`)}</span>
        <span class="person-state">${this.#state(person)}</span>
      </a></li>
    `
  }

  #state(person: Rec): TemplateResult | typeof nothing {
    const account = this.accounts.get(person.id)
    if (person['active'] === false) return html`<span class="badge" data-color="red">${t('people.blocked')}</span>`
    if (account === undefined) return nothing
    if (account.invited !== null) return html`<span class="badge" data-color="blue">${t('people.invited')}</span>`
    if (!account.password && !account.identity) return html`<span class="badge" data-color="amber">${t('people.noWay')}</span>`
    return account.lastSeenAt === null ? nothing : html`<span class="quiet">${when(account.lastSeenAt, this.surroundings.timeZone)}</span>`
  }

  async #add(): Promise<void> {
    const { client } = this
    const entity = this.model?.entities['user']
    if (client === undefined || entity === undefined) return
    const dialog = document.createElement('person-dialog')
    // The list may still be on its way.
    const roles = this.state === 'ready' ? this.roles : await accountsOf(client.api, []).then((told) => told.roles, () => [])
    Object.assign(dialog, { client, entity, surroundings: this.surroundings, roles })
    const made = await dialog.open()
    if (made === null) return
    const shown = document.createElement('secret-dialog')
    Object.assign(shown, { secret: made.secret, who: made.name })
    await shown.open()
    await this.#load(null)
    await router.go(address(made.id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'people-page': PeoplePage
  }
}
