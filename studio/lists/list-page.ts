/** A list and everything around it. Its state lives in the address, so that every list is a link. */
import './list-page.css'
import './filter/filter-bar.js'
import './views/view-bar.js'
import './kind-switch.js'
import './list-tools.js'
import './chosen/selection-bar.js'
import '../computed/computed-going.js'
import '../imports/import-going.js'
import '../shell/favourites.js'
import '@vaadin/progress-bar'

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiList, UiModel } from '../../metadata/contract/ui-model.js'
import { withoutSpan } from '../calendars/spans.js'
import { both } from '../charts/chart-conditions.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { newsOfRecords } from '../client/model.js'
import type { ListQuery, Rec, RecordPage } from '../client/records.js'
import { Refresh } from '../client/refresh.js'
import { Watch } from '../client/store.js'
import { noViews, savedOf } from '../client/views.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { filesFor } from '../fields/files-for.js'
import { lookupFor } from '../fields/lookup.js'
import { emptyState } from '../shell/pages.js'
import { router } from '../shell/router.js'
import { createPath, listPath, recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem, toastProblem } from '../ui/toast.js'
import { whenIdle } from '../ui/when-idle.js'
import type { Cell } from './table/cell-editor.js'
import { countInTime, uncounted } from './count-in-time.js'
import { Choosing } from './chosen/choosing.js'
import { LongPress } from './chosen/long-press.js'
import type { SortChoice } from './table/column-header.js'
import { columnsOf, fieldsFor, type Column } from './table/columns.js'
import { firstRows, pressedRow } from './table/first-rows.js'
import { GridArrival } from './table/grid-arrival.js'
import { gridPageSize, KeysetPages } from './table/keyset-pages.js'
import { columnPathsOf, conditionOf, frozenOf, nextSort, queryOf, readState, shapeOf, sortFor, sortOf, summaryOf, viewOfState, withCondition, withShape, usualState, writeState, type ListState } from './list-state.js'
import type { RecordList } from './table/record-list.js'
import { groupsOf, type Groups } from './table/groups.js'
import { groupOf } from './table/summaries.js'
import { narrow } from './narrow.js'
import { totalsOf, type Summed } from './table/totals.js'
import type { Question } from './question.js'
import { rows, type Shape } from './shapes.js'
import { leftOutNote } from './views/left-out.js'
import { leaveTrail } from './trail.js'
import { isShown, showShape } from './view-kinds.js'

type Loaded = { readonly pages: KeysetPages<Rec>; readonly first: readonly Rec[]; readonly count: number; readonly capped: boolean; readonly columns: readonly Column[]; readonly sort: string; readonly startRow: number; readonly groups: Groups | null; readonly shape: Shape; readonly question: Question }
type Result = { readonly state: 'loading' } | { readonly state: 'failed'; readonly reason: string } | ({ readonly state: 'ready' } & Loaded)

/** After somebody else's change the rows are asked for again, but not for each of a thousand changes. */
const refreshPauseMs = 1_500
/** Where the reader was in each list, for the way back; the window's history keeps it when it is loaded anew. */
const lastRows = new Map<string, number>()

/** `<list-page .client .model .entity .query>` */
@customElement('list-page')
export class ListPage extends LightElement {
  static override properties = { client: { attribute: false }, model: { attribute: false }, entity: { attribute: false }, query: {}, result: { state: true }, busy: { state: true }, designed: { attribute: false }, selected: { state: true }, everything: { state: true }, summed: { state: true } }
  declare client: Client | undefined
  declare model: UiModel | undefined
  declare entity: UiEntity | undefined
  declare query: string
  declare result: Result
  declare busy: boolean
  /** Told of what is to be shown, instead of the address: for whoever designs the list. */
  declare designed: ((state: ListState) => void) | undefined
  /** Ids of the rows that are ticked. */
  declare selected: readonly number[]
  /** All rows are meant, however many there are. */
  declare everything: boolean
  /** Totals of the whole list. */
  declare summed: Summed
  readonly #grid = new GridArrival(this)
  readonly #choosing = new Choosing(this, () => this.#select([]))
  #asked: readonly unknown[] = []
  #request: AbortController | null = null
  #surroundings: Surroundings | undefined

  constructor() {
    super()
    this.query = ''
    this.result = { state: 'loading' }
    this.busy = false
    this.selected = []
    this.everything = false
    this.summed = new Map()
    new Watch(this, language)
    new LongPress(this, (event) => {
      const id = narrow.matches && this.entity !== undefined && mayTick(this.entity, this.#state) ? pressedRow(event) : null
      return id === null ? undefined : () => this.#choose(id)
    })
    new Refresh(this, { pauseMs: refreshPauseMs, listen: newsOfRecords(() => this.client?.model, ({ entity }) => entity === this.entity?.name), ask: () => this.#again() })
  }

  get #state(): ListState {
    return readState(this.query)
  }

  override willUpdate(): void {
    const { client, model, entity } = this
    if (client === undefined || model === undefined || entity === undefined) return
    const view = this.#view(entity, this.#state)
    const query = withoutSpan(this.query)
    if (this.#asked[0] === query && this.#asked[1] === model && this.#asked[2] === JSON.stringify(view)) return
    const first = this.#asked.length === 0
    if (this.#asked[0] !== query) this.#select([]) // what is ticked is what was seen
    this.#asked = [query, model, JSON.stringify(view)]
    this.#surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup: lookupFor(client, model, recordPath), files: filesFor(client, entity.name) }
    const startRow = first ? (lastRows.get(listPath(entity.name, this.query)) ?? router.row) : 0
    void this.#load(client, model, entity, startRow)
  }

  override firstUpdated(): void {
    if (this.client !== undefined) new Watch(this, this.client.views.current)
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.get('result')?.state === 'loading') whenIdle(() => import('../forms/record-page.js')) // what most people open next
    if (changed.has('result') && this.result.state === 'ready' && this.result.shape === rows) void this.#grid.begin(this.result.startRow === 0)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('beforeunload', this.#leaving)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('beforeunload', this.#leaving)
    this.#request?.abort()
  }

  /** The same rows again, without moving the reader. */
  async #again(): Promise<void> {
    const { client, model, entity } = this
    if (client !== undefined && model !== undefined && entity !== undefined) await this.#load(client, model, entity, this.#list?.firstRow ?? 0)
  }

  readonly #leaving = (): void => router.keepRow(this.#list?.firstRow ?? 0)

  get #list(): RecordList | null {
    return this.querySelector('record-list')
  }

  async #load(client: Client, model: UiModel, entity: UiEntity, startRow: number): Promise<void> {
    this.#request?.abort()
    const request = new AbortController()
    this.#request = request
    const state = this.#state
    const view = this.#view(entity, state)
    const columns = columnsOf(model, entity, columnPathsOf(view, state))
    const sort = sortFor(view, state)
    const query = { ...queryOf(view, state), fields: fieldsFor(model, entity, columns) }
    const ask = (fields: string) => (cursor: string | null, limit: number): Promise<RecordPage> =>
      client.records.list(entity.name, { ...query, fields, limit, ...(cursor === null ? {} : { cursor }) }, request.signal)
    const pages = new KeysetPages<Rec>({ page: ask(query.fields), skip: ask('id') }, gridPageSize)
    const shape = shapeShown(model, entity, view, state)
    const question = this.#question({ client, model, entity, query, columns, surroundings: this.#surroundings ?? { timeZone: '', viewOf, lookup: lookupFor(client, model, recordPath) } }, view, state)
    const groups = this.#groups(client, model, entity, { view, state, query, signal: request.signal })
    void this.#sum(client, entity, view, state, request.signal)
    this.busy = true
    try {
      // What shows something else reads no rows of the list, so that only the count tells whether there are any.
      const reading = shape === rows ? pages.page(0) : Promise.resolve([])
      // Counting is a question of its own: page markers are bound to the question, and the pages need no count.
      const counting = client.records.list(entity.name, { ...query, fields: 'id', sort: '', limit: 1, count: true }, request.signal)
      const counted = shape === rows ? counting.catch(() => uncounted) : counting
      const first = await reading
      const show = ({ count = 0, capped = false }: RecordPage): void => {
        if (request.signal.aborted) return
        const result = { state: 'ready', pages, first, count: pages.end ?? Math.max(count, first.length), capped: pages.end === null && (capped || (shape === rows && count === 0)), columns, sort, startRow, groups, shape, question } as const
        this.result = result
        leaveTrail({ entity: entity.name, ...result })
        this.busy = false
      }
      // The way back to a row far down is as long as the list.
      if (shape === rows && startRow === 0) for await (const told of countInTime(counted)) show(told)
      else show(await counted)
    } catch (thrown) {
      if (request.signal.aborted) return
      this.busy = false
      this.result = { state: 'failed', reason: describeProblem(thrown) }
    }
  }

  /** Totals come by themselves: the rows do not wait for them. */
  async #sum(client: Client, entity: UiEntity, view: UiList, state: ListState, signal: AbortSignal): Promise<void> {
    const { totals } = summaryOf(view, state)
    const seen = Object.fromEntries(Object.entries(totals).filter(([path]) => columnPathsOf(view, state).includes(path)))
    if (Object.keys(seen).length === 0 || state.archived) {
      this.summed = new Map()
      return
    }
    try {
      this.summed = await totalsOf(client.records, entity.name, queryOf(view, state), seen, signal)
    } catch (thrown) {
      if (!signal.aborted) toastProblem(thrown)
    }
  }

  /** Null where the list is not grouped; a key that the reader does not have is left out. */
  #groups(client: Client, model: UiModel, entity: UiEntity, { view, state, query, signal }: { readonly view: UiList; readonly state: ListState; readonly query: ListQuery & { readonly fields: string }; readonly signal: AbortSignal }): Groups | null {
    const { groupBy, totals } = summaryOf(view, state)
    const keys = groupBy.flatMap((text) => groupOf(model, entity, text) ?? [])
    if (keys.length === 0 || state.archived) return null
    void import('./table/grouped-list.js')
    return groupsOf(client.records, { entity: entity.name, query, keys, totals, timeZone: client.session.user?.timeZone ?? '' }, signal)
  }

  override render(): TemplateResult | typeof nothing {
    const { client, entity, model } = this
    if (client === undefined || entity === undefined || model === undefined) return nothing
    const state = this.#state
    const view = this.#view(entity, state)
    // What is done with records, and with views of one's own, has no place where the list is designed.
    const used = this.designed === undefined
    return html`
      <header class="list-head">
        ${used ? html`<h1>${entity.plural}</h1><favourite-star .client=${client} .entity=${entity.name}></favourite-star>` : nothing}
        <span class="how-many quiet" role="status">${this.#count()}</span>
        ${used ? html`<view-bar .client=${client} .entity=${entity} .state=${state} .choosable=${narrow.matches && mayTick(entity, state) && this.result.state === 'ready' && this.result.shape === rows} @choose=${() => this.#choosing.begin()} @state=${(event: CustomEvent<ListState>) => this.#show(event.detail)}></view-bar>` : nothing}
        ${state.archived ? nothing : html`<kind-switch .model=${model} .entity=${entity} .shape=${shapeShown(model, entity, view, state)} @shape=${(event: CustomEvent<Shape>) => this.#show(withShape(view, this.#state, event.detail))}></kind-switch>`}
        <span class="grow"></span>
        <list-tools ?designed=${!used} .client=${client} .model=${model} .entity=${entity} .view=${view} .state=${state} .columns=${this.result.state === 'ready' ? this.result.columns : []} @state=${(event: CustomEvent<ListState>) => this.#show(event.detail)}></list-tools>
        ${entity.may.create ? html`<a class="button primary" href=${createPath(entity.name)}>${icon('plus')}<span>${t('list.new', { entity: entity.title })}</span></a>` : nothing}
      </header>
      ${state.archived ? html`<p class="list-note">${icon('archive')}${t('list.archivedShown')}<button type="button" class="plain accent" @click=${() => this.#show({ ...state, archived: false })}>${t('list.noneReset')}</button></p>` : nothing}
      ${used ? html`<import-going .client=${client} .entity=${entity} @done=${() => void this.#again()}></import-going>
      <computed-going .client=${client} .entity=${entity} .paths=${columnPathsOf(view, state)} @done=${() => void this.#again()}></computed-going>` : nothing}
      ${leftOutNote(view, state.view, savedOf(view, this.client?.views.current.value ?? noViews))}
      <filter-bar .model=${model} .entity=${entity} .q=${state.q} .condition=${conditionOf(view, state)} .surroundings=${this.#surroundings}
        @search=${(event: CustomEvent<string>) => this.#show({ ...this.#state, q: event.detail })}
        buildable @build=${() => void this.#build(view)}
        @condition=${(event: CustomEvent<JsonObject | null>) => this.#show(withCondition(view, this.#state, event.detail ?? undefined))}></filter-bar>
      <div class="list-body" aria-busy=${this.busy ? 'true' : 'false'}>
        ${this.busy ? html`<vaadin-progress-bar indeterminate aria-label=${t('loading')}></vaadin-progress-bar>` : nothing}
        ${this.#body(entity, view, state)}
        <cell-editor .client=${client} .entity=${entity} .surroundings=${this.#surroundings} @saved=${() => void this.#again()}></cell-editor>
        ${used ? html`<selection-bar .client=${client} .entity=${entity} .ids=${this.selected} .everything=${this.everything} @everything=${() => this.#select(this.selected, true)} .query=${queryOf(view, state)} .count=${this.result.state === 'ready' ? this.result.count : 0} .surroundings=${this.#surroundings}
          .choosing=${this.#choosing.on} @clear=${() => this.#choosing.end()} @done=${() => this.#done()}></selection-bar>` : nothing}
      </div>
    `
  }

  async #build(view: UiList): Promise<void> {
    const { client, model, entity } = this
    if (client === undefined || model === undefined || entity === undefined || this.#surroundings === undefined) return
    await import('./filter/filter-builder.js')
    const builder = document.createElement('filter-builder')
    builder.context = { records: client.records, model, entity, surroundings: this.#surroundings, q: this.#state.q, condition: conditionOf(view, this.#state) }
    const built = await builder.open()
    if (built !== null) this.#show(withCondition(view, this.#state, built.condition))
  }

  /** Something was done with the rows that were ticked. */
  #done(): void {
    this.#choosing.end()
    void this.#again()
  }

  #select(ids: readonly number[], everything = false): void {
    this.selected = ids
    this.everything = everything
  }

  /** A finger rested on a row: it is the first that is chosen. */
  #choose(id: number): void {
    this.#grid.release()
    this.#choosing.begin()
    this.#select([id])
  }

  #count(): string {
    if (this.result.state !== 'ready') return ''
    const { count, capped } = this.result
    return capped ? t('list.countCapped', { count }) : t('list.count', { count })
  }

  #view(entity: UiEntity, state: ListState): UiList {
    return viewOfState(entity, this.client?.views.current.value ?? noViews, state)
  }

  #body(entity: UiEntity, view: UiList, state: ListState): TemplateResult | typeof nothing {
    const result = this.result
    if (result.state === 'loading') return skeleton
    if (result.state === 'failed') {
      return emptyState({ icon: 'warning', title: t('list.failed'), text: result.reason, action: html`<button type="button" class="plain accent" @click=${() => void this.#again()}>${icon('refresh')}${t('retry')}</button>` })
    }
    const other = showShape(result.shape, result.question, { span: state.span, turn: (span) => this.#show({ ...this.#state, span }) })
    // Who designs a board wants to see its lanes, whatever stands in them.
    if (result.count === 0 && (this.designed === undefined || other === undefined)) return this.#nothing(entity, view, state)
    if (other !== undefined) return other
    const sortBy = ({ detail: { path, add } }: CustomEvent<SortChoice>): void => {
      // Where the view itself sorts by this column downwards, no order would be that one again.
      const unsorted = sortOf(view.sort, path).direction === 0 ? '' : path
      this.#show({ ...state, sort: nextSort(result.sort, path, add) || unsorted })
    }
    const order = ({ detail }: CustomEvent<readonly string[]>): void => this.#show({ ...state, columns: detail })
    if (result.groups !== null) {
      return html`<grouped-list .entity=${entity} .columns=${result.columns} .frozen=${frozenOf(view, state)}
        .selectable=${mayTick(entity, state)} .choosing=${this.#choosing.on} @choose=${(event: CustomEvent<number>) => this.#choose(event.detail)} .selected=${this.selected} .everything=${this.everything} @selected=${(event: CustomEvent<readonly number[]>) => this.#select(event.detail)}
        @edit=${(event: CustomEvent<Cell>) => void this.#edit(event.detail)} .groups=${result.groups} .summed=${this.summed} .surroundings=${this.#surroundings} .address=${(record: Rec) => recordPath(entity.name, record.id)}
        @open=${(event: CustomEvent<number>) => void this.#open(entity, event.detail)} .sort=${result.sort} @sort=${sortBy} @order=${order}></grouped-list>`
    }
    const [address, open, select] = [(record: Rec) => recordPath(entity.name, record.id), (id: number) => void this.#open(entity, id), (ids: readonly number[]) => this.#select(ids)]
    if (!this.#grid.isHere) {
      if (result.startRow > 0) return skeleton
      const head = new EventTarget()
      head.addEventListener('sort', (event) => sortBy(event as CustomEvent<SortChoice>))
      const tick = (id: number, ticked: boolean): void => select([...this.selected.filter((one) => one !== id), ...(ticked ? [id] : [])])
      return firstRows({ entity, columns: result.columns, records: result.first, sort: result.sort, surroundings: this.#surroundings, address, selectable: mayTick(entity, state), selected: this.selected, summed: this.summed, head, tick, open, press: () => this.#grid.press() })
    }
    return html`
      <record-list .summed=${this.summed} .frozen=${frozenOf(view, state)} .entity=${entity} .columns=${result.columns} .pages=${result.pages} .size=${result.count} .capped=${result.capped} .sort=${result.sort} .startRow=${result.startRow}
        .surroundings=${this.#surroundings} .address=${address}
        @open=${(event: CustomEvent<number>) => open(event.detail)} @look=${(event: CustomEvent<number>) => void router.look({ entity: entity.name, id: event.detail })} @sort=${sortBy}
        .selectable=${mayTick(entity, state)} .choosing=${this.#choosing.on} @choose=${(event: CustomEvent<number>) => this.#choose(event.detail)} .selected=${this.selected} .everything=${this.everything} @selected=${(event: CustomEvent<readonly number[]>) => this.#select(event.detail)}
        @edit=${(event: CustomEvent<Cell>) => void this.#edit(event.detail)} @order=${order}></record-list>
    `
  }

  #nothing(entity: UiEntity, view: UiList, state: ListState): TemplateResult {
    const narrowed = state.q !== '' || conditionOf(view, state) !== undefined || state.archived
    if (narrowed) {
      const all = withCondition(view, { ...state, q: '', archived: false }, undefined)
      return emptyState({ icon: 'search', title: t('list.noneTitle'), text: t('list.noneText'), action: html`<button type="button" class="plain accent" @click=${() => this.#show(all)}>${t('list.noneReset')}</button>` })
    }
    return emptyState({
      icon: entity.icon,
      title: t('list.empty', { entity: entity.plural }),
      text: t(entity.may.create ? 'list.emptyText' : 'list.emptyReadText'),
      action: entity.may.create ? html`<a class="button primary" href=${createPath(entity.name)}>${icon('plus')}${t('list.new', { entity: entity.title })}</a>` : nothing,
    })
  }

  /** What a view that shows no rows asks with. */
  #question(asked: Pick<Question, 'client' | 'model' | 'entity' | 'query' | 'columns' | 'surroundings'>, view: UiList, state: ListState): Question {
    const { entity, query } = asked
    const shown = columnPathsOf(view, state)
    return {
      ...asked,
      totals: Object.fromEntries(Object.entries(summaryOf(view, state).totals).filter(([path]) => shown.includes(path))),
      address: (record) => recordPath(entity.name, record.id),
      among: (condition) => listPath(entity.name, writeState({ ...usualState, view: state.view, q: state.q, filter: both(query.filter, condition), shape: rows })),
      open: (id) => void this.#open(entity, id),
      choose: (shape) => this.#show(withShape(view, this.#state, shape)),
    }
  }

  #show(state: ListState): void {
    if (this.designed !== undefined) this.designed(state)
    else if (this.entity !== undefined) router.replace(listPath(this.entity.name, writeState(state)))
  }

  async #edit(cell: Cell): Promise<void> {
    await import('./table/cell-editor.js')
    await this.querySelector('cell-editor')?.edit(cell)
  }

  async #open(entity: UiEntity, id: number): Promise<void> {
    lastRows.set(listPath(entity.name, this.query), this.#list?.firstRow ?? 0)
    await router.go(recordPath(entity.name, id))
  }
}

const skeleton = html`<div class="skeleton" aria-hidden="true">${Array.from({ length: 12 }, () => html`<i></i>`)}</div>`

/** Is there anything that could be done with several rows? */
const mayTick = ({ may }: UiEntity, { archived }: ListState): boolean => (may.update || may.archive) && !archived

/** As what the records are shown to this reader: as rows where they do not have what the view is made of. */
function shapeShown(model: UiModel, entity: UiEntity, view: UiList, state: ListState): Shape {
  const shape = shapeOf(view, state)
  return isShown(shape, model, entity) ? shape : rows
}

declare global {
  interface HTMLElementTagNameMap {
    'list-page': ListPage
  }
}
