/** The screens that a change alters for people, each with its picture before and after. */
import './screen-changes.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { describeProblem } from '../../ui/toast.js'
import { placeText, Titles } from '../words.js'
import { changedScreens, type FormChange, type ListChange, type ScreenChanges, type Sides } from './screens.js'

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly sides: Sides; readonly changes: ScreenChanges }

/** `<screen-changes .client .load>`: what `load` brings is asked for once. */
@customElement('screen-changes')
export class ScreenChangesList extends LightElement {
  static override properties = { client: { attribute: false }, load: { attribute: false }, loaded: { state: true } }
  declare client: Client | undefined
  declare load: (() => Promise<Sides | null>) | undefined
  declare loaded: Loaded

  constructor() {
    super()
    this.loaded = { state: 'loading' }
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load()
  }

  async #load(): Promise<void> {
    try {
      const sides = (await this.load?.()) ?? null
      if (sides !== null) this.loaded = { state: 'ready', sides, changes: changedScreens(sides.before, sides.after, language.value) }
    } catch (thrown) {
      this.loaded = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { loaded } = this
    if (loaded.state === 'loading') return html`<p class="quiet" role="status">${t('compare.looking')}</p>`
    if (loaded.state === 'failed') return html`<p class="quiet">${t('compare.failed')} ${loaded.reason}</p>`
    const { sides, changes: { forms, lists } } = loaded
    if (forms.length + lists.length === 0) return nothing
    const titles = new Titles(sides.after.documents, sides.before.documents)
    return html`
      <section class="screen-changes" aria-label=${t('compare.screens')}>
        <h3>${t('compare.screens')}</h3>
        <ul>
          ${forms.map((change) => this.#row(change, titles, () => this.#open(sides, titles, { form: change })))}
          ${lists.map((change) => this.#row(change, titles, () => this.#open(sides, titles, { list: change })))}
        </ul>
      </section>`
  }

  #row(change: FormChange | ListChange, titles: Titles, open: () => Promise<void>): TemplateResult {
    const what = change.before === null ? t('compare.screenNew') : change.after === null ? t('compare.screenGone') : change.differences.length === 0 ? t('compare.arranged') : t('compare.count', { count: change.differences.length })
    return html`<li><button type="button" class="plain" @click=${() => void open()}>${icon('columns')}<span>${placeText(change.path, titles)}</span><small class="quiet">${what}</small></button></li>`
  }

  async #open(sides: Sides, titles: Titles, shown: { readonly form: FormChange } | { readonly list: ListChange }): Promise<void> {
    const { client } = this
    if (client === undefined) return
    await import('./screen-dialog.js')
    const dialog = document.createElement('screen-dialog')
    Object.assign(dialog, { client, sides, titles, form: null, list: null }, shown)
    await dialog.open()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'screen-changes': ScreenChangesList
  }
}
