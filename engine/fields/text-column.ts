/** How text is stored, found and compared: a column as typed and its folded companion. Shared by every type that holds text. */
import type { Json } from '../../metadata/contract/json.js'
import type { Operator } from '../../metadata/contract/operators.js'
import { fold } from '../../metadata/contract/text.js'
import type { Cell, Column } from './contract.js'

const columns: readonly Column[] = [
  { suffix: '', kind: 'text' },
  { suffix: 'fold', kind: 'text', role: 'fold' },
]

/** Text that both databases keep unchanged: PostgreSQL refuses NUL, and half a surrogate pair has no UTF-8 form. */
export const isStorable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)

/** What to say about text that is not storable. */
export const unstorable = 'contains a character that cannot be stored'

/** The members of a field type that are the same for all text. */
export const foldedText = {
  columns: () => columns,
  toColumns: (value: string | null): readonly Cell[] => (value === null ? [null, null] : [value, fold(value)]),
  fromColumns: (cells: readonly Cell[]): string | null => {
    const [cell] = cells
    return typeof cell === 'string' ? cell : null
  },
  operators: ['$eq', '$ne', '$in', '$nin', '$contains', '$startsWith'] as const satisfies readonly Operator[],
  operand: (value: Json, operator: Operator): Cell | undefined => {
    if (typeof value !== 'string' || !isStorable(value)) return undefined
    return operator === '$contains' || operator === '$startsWith' ? fold(value) : value
  },
  sortColumn: () => 1,
  measures: ['count'] as const,
  buckets: [] as const,
  formula: 'text' as const,
  searchable: true,
  check: (value: string) => (isStorable(value) ? undefined : unstorable),
}
