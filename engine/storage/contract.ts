/**
 * What storage offers to `operations/`: a database with short reads, long reads and writing units, and the shape of a
 * query. Everything here is plain data and resolved: rights are already inside the predicates.
 */
import type { Bucket, Measure } from '../../metadata/contract/operators.js'
import type { Cell } from '../fields/contract.js'
import type { Entity, Field, Relation } from '../model/model.js'
import type { Predicate, Search } from '../model/conditions/predicate.js'

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>

export type DialectName = 'sqlite' | 'postgres'

/** Runs SQL text. Placeholders are `?` for both databases (PostgreSQL's are numbered inside); values are bound, never spliced. */
export interface Executor {
  readonly dialect: DialectName
  /** True inside a writing unit: a record that is loaded there is locked until the unit ends. */
  readonly writing: boolean
  /** Present inside a unit, and shared by units of one commit: what was read of the version, which nobody changes meanwhile, holds until then. */
  readonly commit?: object
  /**
   * Present inside a unit: leaves rows for one statement right before the commit, with those of the units that share it.
   * `flush` gets everybody's rows in the order in which they were left, those of undone units not among them. Nobody
   * finds the rows in the database before.
   */
  readonly later?: <T>(flush: Flush<T>, rows: readonly T[]) => void
  /** Present inside a unit: a part of it that may fail by itself. What the part wrote is undone, and the unit goes on. */
  attempt?<T>(part: (tx: Executor) => Promise<T>): Promise<T>
  all(sql: string, bindings: readonly unknown[]): Promise<readonly Row[]>
  /** For statements that return nothing; gives the number of rows changed. */
  run(sql: string, bindings: readonly unknown[]): Promise<number>
}

/** Writes rows that several units left for the end of their commit. The same function: the same statement. */
export type Flush<T> = (tx: Executor, rows: readonly T[]) => Promise<void>

export interface Database {
  readonly dialect: DialectName
  /** Commits of this process, where nobody else writes: who follows what is written has nothing to look at while it stays. Absent where others write, too. */
  readonly commits?: () => number
  /** Short reads on pooled reading connections. */
  readonly read: Executor
  /** Long reads (aggregates, counts over much, exports): connections of their own, time-limited, so that short reads never wait. Equal ones asked for at the same moment share a run. */
  readonly long: Executor
  /**
   * One writing unit: all or nothing. On SQLite units run one after another on the one writing connection and may share
   * a commit; the promise resolves after the commit is durable. `work` may run more than once (after a deadlock, or when
   * a unit that shared its commit failed), so it must have no effect but its statements. A unit in
   * which any statement failed is rolled back, even if `work` caught the error.
   */
  write<T>(work: (tx: Executor) => Promise<T>): Promise<T>
  /**
   * A unit that changes tables: alone on its connection, and on PostgreSQL with a short wait for locks, so that it gives
   * up (`storage.busy`) instead of holding up everyone. `foreignKeysOff` (SQLite only) lets tables be rebuilt; `work`
   * must then check the foreign keys before it ends. `work` runs once.
   */
  change<T>(work: (tx: Executor) => Promise<T>, options?: { readonly foreignKeysOff?: boolean }): Promise<T>
  /**
   * PostgreSQL: statements outside of any unit, each by itself, on a connection of their own that ends with them, without a time limit. For what
   * the server does not do in a transaction. A signal ends the connection, and with it the statement.
   */
  apart?<T>(signal: AbortSignal, work: (x: Executor) => Promise<T>): Promise<T>
  /** Reads that all see the same moment, on a connection of their own and without a time limit: for backups. Nobody waits for them. */
  snapshot<T>(work: (x: Executor) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections for short reads. */
  readonly readers?: number
  /** Connections for long reads. */
  readonly longReaders?: number
  /** PostgreSQL: connections for writing units. */
  readonly writers?: number
  /** Time limit of a short read. */
  readonly readMilliseconds?: number
  /** Time limit of a long read. */
  readonly longMilliseconds?: number
}

/** Values that placeholders inside predicates are bound to. */
export interface Bindings {
  /** `$user.<attribute>` → cell or list of cells; missing: the comparison is false. */
  user(attribute: string): Cell | undefined
  readonly now: Date
  /** IANA zone of the caller: where `now/d` begins. */
  readonly timeZone: string
}

export interface SelectedField {
  readonly field: Field
  readonly masked: boolean
  /** Only these parts of the value, by name; absent: the whole. */
  readonly parts?: readonly string[]
  /** Seen in full only where this holds: elsewhere masked (when `masked`) or left out of the record. */
  readonly visible?: Predicate
  /** Masked only where this holds (and `visible` does not); elsewhere left out of the record. Absent: on every row. */
  readonly maskedWhere?: Predicate
  /** For a field that lists records: those of them that the list shows (none without a target). Absent: all. */
  readonly listed?: { readonly target: Entity | null; readonly rows: Predicate }
  /** For a field that points to a record of one of several entities: those that are shown, with what names their records where that was asked for. Absent: all. */
  readonly targets?: readonly { readonly entity: string; readonly label?: ToOne }[]
}

/** The record that `field` points to, where `rows` holds; else null. */
export interface ToOne {
  readonly field: Field
  readonly target: Entity
  readonly rows: Predicate
  readonly selection: Selection
  readonly visible?: Predicate
}

export interface Selection {
  readonly fields: readonly SelectedField[]
  readonly toOne: readonly ToOne[]
  /** To-many expansions: one more statement each, with all rows; too many for one answer are refused, never cut. */
  readonly toMany: readonly { readonly relation: Relation; readonly target: Entity; readonly rows: Predicate; readonly selection: Selection; readonly visible?: Predicate }[]
}

export interface SortKey {
  readonly field: Field
  readonly descending: boolean
  /** On rows where it does not hold the field sorts as missing. */
  readonly visible?: Predicate
  /** Of a reference to one of several: it sorts by the names of the records it points to, as far as the caller reads them. */
  readonly names?: readonly TargetName[]
  /** In the order of the column in which equal values are looked up: what is compared stands side by side, and its index serves. */
  readonly compared?: boolean
}

/** Where the name of one of several records stands: through `reference`, in `display` of the target, on rows that are read. */
export interface TargetName {
  readonly reference: Field
  readonly target: Entity
  readonly rows: Predicate
  readonly display: Field
  /** On other rows of the target the name is missing. */
  readonly visible?: Predicate
}

/** A list. Missing values sort as smallest. Ties are broken by id, which the caller need not name. */
export interface ListQuery {
  readonly entity: Entity
  readonly rows: Predicate
  readonly archived: 'without' | 'only'
  readonly selection: Selection
  /** Free text that the records have. Without a sort the best come first (`queries/text.ts`), among equals the newest. */
  readonly text?: Search
  readonly sort: readonly SortKey[]
  /** Sort cells and id of the last record of the page before. */
  readonly after?: readonly Cell[]
  readonly limit: number
}

/** From a record to the one that `field` points to, where `rows` holds for that one and the field is visible; else to none. */
export interface Hop {
  readonly field: Field
  readonly target: Entity
  readonly rows: Predicate
  readonly visible?: Predicate
}

/** Groups and measures. A group key is of the record at the end of `via`; where there is none it is missing. */
export interface AggregateQuery {
  readonly entity: Entity
  readonly rows: Predicate
  readonly groupBy: readonly { readonly name: string; readonly via: readonly Hop[]; readonly field: Field; readonly bucket?: Bucket; readonly visible?: Predicate }[]
  readonly measures: readonly { readonly name: string; readonly measure: Measure; readonly field: Field | null; readonly distinct: boolean; readonly visible?: Predicate }[]
  readonly sort: readonly { readonly name: string; readonly descending: boolean }[]
  readonly limit: number
  /** IANA zone in which buckets of instants begin. */
  readonly timeZone: string
}
