/** Merges that were done, each with its way back. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { merges, unmerge, type DoneMerge } from '../client/duplicates.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { recordPath } from '../shell/routes.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { toast, toastProblem } from '../ui/toast.js'

/** `<merges-list .client .entity>`; draws nothing where none was done. Says `undone` when records are there again. */
@customElement('merges-list')
export class MergesList extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, done: { state: true }, busy: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare done: readonly DoneMerge[]
  declare busy: boolean
  #next: number | null = null

  constructor() {
    super()
    this.done = []
    this.busy = false
    new Watch(this, language)
  }

  override firstUpdated(): void {
    void this.#load(null)
  }

  async #load(before: number | null): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined || !entity.may.update || !entity.may.archive) return
    try {
      const page = await merges(client.api, entity.name, before)
      this.done = before === null ? page.merges : [...this.done, ...page.merges]
      this.#next = page.next
    } catch (thrown) {
      toastProblem(thrown)
    }
  }

  async #undo(one: DoneMerge): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined) return
    if (!(await ask({ title: t('merges.undoTitle'), text: t('merges.undoText', { survivor: one.survivor.title }), yes: t('merges.undo'), no: t('cancel') }))) return
    this.busy = true
    try {
      await unmerge(client.api, entity.name, one.id)
      this.done = this.done.map((other) => (other === one ? { ...one, undone: true } : other))
      toast(t('merges.undone'))
      this.dispatchEvent(new CustomEvent('undone'))
    } catch (thrown) {
      toastProblem(thrown)
    } finally {
      this.busy = false
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, client } = this
    if (entity === undefined || this.done.length === 0) return nothing
    const zone = client?.session.user?.timeZone ?? ''
    return html`
      <section aria-labelledby="merges-done">
        <h2 id="merges-done">${t('merges.title')}</h2>
        <ul class="duplicate-pairs">${this.done.map((one) => html`
          <li class="duplicate-pair merge-done">
            <div><a href=${recordPath(entity.name, one.survivor.id)}>${one.survivor.title}</a> <small class="quiet">${t('merges.from', { others: listed(one.others.map(({ id, title }) => title ?? `#${String(id)}`)) })} · ${instant(one.at, zone)}</small></div>
            ${one.undone ? html`<span class="quiet">${t('merges.isUndone')}</span>` : html`<button type="button" class="plain" ?disabled=${this.busy} aria-label=${t('merges.undoOf', { survivor: one.survivor.title })} @click=${() => void this.#undo(one)}>${icon('restore')}${t('merges.undo')}</button>`}
          </li>`)}</ul>
        ${this.#next === null ? nothing : html`<button type="button" class="button" @click=${() => void this.#load(this.#next)}>${t('duplicates.more')}</button>`}
      </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'merges-list': MergesList
  }
}
