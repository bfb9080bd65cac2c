/**
 * What a field type is. One file per type under `types/` fulfils this contract; nothing outside `fields/` may ask
 * which type a field has. A type knows neither SQL nor HTTP nor who is asking.
 */
import type { Json, JsonObject, JsonSchema } from '../../metadata/contract/json.js'
import type { Bucket, Measure, Operator } from '../../metadata/contract/operators.js'

/**
 * The value of one column between a field type and the database, the same for both databases:
 * `decimal` is a number with at most 15 significant digits, `date` is `YYYY-MM-DD`, `instant` is
 * `YYYY-MM-DDTHH:mm:ss.sssZ`, `json` is the parsed value. The dialect translates it (see `storage/dialect.ts`).
 */
export type Cell = Json

/** Physical kinds that every database must store; the dialect maps each to a column type. */
export type ColumnKind = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'instant' | 'json'

/** One column that a field needs. */
export interface Column {
  /** '' for the main column; otherwise a short lower-case word, joined to the field's name by `__`. */
  readonly suffix: string
  readonly kind: ColumnKind
  /** Digits after the point; for `decimal` only. */
  readonly scale?: number
  /**
   * Columns with a role say nothing that the others do not, and are never read with the value. `fold`: the folded companion
   * of a text column, used by search, `$contains`, `$startsWith` and sorting. `part`: a part of the value, or what it is
   * sorted by. `state`: what the engine needs beside a computed value to keep it exact. `position`: the place of an owned
   * record among those of its owner. `path` and `depth`: the records above one in a tree, and how many. Both kept by the engine.
   */
  readonly role?: 'fold' | 'part' | 'state' | 'position' | 'path' | 'depth'
}

/** A link to a record of another entity, kept as a foreign key on the main column. */
export interface Link {
  readonly to: string
  /** Name of the to-many relation that the other entity gets. */
  readonly inverse?: string
  readonly onDelete: 'restrict' | 'clear' | 'cascade'
  /** The record belongs to the one it points to, as a line to its receipt: it is archived, restored and erased with it. */
  readonly owned?: boolean
  /** The records of the own entity form a tree: no record stands below itself, and what is above and below is known. */
  readonly hierarchy?: boolean
}

/** A link to a record of one of several entities. */
export interface OneOf {
  /** Absent: every entity whose records stand by themselves, but for the own one. */
  readonly to?: readonly string[]
  readonly except: readonly string[]
  /** Name of the to-many relation that each of the others gets. */
  readonly inverse?: string
  readonly onDelete: 'restrict' | 'clear' | 'cascade'
}

/**
 * A part of a value that is named wherever a field is: `address.city`. It is a value of `type`, missing where the whole is.
 * The whole has the columns of its parts, each under the suffix that `composite.ts` gives it.
 */
export interface Part {
  /** In English; the studio knows it in other languages. */
  readonly title: string
  readonly type: FieldType
  readonly options: JsonObject
}

/** One example; the conformance suite, the docs and the designer's previews read these. */
export interface Example<Options, Value> {
  readonly options: Options
  readonly value: Value
  /** What `format` gives and `parse` understands. */
  readonly text: string
}

/** What is known of an uploaded file; its content is found by the id. */
export interface FileFacts extends JsonObject {
  readonly id: number
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type by content, not by name. */
  readonly type: string
}

/** How an author writes what is written differently elsewhere. Without it only what is the same everywhere is read. */
export interface Habits {
  /** Order of year, month and day; the year may always come first. */
  readonly dates: 'ymd' | 'dmy' | 'mdy'
  /** What stands before the decimals; the other mark separates thousands. */
  readonly decimal: '.' | ','
  /** Zone of times that name none: an IANA name. */
  readonly timeZone: string
}

/** For types whose values hold uploaded files. */
export interface Files<O extends JsonObject, V extends Json> {
  /** Ids of the files in a value. */
  held(value: V): readonly number[]
  /** The value with what is really known of its files; none is missing in `known`. */
  described(value: V, known: ReadonlyMap<number, FileFacts>): V
  /** Why a file may not stand in such a field, as a sentence; undefined when it may. */
  refusal(file: FileFacts, options: O): string | undefined
}

/** How a value came from somebody without an account. */
export interface Heard {
  readonly at: Date
  /** Last part of the form's address. */
  readonly form: string
}

/** `O` are the type's own settings inside `crm` merged with the JSON Schema keywords it understands; `V` is the value on the wire. */
export interface FieldType<O extends JsonObject = JsonObject, V extends Json = Json> {
  readonly name: string
  /** JSON Schema of the options: the studio draws the property panel from it. Titles are plain words for admins. */
  readonly options: JsonSchema
  /**
   * Options for a plain JSON Schema property of this type, or undefined when it is not this type. `crm` is the
   * property's `crm` object (without `type`), already part of the result where the type has such an option.
   * Called for every type in the order of `fields/index.ts` when `crm.type` is absent; called for the named type
   * with whatever keywords are there when it is present (so it must not insist on a format then).
   */
  infer(property: JsonSchema, named: boolean): O | undefined
  /** JSON Schema of a value: API and form validation, OpenAPI. Never contains null; the caller adds it. */
  schema(options: O): JsonSchema
  columns(options: O): readonly Column[]
  toColumns(value: V | null, options: O): readonly Cell[]
  fromColumns(cells: readonly Cell[], options: O): V | null
  readonly operators: readonly Operator[]
  /**
   * The cell that a condition's operand becomes for the main (or, for text operators, the fold) column; undefined
   * when the value does not fit. For `$in`/`$nin` it is called once per element.
   */
  operand(value: Json, operator: Operator, options: O): Cell | undefined
  /** Index into `columns` that sorts, or null when the type has no order. */
  sortColumn(options: O): number | null
  /** The values that records stand in one after the other or side by side, in their order: what a board has columns for. */
  steps?(options: O): readonly V[]
  readonly measures: readonly Measure[]
  readonly buckets: readonly Bucket[]
  /** Reads what a person or a file wrote; undefined when it is not understood. */
  parse(text: string, options: O, habits?: Habits): V | undefined
  /** Writes a value for export, labels, conversion to another type. */
  format(value: V, options: O): string
  /** What CEL sees: `link` is the number of another record, which is compared only. A length of time is the number of its seconds. */
  readonly formula: 'text' | 'number' | 'boolean' | 'date' | 'instant' | 'list' | 'link' | 'none'
  readonly examples: readonly Example<O, V>[]

  // Rare needs, each optional and kept in the type's own file.

  /** The value is brought into its one canonical spelling before validation (e-mail lower case, phone E.164 ...). */
  canonical?(value: Json, options: O): Json
  /**
   * What JSON Schema cannot say (exact digits, size): the end of a sentence that begins with the title of the field, without a
   * full stop; undefined when all is well. Called after the value fitted `schema`.
   */
  check?(value: V, options: O): string | undefined
  /**
   * What becomes of a value that somebody without an account sends by a public form, where a part of it is not theirs to say.
   * Called before the value is checked: what it does not understand it gives back.
   * @param heard when it arrived, and by which form
   */
  heard?(value: Json, options: O, heard: Heard): Json
  /** What CEL sees, where that depends on the options. */
  formulaOf?(options: O): FieldType['formula']
  /** The most bytes of UTF-8 that `check` lets a text have, as it is and folded. Without it a character may have four. */
  longestBytes?(options: O): number
  /** True when the text of this type can be searched by `q`. Such a type has a column with role `fold`. */
  readonly searchable?: boolean
  /** Parts by name, for types whose value is an object. */
  parts?(options: O): Readonly<Record<string, Part>>
  link?(options: O): Link
  /**
   * Present when the value is a list of ids of another entity's records. It has no columns: the pairs are rows of a link
   * table of the engine's own, with foreign keys both ways. A list that is empty is `[]`, never null. No `cascade`.
   */
  links?(options: O): Link
  /**
   * Present when the value is a list of rows of another entity which belong to the record: that entity, and its owned
   * reference back here. It has no columns; the rows are read when they are asked for and written with the record.
   */
  lines?(options: O): { readonly entity: string; readonly field: string }
  /**
   * Present when the value is a record of one of several entities, `{ entity, id }`. It has no columns: the model adds a
   * reference for each of the entities and puts the value together from them. Conditions name a value as `member/5`.
   */
  oneOf?(options: O): OneOf
  readonly files?: Files<O, V>
  /** True when values are pictures. */
  readonly pictures?: boolean
  /** True when values are places: objects whose parts `lat` and `lng` are degrees (WGS 84). */
  readonly places?: boolean
  /** Shown to a role that reads the field masked. Without it a masked value is `null`. */
  mask?(value: V, options: O): V
  /** Values are given by the engine in the writing transaction: the counter's name suffix and the value for a number. */
  numbering?: {
    /** Counter to draw from, e.g. the year for `{yyyy}`: numbers start again with each counter. */
    counter(options: O, at: Date): string
    value(options: O, number: number, at: Date): V
  }
}
