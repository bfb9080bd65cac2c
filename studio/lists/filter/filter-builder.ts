/**
 * The whole condition of a list, put together in groups, with questions about related records, and told how many records
 * it finds while it is edited. What is begun and not applied is there again when the builder is opened next.
 */
import './filter-builder.css'
import '@vaadin/button'
import '@vaadin/select'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import type { Records } from '../../client/records.js'
import type { Surroundings } from '../../fields/contract.js'
import { firstUnread } from '../../fields/unread.js'
import '../../ui/click-through.js'
import { icon, type IconName } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'
import { relationAt, relationChoices, relatedOf } from './comparisons.js'
import { everything, changeAt, incompleteIn, matches, partAt, placeOf, readFilter, withKeys, writeFilter, type Group, type Part, type Related, type Test } from './filter-tree.js'
import { isAboutPerson, type PersonValue } from './person-values.js'
import { relatedEditor } from './related-editor.js'
import { testEditor } from './test-editor.js'
import { unfinished } from '../table/unfinished.js'

const countPauseMs = 350
const depthMax = 4

type Found = { readonly state: 'personal' } | { readonly state: 'counting' } | { readonly state: 'counted'; readonly count: number; readonly capped: boolean } | { readonly state: 'failed'; readonly reason: string }

export interface BuilderContext {
  readonly records: Records
  readonly model: UiModel
  readonly entity: UiEntity
  readonly surroundings: Surroundings
  /** What is looked for besides: it narrows the count too. */
  readonly q: string
  readonly condition: JsonObject | undefined
  /** Headline; that of a list's filter when absent. */
  readonly title?: string
  /** What it is about, so that what was begun is brought back there only; the entity's list when absent. */
  readonly place?: string
  /** Fields of the person who asks that values can stand for. */
  readonly person?: readonly PersonValue[]
}

/** Resolves with `{ condition }` when it is applied. */
@customElement('filter-builder')
export class FilterBuilder extends Modal<{ readonly condition: JsonObject | undefined }> {
  static override properties = { context: { attribute: false }, group: { state: true }, found: { state: true }, restored: { state: true } }
  declare context: BuilderContext | undefined
  declare group: Group
  declare found: Found
  declare restored: boolean
  #timer: number | undefined
  #request: AbortController | null = null
  /** Where the keyboard goes after the next drawing: the key of a part, '' for the outermost group; null: it stays. */
  #focus: string | null = null

  constructor() {
    super()
    this.group = everything
    this.found = { state: 'counting' }
    this.restored = false
  }

  protected override get label(): string {
    return this.context?.title ?? t('filters.title', { entity: this.context?.entity.plural ?? '' })
  }

  protected override get kind(): string {
    return 'wide filter-builder'
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const { context } = this
    if (context === undefined) return
    const begun = unfinished.read(placeName(context), context.condition)
    this.restored = begun !== undefined
    const group = begun ?? readFilter(context.condition)
    // Whoever designs a condition came for one; a list shows everything until one is added.
    this.group = withKeys(group.parts.length === 0 && context.place !== undefined ? { ...group, parts: [emptyTest] } : group)
    if (this.group.parts.length === 0) this.#focus = ''
    this.#count(0)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
    this.#request?.abort()
  }

  override updated(): void {
    if (this.#focus === null) return
    this.querySelector<HTMLElement>(`[data-key="${this.#focus}"] :is(vaadin-combo-box, vaadin-select, button)`)?.focus()
    this.#focus = null
  }

  protected override content(): TemplateResult {
    const incomplete = incompleteIn(this.group)
    return html`
      <header class="dialog-head"><h2>${this.label}</h2><button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button></header>
      <div class="dialog-body">
        ${this.restored ? html`<p class="builder-note" role="status">${icon('history')}<span>${t('filters.restored')}</span><button type="button" class="plain accent" @click=${() => this.#anew()}>${t('filters.startAnew')}</button></p>` : nothing}
        ${this.context === undefined ? nothing : this.#group(this.group, undefined, this.context.entity)}
      </div>
      <footer class="dialog-foot">
        <div class="builder-count" role="status" aria-live="polite"><strong>${this.#foundText()}</strong>${incomplete === 0 ? nothing : html`<small class="quiet">${t('filters.incomplete', { count: incomplete })}</small>`}</div>
        <vaadin-button theme="tertiary" @click=${() => this.close(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => this.#apply()}>${t('list.filterApply')}</vaadin-button>
      </footer>
    `
  }

  #foundText(): string {
    if (this.found.state === 'personal') return t('filters.personal')
    if (this.found.state === 'counting') return t('filters.counting')
    if (this.found.state === 'failed') return this.found.reason
    return t(this.found.capped ? 'filters.foundCapped' : 'filters.found', { count: this.found.count })
  }

  /** @param key of the group, or of the question whose rows it chooses; undefined for the outermost */
  #group(group: Group, key: number | undefined, entity: UiEntity, depth = 0, ofRows = false): TemplateResult {
    const related = this.context !== undefined && relationChoices(this.context.model, entity).length > 0
    const begins = key === undefined && group.parts.length === 0
    return html`
      <div class="builder-group" role="group" aria-label=${t(`filters.match.${group.match}`)} data-key=${key ?? ''}>
        ${begins ? html`<p class="quiet">${t('filters.everything')}</p>` : html`<div class="builder-match">
          <vaadin-select accessible-name=${t('filters.matchLabel')} .items=${matches.map((value) => ({ value, label: t(`filters.match.${value}`) }))} .value=${group.match}
            @value-changed=${(event: CustomEvent<{ value: string }>) => this.#match(key, event.detail.value)}></vaadin-select>
          ${key === undefined || ofRows ? nothing : this.#remove(key)}
        </div>`}
        <ul>${repeat(group.parts, (part) => part.key, (part) => html`<li data-key=${part.key ?? ''}>${this.#part(part, part.key ?? 0, entity, depth + 1)}</li>`)}</ul>
        <div class="builder-add ${begins ? 'begins' : ''}">
          ${this.#add('plus', t('filters.addTest'), key, () => emptyTest)}
          ${related ? this.#add('links', t('filters.addRelated'), key, () => relatedOf('')) : nothing}
          ${depth < depthMax ? this.#add('layers', t('filters.addGroup'), key, () => ({ kind: 'group', match: 'any', parts: [emptyTest] })) : nothing}
        </div>
      </div>
    `
  }

  #add(symbol: IconName, text: string, key: number | undefined, made: () => Part): TemplateResult {
    return html`<button type="button" class="plain accent" @click=${() => this.#append(key, made())}>${icon(symbol)}${text}</button>`
  }

  #part(part: Part, key: number, entity: UiEntity, depth: number): TemplateResult | typeof nothing {
    if (this.context === undefined) return nothing
    const { model, surroundings } = this.context
    if (part.kind === 'group') return this.#group(part, key, entity, depth)
    if (part.kind === 'other') return html`<div class="builder-row"><code>${JSON.stringify(part.condition)}</code>${this.#remove(key)}</div>`
    if (part.kind === 'test') {
      return html`<div class="builder-row">${testEditor({ model, entity, surroundings, compact: true, ...(this.context.person === undefined ? {} : { person: this.context.person }) }, () => this.#read(key, 'test'), (next) => this.#set(key, next))}${this.#remove(key)}</div>`
    }
    const relation = relationAt(model, entity, part.path)
    return html`
      <div class="builder-related">
        <div class="builder-row related">${relatedEditor({ model, entity, surroundings }, () => this.#read(key, 'related'), (next) => this.#set(key, next))}${this.#remove(key)}</div>
        ${relation === undefined ? nothing : html`<p class="builder-rows">${t(part.measure === '$every' ? 'filters.rowsEvery' : 'filters.rows')}</p>${this.#group(part.rows, key, relation.target, depth, true)}`}
      </div>
    `
  }

  #remove(key: number): TemplateResult {
    return html`<button type="button" class="plain icon-only builder-remove" aria-label=${t('filters.removePart')} title=${t('filters.removePart')} @click=${() => this.#take(key)}>${icon('close')}</button>`
  }

  // ── changes: parts are named by their keys, as their places move while components still tell of earlier values ──

  #read<K extends 'test' | 'related'>(key: number, kind: K): Extract<Part, { kind: K }> | null {
    const part = partAt(this.group, placeOf(this.group, key) ?? [])
    return part?.kind === kind ? (part as Extract<Part, { kind: K }>) : null // its kind was just looked at
  }

  #set(key: number, next: Test | Related): void {
    const at = placeOf(this.group, key)
    if (at !== undefined) this.#change(changeAt(this.group, at, () => ({ ...next, key })))
  }

  #match(key: number | undefined, value: string): void {
    const match = matches.find((one) => one === value)
    this.#inGroup(key, (group) => (match === undefined || match === group.match ? group : { ...group, match }))
  }

  #append(key: number | undefined, part: Part): void {
    const [added = part] = withKeys({ ...everything, parts: [part] }).parts
    this.#inGroup(key, (group) => ({ ...group, parts: [...group.parts, added] }))
    this.#focus = String(added.key)
  }

  #take(key: number): void {
    const at = placeOf(this.group, key)
    if (at === undefined) return
    this.#focus = String(partAt(this.group, at.slice(0, -1))?.key ?? '')
    this.#change(changeAt(this.group, at, () => null))
  }

  /** Changes a group: the outermost, one inside, or the one of the rows of a relation. */
  #inGroup(key: number | undefined, change: (group: Group) => Group): void {
    if (key === undefined) return this.#change(change(this.group))
    const at = placeOf(this.group, key)
    if (at !== undefined) this.#change(changeAt(this.group, at, (part) => (part.kind === 'group' ? { ...change(part), key } : part.kind === 'related' ? { ...part, rows: change(part.rows) } : part)))
  }

  #change(group: Group): void {
    if (JSON.stringify(group) === JSON.stringify(this.group)) return
    this.group = withKeys(group)
    if (this.context !== undefined) unfinished.keep(placeName(this.context), this.context.condition, group)
    this.#count(countPauseMs)
  }

  #anew(): void {
    if (this.context === undefined) return
    unfinished.forget(placeName(this.context))
    this.restored = false
    this.group = withKeys(readFilter(this.context.condition))
    this.#count(0)
  }

  #apply(): void {
    const unread = firstUnread(this)
    if (unread !== null) return unread.focus()
    if (this.context !== undefined) unfinished.forget(placeName(this.context))
    this.close({ condition: writeFilter(this.group) })
  }

  /** How many records the condition finds as it stands, asked when the hand rests. */
  #count(pause: number): void {
    window.clearTimeout(this.#timer)
    this.#request?.abort()
    this.found = { state: 'counting' }
    this.#timer = window.setTimeout(() => void this.#ask(), pause)
  }

  async #ask(): Promise<void> {
    const { context } = this
    if (context === undefined) return
    const request = new AbortController()
    this.#request = request
    const filter = writeFilter(this.group)
    if (isAboutPerson(filter)) return void (this.found = { state: 'personal' })
    try {
      const { count = 0, capped = false } = await context.records.list(context.entity.name, { fields: 'id', limit: 1, count: true, ...(context.q === '' ? {} : { q: context.q }), ...(filter === undefined ? {} : { filter }) }, request.signal)
      this.found = { state: 'counted', count, capped }
    } catch (thrown) {
      if (!request.signal.aborted) this.found = { state: 'failed', reason: describeProblem(thrown) }
    }
  }
}

const placeName = ({ place, entity }: BuilderContext): string => place ?? entity.name

const emptyTest: Test = { kind: 'test', path: '', comparison: '$eq', value: null }

declare global {
  interface HTMLElementTagNameMap {
    'filter-builder': FilterBuilder
  }
}
