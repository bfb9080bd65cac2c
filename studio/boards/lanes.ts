/** The columns of a board: counted and summed up by one question, each with pages of its own. Shows nothing. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiBoard, UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import { fieldOf } from '../client/model.js'
import type { ListQuery, Rec, Records } from '../client/records.js'
import type { Step } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'
import { optionOf } from '../fields/choices.js'
import { pictureField } from '../fields/face.js'
import { plain } from '../fields/plain.js'
import type { Totals } from '../lists/table/summaries.js'
import { sameRows, totalMeasures, totalsIn, type Summed } from '../lists/table/totals.js'

/** Cards that a column begins with, and gets with every further page. */
export const lanePage = 25
/** The engine's largest page. */
const pageMax = 500

/** What a board shows. */
export interface BoardQuestion {
  readonly entity: UiEntity
  readonly board: UiBoard
  readonly field: UiField
  readonly query: ListQuery & { readonly fields: string }
  readonly totals: Totals
}

export interface Lane {
  /** Null is the value of records that have none. */
  readonly step: Step
  readonly count: number
  /** How many there should be at most. */
  readonly limit: number | undefined
  readonly summed: Summed
  readonly cards: readonly Rec[]
  /** Cursor of its next page; null on the last one. */
  readonly next: string | null
}

/** Fields that there can be a board by. */
export const boardFields = (entity: UiEntity): readonly UiField[] => entity.fields.filter((field) => !field.masked && field.sortable && viewOf(field.type).steps !== undefined)

/** The field of a board; undefined when the reader does not have it, or there can be no board by it. */
export function boardField(entity: UiEntity, board: UiBoard | undefined): UiField | undefined {
  const field = board === undefined ? undefined : fieldOf(entity, board.by)
  return field === undefined || !boardFields(entity).includes(field) ? undefined : field
}

/** All columns in their order: those of the field, then values that left it and no value where records have them. */
export async function lanesOf(records: Records, question: BoardQuestion, shown: (value: Json) => number, none: string, signal: AbortSignal): Promise<readonly Lane[]> {
  const lanes = await emptyLanes(records, question, none, signal)
  return Promise.all(lanes.map(async (lane) => (lane.count === 0 ? lane : { ...lane, ...(await cardsOf(records, question, lane, Math.min(pageMax, Math.max(lanePage, shown(lane.step.value))), signal)) })))
}

/** The columns with their numbers, without cards. */
async function emptyLanes(records: Records, { entity, board, field, query, totals }: BoardQuestion, none: string, signal: AbortSignal): Promise<readonly Lane[]> {
  const groups = await records.aggregate(entity.name, { ...sameRows(query), groupBy: [board.by], measures: { n: { count: true }, ...totalMeasures(totals) } }, signal)
  const steps = viewOf(field.type).steps?.(field) ?? []
  const valueOf = (group: JsonObject): Json => group[board.by] ?? null
  const others = groups.map(valueOf).filter((value) => !steps.some((step) => step.value === value))
  return [...steps, ...others.map((value) => (value === null ? { value, label: none, color: '' } : optionOf(field, value)))].map((step): Lane => {
    const group = groups.find((one) => valueOf(one) === step.value)
    return { step, count: Number(group?.['n'] ?? 0), limit: board.limits?.[plain(step.value)], summed: totalsIn(totals, group ?? {}), cards: [], next: null }
  })
}

/** A page of the cards of a column, behind those that it has. */
export async function cardsOf(records: Records, { entity, board, query }: BoardQuestion, { step, next }: Lane, limit: number, signal: AbortSignal): Promise<Pick<Lane, 'cards' | 'next'>> {
  const own = { [board.by]: step.value }
  const picture = pictureField(entity)
  const fields = picture === undefined ? query.fields : `${query.fields},${picture.key}`
  const page = await records.list(entity.name, { ...query, fields, filter: query.filter === undefined ? own : { $and: [query.filter, own] }, limit, ...(next === null ? {} : { cursor: next }) }, signal)
  return { cards: page.records, next: page.next }
}

/** The columns after a card went from one to another, before the engine was asked. */
export const movedTo = (lanes: readonly Lane[], card: Rec, to: Json): readonly Lane[] =>
  lanes.map((lane) => {
    const had = lane.cards.some(({ id }) => id === card.id)
    if (lane.step.value === to) return had ? lane : { ...lane, count: lane.count + 1, cards: [card, ...lane.cards] }
    return had ? { ...lane, count: lane.count - 1, cards: lane.cards.filter(({ id }) => id !== card.id) } : lane
  })
