/** Who changed what when. */
import './history-panel.css'
import './past-dialog.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { hasText, language, t } from '../../client/i18n.js'
import { fieldOf } from '../../client/model.js'
import type { HistoryEntry } from '../../client/records.js'
import { Watch } from '../../client/store.js'
import type { Surroundings } from '../../fields/contract.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { when } from '../../ui/when.js'
import { describeProblem } from '../../ui/toast.js'
import { changeLines, whoDid } from './change-lines.js'

/** Entries shown at first, and with each "more". */
const stepEntries = 15

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly entries: readonly HistoryEntry[] }

/** `<history-panel .client .entity .recordId .version .now .writable .surroundings>`; a new version asks again. Fires `take-back` (detail: past values by key). */
@customElement('history-panel')
export class HistoryPanel extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, version: { attribute: false }, surroundings: { attribute: false }, now: { attribute: false }, writable: { attribute: false }, chosen: { state: true }, loaded: { state: true }, shown: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare recordId: number
  declare version: number
  declare surroundings: Surroundings | undefined
  /** Values that are saved now. */
  declare now: JsonObject
  /** Keys of fields that may be set. */
  declare writable: readonly string[]
  /** Version that is looked at; null for none. */
  declare chosen: number | null
  declare loaded: Loaded
  declare shown: number
  #asked = ''

  constructor() {
    super()
    this.loaded = { state: 'loading' }
    this.shown = stepEntries
    this.now = {}
    this.writable = []
    this.chosen = null
    this.version = 0
    new Watch(this, language)
  }

  override willUpdate(): void {
    const wanted = `${this.entity?.name ?? ''}/${this.recordId}/${this.version}`
    if (this.client === undefined || this.entity === undefined || wanted === this.#asked) return
    this.#asked = wanted
    void this.#load(this.client, this.entity.name)
  }

  async #load(client: Client, entity: string): Promise<void> {
    try {
      this.loaded = { state: 'ready', entries: await client.records.history(entity, this.recordId) }
    } catch (thrown) {
      this.loaded = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult {
    const loaded = this.loaded
    if (loaded.state === 'loading') return html`<p class="quiet">${t('loading')}</p>`
    if (loaded.state === 'failed') return html`<p class="quiet">${loaded.reason}</p>`
    if (loaded.entries.length === 0) return html`<p class="quiet">${t('record.historyEmpty')}</p>`
    return html`
      <ol class="history">${loaded.entries.slice(0, this.shown).map((entry) => this.#entry(entry))}</ol>
      ${loaded.entries.length > this.shown ? html`<button type="button" class="plain accent" @click=${() => (this.shown += stepEntries)}>${t('record.historyMore')}</button>` : nothing}
      ${this.#past(loaded.entries)}
    `
  }

  #entry(entry: HistoryEntry): TemplateResult {
    const key = `record.history${entry.action.slice(0, 1).toUpperCase()}${entry.action.slice(1)}`
    return html`
      <li>
        <p>${whoDid(this.client, entry.by)} ${hasText(key) ? t(key) : t('record.historyOther', { action: entry.action })}
          ${when(entry.at, this.surroundings?.timeZone ?? '')}
          <button type="button" class="plain see" @click=${() => (this.chosen = entry.version)} aria-label=${t('past.see', { version: entry.version })} title=${t('past.see', { version: entry.version })}>${icon('history')}</button></p>
        ${this.entity === undefined || this.surroundings === undefined ? nothing : changeLines(this.entity, entry.changes, this.surroundings, entry.byRule)}${rulesOfNew(this.entity, entry)}
      </li>
    `
  }

  /** Versions whose beginning is known: those of the entries, and the one before the first of them. */
  #past(entries: readonly HistoryEntry[]): TemplateResult | typeof nothing {
    if (this.chosen === null || this.client === undefined || this.entity === undefined) return nothing
    const oldest = entries.at(-1)
    const created = this.now['createdAt']
    const before = oldest !== undefined && oldest.version > 1 && typeof created === 'string' ? [{ version: oldest.version - 1, at: created }] : []
    const moments = [...before, ...entries.toReversed().map(({ version, at }) => ({ version, at }))]
    return html`<past-dialog .client=${this.client} .entity=${this.entity} .recordId=${this.recordId} .moments=${moments} .version=${this.chosen} .now=${this.now} .writable=${this.writable} .surroundings=${this.surroundings} @close=${() => (this.chosen = null)}></past-dialog>`
  }
}

/** A new record has no changes to tell; that rules filled something of it is told all the same. */
function rulesOfNew(entity: UiEntity | undefined, { action, byRule }: HistoryEntry): TemplateResult | typeof nothing {
  if (entity === undefined || action !== 'created' || byRule.length === 0) return nothing
  return html`<p class="quiet">${t('rules.filledNew', { fields: byRule.map((key) => fieldOf(entity, key)?.title ?? key).join(', ') })}</p>`
}

declare global {
  interface HTMLElementTagNameMap {
    'history-panel': HistoryPanel
  }
}
