/** A screen before and after a change, side by side, as people see it with a record that is there; what differs is marked and said. */
import '../../forms/record-form.js'
import '../../forms/related-list.js'
import '../../lists/list-page.js'
import './screen-dialog.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity, UiFormElement } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { listed, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { lookupFor } from '../../fields/lookup.js'
import type { RecordForm } from '../../forms/record-form.js'
import { relatedListOf } from '../../forms/related-list.js'
import { usualState, writeState } from '../../lists/list-state.js'
import { shapeOfView } from '../../lists/shapes.js'
import { columnsOf, fieldsFor, valueAt } from '../../lists/table/columns.js'
import { recordPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { Modal } from '../../ui/modal.js'
import { describeProblem } from '../../ui/toast.js'
import { draftClient } from '../draft/draft-client.js'
import { placeText, typeTitle, type Titles } from '../words.js'
import type { Difference, Kind, Part } from './parts.js'
import { entityIdentity, entityWith, pathsInForce, valuesOn, type FormChange, type ListChange, type ShownForm, type ShownList, type Side, type Sides } from './screens.js'

type At = 'before' | 'after'
const both = ['before', 'after'] as const
const colors: Readonly<Record<Kind, string>> = { added: 'green', removed: 'red', moved: 'blue', renamed: 'amber', changed: 'amber' }
/** Records of a list that are shown. */
const rowsMax = 5

/** One of `form` and `list` is given. */
@customElement('screen-dialog')
export class ScreenDialog extends Modal<never> {
  static override properties = { client: { attribute: false }, sides: { attribute: false }, titles: { attribute: false }, form: { attribute: false }, list: { attribute: false }, records: { state: true }, failure: { state: true } }
  declare client: Client
  declare sides: Sides
  declare titles: Titles
  declare form: FormChange | null
  declare list: ListChange | null
  /** Of what is in force; null while they are asked for. */
  declare records: readonly JsonObject[] | null
  declare failure: string
  readonly #surroundings = new Map<At, Surroundings>()

  constructor() {
    super()
    this.form = null
    this.list = null
    this.records = null
    this.failure = ''
  }

  protected override get label(): string {
    const path = this.#change?.path
    return path === undefined ? '' : placeText(path, this.titles)
  }

  protected override get kind(): string {
    return 'screen-pair'
  }

  get #change(): FormChange | ListChange | null {
    return this.form ?? this.list
  }

  override firstUpdated(): void {
    super.firstUpdated()
    void this.#load()
  }

  async #load(): Promise<void> {
    try {
      this.records = await this.#read()
    } catch (thrown) {
      this.failure = describeProblem(thrown)
      this.records = []
    }
  }

  /** The first records that the reader may read; none of what is not in force. */
  async #read(): Promise<readonly JsonObject[]> {
    const { inForce, before, after } = this.sides
    const change = this.#change
    const is = change?.after ?? null
    const [side, shown] = is === null ? [before, change?.before ?? null] : [after, is]
    const live = shown === null ? undefined : entityWith(inForce, entityIdentity(side, shown.entity.name))
    if (live === undefined) return []
    const { records } = this.client
    if (this.list !== null) return (await records.list(live.name, { limit: rowsMax, fields: fieldsFor(inForce.model, live, columnsOf(inForce.model, live, pathsInForce(this.list, inForce, live))) })).records
    const [first] = (await records.list(live.name, { limit: 1 })).records
    return first === undefined ? [] : [(await records.get(live.name, first.id)).body]
  }

  protected override content(): TemplateResult {
    const change = this.#change
    return html`
      <header class="dialog-head">
        <h2>${this.label}</h2>
        <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => void this.leave()}>${icon('close')}</button>
      </header>
      <div class="dialog-body" tabindex="0" role="region" aria-label=${this.label}>
        ${change === null ? nothing : this.#told(change)}
        ${this.failure === '' ? nothing : html`<p class="note warn" role="alert">${icon('warning')}${this.failure}</p>`}
        <div class="screen-sides">${both.map((at) => html`<section aria-label=${t(`designer.${at}`)}><h3>${t(`designer.${at}`)}</h3>${this.#side(at)}</section>`)}</div>
      </div>
    `
  }

  // ── what differs, in words ──

  #told(change: FormChange | ListChange): TemplateResult {
    const { differences } = change
    if (change.before === null || change.after === null) return html`<p class="quiet">${t(change.before === null ? 'compare.isNew' : 'compare.isGone')}</p>`
    if (differences.length === 0) return html`<p class="quiet">${t(this.list === null ? 'compare.onlyArranged' : 'compare.onlyRows')}</p>`
    return html`<ul class="screen-told">${differences.map((difference) => html`<li><button type="button" class="plain" @click=${() => void this.#show(difference)}>${difference.kinds.map((kind) => html`<span class="badge" data-color=${colors[kind]}>${t(`compare.kind.${kind}`)}</span>`)}<span>${this.#sentence(difference)}</span></button></li>`)}</ul>${this.list !== null && change.arranged ? html`<p class="quiet">${t('compare.alsoLook')}</p>` : nothing}`
  }

  #sentence({ kinds, before, after, aspects }: Difference): string {
    const title = (part: Part | null): string => part?.title || t('compare.untitled')
    const section = (part: Part | null, at: At): string => {
      const around = this.#change?.[at]?.parts.find(({ place }) => part?.parent !== '' && place === part?.parent)
      return around === undefined ? '' : title(around)
    }
    const [from, to] = [section(before, 'before'), section(after, 'after')]
    return [
      kinds.includes('renamed') ? t('compare.renamed', { from: title(before), to: title(after) }) : title(after ?? before),
      ...(kinds.includes('moved') && from !== to ? [t('compare.moved', { from: from || t('compare.outside'), to: to || t('compare.outside') })] : []),
      ...(aspects.length === 0 ? [] : [listed(aspects.map((aspect) => (aspect === 'type' ? t('compare.type', { from: typeTitle(before?.aspects.type ?? ''), to: typeTitle(after?.aspects.type ?? '') }) : t(`compare.aspect.${aspect}`))))]),
    ].join(' · ')
  }

  /** Brings a part into sight on both sides. */
  async #show(difference: Difference): Promise<void> {
    await Promise.all(both.map(async (at) => {
      const picture = this.querySelector(`[data-side=${at}]`)
      const form = picture?.querySelector('record-form') ?? null
      if (form !== null) {
        openTabs(form, placeOn(difference, at))
        await form.updateComplete
      }
      const place = difference[at]?.place
      if (place !== undefined) picture?.querySelector(`[data-place="${CSS.escape(place)}"]`)?.scrollIntoView({ block: 'center', inline: 'nearest' })
    }))
  }

  // ── the two pictures ──

  #side(at: At): TemplateResult {
    const form = this.form?.[at] ?? null
    const list = this.list?.[at] ?? null
    if (form === null && list === null) return html`<p class="screen-none quiet">${t(at === 'before' ? 'compare.notYet' : 'compare.noMore')}</p>`
    if (this.records === null) return html`<p class="quiet" role="status">${t('loading')}</p>`
    return html`<div class="screen-picture" data-side=${at}>${form === null ? nothing : this.#form(form, at)}${list === null ? nothing : this.#list(list, at, this.records)}</div>`
  }

  #marks(at: At): ReadonlyMap<string, Difference> {
    return new Map((this.#change?.differences ?? []).flatMap((difference) => { const place = difference[at]?.place; return place === undefined ? [] : [[place, difference] as const] }))
  }

  #badges({ kinds, before, after }: Difference, at: At): TemplateResult {
    const other = at === 'before' ? after : before
    const said = (kind: Kind): string => (kind === 'renamed' ? t(`compare.title.${at}`, { title: other?.title || t('compare.untitled') }) : t(`compare.kind.${kind}`))
    return html`<span class="screen-badges">${kinds.map((kind) => html`<span class="badge" data-color=${colors[kind]}>${said(kind)}</span>`)}</span>`
  }

  #form({ entity }: ShownForm, at: At): TemplateResult {
    const [record] = this.records ?? []
    const marks = this.#marks(at)
    const values = record === undefined ? {} : valuesOn(this.sides[at], entity, this.sides.inForce, record)
    return html`<record-form .entity=${entity} .values=${values} .mode=${'read'} .surroundings=${this.#around(at)} .related=${(element: UiFormElement) => this.#related(element, entity, at, Number(record?.['id'] ?? 0))} .chosen=${firstTabs((this.form?.differences ?? []).map((difference) => placeOn(difference, at)), entity.form)}
      .frame=${(element: UiFormElement, place: string, content: TemplateResult | typeof nothing) => this.#frame(element, place, content, marks.get(place), at)}></record-form>`
  }

  /** What is in a section stays as it is; the section is framed as a whole. */
  #frame(element: UiFormElement, place: string, content: TemplateResult | typeof nothing, difference: Difference | undefined, at: At): TemplateResult | typeof nothing {
    if (content === nothing || place === '') return content
    const drawn = element.elements === undefined ? html`<div inert>${content}</div>` : content
    if (difference === undefined) return drawn
    return html`<div class="screen-part" data-place=${place} data-kind=${difference.kinds[0] ?? nothing}>${this.#badges(difference, at)}${drawn}</div>`
  }

  #related(element: UiFormElement, entity: UiEntity, at: At, recordId: number): TemplateResult | typeof nothing {
    const { model } = this.sides[at]
    const relation = entity.relations.find(({ name }) => name === element.options?.['relation'])
    if (relation === undefined) return nothing
    if (recordId === 0) return html`<section class="related"><h2>${element.label ?? relation.title}</h2><p class="quiet">${t('form.noRecordYet')}</p></section>`
    return relatedListOf(element, entity, { client: draftClient(this.client, this.sides.inForce.model), model, recordId, surroundings: this.#around(at) })
  }

  /** Boards, charts and the like as their own page shows them. */
  #page({ entity, list }: ShownList, at: At): TemplateResult {
    const { [at]: { model }, inForce } = this.sides
    return html`<list-page inert .client=${draftClient(this.client, inForce.model)} .model=${model} .entity=${{ ...entity, lists: [list] }} .query=${writeState({ ...usualState, view: list.name })} .designed=${() => {}}></list-page>`
  }

  #list(shown: ShownList, at: At, records: readonly JsonObject[]): TemplateResult {
    const { entity, list, parts } = shown
    if (shapeOfView(list).kind !== 'list') return this.#page(shown, at)
    const marks = this.#marks(at)
    const columns = columnsOf(this.sides[at].model, entity, list.columns)
    const rows = records.map((record) => ({ record, values: valuesOn(this.sides[at], entity, this.sides.inForce, record) }))
    const title = (path: string): string => parts.find(({ place }) => place === path)?.title ?? path
    const cell = (value: Json, { field, view }: (typeof columns)[number], record: JsonObject): unknown => (value === null ? nothing : view.cell(value, { ...this.#around(at), field, record }))
    return html`<div class="screen-table" role="region" tabindex="0" aria-label=${t(`designer.${at}`)}><table>
      <thead><tr>${columns.map(({ path }) => { const difference = marks.get(path); return html`<th scope="col" data-place=${path} data-kind=${difference?.kinds[0] ?? nothing}>${difference === undefined ? nothing : this.#badges(difference, at)}${title(path)}</th>` })}</tr></thead>
      <tbody>${rows.map(({ record, values }) => html`<tr>${columns.map((column) => html`<td class=${column.view.align} data-kind=${marks.get(column.path)?.kinds[0] ?? nothing}><div inert>${cell(valueAt(values, column.path), column, record)}</div></td>`)}</tr>`)}</tbody>
    </table></div>${records.length === 0 ? html`<p class="quiet">${t('form.noRecordYet')}</p>` : nothing}`
  }

  #around(at: At): Surroundings {
    const known = this.#surroundings.get(at) ?? surroundingsOf(this.client, this.sides[at], this.sides.inForce)
    this.#surroundings.set(at, known)
    return known
  }
}

/** Names of records come from what is in force, whatever their entity is called on this side. */
function surroundingsOf(client: Client, side: Side, inForce: Side): Surroundings {
  const lookup = lookupFor(draftClient(client, inForce.model), inForce.model, recordPath)
  const now = (entity: string): string => entityWith(inForce, entityIdentity(side, entity))?.name ?? entity
  return {
    timeZone: client.session.user?.timeZone ?? '', viewOf,
    lookup: { ...lookup, name: (entity, id) => lookup.name(now(entity), id), above: (entity, id) => lookup.above(now(entity), id), address: (entity, id) => lookup.address(now(entity), id), entity: (name) => side.model.entities[name] },
  }
}

/** Where it is, or was, or will be: the tab of that is looked at on both sides. */
const placeOn = (difference: Difference, at: At): string => (difference[at] ?? difference.before ?? difference.after)?.place ?? ''

/** The tabs in which the first parts stand, by the place of their bar. */
function firstTabs(places: readonly string[], form: UiFormElement): Readonly<Record<string, number>> {
  return Object.assign({}, ...places.toReversed().map((place) => tabsTo(form, place)))
}

/** The tabs that lead to a place: those of all tab bars above it. */
function tabsTo(form: UiFormElement, place: string): Readonly<Record<string, number>> {
  const indexes = place.split('/').slice(1).map(Number)
  const found: Record<string, number> = {}
  let element: UiFormElement | undefined = form
  for (const [depth, index] of indexes.entries()) {
    if (element?.type === 'Categorization') found[indexes.slice(0, depth).map((at) => `/${String(at)}`).join('')] = index
    element = element?.elements?.[index]
  }
  return found
}

function openTabs(form: RecordForm, place: string): void {
  if (form.entity !== undefined) form.chosen = { ...form.chosen, ...tabsTo(form.entity.form, place) }
}

declare global {
  interface HTMLElementTagNameMap {
    'screen-dialog': ScreenDialog
  }
}
