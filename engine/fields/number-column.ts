/** Exact numbers: at most 15 significant digits, so that a JSON number, a scaled integer and NUMERIC all say the same. */
import { decimalOf, digitsAt } from '../../metadata/contract/exact.js'
import type { Json } from '../../metadata/contract/json.js'
import type { Operator } from '../../metadata/contract/operators.js'
import type { Cell, Habits } from './contract.js'

/** Digits that every double keeps exactly. */
export const significantDigits = 15

/** Digits after the decimal point in the shortest spelling of a finite number. */
export const fractionDigits = (value: number): number => decimalOf(value).scale

/** The largest number with `scale` digits after the point. */
export const largest = (scale: number): number => Number(`${'9'.repeat(significantDigits)}e-${String(scale)}`)

/** True when the number is kept exactly with `scale` digits after the point. */
export const fitsScale = (value: number, scale: number): boolean =>
  Number.isFinite(value) && Math.abs(value) <= largest(scale) && fractionDigits(value) <= scale

/** True when `value` is a whole number of `step`s, in decimal and not in binary arithmetic. */
export function isMultiple(value: number, step: number): boolean {
  if (!Number.isFinite(value) || !(step > 0)) return false
  const [whole, part] = [decimalOf(value), decimalOf(step)]
  const scale = Math.max(whole.scale, part.scale)
  return digitsAt(whole, scale) % digitsAt(part, scale) === 0n
}

/** Reads a number with an optional sign and marks between thousands; undefined when it is none or has too many digits to be exact. */
export function parseNumber(text: string, decimal: Habits['decimal'] = '.'): number | undefined {
  const written = text.normalize('NFKC').trim().replace('\u2212', '-')
  const plain = decimal === '.' ? written : withPoint(written)
  if (!/^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$/.test(plain) || !/\d/.test(plain)) return undefined
  const value = Number(plain.replaceAll(',', ''))
  const digits = plain.replace(/\D/g, '').replace(/^0+/, '')
  const exact = digits.length <= significantDigits || (Number.isSafeInteger(value) && !plain.includes('.'))
  return exact ? unsigned(value) : undefined
}

/** `1.234,5` and `1 234,5` as `1,234.5`. */
const withPoint = (written: string): string => written.replace(/(?<=\d) (?=\d{3})/g, '.').replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','))

/** Writes a number without an exponent; `fixed` keeps the zeros at the end. */
export function formatNumber(value: number, scale: number, fixed = false): string {
  const text = value.toFixed(scale)
  return fixed || !text.includes('.') ? text : text.replace(/\.?0+$/, '')
}

/** -0 is 0: no database keeps the difference. */
export const unsigned = (value: Json): Json & number => (Object.is(value, -0) ? 0 : value) as number

/** The members of a field type that are the same for all numbers. */
export const numeric = {
  toColumns: (value: number | null): readonly Cell[] => [value],
  fromColumns: (cells: readonly Cell[]): number | null => {
    const [cell] = cells
    return typeof cell === 'number' ? cell : null
  },
  operators: ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'] as const satisfies readonly Operator[],
  sortColumn: () => 0,
  measures: ['count', 'sum', 'avg', 'min', 'max'] as const,
  buckets: [] as const,
  formula: 'number' as const,
  canonical: (value: Json): Json => unsigned(value),
}

/** The same for numbers with a fixed number of digits after the point, from the options. */
export const withScale = <O>(scaleOf: (options: O) => number) => ({
  ...numeric,
  columns: (options: O) => [{ suffix: '', kind: 'decimal' as const, scale: scaleOf(options) }],
  operand: (value: Json, _operator: Operator, options: O): Cell | undefined =>
    typeof value === 'number' && fitsScale(value, scaleOf(options)) ? unsigned(value) : undefined,
  check: (value: number, options: O): string | undefined => {
    const scale = scaleOf(options)
    if (fitsScale(value, scale)) return undefined
    return scale === 0 ? 'must be a whole number' : `may have at most ${String(scale)} digits after the decimal point`
  },
})
