/** The frame around every screen: who is signed in, where we are, and what is wrong with the connection. */
import './app-shell.css'
import './loading-banner.js'
import './preview-banner.js'
import './side-bar.js'
import './search-box.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { follow, hasChosenLanguage } from '../client/preferences.js'
import { language, languageFor, speak, t } from '../client/i18n.js'
import { currentPreview } from '../client/preview.js'
import { Watch } from '../client/store.js'
import { docsFor } from '../help/pages.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { isTyping } from '../ui/typing.js'
import { whenIdle } from '../ui/when-idle.js'
import { emptyState, missingPage } from './pages.js'
import { showKeyboardMap } from './keyboard-map.js'
import { pageCode } from './page-code.js'
import { router } from './router.js'
import { inboxPath, tasksPath, type Peek, type Route } from './routes.js'
import { goToPlace, keepPlace } from './scroll-place.js'
import { unreadBadge } from './bell.js'
import type { SearchBox } from './search-box.js'

const retryMs = 3_000
/** When the screen for the end of a session is loaded: behind all that the reader waits for, long before it ends. */
const signInMs = 10_000
/** How long after G the letter of a place may come. */
const goWithinMs = 1_500
const placesByKey: Readonly<Record<string, string>> = { h: '/', t: tasksPath, n: inboxPath }

/** `<app-shell .client>`; set the client once. */
@customElement('app-shell')
export class AppShell extends LightElement {
  static override properties = { client: { attribute: false }, failed: { state: true }, drawerOpen: { state: true } }
  declare client: Client | undefined
  declare failed: boolean
  declare drawerOpen: boolean
  #watching = false
  #retry: number | undefined
  /** Until then a letter means a place. */
  #goesUntil = 0

  constructor() {
    super()
    this.failed = false
    this.drawerOpen = false
    new Watch(this, router.route, router.peek, language)
  }

  /** The path whose page has named the window. */
  #named = location.pathname

  override connectedCallback(): void {
    this.replaceChildren() // what the page shows until this code is there
    super.connectedCallback()
  }

  override willUpdate(): void {
    if (this.client === undefined || this.#watching) return
    this.#watching = true
    const { session, model, api, inbox } = this.client
    new Watch(this, session.state, model.current, api.reachable, inbox.unread)
    session.state.subscribe(() => void this.#sessionChanged())
    api.reachable.subscribe(() => this.#reachableChanged())
    model.current.subscribe(() => this.#modelChanged())
    language.subscribe(() => void (session.user !== null && model.ready().catch(() => {})))
    router.route.subscribe(() => this.#moved())
    document.addEventListener('keydown', (event) => this.#shortcut(event))
    // Who is signed in, and their model, may have been asked for before this code was there.
    this.#modelChanged()
    if (session.state.value.state === 'unknown') void this.#restore()
    else void this.#sessionChanged()
  }

  async #restore(): Promise<void> {
    const session = this.client?.session
    if (session === undefined) return
    try {
      await session.restore()
      this.failed = false
    } catch {
      this.failed = true
      this.#retry = window.setTimeout(() => void this.#restore(), retryMs)
    }
  }

  async #sessionChanged(): Promise<void> {
    if (this.client === undefined) return
    const { session, model, api, views } = this.client
    const current = session.state.value
    if (current.state === 'signedOut') {
      model.clear()
      views.clear()
    }
    if (current.state === 'expired') model.close()
    if (current.state !== 'signedIn') return
    follow(session.preferences.value)
    if (!hasChosenLanguage() && current.user.locale !== null) await speak(languageFor(current.user.locale))
    api.language = language.value
    try {
      // Lists begin with the view that their reader chose, so both are there before any is shown.
      await Promise.all([model.ready(), views.ready()])
      model.listen()
      // A session that ends while something unsaved is on the page must not need what an engine of another version no longer has.
      whenIdle(() => import('./sign-in.js'), signInMs)
    } catch {
      this.failed = true
      this.#retry = window.setTimeout(() => void this.#sessionChanged(), retryMs)
      return
    }
    this.failed = false
  }

  #modelChanged(): void {
    const model = this.client?.model.current.value ?? null
    if (this.client !== undefined) this.client.names.model = model
    this.#name()
  }

  /** The name of the window, until the page says more: what a page before said is no longer so. */
  #name(): void {
    const model = this.client?.model.current.value
    const route = router.route.value
    const entity = 'entity' in route ? model?.entities[route.entity] : undefined
    document.title = [entity?.plural, model?.title ?? 'Tessera'].filter((part) => part !== undefined).join(' · ')
  }

  /** While the engine is away it is asked now and then, so that the banner goes by itself. */
  #reachableChanged(): void {
    const api = this.client?.api
    window.clearTimeout(this.#retry)
    if (api === undefined || api.reachable.value) return
    const probe = (): void => {
      void api.get('/healthz').catch(() => {}).finally(() => {
        if (!api.reachable.value) this.#retry = window.setTimeout(probe, retryMs)
      })
    }
    this.#retry = window.setTimeout(probe, retryMs)
  }

  #moved(): void {
    this.drawerOpen = false
    if (location.pathname !== this.#named) this.#name()
    this.#named = location.pathname
    const main = this.querySelector('main')
    if (main !== null) goToPlace(main)
  }

  #shortcut(event: KeyboardEvent): void {
    const typing = isTyping(event)
    this.#goTo(event, typing)
    if (event.key === '?' && !typing && this.client?.session.state.value.state === 'signedIn') showKeyboardMap()
    const wanted = (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) || (event.key === '/' && !typing)
    if (!wanted || this.client?.session.state.value.state !== 'signedIn') return
    event.preventDefault()
    this.querySelector<SearchBox>('search-box')?.open()
  }

  /** G and then a letter. */
  #goTo(event: KeyboardEvent, typing: boolean): void {
    const plain = !typing && !event.ctrlKey && !event.metaKey && !event.altKey && this.client?.session.state.value.state === 'signedIn'
    const key = plain ? event.key.toLowerCase() : ''
    const place = event.timeStamp < this.#goesUntil ? placesByKey[key] : undefined
    this.#goesUntil = key === 'g' ? event.timeStamp + goWithinMs : 0
    if (place === undefined) return
    event.preventDefault()
    event.stopImmediatePropagation() // the letter alone may mean something on the page that is left
    void router.go(place)
  }

  override render(): TemplateResult {
    const client = this.client
    const session = client?.session.state.value
    if (client === undefined || session === undefined || session.state === 'unknown') return this.#starting()
    if (session.state !== 'signedIn') void import('./sign-in.js')
    if (session.state === 'signedOut') return html`${this.#banner()}<sign-in .session=${client.session}></sign-in>`
    const model = client.model.current.value
    if (model === null) return this.#starting()
    const preview = currentPreview()
    return html`
      <a class="skip-link" href="#content" @click=${this.#skip}>${t('skipToContent')}</a>
      ${this.#banner()}
      ${preview === null ? nothing : html`<preview-banner .preview=${preview}></preview-banner>`}
      <loading-banner .client=${client}></loading-banner>
      <div class="frame">
        <header class="top-bar">
          <a class="brand" href="/"><img src="/logo.svg" alt="" width="24" height="24" /><span>${model.title}</span></a>
          <span class="grow"></span>
          <a class="plain icon-only bell" href=${inboxPath}>${icon('bell')}<span class="visually-hidden">${t('inbox.title')}</span>${unreadBadge(client)}</a>
          <button type="button" class="plain icon-only" aria-label=${t('search.label')} @click=${this.#search}>${icon('search')}</button>
        </header>
        <side-bar .client=${client} .model=${model} .route=${router.route.value} .open=${this.drawerOpen}
          @search=${this.#search} @drawer=${(event: CustomEvent<boolean>) => (this.drawerOpen = event.detail)}></side-bar>
        <main id="content" tabindex="-1" @scrollend=${({ currentTarget }: Event & { currentTarget: Element }) => keepPlace(currentTarget)}>${this.#page(client, model, router.route.value)}</main>
        ${router.peek.value === null ? nothing : this.#beside(client, model, router.peek.value)}
      </div>
      <search-box .client=${client} .model=${model}></search-box>
      ${session.state === 'expired' ? html`<sign-in .session=${client.session} .email=${session.user.email} over></sign-in>` : nothing}
    `
  }

  #starting(): TemplateResult {
    if (this.failed) return html`${this.#banner()}<div class="starting">${emptyState({ icon: 'warning', title: t('problem.unknown'), text: t('connection.lost') })}</div>`
    return html`<div class="starting" aria-busy="true"><img class="pulse" src="/logo.svg" alt=${t('loading')} width="40" height="40" /></div>`
  }

  #banner(): TemplateResult | typeof nothing {
    if (this.client?.api.reachable.value !== false) return nothing
    return html`<div class="connection" role="status">${icon('warning')}<span>${t('connection.lost')}</span></div>`
  }

  #page(client: Client, model: UiModel, route: Route): TemplateResult {
    switch (route.page) {
      case 'home':
      case 'dashboard':
        return this.#dashboard(client, model, route)
      case 'search':
        void pageCode.search()
        return html`<search-page .client=${client} .model=${model} .q=${route.q}></search-page>`
      case 'inbox':
        void pageCode.inbox()
        return html`<inbox-page .client=${client} .model=${model}></inbox-page>`
      case 'tasks':
        if (model.entities['task'] === undefined) return missingPage()
        void pageCode.tasks()
        return html`<tasks-page .client=${client} .model=${model} .query=${route.query}></tasks-page>`
      case 'studio':
        // Who administers people and does not design sees that one area.
        if (!model.mayDesign && !(model.mayAdminister && route.path[0] === 'people')) return missingPage()
        void pageCode.studio()
        return html`<studio-designer .client=${client} .model=${model} .path=${route.path} .query=${route.query}></studio-designer>`
      case 'help':
        return this.#help(model, route)
      case 'audit':
        if (!model.mayAudit) return missingPage()
        void pageCode.audit()
        return html`<audit-page .client=${client} .model=${model} .query=${route.query}></audit-page>`
      case 'missing':
        return missingPage()
      default:
        return this.#recordPage(client, model, route)
    }
  }

  #help({ mayDesign }: UiModel, { name, query }: Extract<Route, { page: 'help' }>): TemplateResult {
    if (!docsFor(mayDesign).some((one) => one === name)) return missingPage()
    void pageCode.help()
    return html`<doc-reader page=${name} at=${new URLSearchParams(query).get('at') ?? ''} .all=${mayDesign}></doc-reader>`
  }

  /** The start page is the first dashboard of who reads it, or an overview where they have none. */
  #dashboard(client: Client, model: UiModel, route: Extract<Route, { page: 'home' | 'dashboard' }>): TemplateResult {
    const dashboard = route.page === 'home' ? model.dashboards[0] : model.dashboards.find(({ name }) => name === route.name)
    if (dashboard !== undefined) {
      void pageCode.dashboard()
      return html`${keyed(dashboard.name, html`<dashboard-page .client=${client} .model=${model} .dashboard=${dashboard} .query=${route.query}></dashboard-page>`)}`
    }
    if (route.page === 'dashboard') return missingPage()
    void import('./home-page.js')
    return html`<home-page .client=${client} .model=${model}></home-page>`
  }

  #beside(client: Client, model: UiModel, { entity, id }: Peek): TemplateResult {
    void import('../forms/record-panel.js')
    return html`${keyed(`${entity}/${String(id)}`, html`<record-panel .client=${client} .model=${model} .entity=${Object.hasOwn(model.entities, entity) ? model.entities[entity] : undefined} .recordId=${id}></record-panel>`)}`
  }

  #recordPage(client: Client, model: UiModel, route: Extract<Route, { entity: string }>): TemplateResult {
    const entity = Object.hasOwn(model.entities, route.entity) ? model.entities[route.entity] : undefined
    if (entity === undefined) return missingPage()
    if (route.page === 'list') {
      void pageCode.list()
      return html`${keyed(entity.name, html`<list-page .client=${client} .model=${model} .entity=${entity} .query=${route.query}></list-page>`)}`
    }
    if (route.page === 'duplicates') {
      void pageCode.duplicates()
      return html`${keyed(entity.name, html`<duplicates-page .client=${client} .model=${model} .entity=${entity}></duplicates-page>`)}`
    }
    if (route.page === 'tree') {
      if (entity.tree === undefined) return missingPage()
      void pageCode.tree()
      return html`${keyed(entity.name, html`<tree-page .client=${client} .model=${model} .entity=${entity}></tree-page>`)}`
    }
    if (route.page === 'merge') {
      void pageCode.merge()
      return route.ids.length < 2 ? missingPage() : html`${keyed(route.ids.join(), html`<merge-page .client=${client} .model=${model} .entity=${entity} .ids=${route.ids}></merge-page>`)}`
    }
    if (route.page === 'import') {
      if (!entity.may.create && !entity.may.update) return missingPage()
      void pageCode.import()
      return html`${keyed(`${entity.name}/import/${route.id}`, html`<import-page .client=${client} .model=${model} .entity=${entity} .importId=${route.id}></import-page>`)}`
    }
    if (route.page === 'create' && !entity.may.create) return missingPage()
    void pageCode.record()
    const id = route.page === 'record' ? route.id : null
    const values = route.page === 'create' ? route.values : {}
    return html`${keyed(`${entity.name}/${id}`, html`<record-page .client=${client} .model=${model} .entity=${entity} .recordId=${id} .prefill=${values}></record-page>`)}`
  }

  #skip(event: Event): void {
    event.preventDefault()
    event.stopPropagation()
    document.querySelector<HTMLElement>('#content')?.focus()
  }

  #search(): void {
    this.querySelector<SearchBox>('search-box')?.open()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'app-shell': AppShell
  }
}
