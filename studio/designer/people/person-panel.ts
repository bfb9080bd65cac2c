/** One person: their name, roles and other facts, and how they come in: invitation, password, sessions, API tokens. */
import '../panel.css'
import './people.css'
import '@vaadin/button'
import './access-question.js'
import './secret-dialog.js'
import './token-dialog.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { passwordRules, type Account, type OfferedRole } from '../../../metadata/contract/account.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { instant, language, t } from '../../client/i18n.js'
import { beginPreview } from '../../client/preview.js'
import { asProblem } from '../../client/problem.js'
import type { Rec } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { explainProblem, toast, toastProblem } from '../../ui/toast.js'
import { when } from '../../ui/when.js'
import { entry } from '../entry.js'
import { accountOf, block, browserWords, endSessions, invite, makeToken, resetPassword, revokeToken, uninvite, type Secret } from './accounts.js'
import { roleChoice } from './role-choice.js'

/** `<person-panel>`; `draft` is what is typed and not saved; fires `drafted` (detail: the draft) and `changed` when the person is another now. */
@customElement('person-panel')
export class PersonPanel extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, surroundings: { attribute: false }, roles: { attribute: false }, personId: { type: Number }, model: { attribute: false }, draft: { attribute: false }, person: { state: true }, account: { state: true }, failure: { state: true }, refusal: { state: true }, working: { state: true } }
  declare client: Client
  declare entity: UiEntity
  declare surroundings: Surroundings
  declare roles: readonly OfferedRole[]
  declare personId: number
  declare draft: JsonObject
  declare person: { readonly record: Rec; readonly etag: string } | null
  /** Null: the caller may not administer them. */
  declare account: Account | null
  declare failure: unknown
  declare refusal: unknown
  declare working: boolean
  declare model: UiModel | undefined

  constructor() {
    super()
    this.roles = []
    this.personId = 0
    this.draft = {}
    this.person = null
    this.account = null
    this.failure = null
    this.refusal = null
    this.working = false
    new Watch(this, language)
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('personId')) void this.#load()
  }

  async #load(): Promise<void> {
    const id = this.personId
    try {
      const [{ body, etag }, account] = await Promise.all([this.client.records.get('user', id), accountOf(this.client.api, id).catch(() => null)])
      if (id !== this.personId) return
      this.person = { record: body, etag }
      this.account = account
      this.failure = null
    } catch (thrown) {
      this.failure = thrown
    }
  }

  override render(): TemplateResult {
    const person = this.person
    return html`
      <header class="panel-head"><h2 tabindex="-1">${person === null ? t('loading') : this.#name}</h2><a class="plain icon-only" href="/studio/people" aria-label=${t('close')}>${icon('close')}</a></header>
      <div class="panel-fields" aria-busy=${person === null && this.failure === null ? 'true' : 'false'}>
        ${this.failure === null ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${explainProblem(this.failure)}</p>`}
        ${person === null ? nothing : html`${this.#facts(person.record)}${this.model?.mayDesign === true ? html`<access-question .client=${this.client} .model=${this.model} .surroundings=${this.surroundings} .personId=${this.personId}></access-question>` : nothing}${this.account === null ? html`<p class="note">${icon('lock')}<span>${t('people.beyond')}</span></p>` : this.#access(person.record, this.account)}`}
      </div>
    `
  }

  get #name(): string {
    const name = this.person?.record['name']
    return typeof name === 'string' ? name : `#${String(this.personId)}`
  }

  #facts(record: Rec): TemplateResult {
    const values: JsonObject = { ...record, ...this.draft }
    const held = Array.isArray(values['roles']) ? values['roles'].filter((role): role is string => typeof role === 'string') : []
    const fields = this.entity.fields.filter(({ key, system, updateable }) => !system && updateable && key !== 'roles' && key !== 'active')
    const mayRoles = this.entity.fields.some(({ key, updateable }) => key === 'roles' && updateable)
    const dirty = Object.keys(this.draft).length > 0
    return html`
      ${this.refusal === null ? nothing : html`<p class="panel-error" role="alert">${icon('warning')}${explainProblem(this.refusal)}</p>`}
      ${fields.map((field) => this.#field(field, values[field.key]))}
      ${mayRoles ? roleChoice(this.roles, held, (roles) => this.#set('roles', [...roles])) : nothing}
      ${dirty ? html`<div class="person-save"><vaadin-button theme="primary" ?disabled=${this.working} @click=${() => void this.#save()}>${t('save')}</vaadin-button><vaadin-button theme="tertiary" @click=${() => this.#drafted({})}>${t('people.discard')}</vaadin-button></div>` : nothing}
    `
  }

  #field(field: UiField, value: Json | undefined): TemplateResult {
    const problem = this.refusal === null ? undefined : asProblem(this.refusal).problems.find(({ path }) => path.split('/')[1] === field.key)
    return entry(this.surroundings, { field, value, error: problem?.message ?? '', ...(field.help === undefined ? {} : { help: field.help }), change: (next) => this.#set(field.key, next) })
  }

  #set(key: string, value: Json): void {
    const record = this.person?.record
    if (record === undefined) return
    const { [key]: was = record[key] ?? null, ...rest } = this.draft
    // An input also tells of the value that it was just given.
    if (JSON.stringify(was) === JSON.stringify(value)) return
    this.#drafted(JSON.stringify(record[key] ?? null) === JSON.stringify(value) ? rest : { ...this.draft, [key]: value })
  }

  #drafted(draft: JsonObject): void {
    this.refusal = null
    this.draft = draft
    this.dispatchEvent(new CustomEvent('drafted', { detail: draft }))
  }

  async #save(): Promise<void> {
    const { person } = this
    if (person === null) return
    await this.#doing(async () => {
      await this.client.records.update('user', this.personId, this.draft, person.etag)
      this.#drafted({})
      toast(t('people.saved'))
    }, (thrown) => (this.refusal = thrown))
  }

  /** Does something, shows what came of it, and tells the list. */
  async #doing(work: () => Promise<unknown>, refused: (thrown: unknown) => void = toastProblem): Promise<void> {
    this.working = true
    try {
      await work()
      await this.#load()
      this.dispatchEvent(new CustomEvent('changed'))
    } catch (thrown) {
      refused(thrown)
    } finally {
      this.working = false
    }
  }

  // ── how they come in ──

  #access(record: Rec, account: Account): TemplateResult {
    const blocked = record['active'] === false
    const { api } = this.client
    return html`
      <section class="person-access" aria-label=${t('people.access')}>
        <h3>${t('people.access')}</h3>
        <p class="quiet">${this.#stateWords(blocked, account)}</p>
        <div class="person-buttons">
          <vaadin-button theme="small" @click=${() => void this.#tell(() => invite(api, this.personId))}>${icon('mail', 'prefix')}${t(account.password ? 'people.resetByLink' : 'people.inviteAgain')}</vaadin-button>
          <vaadin-button theme="small" @click=${() => void this.#reset()}>${icon('key', 'prefix')}${t('people.newPassword')}</vaadin-button>
          ${account.invited === null ? nothing : html`<vaadin-button theme="small" @click=${() => void this.#doing(() => uninvite(api, this.personId))}>${t('people.uninvite')}</vaadin-button>`}
          ${this.model?.mayDesign === true && !blocked ? html`<vaadin-button theme="small" @click=${() => void beginPreview(api, { user: this.personId }, this.#name).catch(toastProblem)}>${icon('eye', 'prefix')}${t('preview.asPerson')}</vaadin-button>` : nothing}
          <vaadin-button theme=${blocked ? 'small' : 'small error'} @click=${() => void this.#block(!blocked)}>${icon(blocked ? 'check' : 'lock', 'prefix')}${t(blocked ? 'people.unblock' : 'people.block')}</vaadin-button>
        </div>
        <p class="quiet">${t('people.rules', { shortest: passwordRules.shortest, tries: passwordRules.triesAtOnce, seconds: passwordRules.secondsPerTry })}</p>
        <h3>${t('people.sessions', { count: account.open.length })}</h3>
        ${account.open.length === 0 ? html`<p class="quiet">${t('people.noSessions')}</p>` : html`<ul class="person-lines">${account.open.map(({ id, lastSeenAt, userAgent, own }) => html`<li>
          <span title=${userAgent}>${browserWords(userAgent)}${own ? html` <b class="badge" data-color="green">${t('people.thisSession')}</b>` : nothing}<small>${t('people.lastUsed')} ${when(lastSeenAt, this.surroundings.timeZone)}</small></span>
          <button type="button" class="plain" aria-label=${t('people.endOf', { browser: own ? `${browserWords(userAgent)}, ${t('people.thisSession')}` : browserWords(userAgent), at: instant(lastSeenAt, this.surroundings.timeZone) })} @click=${() => void this.#doing(() => endSessions(api, this.personId, id))}>${t('people.end')}</button></li>`)}</ul>
          ${account.open.length < 2 ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#doing(() => endSessions(api, this.personId, null))}>${t('people.endAll')}</button>`}`}
        <h3>${t('people.tokens', { count: account.apiTokens.length })}</h3>
        <p class="quiet">${t('people.tokensHelp')}</p>
        <ul class="person-lines">${account.apiTokens.map(({ id, name, roles, expiresAt }) => html`<li>
          <span>${name}<small>${roles.map((role) => this.#roleTitle(role)).join(', ')} · ${expiresAt === null ? t('people.noEnd') : html`${t('people.ends')} ${when(expiresAt, this.surroundings.timeZone)}`}</small></span>
          <button type="button" class="plain" aria-label=${t('people.revokeOf', { token: name })} @click=${() => void this.#revoke(id, name)}>${t('people.revoke')}</button></li>`)}</ul>
        <button type="button" class="plain accent" @click=${() => void this.#token(record)}>${icon('plus')}${t('people.newToken')}</button>
      </section>
    `
  }

  #stateWords(blocked: boolean, { invited, password, identity, lastSeenAt }: Account): TemplateResult | string {
    if (blocked) return t('people.isBlocked')
    if (invited !== null) return html`${t('people.invitedUntil')} ${when(invited, this.surroundings.timeZone)}`
    if (!password && !identity) return t('people.cannot')
    if (lastSeenAt === null) return t(password ? 'people.can' : 'people.canByIdentity')
    return password ? html`${t('people.seen')} ${when(lastSeenAt, this.surroundings.timeZone)}` : html`${t('people.canByIdentity')} ${t('people.seen')} ${when(lastSeenAt, this.surroundings.timeZone)}`
  }

  #roleTitle(name: string): string {
    return this.roles.find((role) => role.name === name)?.title ?? name
  }

  async #tell(make: () => Promise<Secret>): Promise<void> {
    await this.#doing(async () => {
      const dialog = document.createElement('secret-dialog')
      dialog.secret = await make()
      dialog.who = this.#name
      await dialog.open()
    })
  }

  async #reset(): Promise<void> {
    const yes = await ask({ title: t('people.newPassword'), text: t('people.newPasswordText', { person: this.#name }), yes: t('people.newPassword'), no: t('cancel'), danger: true })
    if (yes) await this.#tell(() => resetPassword(this.client.api, this.personId))
  }

  async #block(blocked: boolean): Promise<void> {
    const yes = !blocked || (await ask({ title: t('people.block'), text: t('people.blockText', { person: this.#name }), yes: t('people.block'), no: t('cancel'), danger: true }))
    if (yes) await this.#doing(() => block(this.client.api, this.personId, blocked))
  }

  async #revoke(token: number, name: string): Promise<void> {
    const yes = await ask({ title: t('people.revoke'), text: t('people.revokeText', { token: name }), yes: t('people.revoke'), no: t('cancel'), danger: true })
    if (yes) await this.#doing(() => revokeToken(this.client.api, this.personId, token))
  }

  async #token(record: Rec): Promise<void> {
    const held = Array.isArray(record['roles']) ? record['roles'].filter((role): role is string => typeof role === 'string') : []
    const dialog = document.createElement('token-dialog')
    dialog.surroundings = this.surroundings
    dialog.roles = held.map((name) => this.roles.find((role) => role.name === name) ?? { name, title: name, description: '', asks: [] })
    const wanted = await dialog.open()
    if (wanted !== null) await this.#tell(() => makeToken(this.client.api, this.personId, wanted))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'person-panel': PersonPanel
  }
}
