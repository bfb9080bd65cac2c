/** The views of an entity as tabs, and what can be done with the one in use: save, rename, share, begin with it, delete. Fires `state`. */
import './view-bar.css'
import { popoverRenderer } from '@vaadin/popover/lit.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiList, UiSavedView } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { firstOf, savedOf, viewsOf } from '../../client/views.js'
import { listPath } from '../../shell/routes.js'
import { icon, type IconName } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { onceOpened } from '../../ui/once-opened.js'
import { toast, toastProblem, toastUndo } from '../../ui/toast.js'
import { definitionOf, isChanged, stateOfView, usualState, viewOfState, writeState, type ListState } from '../list-state.js'
import type { ViewDialog } from './view-dialog.js'

/** `<view-bar .client .entity .state .choosable>`; fires `choose` when rows are to be chosen. */
@customElement('view-bar')
export class ViewBar extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, state: { attribute: false }, choosable: { attribute: false }, opened: { state: true }, busy: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare state: ListState | undefined
  /** Offers to choose rows, where they have no boxes to tick from the beginning. */
  declare choosable: boolean
  declare opened: boolean
  declare busy: boolean

  constructor() {
    super()
    this.choosable = false
    this.opened = false
    this.busy = false
    new Watch(this, language)
  }

  override firstUpdated(): void {
    if (this.client !== undefined) new Watch(this, this.client.views.current)
  }

  override render(): TemplateResult | typeof nothing {
    const { client, entity, state } = this
    if (client === undefined || entity === undefined || state === undefined) return nothing
    const saved = client.views.current.value
    const view = viewOfState(entity, saved, state)
    const views = viewsOf(entity, saved)
    const changed = isChanged(view, state)
    return html`
      ${views.length < 2 ? nothing : html`<nav class="view-tabs" aria-label=${t('list.view')}>${views.map((one) => html`
        <a href=${listPath(entity.name, writeState(stateOfView(entity, saved, one.name, state)))} aria-current=${one === view ? 'true' : nothing}>${savedOf(one, saved)?.mine === false ? icon('users') : nothing}${one.title}</a>`)}</nav>`}
      ${changed ? html`<button type="button" class="plain accent view-save" ?disabled=${this.busy} @click=${() => void this.#save(view)}>${icon('save')}<span>${t('views.save')}</span></button>` : nothing}
      <button type="button" class="plain icon-only view-menu-button" title=${t('views.menu')} aria-label=${t('views.menu')} aria-haspopup="dialog" aria-expanded=${this.opened ? 'true' : 'false'} @click=${() => (this.opened = !this.opened)}>${icon('dots')}</button>
      ${onceOpened(this.opened, () => html`<vaadin-popover .target=${this.querySelector<HTMLElement>('.view-menu-button') ?? undefined} position="bottom-start" .trigger=${[]} .opened=${this.opened} overlay-role="dialog" accessible-name=${t('views.menu')}
        @opened-changed=${(event: CustomEvent<{ value: boolean }>) => (this.opened = event.detail.value)}
        ${popoverRenderer(() => this.#menu(view, changed), [view, state, saved, changed, this.choosable, language.value])}></vaadin-popover>`)}
    `
  }

  override updated(): void {
    this.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  #menu(view: UiList, changed: boolean): TemplateResult | typeof nothing {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return nothing
    const saved = client.views.current.value
    const own = savedOf(view, saved)
    const first = firstOf(entity, saved) === view.name
    const item = (symbol: IconName, text: string, run: () => unknown): TemplateResult => html`
      <li><button type="button" class="plain" @click=${() => this.#choose(run)}>${icon(symbol)}${text}</button></li>`
    return html`
      <div class="view-menu">
        <h2>${view.title}</h2>
        <p class="quiet">${this.#about(own)}</p>
        <ul>
          ${this.choosable ? item('checkSquare', t('list.choose'), () => this.dispatchEvent(new CustomEvent('choose'))) : nothing}
          ${changed && own?.mayChange === true ? item('save', t('views.saveChanges'), () => this.#save(view)) : nothing}
          ${changed ? item('restore', t('views.reset'), () => this.#show(view.name)) : nothing}
          ${item('plus', t('views.saveAs'), () => this.#saveAs(view))}
          ${own?.mayChange === true ? item('pencil', t(saved.shareWith.length > 0 ? 'views.editShare' : 'views.rename'), () => this.#edit(own)) : nothing}
          ${first ? nothing : item('star', t('views.begin'), () => this.#begin(view))}
          ${saved.first[entity.name] === view.name ? item('star', t('views.beginUsual'), () => this.#begin(null)) : nothing}
          ${own?.mayChange === true ? item('trash', t('views.delete'), () => this.#delete(own)) : nothing}
        </ul>
      </div>
    `
  }

  #about(own: UiSavedView | undefined): string {
    if (own === undefined) return t('views.defined')
    if (!own.mine) return t('views.shared')
    return own.roles.length === 0 ? t('views.private') : t('views.sharedWith', { roles: own.roles.map((name) => this.client?.views.current.value.shareWith.find((role) => role.name === name)?.title ?? name).join(', ') })
  }

  #choose(run: () => unknown): void {
    this.opened = false
    void run()
  }

  /** Keeps what the list shows: in the view itself where that is the reader's, else as a new one. */
  async #save(view: UiList): Promise<void> {
    const { client, state } = this
    const own = client === undefined ? undefined : savedOf(view, client.views.current.value)
    if (client === undefined || state === undefined) return
    if (own?.mine !== true) return this.#saveAs(view)
    await this.#try(async () => {
      await client.views.change(own, { definition: definitionOf(view, state) })
      this.#show(own.name)
      toast(t('views.saved', { view: own.title }))
    })
  }

  async #saveAs(view: UiList): Promise<void> {
    const { client, entity, state } = this
    if (client === undefined || entity === undefined || state === undefined) return
    const dialog = await this.#dialog()
    dialog.shareWith = client.views.current.value.shareWith
    dialog.begin = false
    dialog.keep = async ({ title, roles, begin }) => {
      const made = await client.views.add(entity.name, { title, roles, definition: definitionOf(view, state) })
      if (begin) await client.views.beginWith(entity.name, made.name)
      this.#show(made.name)
      toast(t('views.saved', { view: made.title }))
    }
    await dialog.open()
  }

  async #edit(own: UiSavedView): Promise<void> {
    const { client } = this
    if (client === undefined) return
    const dialog = await this.#dialog()
    dialog.shareWith = client.views.current.value.shareWith
    dialog.draft = { title: own.title, roles: own.roles, begin: false }
    dialog.keep = ({ title, roles }) => client.views.change(own, { title, roles })
    await dialog.open()
  }

  async #dialog(): Promise<ViewDialog> {
    await import('./view-dialog.js')
    return document.createElement('view-dialog')
  }

  #begin(view: UiList | null): Promise<void> {
    return this.#try(async () => {
      const { client, entity } = this
      if (client === undefined || entity === undefined) return
      const shown = viewOfState(entity, client.views.current.value, this.state ?? usualState)
      await client.views.beginWith(entity.name, view?.name ?? null)
      this.#show(shown.name)
      toast(t('views.begins', { view: view?.title ?? entity.lists[0]?.title ?? '' }))
    })
  }

  #delete(own: UiSavedView): Promise<void> {
    return this.#try(async () => {
      const { client } = this
      if (client === undefined) return
      await client.views.remove(own)
      this.#show('')
      toastUndo(t('views.deleted', { view: own.title }), () => void this.#try(async () => {
        await client.views.restore(own)
        this.#show(own.name)
      }))
    })
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.busy = true
    try {
      await work()
    } catch (thrown) {
      toastProblem(thrown)
    } finally {
      this.busy = false
    }
  }

  #show(name: string): void {
    const { client, entity, state } = this
    if (client === undefined || entity === undefined || state === undefined) return
    this.dispatchEvent(new CustomEvent<ListState>('state', { detail: stateOfView(entity, client.views.current.value, name, state) }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'view-bar': ViewBar
  }
}
