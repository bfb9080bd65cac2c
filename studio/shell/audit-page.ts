/** Who looked, exported, signed in, changed records and rights: the audit log in plain words. */
import './audit-page.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import { auditKinds, readAudit, type AuditEntry, type AuditQuestion } from '../client/audit.js'
import type { Client } from '../client/client.js'
import { hasText, language, listed, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { when } from '../ui/when.js'
import { describeProblem, toastProblem } from '../ui/toast.js'
import { emptyState } from './pages.js'
import { router } from './router.js'
import { recordPath } from './routes.js'

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly entries: readonly AuditEntry[]; readonly next: number | null }

/** Names of records that a line spells out. */
const namedMost = 3

const signs: Readonly<Record<string, IconName>> = {
  looked: 'search', downloaded: 'download', exported: 'download', backedUp: 'save', signedIn: 'user', signInFailed: 'warning', published: 'shapes', tokenCreated: 'key', secretChanged: 'key', webhookChanged: 'link', tokenRevoked: 'key',
  invited: 'mail', sessionsEnded: 'logout', previewed: 'eye', passwordReset: 'lock', passwordChanged: 'lock', created: 'plus', updated: 'pencil', archived: 'archive', restored: 'restore', purged: 'trash',
}

/** `<audit-page .client .model .query>` */
@customElement('audit-page')
export class AuditPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, query: { attribute: false }, loaded: { state: true }, users: { state: true }, more: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare query: string
  declare loaded: Loaded
  /** For choosing whom. */
  declare users: readonly { readonly id: number; readonly name: string }[]
  declare more: boolean
  #asked: string | null = null

  constructor() {
    super()
    this.query = ''
    this.loaded = { state: 'loading' }
    this.users = []
    this.more = false
    new Watch(this, language)
  }

  get #question(): AuditQuestion {
    const asked = new URLSearchParams(this.query)
    const text = (name: string): Record<string, string> => (asked.get(name) ? { [name]: asked.get(name) ?? '' } : {})
    const whole = (name: string): Record<string, number> => (/^\d+$/.test(asked.get(name) ?? '') ? { [name]: Number(asked.get(name)) } : {})
    return { ...text('kind'), ...text('entity'), ...text('from'), ...text('to'), ...whole('record'), ...whole('by') }
  }

  override willUpdate(): void {
    if (this.client === undefined || this.query === this.#asked) return
    if (this.#asked === null) void this.#loadUsers(this.client)
    this.#asked = this.query
    this.loaded = { state: 'loading' }
    void this.#load(this.client, null)
    document.title = `${t('shell.audit')} · ${this.model?.title ?? ''}`
  }

  async #load(client: Client, before: number | null): Promise<void> {
    const query = this.query
    this.more = before !== null
    try {
      const page = await readAudit(client.api, this.#question, before)
      if (query !== this.query) return
      const earlier = before !== null && this.loaded.state === 'ready' ? this.loaded.entries : []
      this.loaded = { state: 'ready', entries: [...earlier, ...page.entries], next: page.next }
    } catch (thrown) {
      if (before === null) this.loaded = { state: 'failed', reason: describeProblem(thrown) }
      else toastProblem(thrown)
    } finally {
      this.more = false
    }
  }

  async #loadUsers(client: Client): Promise<void> {
    const display = this.model?.entities['user']?.display
    if (display === undefined) return
    const { records } = await client.records.list('user', { fields: display, limit: 500 }).catch(() => ({ records: [] }))
    this.users = records.map((record) => ({ id: record.id, name: typeof record[display] === 'string' ? record[display] : `#${record.id}` })).toSorted((a, b) => a.name.localeCompare(b.name))
  }

  override render(): TemplateResult {
    return html`
      <div class="page-narrow audit">
        <h1>${t('shell.audit')}</h1>
        <p class="quiet">${t('audit.lead')}</p>
        ${this.#filters()}
        ${this.#body()}
      </div>
    `
  }

  #filters(): TemplateResult {
    const asked = this.#question
    const entities = Object.values(this.model?.entities ?? {}).toSorted((a, b) => a.plural.localeCompare(b.plural))
    const choice = (name: string, value: string | number, title: string): TemplateResult => html`<option value=${value} ?selected=${String(asked[name as keyof AuditQuestion] ?? '') === String(value)}>${title}</option>`
    return html`
      <form class="audit-filters" role="search" aria-label=${t('audit.filter')} @change=${(event: Event) => this.#ask(event.currentTarget as HTMLFormElement)} @submit=${(event: Event) => event.preventDefault()}>
        <label><span>${t('audit.what')}</span><select name="kind"><option value="">${t('audit.everything')}</option>${Object.keys(auditKinds).map((kind) => choice('kind', kind, word(`audit.kind.${kind}`, kind)))}</select></label>
        <label><span>${t('audit.who')}</span><select name="by"><option value="">${t('audit.everybody')}</option>${this.users.map((user) => choice('by', user.id, user.name))}</select></label>
        <label><span>${t('audit.about')}</span><select name="entity"><option value="">${t('audit.everything')}</option>${entities.map((entity) => choice('entity', entity.name, entity.plural))}</select></label>
        <label><span>${t('audit.from')}</span><input type="date" name="from" .value=${asked.from ?? ''} /></label>
        <label><span>${t('audit.to')}</span><input type="date" name="to" .value=${asked.to ?? ''} /></label>
        ${asked.record === undefined || asked.entity === undefined ? nothing : html`<p class="audit-record">${t('audit.oneRecord')} <a href=${recordPath(asked.entity, asked.record)}>${this.#name(asked.entity, asked.record)}</a>
          <button type="button" class="plain accent" @click=${() => this.#go(new URLSearchParams({ entity: asked.entity ?? '' }))}>${t('audit.allRecords')}</button></p>`}
      </form>
    `
  }

  #ask(form: HTMLFormElement): void {
    const asked = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value !== '') asked.set(name, value)
    const { entity, record } = this.#question
    if (record !== undefined && asked.get('entity') === entity) asked.set('record', String(record))
    this.#go(asked)
  }

  #go(asked: URLSearchParams): void {
    const text = asked.toString()
    void router.go(`/audit${text === '' ? '' : `?${text}`}`)
  }

  #body(): TemplateResult {
    const loaded = this.loaded
    if (loaded.state === 'loading') return html`<p class="quiet" role="status">${t('loading')}</p>`
    if (loaded.state === 'failed') return emptyState({ icon: 'warning', title: t('problem.unknown'), text: loaded.reason })
    if (loaded.entries.length === 0) return emptyState({ icon: 'shield', title: t('audit.none'), text: t('audit.noneText') })
    const { next } = loaded
    return html`
      <ol class="audit-list">${loaded.entries.map((entry) => this.#entry(entry))}</ol>
      ${next === null ? nothing : html`<button type="button" class="button" ?disabled=${this.more} @click=${() => this.client !== undefined && void this.#load(this.client, next)}>${t(this.more ? 'loading' : 'audit.more')}</button>`}
    `
  }

  #entry(entry: AuditEntry): TemplateResult {
    const failed = entry.action === 'signInFailed'
    return html`
      <li class=${failed ? 'failed' : ''}>
        <span class="audit-sign">${icon(signs[entry.action] ?? 'history')}</span>
        <div>
          <p><b class="who">${this.#who(entry)}</b> ${word(`audit.did.${entry.action}`, entry.action)} ${this.#about(entry)}</p>
          <small>${this.#more(entry)}</small>
        </div>
        ${when(entry.at, this.client?.session.user?.timeZone ?? '')}
      </li>
    `
  }

  #who({ by, action }: AuditEntry): unknown {
    if (by !== null) return this.#name('user', by)
    return t(action === 'signInFailed' ? 'audit.stranger' : 'audit.operator')
  }

  #about({ entity, records, action, detail }: AuditEntry): TemplateResult | string {
    if (action === 'published') return t('audit.version', { version: Number(detail['version']) })
    if (entity === null) return ''
    const described = this.model?.entities[entity]
    const title = described === undefined ? entity : records.length === 1 ? described.title : described.plural
    if (records.length === 0) return title
    const named = records.slice(0, namedMost)
    const rest = records.length - named.length
    return html`${title} ${named.map((id, i) => html`${i === 0 ? '' : ', '}${described === undefined ? `#${id}` : html`<a href=${recordPath(entity, id)}>${this.#name(entity, id)}</a>`}`)}${rest > 0 ? ` ${t('audit.andMore', { count: rest })}` : ''}`
  }

  /** Fields, the way, the address: what is known besides. */
  #more({ entity, fields, detail }: AuditEntry): string {
    const described = entity === null ? undefined : this.model?.entities[entity]
    const titles = fields.map((key) => described?.fields.find((field) => field.key === key)?.title ?? key)
    const way = detail['way']
    const parts = [
      ...(titles.length === 0 ? [] : [listed(titles)]),
      ...(typeof way === 'string' ? [word(`audit.way.${way}`, way)] : []),
      ...(typeof detail['format'] === 'string' ? [detail['format'].toUpperCase()] : []),
      ...(typeof detail['address'] === 'string' ? [t('audit.address', { address: detail['address'] })] : []),
      ...(typeof detail['name'] === 'string' ? [detail['name']] : []),
    ]
    return parts.join(' · ')
  }

  #name(entity: string, id: number): unknown {
    return this.client === undefined ? `#${id}` : until(this.client.names.of(entity, id), `#${id}`)
  }
}

/** The text with that key, or the word itself where it is new to these screens. */
const word = (key: string, fallback: string): string => (hasText(key) ? t(key) : fallback)

declare global {
  interface HTMLElementTagNameMap {
    'audit-page': AuditPage
  }
}
