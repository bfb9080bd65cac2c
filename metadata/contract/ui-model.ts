/** What the engine tells the studio at `GET /api/model`: everything one caller's screens need, nothing they may not know. */
import type { JsonObject, JsonSchema, Json } from './json.js'
import type { Bucket, Measure, Operator } from './operators.js'

export interface UiModel {
  /** The metadata version; also the ETag. */
  readonly version: number
  /** BCP 47 tag of the texts below. */
  readonly locale: string
  /** Languages that the layers have texts for. */
  readonly locales: readonly string[]
  /** Title of the top layer that has one; the product's name in the header. */
  readonly title: string
  readonly navigation: readonly UiNavigationGroup[]
  readonly entities: Readonly<Record<string, UiEntity>>
  /** In the order in which they are offered; the first is on the start page. */
  readonly dashboards: readonly UiDashboard[]
  /** True when the caller may open the studio. */
  readonly mayDesign: boolean
  /** May invite, block and reset people, as far as they may change users. */
  readonly mayAdminister: boolean
  /** May read the audit log. */
  readonly mayAudit: boolean
}

export interface UiNavigationGroup {
  readonly title: string
  readonly entities: readonly string[]
}

export interface UiEntity {
  readonly name: string
  readonly title: string
  readonly plural: string
  /** Name of one of the studio's own icons. */
  readonly icon: string
  /** Key of the field that names a record; absent when the caller may not read it: then the id is shown. */
  readonly display?: string
  /** Keys of the fields that tell most about a record beside its name, those that the caller may read. */
  readonly facts: readonly string[]
  /** What stands in a record's timeline besides its changes; `kind` is the relation's name, `at` the key of the day or moment. */
  readonly timeline: readonly { readonly kind: string; readonly entity: string; readonly at: string }[]
  readonly fields: readonly UiField[]
  /** Key of the reference by which the records stand below each other; absent when they form no tree. */
  readonly tree?: string
  /** Segments of its records that the caller may ask for, in the order of their titles. */
  readonly segments?: readonly UiSegment[]
  /** To-many relations: records of another entity that refer to this one. */
  /** Workflows that the reader may start on its records. */
  readonly actions?: readonly UiAction[]
  readonly relations: readonly UiRelation[]
  /** How records get from one state to another; absent when they have no states, or the caller may not see them. */
  readonly lifecycle?: UiLifecycle
  readonly form: UiFormElement
  /** Name of the definition that the form is; absent where it is made from the fields. */
  readonly formName?: string
  readonly lists: readonly UiList[]
  /** JSON Schema of the fields that the caller may write, for checks while typing. */
  readonly schema: JsonSchema
  readonly rules: readonly UiRule[]
  readonly may: UiRights
  /** True when `q` finds records of this entity. */
  readonly searchable: boolean
  /** Keys of fields that make two records look like the same one, rule by rule; absent: nothing is checked. */
  readonly duplicates?: readonly (readonly string[])[]
  /** Keys of fields that rules set when a record is saved; absent: none that the caller may know of. */
  readonly ruled?: readonly string[]
}

/** Records under one name: `{ "id": { "$segment": name } }` asks for them. */
export interface UiSegment {
  readonly name: string
  readonly title: string
  /** Who is meant; empty: nobody said. */
  readonly description: string
}

/** The states of records, and the transitions between them that the caller's roles allow. */
export interface UiLifecycle {
  /** Key of the field whose value is the state: its options have the titles and colours, in their order. */
  readonly field: string
  readonly initial: Json
  /** Values that nothing leads away from. */
  readonly final: readonly Json[]
  readonly transitions: readonly UiTransition[]
}

export interface UiTransition {
  readonly name: string
  readonly title: string
  readonly from: Json
  readonly target: Json
  /** Keys of required fields that the caller may know. */
  readonly require: readonly string[]
  /** What is said where its guard does not hold; empty: a sentence of the screens' own; absent: there is no guard. */
  readonly message?: string
}

export interface UiRights {
  readonly create: boolean
  readonly update: boolean
  readonly archive: boolean
  readonly purge: boolean
  readonly export: boolean
  readonly history: boolean
}

export interface UiField {
  readonly key: string
  readonly title: string
  readonly help?: string
  /** Name of the field type: the studio's `fields/index.ts` has a view for each. */
  readonly type: string
  readonly options: JsonObject
  readonly required: boolean
  /** A rule fills it in every new record: there it need not be entered, even when it is required. */
  readonly filled?: true
  /** A condition on the record's own values: while it holds, the field is required. */
  readonly requiredWhen?: JsonObject
  /** False for computed, numbered and system fields, and where no role grants writing. */
  readonly createable: boolean
  readonly updateable: boolean
  readonly masked: boolean
  /** True when looking at it is recorded. */
  readonly sensitive?: boolean
  readonly system: boolean
  readonly default?: Json
  readonly operators: readonly Operator[]
  readonly sortable: boolean
  readonly measures: readonly Measure[]
  readonly buckets: readonly Bucket[]
  /** Parts of the value, each under its name inside it: filtered, sorted and shown as `address.city`. */
  readonly parts?: readonly UiField[]
  /** Which kind of computed field it is: `formula`, `lookup`, `rollup`. */
  readonly computed?: string
  /** Its values also change by time alone: with the day, or as records leave a window. */
  readonly moves?: true
  /** For fields that point to a record: which entity. */
  readonly to?: string
  /** For fields that list records: of which entity. */
  readonly listOf?: string
  /** For fields that point to a record of one of several entities: which of them the caller may know. */
  readonly targets?: readonly string[]
  /** For fields whose values are rows of another entity that belong to the record: which entity. */
  readonly lines?: string
}

/** A workflow that the reader may start by hand on records of the entity. */
export interface UiAction {
  /** Name of the workflow. */
  readonly name: string
  readonly title: string
  /** What is asked before; empty: nothing. */
  readonly fields: readonly UiField[]
}

export interface UiRelation {
  /** The name used in conditions and `expand`, e.g. `purchases`. */
  readonly name: string
  readonly title: string
  readonly entity: string
  /** Key of the field of that entity which points back here. */
  readonly field: string
  /** True when that field lists records: it contains this one, among others. */
  readonly many: boolean
  /** Present when that field points to records of several entities: it names this one as `member/5`. */
  readonly among?: true
}

/** An entity rule in CEL, checked on the server and while typing. */
export interface UiRule {
  readonly cel: string
  readonly message: string
  /** Field that shows the message. */
  readonly at: string
}

export interface UiList {
  readonly name: string
  readonly title: string
  readonly columns: readonly string[]
  readonly sort: string
  readonly filter?: JsonObject
  /** `tier`, `joinedOn:month`: at most two. */
  readonly groupBy?: readonly string[]
  /** Column path → how it is summed up. */
  readonly totals?: Readonly<Record<string, Measure>>
  /** How many of the first columns stay in sight; one when it is absent. */
  readonly frozen?: number
  /** At most one of these is present: then the records are shown so, and not as rows. */
  readonly board?: UiBoard
  readonly calendar?: UiCalendar
  readonly timeline?: UiTimeline
  readonly map?: UiMap
  readonly gallery?: UiGallery
  readonly chart?: UiChart
  readonly pivot?: UiPivot
}

/** Cards in the columns of a field. */
export type UiBoard = {
  /** Key of the field. */
  readonly by: string
  /** Value → how many cards its column should have at most. */
  readonly limits?: Readonly<Record<string, number>>
}

/** Records on the days of a field, from one day to another where there is a second one. */
export type UiCalendar = {
  /** Key of a date or a moment. */
  readonly by: string
  readonly end?: string
  /** Key of a field that lists its values. */
  readonly color?: string
}

/** Records as bars from one day to another. */
export type UiTimeline = {
  /** Key of a date or a moment. */
  readonly by: string
  readonly end?: string
  /** Key of a reference, or of a field that lists its values. */
  readonly group?: string
  /** Key of a field that lists its values. */
  readonly color?: string
}

/** Records where they are. */
export type UiMap = {
  /** Key of a geo point. */
  readonly at: string
  /** Key of a field that lists its values. */
  readonly color?: string
}

/** Cards that begin with a picture. */
export type UiGallery = {
  /** Key of an image field. */
  readonly picture: string
}

/** As in the API: `{ "sum": "amount" }`, `{ "count": true }`; a count of a field is of its different values. */
export type UiMeasure = Readonly<Partial<Record<Measure, string | true>>>

/** What is drawn of records: a bar, point or slice for each value of `by`, a colour for each of `series`. */
export type UiChart = {
  readonly type: 'bar' | 'line' | 'area' | 'donut'
  /** `tier`, `joinedOn:month`, `store.region`. */
  readonly by: string
  readonly series?: string
  readonly measure: UiMeasure
  readonly limit?: number
}

/** A table of what the records add up to: a row for each value of `rows` (two at most), a column for each of `columns` (one at most). */
export type UiPivot = {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly measure: UiMeasure
}

/** Figures at a glance. */
export interface UiDashboard {
  readonly name: string
  readonly title: string
  /** Absent: there is nothing to choose. `newest`: the entity and its field whose newest value ends all periods; absent: today does. */
  readonly period?: { readonly default: UiPeriod; readonly newest?: { readonly entity: string; readonly field: string } }
  /** What else the page can be narrowed by. */
  readonly filters: readonly UiPageFilter[]
  readonly tiles: readonly UiTile[]
}

/** A span of time up to the present day: so many days or months, or the calendar's month, quarter or year. */
export type UiPeriod = 'days7' | 'days30' | 'days90' | 'month' | 'quarter' | 'year' | 'months12' | 'all'

export interface UiPageFilter {
  readonly name: string
  readonly title: string
  /** Whose field the values are chosen from, and its path. */
  readonly entity: string
  readonly field: string
}

/** A tile that the caller may ask for. */
export type UiTile = UiTileBase & (
  | { readonly kind: 'number'; readonly measure: UiMeasure; readonly better?: 'more' | 'less' }
  | { readonly kind: 'goal'; readonly measure: UiMeasure; readonly goal: { readonly value: number; readonly per?: 'day' | 'week' | 'month' | 'year' } }
  | { readonly kind: 'chart'; readonly chart: UiChart }
  | { readonly kind: 'pivot'; readonly pivot: UiPivot }
  | { readonly kind: 'list'; readonly columns: readonly string[]; readonly sort: string; readonly limit: number }
  | { readonly kind: 'funnel'; readonly steps: readonly { readonly title: string; readonly filter?: JsonObject }[] }
)

interface UiTileBase {
  readonly name: string
  readonly title: string
  readonly entity: string
  /** Of twelve columns. */
  readonly width: number
  readonly filter?: JsonObject
  /** Path of the date or moment that the page's period is about. */
  readonly period?: string
  /** Name of a filter of the page → path of the field that it is about. */
  readonly filters: Readonly<Record<string, string>>
}

/** A view that somebody saved, as far as this caller may use it. `name` is its id as text: no defined view has such a name. */
export interface UiSavedView extends UiList {
  readonly id: number
  /** Counts up; also the ETag. */
  readonly version: number
  readonly entity: string
  readonly mine: boolean
  readonly mayChange: boolean
  /** Names of the roles that see it too; empty for those who may not change it. */
  readonly roles: readonly string[]
  /** How much of it the caller may not use, or is not there any more. */
  readonly leftOut: { readonly columns: number; readonly sort: number; readonly summaries: number; readonly filters: number }
  /** For its owner: names of what is left out. */
  readonly lost?: readonly string[]
}

/** What `GET /api/views` answers. */
export interface UiViews {
  readonly views: readonly UiSavedView[]
  /** Entity → name of the view that the caller begins with; absent: the first one. */
  readonly first: Readonly<Record<string, string>>
  /** Roles that the caller may share views with; empty: may not share. */
  readonly shareWith: readonly { readonly name: string; readonly title: string }[]
}

/**
 * A JSON Forms UI schema element (VerticalLayout, HorizontalLayout, Group, Categorization, Category, Control, Label),
 * plus `RelatedList` with `options: { relation, columns? }`. Titles are already in the caller's language.
 */
export interface UiFormElement {
  readonly type: string
  readonly label?: string
  readonly text?: string
  readonly scope?: string
  readonly options?: JsonObject
  readonly rule?: { readonly effect: 'HIDE' | 'SHOW' | 'ENABLE' | 'DISABLE'; readonly condition: { readonly scope: string; readonly schema: JsonSchema } }
  readonly elements?: readonly UiFormElement[]
}
