/** The kinds of tiles: what each asks of the engine, and how it shows the answer. One entry per kind; nothing else asks which kind a tile is. */
import '../charts/chart-view.js'
import { html, nothing, type TemplateResult } from 'lit'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiMeasure, UiModel, UiTile } from '../../metadata/contract/ui-model.js'
import { both } from '../charts/chart-conditions.js'
import { chartData } from '../charts/chart-data.js'
import { measureText } from '../charts/measures.js'
import type { Client } from '../client/client.js'
import { daysText, number, t } from '../client/i18n.js'
import type { Surroundings } from '../fields/contract.js'
import { narrow } from '../lists/narrow.js'
import { columnsOf, fieldsFor, linkText, valueAt } from '../lists/table/columns.js'
import { pivotData } from '../pivots/pivot-data.js'
import { pivotTable } from '../pivots/pivot-table.js'
import { recordPath } from '../shell/routes.js'
import { icon } from '../ui/icon.js'
import { lengthOf, type Span } from './spans.js'

/** What a tile is asked with. */
export interface TileQuestion {
  readonly client: Client
  readonly model: UiModel
  readonly entity: UiEntity
  readonly surroundings: Surroundings
  /** All that its records meet; an empty one is met by all. */
  readonly condition: JsonObject
  /** The days that it is about; null for all, and for a tile that is about no time. */
  readonly span: Span | null
  /** The same for the span before; null where there is none. */
  readonly before: { readonly condition: JsonObject; readonly span: Span } | null
  /** Address of the list of its records, those that meet another condition too. */
  readonly address: (more?: JsonObject) => string
}

export interface Shown {
  /** There are no records: the tile says so instead. */
  readonly empty: boolean
  /** A chart can be read as a table. */
  readonly tabular?: true
  render(table: boolean): TemplateResult
}

type Ask<T> = (tile: T, question: TileQuestion, signal: AbortSignal) => Promise<Shown>
type Kinds = { readonly [K in UiTile['kind']]: Ask<Extract<UiTile, { readonly kind: K }>> }

/** Asks for a tile. The kind picks the entry that was written for this very tile. */
export const askTile = (tile: UiTile, question: TileQuestion, signal: AbortSignal): Promise<Shown> => (kinds[tile.kind] as Ask<UiTile>)(tile, question, signal)

const kinds: Kinds = {
  async number({ measure, better }, question, signal) {
    const [now, earlier] = await Promise.all([valueOf(question, measure, question.condition, signal), question.before === null ? null : valueOf(question, measure, question.before.condition, signal)])
    return {
      empty: false,
      render: () => html`${figure(question, wordsOf(question, measure, now))}${question.before === null ? nothing : trend(now, earlier, question.before.span, better)}`,
    }
  },
  async goal({ measure, goal }, question, signal) {
    const value = (await valueOf(question, measure, question.condition, signal)) ?? 0
    const target = targetOf(goal, question.span)
    return { empty: false, render: () => html`${figure(question, wordsOf(question, measure, value))}${target === null ? html`<p class="tile-note">${t('dashboard.goalUnbounded')}</p>` : progress(value, target, wordsOf(question, measure, target))}` }
  },
  async chart({ chart, title }, question, signal) {
    const { model, entity, surroundings, condition, span } = question
    const data = await chartData(question.client.records, { model, entity, chart, query: { filter: condition }, surroundings, ...(span === null ? {} : { span }) }, signal)
    return {
      empty: data === null || data.categories.length === 0, tabular: true,
      render: (table) => html`<chart-view .data=${data ?? undefined} .type=${chart.type} .label=${title} .table=${table} .address=${question.address}></chart-view>`,
    }
  },
  async pivot({ pivot, title }, question, signal) {
    const data = await pivotData({ ...question, query: { filter: question.condition } }, pivot, signal)
    return { empty: data === null || data.rows.length === 0, render: () => (data === null ? html`` : html`<div class="pivot-tile">${pivotTable(data, title, question.address)}</div>`) }
  },
  async list({ columns: paths, sort, limit, title }, question, signal) {
    const { model, entity, surroundings, condition } = question
    const columns = columnsOf(model, entity, paths)
    const { records } = await question.client.records.list(entity.name, { filter: condition, sort, limit, fields: fieldsFor(model, entity, columns) }, signal)
    return {
      empty: records.length === 0,
      render: () => html`
        <div class="tile-rows quiet-links" tabindex="0" role="region" aria-label=${title}><table>
          <thead><tr>${columns.map(({ title: name, view }) => html`<th scope="col" class=${view.align}>${name}</th>`)}</tr></thead>
          <tbody>${records.map((record) => html`<tr>${columns.map((column, i) => {
            const value = valueAt(record, column.path)
            if (i === 0) return html`<th scope="row"><a href=${recordPath(entity.name, record.id)}>${linkText(column, record, entity, surroundings)}</a></th>`
            return html`<td class=${column.view.align}>${value === null ? nothing : column.view.cell(value, { ...surroundings, field: column.field, record })}</td>`
          })}</tr>`)}</tbody>
        </table></div>`,
    }
  },
  async funnel({ steps }, question, signal) {
    const counts = await Promise.all(steps.map(({ filter }) => valueOf(question, { count: true }, both(question.condition, filter), signal)))
    const most = Math.max(...counts.map((count) => count ?? 0), 1)
    return {
      empty: (counts[0] ?? 0) === 0,
      render: () => html`<ol class="funnel">${steps.map(({ title, filter }, i) => {
        const [count, earlier] = [counts[i] ?? 0, counts[i - 1] ?? 0]
        return html`<li><a href=${question.address(filter)}><span class="funnel-name">${title}</span><span class="funnel-count">${number(count)}</span>
          <meter min="0" max=${most} .value=${count} aria-hidden="true"></meter>
          <small>${i === 0 ? nothing : t('dashboard.ofStep', { share: number(earlier === 0 ? 0 : count / earlier, { style: 'percent', maximumFractionDigits: 1 }) })}</small></a></li>`
      })}</ol>`,
    }
  },
}

type Heights = { readonly [K in UiTile['kind']]: (tile: Extract<UiTile, { readonly kind: K }>) => number }

/** What the texts and rows of each kind take, as `dashboard-tile.css` draws them. */
const heights: Heights = {
  number: ({ period, width }) => (period === undefined ? 36 : width > 2 && !narrow.matches ? 64 : 106),
  goal: () => 80,
  chart: () => 250,
  pivot: () => 212,
  list: ({ limit }) => 30 + 43 * limit,
  funnel: ({ steps }) => 73 * steps.length - 13,
}

/** How high a tile will be, about: so much is kept free while it is asked for, so that nothing moves when it comes. Pixels. */
export const heightOf = (tile: UiTile): number => (heights[tile.kind] as (tile: UiTile) => number)(tile)

/** One number over the records of a condition; null where there is nothing to compute it of. */
async function valueOf({ client, entity }: TileQuestion, measure: UiMeasure, filter: JsonObject, signal: AbortSignal): Promise<number | null> {
  const [all] = await client.records.aggregate(entity.name, { filter, measures: { value: { ...measure } } }, signal)
  const value = all?.['value']
  // A sum over nothing is nothing, which is a number here.
  return typeof value === 'number' ? value : measure.sum === undefined ? null : 0
}

const wordsOf = ({ entity, surroundings }: TileQuestion, measure: UiMeasure, value: number | null): string => (value === null ? '–' : measureText(entity, measure, value, surroundings))

/** A number that is as large as there is room for the whole of it; it leads to its records. */
const figure = ({ address }: TileQuestion, text: string): TemplateResult => html`<a class="figure" href=${address()} style="--characters: ${widthOf(text)}">${text}</a>`

/** In digits: characters of East Asia are as wide as they are high. */
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 1.65 : 1), 0)

function trend(now: number | null, earlier: number | null, { from, to }: Span, better: 'more' | 'less' | undefined): TemplateResult {
  const days = daysText(from, to)
  if (now === null || earlier === null || earlier === 0) return html`<p class="trend">${t('dashboard.noTrend', { days })}</p>`
  const change = (now - earlier) / Math.abs(earlier)
  const rises = change > 0
  const mood = better === undefined || change === 0 ? '' : rises === (better === 'more') ? 'good' : 'bad'
  const text = number(change, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  return html`<p class="trend"><b class=${mood}>${change === 0 ? nothing : icon(rises ? 'arrowUp' : 'arrowDown')}${text}</b> <span>${t('dashboard.against', { days })}</span></p>`
}

const lengths = { day: 1, week: 7, month: 365.2425 / 12, year: 365.2425 } as const

/** The goal in proportion to the days; null where there are no bounds to take it in proportion to. */
function targetOf({ value, per }: Extract<UiTile, { kind: 'goal' }>['goal'], span: Span | null): number | null {
  if (per === undefined) return value
  return span === null ? null : Math.max(1, Math.round((value * lengthOf(span)) / lengths[per]))
}

function progress(value: number, target: number, words: string): TemplateResult {
  const share = value / target
  const text = number(share, { style: 'percent', maximumFractionDigits: 0 })
  return html`
    <div class="progress" role="progressbar" aria-label=${t('dashboard.goal', { goal: words })} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(Math.min(1, Math.max(0, share)) * 100)} aria-valuetext=${text}>
      <i class=${share >= 1 ? 'reached' : ''} style="inline-size: ${Math.min(100, Math.max(0, share * 100)).toFixed(1)}%"></i>
    </div>
    <p class="trend"><b class=${share >= 1 ? 'good' : ''}>${text}</b> <span>${t('dashboard.ofGoal', { goal: words })}</span></p>`
}
