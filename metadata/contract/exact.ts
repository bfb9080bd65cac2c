/** Exact decimal arithmetic on JSON numbers, as the databases do it: 0.1 + 0.2 is 0.3. */

/** The number `digits` / 10^`scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** The number as its shortest spelling says. */
export function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const scale = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

/** Less than, equal to or greater than 0 as `a` is to `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale)
  const difference = digitsAt(a, scale) - digitsAt(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The sum of finite numbers. */
export const sumOf = (values: readonly number[]): Decimal =>
  values.map(decimalOf).reduce((a, b) => {
    const scale = Math.max(a.scale, b.scale)
    return { digits: digitsAt(a, scale) + digitsAt(b, scale), scale }
  }, { digits: 0n, scale: 0 })

/** A decimal times a whole number. */
export const times = (a: Decimal, factor: number): Decimal => ({ digits: a.digits * BigInt(factor), scale: a.scale })

/** The digits of a decimal when it is written with `scale` places, which must not be fewer than its own. */
export const digitsAt = (value: Decimal, scale: number): bigint => value.digits * 10n ** BigInt(scale - value.scale)
