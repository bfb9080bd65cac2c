/**
 * Values that are made of parts (`address.city`). The value is kept whole, as JSON; each part is kept once more in columns
 * of its own type, so that it is filtered, sorted and indexed like a field by itself. A change always gives the whole value.
 */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { Operator } from '../../metadata/contract/operators.js'
import type { Cell, Column, FieldType, Part } from './contract.js'

type Parts = Readonly<Record<string, Part>>

/** A part: a field of this type inside the value. */
export const part = <O extends JsonObject, V extends Json>(title: string, type: FieldType<O, V>, options: O): Part => ({ title, type, options })

/** Suffix of a part's column: the part, then what its own type says. */
export const partSuffix = (name: string, column: Column): string => `${name.toLowerCase()}${column.suffix}`

interface Shape<V> {
  readonly parts: Parts
  /** Words that the search finds it by; none: it is not searched. */
  readonly searchText?: (value: V) => string
  /** Text that it is sorted by, where not by one of its parts. */
  readonly sortText?: (value: V) => string
  /** The part that it is sorted by. */
  readonly sortPart?: string
}

/** The members of a field type that follow from its parts. */
export function composite<V extends JsonObject>({ parts, searchText, sortText, sortPart }: Shape<V>) {
  const main: readonly Column[] = [
    { suffix: '', kind: 'json' },
    ...(searchText === undefined ? [] : [{ suffix: 'fold', kind: 'text', role: 'fold' } as const]),
    ...(sortText === undefined ? [] : [{ suffix: 'sort', kind: 'text', role: 'part' } as const]),
  ]
  const inner: readonly Column[] = Object.entries(parts).flatMap(([name, { type, options }]) => type.columns(options).map((column) => ({ ...column, suffix: partSuffix(name, column), role: 'part' as const })))
  const columns = [...main, ...inner]
  const sorted = sortText !== undefined ? 'sort' : sortPart
  const sortIndex = sorted === undefined ? null : columns.findIndex(({ suffix }) => suffix === sorted)
  return {
    parts: () => parts,
    columns: () => columns,
    toColumns: (value: V | null): readonly Cell[] => {
      if (value === null) return columns.map(() => null)
      const own = [inOneOrder(value), ...(searchText === undefined ? [] : [searchText(value)]), ...(sortText === undefined ? [] : [sortText(value)])]
      return [...own, ...Object.entries(parts).flatMap(([name, { type, options }]) => type.toColumns(value[name] ?? null, options))]
    },
    fromColumns: ([cell]: readonly Cell[]): V | null => (cell === null || cell === undefined ? null : (cell as V)),
    // Of the whole only emptiness is asked; everything else is asked of its parts.
    operators: ['$eq', '$ne'] as const satisfies readonly Operator[],
    operand: (): Cell | undefined => undefined,
    sortColumn: () => sortIndex,
    measures: ['count'] as const,
    buckets: [] as const,
    formula: 'none' as const,
    ...(searchText === undefined ? {} : { searchable: true }),
  }
}

/** Equal values have one spelling as JSON, whoever wrote which member first. */
const inOneOrder = (value: JsonObject): JsonObject => Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** The members that have a value, texts without spaces around them. Null when nothing is left; what is no object stays as it is. */
export function tidyParts(value: Json, spell: (name: string, text: string) => string = (_, text) => text): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const kept = Object.entries(value as JsonObject).flatMap(([name, inner]): readonly (readonly [string, Json])[] => {
    if (typeof inner !== 'string') return inner === null ? [] : [[name, inner]]
    const text = inner.trim()
    return text === '' ? [] : [[name, spell(name, text)]]
  })
  return Object.fromEntries(kept)
}
