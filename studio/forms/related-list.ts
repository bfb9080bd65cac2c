/** Records of another entity that refer to this one: a short table, the way to all of them, and to a new one. */
import './quick/quick-create.css'
import './quick/quick-form.js'
import './related-list.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiFormElement, UiModel, UiRelation } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { newsOfRecords } from '../client/model.js'
import type { Rec } from '../client/records.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import type { Choice, Surroundings } from '../fields/contract.js'
import { filesFor } from '../fields/files-for.js'
import { nameOf } from '../fields/name-of.js'
import { columnsOf, fieldsFor, linkText, valueAt, type Column } from '../lists/table/columns.js'
import { usualState, writeState } from '../lists/list-state.js'
import { router } from '../shell/router.js'
import { createPath, listPath, recordPath } from '../shell/routes.js'
import { ask } from '../ui/dialogs.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { peekButton } from '../ui/peek-button.js'
import { describeProblem, toast } from '../ui/toast.js'

const pageSize = 8
const columnsMax = 6
/** A burst of changes is answered by one reading. */
const refreshPauseMs = 1_000

type Loaded = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | { readonly state: 'ready'; readonly records: readonly Rec[]; readonly next: string | null; readonly count: string }

/** What the records over there are asked by. */
const askedOf = (relation: UiRelation, target: UiEntity, own: string, id: number): JsonObject => ({ [relation.field]: { [pointing(relation, target)]: relation.among === true ? `${own}/${String(id)}` : id } })

/** What a new record over there begins with. */
const beginningOf = (relation: UiRelation, own: string, id: number): JsonObject => ({ [relation.field]: relation.among === true ? { entity: own, id } : relation.many ? [id] : id })

/** How the records over there name this one; of a tree's record also what refers to one below it, its own parts aside. */
function pointing(relation: UiRelation, target: UiEntity): '$contains' | '$eq' | '$below' {
  if (relation.many) return '$contains'
  const field = target.fields.find(({ key }) => key === relation.field)
  return field?.operators.includes('$below') === true && target.tree !== relation.field ? '$below' : '$eq'
}

/** The list that a form's element asks for; nothing where the caller has no such relation. */
export function relatedListOf(element: UiFormElement, entity: UiEntity, { client, model, recordId, surroundings }: Pick<RelatedList, 'client' | 'model' | 'recordId' | 'surroundings'>): TemplateResult | typeof nothing {
  const relation = entity.relations.find(({ name }) => name === element.options?.['relation'])
  if (relation === undefined) return nothing
  const asked = element.options?.['columns']
  const columns = Array.isArray(asked) ? (asked as readonly Json[]).map(String) : []
  return html`<related-list .client=${client} .model=${model} .entity=${entity.name} .relation=${relation} .recordId=${recordId} .columns=${columns} .surroundings=${surroundings} .heading=${element.label ?? relation.title}></related-list>`
}

/** `<related-list .client .model .entity .relation .recordId .columns .surroundings heading>` */
@customElement('related-list')
export class RelatedList extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: {}, relation: { attribute: false }, recordId: { attribute: false }, columns: { attribute: false }, surroundings: { attribute: false }, heading: {}, loaded: { state: true }, adding: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  /** Whose record this one is. */
  declare entity: string
  declare relation: UiRelation | undefined
  declare recordId: number
  /** Paths that the form asks for; without them those of the entity's first list. */
  declare columns: readonly string[]
  declare surroundings: Surroundings | undefined
  declare heading: string
  declare loaded: Loaded
  /** A new record is being filled in above the others. */
  declare adding: boolean
  #asked = ''
  #typed = false
  readonly #mayLeave = async (): Promise<boolean> => !this.#typed || ask({ title: t('record.leaveTitle'), text: t('record.leaveText'), yes: t('record.leaveYes'), no: t('record.leaveNo'), danger: true })

  constructor() {
    super()
    this.entity = ''
    this.columns = []
    this.heading = ''
    this.adding = false
    this.loaded = { state: 'loading' }
    new Watch(this, language)
    // Somebody's change may have added a row or taken one away; further pages that were opened close again.
    new Refresh(this, { pauseMs: refreshPauseMs, listen: newsOfRecords(() => this.client?.model, ({ entity }) => entity === this.relation?.entity), ask: () => this.#load(null) })
  }

  get #target(): UiEntity | undefined {
    return this.relation === undefined ? undefined : this.model?.entities[this.relation.entity]
  }

  #shownColumns(): readonly Column[] {
    const target = this.#target
    if (this.model === undefined || target === undefined) return []
    const paths = this.columns.length > 0 ? this.columns : (target.lists[0]?.columns ?? [])
    return columnsOf(this.model, target, paths.filter((path) => path !== this.relation?.field)).slice(0, columnsMax)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    router.release(this.#mayLeave)
  }

  override willUpdate(): void {
    const wanted = `${this.relation?.name ?? ''}/${this.recordId}/${this.model?.version ?? 0}/${language.value}`
    if (this.client === undefined || this.#target === undefined || wanted === this.#asked) return
    this.#asked = wanted
    void this.#load(null)
  }

  async #load(cursor: string | null): Promise<void> {
    const { client, model, relation } = this
    const target = this.#target
    if (client === undefined || model === undefined || relation === undefined || target === undefined) return
    const before = cursor !== null && this.loaded.state === 'ready' ? this.loaded : null
    const sort = target.lists[0]?.sort ?? ''
    const filter = askedOf(relation, target, this.entity, this.recordId)
    const query = { filter, fields: fieldsFor(model, target, this.#shownColumns()), limit: pageSize, ...(sort === '' ? {} : { sort }), ...(cursor === null ? {} : { cursor }) }
    try {
      const [page, counted] = await Promise.all([
        client.records.list(relation.entity, query),
        before === null ? client.records.list(relation.entity, { filter, fields: 'id', limit: 1, count: true }) : null,
      ])
      const count = counted === null ? (before?.count ?? '') : `${counted.count ?? 0}${counted.capped === true ? '+' : ''}`
      this.loaded = { state: 'ready', records: [...(before?.records ?? []), ...page.records], next: page.next, count }
    } catch (thrown) {
      this.loaded = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { relation, loaded } = this
    const target = this.#target
    if (relation === undefined || target === undefined) return nothing
    const all = listPath(target.name, writeState({ ...usualState, filter: askedOf(relation, target, this.entity, this.recordId) }))
    return html`
      <section class="related" aria-label=${this.heading || relation.title}>
        <header>
          <span class="related-icon">${icon(target.icon)}</span>
          <h2>${this.heading || relation.title}</h2>
          ${pointing(relation, target) === '$below' ? html`<small>${t('tree.withBelow')}</small>` : nothing}
          ${loaded.state === 'ready' ? html`<span class="related-count">${loaded.count}</span>` : nothing}
          <span class="grow"></span>
          ${loaded.state === 'ready' && loaded.records.length > 0 ? html`<a class="plain" href=${all}>${t('record.relatedAll')}</a>` : nothing}
          ${target.may.create ? html`<a class="plain icon-only add" href=${createPath(target.name, beginningOf(relation, this.entity, this.recordId))} aria-label=${t('list.new', { entity: target.title })} title=${t('list.new', { entity: target.title })} @click=${(event: MouseEvent) => this.#add(event)}>${icon('plus')}</a>` : nothing}
        </header>
        ${this.adding ? this.#form(relation, target) : nothing}
        ${this.#body(target)}
      </section>
    `
  }

  /** A plain click adds in place; the whole form is a click with Ctrl away. */
  #add(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    if (!this.adding) this.adding = true
    requestAnimationFrame(() => requestAnimationFrame(() => this.querySelector<HTMLElement>('quick-form :is(input, textarea)')?.focus()))
  }

  #form(relation: UiRelation, target: UiEntity): TemplateResult {
    const columns = this.#shownColumns().map(({ path }) => path)
    return html`<quick-form .client=${this.client} .model=${this.model} .entity=${target} .surroundings=${this.surroundings} .given=${beginningOf(relation, this.entity, this.recordId)} .also=${columns}
      @typed=${(event: CustomEvent<boolean>) => this.#typing(event.detail)} @cancelled=${() => void this.#cancel()} @made=${(event: CustomEvent<Choice>) => this.#made(target, event.detail)}></quick-form>`
  }

  #typing(typed: boolean): void {
    this.#typed = typed
    if (typed) router.guard(this.#mayLeave)
    else router.release(this.#mayLeave)
  }

  async #cancel(): Promise<void> {
    if (await this.#mayLeave()) this.#end()
  }

  #made(target: UiEntity, { name }: Choice): void {
    this.#end()
    toast(t('record.relatedAdded', { entity: target.title, name }))
    void this.#load(null)
  }

  #end(): void {
    this.#typing(false)
    this.adding = false
    this.querySelector<HTMLElement>('.add')?.focus()
  }

  #body(target: UiEntity): TemplateResult {
    const loaded = this.loaded
    if (loaded.state === 'loading') return html`<p class="related-note">${t('loading')}</p>`
    if (loaded.state === 'failed') return html`<p class="related-note">${loaded.reason}</p>`
    if (loaded.records.length === 0) return html`<p class="related-note">${t('record.relatedNone')}</p>`
    const columns = this.#shownColumns()
    const { next } = loaded
    return html`
      <div class="related-scroll"><table>
        <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.view.align}>${column.title}</th>`)}</tr></thead>
        <tbody>${loaded.records.map((record) => html`
          <tr @click=${(event: MouseEvent) => this.#open(event, target, record)}>${columns.map((column, index) => html`<td class=${column.view.align}>${this.#cell(column, record, target, index === 0)}</td>`)}</tr>`)}</tbody>
      </table></div>
      ${next === null ? nothing : html`<button type="button" class="plain accent more" @click=${() => void this.#load(next)}>${t('record.relatedMore')}</button>`}
    `
  }

  #cell(column: Column, record: Rec, target: UiEntity, first: boolean): unknown {
    const value: Json = valueAt(record, column.path)
    const surroundings = this.surroundings === undefined || this.client === undefined ? this.surroundings : { ...this.surroundings, files: filesFor(this.client, target.name) }
    const shown = value === null || surroundings === undefined ? '' : column.view.cell(value, { ...surroundings, field: column.field, record })
    const address = recordPath(target.name, record.id)
    return first ? html`<a class="row-link" href=${address}>${linkText(column, record, target, surroundings)}</a>${peekButton(address, nameOf(target, record))}` : shown
  }

  #open(event: MouseEvent, target: UiEntity, record: Rec): void {
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement || node instanceof HTMLButtonElement)) return
    if (event.shiftKey) return void router.look({ entity: target.name, id: record.id })
    if ((window.getSelection()?.toString() ?? '') !== '') return
    void router.go(recordPath(target.name, record.id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'related-list': RelatedList
  }
}
