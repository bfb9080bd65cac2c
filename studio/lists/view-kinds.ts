/** The kinds of views of a list that are no rows: each with its sign, what it begins with, and how it shows the records. One entry per kind; the list asks for no kind by name. */
import { html, type TemplateResult } from 'lit'

import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import { boardField, boardFields } from '../boards/lanes.js'
import { daysOf, usualCalendar } from '../calendars/calendar-fields.js'
import type { Span } from '../calendars/spans.js'
import { groupFits, measureFits, usualGroup } from '../charts/choices.js'
import { t } from '../client/i18n.js'
import { pictureFields } from '../fields/face.js'
import { placeFields, usualMap } from '../maps/map-fields.js'
import { usualTimeline } from '../timelines/timeline-fields.js'
import type { IconName } from '../ui/icon.js'
import type { Question } from './question.js'
import type { Kind, Shape, ShapeOf } from './shapes.js'

/** The days that the reader looks at, for kinds that show one, and how they look at another. */
export interface Time {
  readonly span: Span | undefined
  readonly turn: (span: Span) => void
}

/** What may be said of rows that other kinds do not all make use of: groups, totals, and columns that stay in sight. */
export type Use = 'groups' | 'totals' | 'frozen'

interface ViewKind<K extends Kind> {
  readonly icon: IconName
  readonly title: () => string
  /** What is offered beside its own settings; none where absent. */
  readonly uses?: readonly Use[]
  /** What it begins with; undefined where records of the entity cannot be shown so. */
  start(model: UiModel, entity: UiEntity): ShapeOf<K> | undefined
  /** False where the reader does not have what it is made of. */
  fits(model: UiModel, entity: UiEntity, shape: ShapeOf<K>): boolean
  show(shape: ShapeOf<K>, question: Question, time: Time): TemplateResult
}

type Kinds = { readonly [K in Exclude<Kind, 'list'>]: ViewKind<K> }

const kinds: Kinds = {
  board: {
    icon: 'board',
    title: () => t('board.asBoard'),
    uses: ['totals'],
    start(_model, entity) {
      const [first] = boardFields(entity).toSorted((a, b) => Number(b.updateable) - Number(a.updateable))
      return first === undefined ? undefined : { kind: 'board', board: { by: first.key } }
    },
    fits: (_model, entity, { board }) => boardField(entity, board) !== undefined,
    show({ board }, { client, entity, query, columns, totals, surroundings, address, open }) {
      void import('../boards/board-view.js')
      const field = boardField(entity, board)
      return html`<board-view .client=${client} .question=${field === undefined ? undefined : kept(query, JSON.stringify(board), () => ({ entity, board, field, query, totals }))} .columns=${columns} .surroundings=${surroundings} .address=${address}
        @open=${(event: CustomEvent<number>) => open(event.detail)}></board-view>`
    },
  },
  calendar: {
    icon: 'calendar',
    title: () => t('calendar.asCalendar'),
    start(_model, entity) {
      const calendar = usualCalendar(entity)
      return calendar === undefined ? undefined : { kind: 'calendar', calendar }
    },
    fits: (_model, entity, { calendar }) => daysOf(entity, calendar, '') !== undefined,
    show({ calendar }, question, { span, turn }) {
      void import('../calendars/calendar-view.js')
      return html`<calendar-view .calendar=${calendar} .question=${question} .span=${span} .turn=${turn}></calendar-view>`
    },
  },
  timeline: {
    icon: 'timeline',
    title: () => t('bars.asTimeline'),
    start(_model, entity) {
      const timeline = usualTimeline(entity)
      return timeline === undefined ? undefined : { kind: 'timeline', timeline }
    },
    fits: (_model, entity, { timeline }) => daysOf(entity, timeline, '') !== undefined,
    show({ timeline }, question, { span, turn }) {
      void import('../timelines/timeline-view.js')
      return html`<timeline-view .timeline=${timeline} .question=${question} .span=${span} .turn=${turn}></timeline-view>`
    },
  },
  map: {
    icon: 'map',
    title: () => t('map.asMap'),
    start(_model, entity) {
      const map = usualMap(entity)
      return map === undefined ? undefined : { kind: 'map', map }
    },
    fits: (_model, entity, { map }) => placeFields(entity).some(({ key }) => key === map.at),
    show({ map }, question) {
      void import('../maps/map-view.js')
      return html`<map-view .map=${map} .question=${question}></map-view>`
    },
  },
  gallery: {
    icon: 'image',
    title: () => t('gallery.asGallery'),
    start(_model, entity) {
      const [picture] = pictureFields(entity)
      return picture === undefined ? undefined : { kind: 'gallery', gallery: { picture: picture.key } }
    },
    fits: (_model, entity, { gallery }) => pictureFields(entity).some(({ key }) => key === gallery.picture),
    show({ gallery }, question) {
      void import('../galleries/gallery-view.js')
      return html`<gallery-view .gallery=${gallery} .question=${question}></gallery-view>`
    },
  },
  chart: {
    icon: 'chart',
    title: () => t('chart.asChart'),
    start(model, entity) {
      const by = usualGroup(model, entity)
      return by === undefined ? undefined : { kind: 'chart', chart: { type: 'bar', by, measure: { count: true } } }
    },
    fits: (model, entity, { chart }) => groupFits(model, entity, chart.by) && (chart.series === undefined || groupFits(model, entity, chart.series)) && measureFits(entity, chart.measure),
    show({ chart }, question) {
      void import('../charts/chart-panel.js')
      return html`<chart-panel .chart=${chart} .question=${question}></chart-panel>`
    },
  },
  pivot: {
    icon: 'grid',
    title: () => t('pivot.asPivot'),
    start(model, entity) {
      const by = usualGroup(model, entity)
      return by === undefined ? undefined : { kind: 'pivot', pivot: { rows: [by], columns: [], measure: { count: true } } }
    },
    fits: (model, entity, { pivot }) => [...pivot.rows, ...pivot.columns].every((text) => groupFits(model, entity, text)) && measureFits(entity, pivot.measure),
    show({ pivot }, question) {
      void import('../pivots/pivot-view.js')
      return html`<pivot-view .pivot=${pivot} .question=${question}></pivot-view>`
    },
  },
}

/** In the order of the switch, behind rows. */
export const otherKinds = Object.keys(kinds) as readonly Exclude<Kind, 'list'>[]

/** The entry of a shape's own kind, which was written for such shapes; undefined for rows. */
const kindOf = (kind: Kind): ViewKind<Kind> | undefined => (kind === 'list' ? undefined : (kinds[kind] as unknown as ViewKind<Kind>))

export const kindIcon = (kind: Kind): IconName => kindOf(kind)?.icon ?? 'list'
export const kindTitle = (kind: Kind): string => kindOf(kind)?.title() ?? t('board.asList')
export const startOf = (kind: Kind, model: UiModel, entity: UiEntity): Shape | undefined => kindOf(kind)?.start(model, entity)

/** True for a shape that shows something else than rows, and of what the reader has. */
export const isShown = (shape: Shape, model: UiModel, entity: UiEntity): boolean => kindOf(shape.kind)?.fits(model, entity, shape) ?? false

/** What a list that is shown so makes use of. */
export const usesOf = (shape: Shape, model: UiModel, entity: UiEntity): readonly Use[] => (isShown(shape, model, entity) ? (kindOf(shape.kind)?.uses ?? []) : ['groups', 'totals', 'frozen'])

export const showShape = (shape: Shape, question: Question, time: Time): TemplateResult | undefined => kindOf(shape.kind)?.show(shape, question, time)

/** Questions of boards by what they were made of, so that drawing the page again does not ask again. */
const questions = new WeakMap<object, Map<string, unknown>>()

function kept<T>(of: object, key: string, make: () => T): T {
  const known = questions.get(of) ?? new Map<string, unknown>()
  questions.set(of, known)
  if (!known.has(key)) known.set(key, make())
  return known.get(key) as T // the key names what was made
}
