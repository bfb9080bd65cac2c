/**
 * Computed fields: what a field's values come from. Such a field has values of an ordinary type (a sum of money is
 * money), so that everybody who reads, filters or sorts it asks that type; only who writes it differs.
 */
import type { Json, JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import type { Path } from '../../formulas/formula.js'
import type { FieldType } from '../contract.js'

/** What a rollup does with the rows that it counts. */
export const rollupMeasures = ['count', 'sum', 'avg', 'min', 'max', 'first', 'last'] as const
export type RollupMeasure = (typeof rollupMeasures)[number]

/** Where the values of a computed field come from. Plain JSON: the same definition is known by comparing. */
export type Derived = Expression | Rollup

/** A value computed from fields of the record and of those that it refers to. */
export type Expression = {
  readonly kind: 'expression'
  /** Name of the computed type. */
  readonly as: string
  /** Null: the value of the one path as it is. */
  readonly cel: string | null
  readonly paths: readonly Path[]
  /** It changes with the day. */
  readonly daily: boolean
}

/** A value computed from all records of another entity that refer to the record. */
export type Rollup = {
  readonly kind: 'rollup'
  readonly as: string
  /** The entity whose records are counted, and its reference that leads here. */
  readonly entity: string
  readonly via: string
  /** Records that refer to one below this in its tree count as well. */
  readonly subtree: boolean
  readonly measure: RollupMeasure
  /** The field that is summed, compared or taken; null when records are counted. */
  readonly field: string | null
  /** What `first` and `last` go by. */
  readonly by: string | null
  /** Which records count; null: all. */
  readonly where: JsonObject | null
  /** Fields of the other entity that `where` names. */
  readonly asked: readonly string[]
  /** `where` names a time that moves, such as `now-90d`: records leave by themselves. */
  readonly moving: boolean
}

/** The type of a field's values. */
export interface Shape {
  readonly type: FieldType
  readonly options: JsonObject
}

/** A computed field of one entity: what its values are and where they come from. */
export interface ComputedField extends Shape {
  readonly derived: Derived
}

/** Something that was looked for: `problem` says, as a sentence, why it cannot be used. */
export type Found = Shape | { readonly problem: string }

/** What a computed field can see of the other definitions. */
export interface Surroundings {
  readonly entity: string
  /** Keys of the fields of an entity; undefined when there is no such entity. */
  keysOf(entity: string): readonly string[] | undefined
  /** The values at the end of a path that begins at a record of this field's entity. */
  along(path: Path): Found
  /** A field of any entity. */
  field(entity: string, key: string): Found
  /** Whether the records of this field's entity form a tree. */
  isTree(): boolean
}

/** A computed field as it will be, or what is wrong with it: a sentence, and the setting that it is about. */
export type Derivation = { readonly shape: Shape; readonly derived: Derived } | { readonly problem: string; readonly at?: string }

/** What kind of computed field there is. One file per kind; `index.ts` lists them. */
export interface ComputedType {
  readonly name: string
  /** JSON Schema of its settings inside `crm`. Titles are plain words for admins. */
  readonly options: JsonSchema
  /** Its settings, as far as it knows them. */
  settings(crm: JsonObject): JsonObject
  /** Called with settings that fit `options`. */
  derive(settings: JsonObject, property: JsonSchema, around: Surroundings): Derivation
}

export const textIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
