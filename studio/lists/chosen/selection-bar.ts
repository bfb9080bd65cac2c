/** What can be done with the records that were ticked. Fires `clear`, `everything` and, when something was done, `done`. */
import './selection-bar.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiAction, UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { language, t } from '../../client/i18n.js'
import type { ListQuery } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { actionButtons } from '../../forms/actions/action-buttons.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toast, toastProblem, toastUndo } from '../../ui/toast.js'
import { takeBack } from './bulk-change.js'
import type { BulkDone, Selected } from './bulk-dialog.js'

/** `<selection-bar .client .entity .ids .everything .query .count .choosing .surroundings>`; draws nothing while nothing is ticked, unless rows are being chosen. */
@customElement('selection-bar')
export class SelectionBar extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, ids: { attribute: false }, query: { attribute: false }, count: { attribute: false }, choosing: { attribute: false }, surroundings: { attribute: false }, everything: { attribute: false }, working: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  /** Ids of the records that are ticked. */
  declare ids: readonly number[]
  /** All that the list shows is meant, ticked or not. */
  declare everything: boolean
  /** What the list asks for, for all that it shows. */
  declare query: ListQuery
  /** How many it shows. */
  declare count: number
  /** Rows are being chosen on a telephone: it is there from the beginning, and says how that ends. */
  declare choosing: boolean
  declare surroundings: Surroundings | undefined
  /** Archived so far, of how many; null when nothing is under way. */
  declare working: { readonly done: number; readonly total: number } | null

  constructor() {
    super()
    this.ids = []
    this.query = {}
    this.count = 0
    this.choosing = false
    this.everything = false
    this.working = null
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, working, choosing } = this
    if (entity === undefined || (this.ids.length === 0 && !choosing)) return nothing
    const count = this.everything ? this.count : this.ids.length
    const end = choosing
      ? html`<button type="button" class="plain accent" @click=${() => this.#told('clear')}>${t('list.chosen')}</button>`
      : html`<button type="button" class="plain icon-only" aria-label=${t('list.selectionClear')} title=${t('list.selectionClear')} @click=${() => this.#told('clear')}>${icon('close')}</button>`
    return html`
      <div class="selection" role="region" aria-label=${t('list.selection')}>
        <span role="status">${working !== null ? t('list.archiving', { done: working.done, total: working.total }) : count === 0 ? t('list.chooseRows') : t('list.selected', { count })}</span>
        ${this.everything || count === 0 || this.count <= this.ids.length || working !== null ? nothing : html`<button type="button" class="plain accent" @click=${() => this.#told('everything')}>${t('list.selectAll', { count: this.count })}</button>`}
        <span class="grow"></span>
        ${choosing ? end : nothing}${count === 0 ? nothing : html`<div class="selection-actions">${this.#actions(entity)}</div>`}${choosing ? nothing : end}
      </div>
    `
  }

  #actions(entity: UiEntity): TemplateResult {
    const { working } = this
    return html`
      ${entity.may.update ? html`<button type="button" class="plain" ?disabled=${working !== null} @click=${() => void this.#edit()}>${icon('pencil')}<span>${t('list.bulkEdit')}</span></button>` : nothing}
      ${(entity.lifecycle?.transitions.length ?? 0) > 0 ? html`<button type="button" class="plain" ?disabled=${working !== null} @click=${() => void this.#transit()}>${icon('arrowRight')}<span>${t('lifecycle.bulk')}</span></button>` : nothing}
      ${this.everything || working !== null ? nothing : actionButtons(entity, 'list-actions', (action) => void this.#start(action))}
      ${entity.may.archive && !this.everything ? html`<button type="button" class="plain" ?disabled=${working !== null} @click=${() => void this.#archive()}>${icon('archive')}<span>${t('archive')}</span></button>` : nothing}`
  }

  #told(name: 'clear' | 'everything' | 'done'): void {
    this.dispatchEvent(new CustomEvent(name))
  }

  get #which(): Selected {
    return this.everything ? { query: this.query, count: this.count } : { ids: this.ids }
  }

  async #edit(): Promise<void> {
    const { client, entity, surroundings } = this
    if (client === undefined || entity === undefined || surroundings === undefined) return
    await import('./bulk-dialog.js')
    const dialog = document.createElement('bulk-dialog')
    dialog.bulk = { records: client.records, entity, surroundings, which: this.#which }
    const done = await dialog.open()
    if (done === null) return
    const { changed, refused } = done.outcome
    toastUndo(`${t('list.bulkDone', { count: changed.length })}${refused.length === 0 ? '' : ` ${t('list.bulkRefused', { count: refused.length })}`}`, () => void this.#takeBack(client, entity, done))
    this.#told('done')
  }

  async #transit(): Promise<void> {
    const { client, entity, surroundings } = this
    if (client === undefined || entity === undefined || surroundings === undefined) return
    await import('../../lifecycles/bulk-transition.js')
    const dialog = document.createElement('bulk-transition')
    dialog.bulk = { records: client.records, entity, surroundings, which: this.#which }
    const outcome = await dialog.open()
    if (outcome === null) return
    toast(`${t('lifecycle.bulkMoved', { count: outcome.changed.length })}${outcome.refused.length === 0 ? '' : ` ${t('lifecycle.bulkNot', { count: outcome.refused.length })}`}`)
    this.#told('done')
  }

  async #start(action: UiAction): Promise<void> {
    const { client, entity, ids, surroundings } = this
    if (client === undefined || entity === undefined || surroundings === undefined) return
    const { startAction } = await import('../../forms/actions/action-dialog.js')
    if ((await startAction(action, { client, entity: entity.name, ids, of: t('list.selected', { count: ids.length }), surroundings })) === true) this.#told('done')
  }

  async #takeBack(client: Client, entity: UiEntity, { field, outcome }: BulkDone): Promise<void> {
    try {
      const back = await takeBack(client.records, entity.name, field.key, outcome.changed, () => {})
      toast(`${t('list.bulkUndone', { count: back.changed.length })}${back.refused.length === 0 ? '' : ` ${t('list.bulkKept', { count: back.refused.length })}`}`)
    } catch (thrown) {
      toastProblem(thrown)
    }
    client.model.tell(null)
  }

  async #archive(): Promise<void> {
    const { client, entity, ids } = this
    if (client === undefined || entity === undefined) return
    if (!(await ask({ title: t('list.archiveTitle', { count: ids.length }), text: t('list.archiveText'), yes: t('archive'), no: t('cancel'), danger: true }))) return
    const done = await this.#each(ids, (id) => client.records.archive(entity.name, id))
    if (done.length > 0) toastUndo(t('list.archivedMany', { count: done.length }), () => void this.#each(done, (id) => client.records.restore(entity.name, id)).then(() => client.model.tell(null)))
    this.#told('done')
  }

  /** One after the other; the first refusal ends it and is told. Gives those that went through. */
  async #each(ids: readonly number[], work: (id: number) => Promise<unknown>): Promise<readonly number[]> {
    const done: number[] = []
    try {
      for (const id of ids) {
        this.working = { done: done.length, total: ids.length }
        await work(id)
        done.push(id)
      }
    } catch (thrown) {
      toastProblem(thrown)
    } finally {
      this.working = null
    }
    return done
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'selection-bar': SelectionBar
  }
}
