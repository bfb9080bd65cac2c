/** What the reader was told: mentions, tasks, reminders, messages; newest first, each leading to its record. */
import './inbox-page.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { toldKinds, type Notification, type ToldKind } from '../../metadata/contract/notification.js'
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { fieldOf } from '../client/model.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import { viewOf } from '../fields/index.js'
import { lookupFor } from '../fields/lookup.js'
import { emptyState } from '../shell/pages.js'
import { listPath, peekHash, recordPath, tasksPath } from '../shell/routes.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { when } from '../ui/when.js'
import { describeProblem, toastProblem } from '../ui/toast.js'

const signs: Readonly<Record<ToldKind, IconName>> = { mentioned: 'at', assigned: 'checkSquare', reminder: 'clock', message: 'bell', approval: 'check' }

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly items: readonly Notification[]; readonly next: string | null }

/** `<inbox-page .client .model>` */
@customElement('inbox-page')
export class InboxPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, unread: { state: true }, loaded: { state: true }, names: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  /** Only what is not read. */
  declare unread: boolean
  declare loaded: Loaded
  /** Names of the records that something is about, as far as the reader may know them: `member/12` → name. */
  declare names: ReadonlyMap<string, string>

  constructor() {
    super()
    this.unread = false
    this.loaded = { state: 'loading' }
    this.names = new Map()
    new Watch(this, language)
    new Refresh(this, { pauseMs: 0, listen: (news) => this.client?.model.told.subscribe(news), ask: () => this.#load(null) })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    queueMicrotask(() => {
      const { client } = this
      if (client === undefined || !this.isConnected) return
      new Watch(this, client.session.preferences, client.inbox.unread)
      void this.#load(null)
    })
  }

  async #load(cursor: string | null): Promise<void> {
    const { client, unread } = this
    if (client === undefined) return
    try {
      const page = await client.inbox.page(unread, cursor)
      if (unread !== this.unread) return
      const before = cursor !== null && this.loaded.state === 'ready' ? this.loaded.items : []
      this.loaded = { state: 'ready', items: [...before, ...page.items], next: page.next }
      await this.#name(client, page.items)
    } catch (thrown) {
      if (cursor === null) this.loaded = { state: 'failed', reason: describeProblem(thrown) }
      else toastProblem(thrown)
    }
  }

  async #name({ names }: Client, items: readonly Notification[]): Promise<void> {
    const named = await Promise.all(items.flatMap(({ about }) => (about === null ? [] : [about])).map(async ({ entity, id }) => [`${entity}/${String(id)}`, await names.of(entity, id), `#${String(id)}`] as const))
    this.names = new Map([...this.names, ...named.flatMap(([key, name, none]) => (name === none ? [] : [[key, name] as const]))])
  }

  #show(unread: boolean): void {
    this.unread = unread
    this.loaded = { state: 'loading' }
    void this.#load(null)
  }

  async #mark(item: Notification, read: boolean): Promise<void> {
    if (item.read === read || this.loaded.state !== 'ready') return
    this.loaded = { ...this.loaded, items: this.loaded.items.map((one) => (one.id === item.id ? { ...one, read } : one)) }
    await this.client?.inbox.mark([item.id], read).catch(toastProblem)
  }

  async #markAll(): Promise<void> {
    const newest = this.loaded.state === 'ready' ? this.loaded.items[0] : undefined
    if (newest === undefined) return
    await this.client?.inbox.markUpTo(newest.id).catch(toastProblem)
    await this.#load(null)
  }

  override render(): TemplateResult | typeof nothing {
    const { client, model, loaded } = this
    if (client === undefined || model === undefined) return nothing
    return html`
      <div class="page-narrow inbox">
        <header class="work-head">
          <h1>${t('inbox.title')}</h1>
          <span class="grow"></span>
          <button type="button" class="plain" ?disabled=${client.inbox.unread.value === 0} @click=${() => void this.#markAll()}>${icon('check')}${t('inbox.markAll')}</button>
          <button type="button" class="plain icon-only" popovertarget="inbox-settings" aria-label=${t('inbox.settings')} title=${t('inbox.settings')}>${icon('settings')}</button>
          ${this.#settings(client)}
        </header>
        <div class="work-chips" role="group" aria-label=${t('inbox.show')}>
          ${[false, true].map((only) => html`<button type="button" class="pill" aria-pressed=${only === this.unread ? 'true' : 'false'} @click=${() => this.#show(only)}>${t(only ? 'inbox.unread' : 'inbox.all')}</button>`)}
        </div>
        ${loaded.state === 'loading' ? html`<p class="quiet" role="status">${t('loading')}</p>` : nothing}
        ${loaded.state === 'failed' ? emptyState({ icon: 'warning', title: t('problem.unknown'), text: loaded.reason, action: html`<button type="button" class="button" @click=${() => void this.#load(null)}>${t('retry')}</button>` }) : nothing}
        ${loaded.state === 'ready' ? this.#items(model, loaded.items, loaded.next) : nothing}
      </div>`
  }

  #settings({ session }: Client): TemplateResult {
    const chosen = session.preferences.value.notify ?? {}
    return html`
      <fieldset id="inbox-settings" class="menu-card inbox-settings" popover><legend>${t('inbox.settings')}</legend>
        ${toldKinds.map((kind) => html`<label><input type="checkbox" .checked=${chosen[kind] !== false} @change=${(event: Event) => void this.#choose(kind, (event.target as HTMLInputElement).checked)} />${icon(signs[kind])}${t(`inbox.kind.${kind}`)}</label>`)}
      </fieldset>`
  }

  async #choose(kind: ToldKind, told: boolean): Promise<void> {
    const { client } = this
    if (client === undefined) return
    await client.session.choose({ notify: { ...client.session.preferences.value.notify, [kind]: told } }).catch(toastProblem)
    await Promise.all([client.inbox.count(), this.#load(null)])
  }

  #items(model: UiModel, items: readonly Notification[], next: string | null): TemplateResult {
    if (items.length === 0 && next === null) return emptyState({ icon: 'bell', title: t(this.unread ? 'inbox.allRead' : 'inbox.empty'), text: t('inbox.emptyText') })
    return html`
      <ol class="work-list">${items.map((item) => this.#item(model, item))}</ol>
      ${next === null ? nothing : html`<button type="button" class="button" @click=${() => void this.#load(next)}>${t('timeline.more')}</button>`}`
  }

  #item(model: UiModel, item: Notification): TemplateResult {
    const address = this.#address(item)
    const words = html`<span class="inbox-words"><span class="inbox-title">${this.#title(model, item)}</span><span class="quiet">${this.#cause(item)}</span></span>`
    const toggle = t(item.read ? 'inbox.markUnread' : 'inbox.markRead')
    return html`
      <li class=${item.read ? '' : 'unread'}>
        <span class="inbox-sign" data-kind=${item.kind}>${icon(signs[item.kind])}</span>
        ${address === null ? words : html`<a class="inbox-link" href=${address} @click=${() => void this.#mark(item, true)}>${words}</a>`}
        ${when(item.at, this.client?.session.user?.timeZone ?? '')}
        <button type="button" class="plain icon-only inbox-dot" aria-label=${toggle} title=${toggle} @click=${() => void this.#mark(item, !item.read)}>${item.read ? nothing : html`<span class="visually-hidden">${t('inbox.isUnread')}</span>`}<i aria-hidden="true"></i></button>
      </li>`
  }

  #title(model: UiModel, { text, title, entity, record, count }: Notification): TemplateResult | string {
    const kind = entity === null ? undefined : model.entities[entity]
    if (text !== null) return text
    if (entity !== null && record === null) return t('inbox.many', { count, entity: kind?.plural ?? entity })
    const field = kind?.display === undefined ? undefined : fieldOf(kind, kind.display)
    if (title === null || field === undefined || this.client === undefined) return title ?? `${kind?.title ?? ''} #${String(record)}`
    return viewOf(field.type).cell(title, { field, timeZone: this.client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(this.client, model, recordPath), record: { id: record ?? 0 } })
  }

  /** Who did what, and at which record. */
  #cause({ kind, by, about }: Notification): string {
    const what = kind === 'message' ? (by?.name ?? '') : kind === 'reminder' ? t('inbox.reminder') : by === null ? t(`inbox.${kind}`) : t(`inbox.${kind}By`, { name: by.name })
    const name = about === null ? undefined : this.names.get(`${about.entity}/${String(about.id)}`)
    return [what, name].filter((part) => part !== undefined && part !== '').join(' · ')
  }

  /** At the record that it is about, when there is one that the reader knows: with the note or the task beside it. */
  #address({ kind, entity, record, about }: Notification): string | null {
    if (entity === null) return kind === 'approval' ? `${tasksPath}?of=approvals` : null
    if (record === null) return entity === 'task' ? tasksPath : listPath(entity)
    if (about !== null && this.names.has(`${about.entity}/${String(about.id)}`)) return recordPath(about.entity, about.id) + peekHash({ entity, id: record })
    return recordPath(entity, record)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'inbox-page': InboxPage
  }
}
