/** What happened with a record, newest first: changes, notes, tasks and related records, with a place to write. */
import './timeline.css'
import './timeline-composer.js'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { hasText, language, t } from '../../client/i18n.js'
import { fieldOf, newsOfRecords, type RecordEvent } from '../../client/model.js'
import type { Rec } from '../../client/records.js'
import { Refresh } from '../../client/refresh.js'
import { Watch } from '../../client/store.js'
import { timelinePage, type TimelineItem, type TimelinePage } from '../../client/timeline.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { nameOf } from '../../fields/name-of.js'
import { recordPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { when } from '../../ui/when.js'
import { peekButton } from '../../ui/peek-button.js'
import { describeProblem, toast, toastProblem } from '../../ui/toast.js'
import { grouped, type ChangeGroup } from './timeline-groups.js'
import { changeLines, whoDid } from '../history/change-lines.js'

/** A burst of changes is answered by one reading. */
const refreshPauseMs = 800

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | ({ readonly state: 'ready' } & TimelinePage)

/** `<timeline-panel .client .model .entity .recordId .surroundings>` */
@customElement('timeline-panel')
export class TimelinePanel extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, recordId: { attribute: false }, surroundings: { attribute: false }, kind: { state: true }, loaded: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare recordId: number
  declare surroundings: Surroundings | undefined
  /** The only kind that is shown; null for all. */
  declare kind: string | null
  declare loaded: Loaded
  #asked = ''

  constructor() {
    super()
    this.recordId = 0
    this.kind = null
    this.loaded = { state: 'loading' }
    new Watch(this, language)
    new Refresh(this, { pauseMs: refreshPauseMs, listen: newsOfRecords(() => this.client?.model, (event) => this.#isAbout(event)), ask: () => this.#load(null) })
  }

  override willUpdate(): void {
    const wanted = `${this.entity?.name ?? ''}/${String(this.recordId)}/${this.kind ?? ''}/${String(this.model?.version ?? 0)}`
    if (this.client === undefined || this.entity === undefined || wanted === this.#asked) return
    this.#asked = wanted
    void this.#load(null)
  }

  #isAbout({ entity: changed, id }: RecordEvent): boolean {
    return (changed === this.entity?.name && id === this.recordId) || this.entity?.timeline.some(({ entity }) => entity === changed) === true
  }

  async #load(cursor: string | null): Promise<void> {
    const { client, entity, recordId, kind } = this
    if (client === undefined || entity === undefined) return
    try {
      const page = await timelinePage(client.api, entity.name, recordId, kind, cursor)
      if (kind !== this.kind || recordId !== this.recordId) return
      const before = cursor !== null && this.loaded.state === 'ready' ? this.loaded.items : []
      this.loaded = { state: 'ready', items: [...before, ...page.items], next: page.next }
    } catch (thrown) {
      this.loaded = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { entity, model, client } = this
    if (entity === undefined || model === undefined || client === undefined) return nothing
    return html`
      <timeline-composer .client=${client} .model=${model} .entity=${entity} .recordId=${this.recordId} .surroundings=${this.surroundings} @written=${() => void this.#load(null)}></timeline-composer>
      ${this.#chips(entity, model)}
      ${this.#body(entity, model)}`
  }

  #chips(entity: UiEntity, model: UiModel): TemplateResult | typeof nothing {
    const kinds = [...(entity.may.history ? [{ kind: 'changes', title: t('timeline.changes') }] : []), ...entity.timeline.map(({ kind, entity: other }) => ({ kind, title: model.entities[other]?.plural ?? other }))]
    if (kinds.length < 2) return nothing
    return html`<div class="timeline-chips" role="group" aria-label=${t('timeline.kinds')}>${[{ kind: null, title: t('timeline.all') }, ...kinds].map(({ kind, title }) => html`
      <button type="button" class="pill" aria-pressed=${kind === this.kind ? 'true' : 'false'} @click=${() => (this.kind = kind)}>${title}</button>`)}</div>`
  }

  #body(entity: UiEntity, model: UiModel): TemplateResult {
    const { loaded } = this
    if (loaded.state === 'loading') return html`<p class="quiet" aria-busy="true">${t('loading')}</p>`
    if (loaded.state === 'failed') return html`<p class="quiet">${loaded.reason}</p>`
    if (loaded.items.length === 0) return html`<p class="quiet">${t('timeline.empty')}</p>`
    const { next } = loaded
    return html`
      <ol class="timeline">${grouped(loaded.items).map((item) => html`<li>${'by' in item ? this.#change(entity, item) : this.#record(entity, model, item)}</li>`)}</ol>
      ${next === null ? nothing : html`<button type="button" class="plain accent" @click=${() => void this.#load(next)}>${t('timeline.more')}</button>`}`
  }

  #change(entity: UiEntity, { at, by, action, changes, byRule }: ChangeGroup): TemplateResult {
    const key = `record.history${action.slice(0, 1).toUpperCase()}${action.slice(1)}`
    return html`<span class="timeline-icon">${icon('pencil')}</span>
      <div><p>${whoDid(this.client, by)} ${hasText(key) ? t(key) : t('record.historyOther', { action })} ${this.#time(at)}</p>
      ${this.surroundings === undefined ? nothing : changeLines(entity, changes, this.surroundings, byRule)}</div>`
  }

  #record(entity: UiEntity, model: UiModel, item: TimelineItem): TemplateResult | typeof nothing {
    const source = entity.timeline.find(({ kind }) => kind === item.kind)
    const other = model.entities[source?.entity ?? '']
    const { record } = item
    if (source === undefined || other === undefined || record === undefined) return nothing
    const by = record['createdBy']
    const author = source.at === 'createdAt' && (typeof by === 'number' || by === null) ? whoDid(this.client, by) : nothing
    const address = recordPath(other.name, record.id)
    const written = this.#written(other, record)
    return html`<span class="timeline-icon">${icon(other.icon)}</span>
      <div><p>${author} <span class="quiet">${other.title}</span> ${written === nothing ? html`<a href=${address}>${nameOf(other, record)}</a>` : nothing}${peekButton(address, nameOf(other, record))} ${this.#time(item.at)}</p>
      ${written}${this.#facts(entity, other, record, source.at)}</div>`
  }

  /** What a person wrote is read as it was written; a task can be done at once. */
  #written(other: UiEntity, record: Rec): TemplateResult | typeof nothing {
    const field = fieldOf(other, other.display ?? '')
    const { surroundings } = this
    const value = record[other.display ?? '']
    if (field === undefined || surroundings === undefined || typeof value !== 'string') return nothing
    if (other.name === 'task') return this.#task(other, record, value)
    const view = viewOf(field.type)
    return view.wide ? html`<div class="timeline-text">${view.cell(value, { ...surroundings, field })}</div>` : nothing
  }

  #task(task: UiEntity, record: Rec, title: string): TemplateResult {
    const done = record['state'] === 'done'
    return html`<label class="timeline-task ${done ? 'done' : ''}"><input type="checkbox" .checked=${done} ?disabled=${!task.may.update} @change=${(event: Event) => void this.#finish(record, (event.target as HTMLInputElement).checked)} /><span>${title}</span></label>`
  }

  async #finish(record: Rec, done: boolean): Promise<void> {
    const { client } = this
    if (client === undefined) return
    try {
      await client.records.update('task', record.id, { state: done ? 'done' : 'open' }, `"${String(Number(record['version']))}"`)
      toast(t(done ? 'timeline.done' : 'timeline.reopened'))
    } catch (thrown) {
      toastProblem(thrown)
    }
    await this.#load(null)
  }

  #facts(own: UiEntity, other: UiEntity, record: Rec, at: string): TemplateResult | typeof nothing {
    const { surroundings } = this
    if (surroundings === undefined) return nothing
    const facts = other.facts.flatMap((key) => {
      const field = fieldOf(other, key)
      const value = record[key]
      // Where it points is the record that is looked at.
      const here = field?.to === own.name || field?.targets !== undefined
      if (field === undefined || value === undefined || value === null || value === '' || value === false || key === at || key === other.display || here || (Array.isArray(value) && value.length === 0)) return []
      return [html`<div><dt>${field.title}</dt><dd>${viewOf(field.type).cell(value, { ...surroundings, field, record })}</dd></div>`]
    })
    return facts.length === 0 ? nothing : html`<dl class="timeline-facts">${facts}</dl>`
  }

  #time(at: string): TemplateResult {
    return when(at, this.surroundings?.timeZone ?? '')
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'timeline-panel': TimelinePanel
  }
}
