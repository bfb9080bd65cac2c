/** The values that expressions compute with where CEL's own would not be exact. */
import Big from 'big.js'
import { resolveRelative } from '../../metadata/contract/time.js'

/** An exact number. A class of its own, because CEL's operators for its built-in numbers cannot be changed. */
export class ExactNumber {
  constructor(readonly value: Big) {}
  valueOf(): number {
    return this.value.toNumber()
  }
}

/** What a link to another record is while a formula is checked. To compute, it is the number of that record. */
export class Link extends ExactNumber {}

/** A calendar day as days since 1970-01-01, without any zone. */
export class CalendarDay {
  constructor(readonly days: number) {}
  valueOf(): number {
    return this.days
  }
}

/** What stands for a number: ours, and those of CEL (whole numbers and binary ones). */
export type Numeric = ExactNumber | bigint | number

/** CEL's names of the number types. */
export const numberTypes = ['Number', 'int', 'double'] as const

export const big = (value: Numeric): Big => (value instanceof ExactNumber ? value.value : new Big(String(value)))

export const dayMilliseconds = 86_400_000

/** The day `YYYY-MM-DD`; throws for text that is none. */
export function calendarDay(text: string): CalendarDay {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw new Error(`“${text}” is not a day such as 2026-01-31`)
  return new CalendarDay(Math.floor(time / dayMilliseconds))
}

/** The day of the zone that contains `instant`. @param timeZone IANA name */
export const dayOf = (instant: Date, timeZone: string): CalendarDay =>
  timeZone === 'UTC' ? new CalendarDay(Math.floor(instant.getTime() / dayMilliseconds)) : calendarDay(resolveRelative('now', instant, timeZone, 'date'))

/** The day as `YYYY-MM-DD`; throws when it lies outside the years 1 to 9999. */
export function dayText({ days }: CalendarDay): string {
  const text = new Date(days * dayMilliseconds).toISOString()
  if (!/^\d{4}-/.test(text) || text.startsWith('0000')) throw new Error('the day is too far away')
  return text.slice(0, 10)
}

/** The day so many days later; a part of a day does not count. */
export const movedBy = ({ days }: CalendarDay, by: Big): CalendarDay => new CalendarDay(days + Math.trunc(by.toNumber()))
