/** The functions that people may use, beside CEL's own. */
import type { Environment } from '@marcbachmann/cel-js'
import Big from 'big.js'
import { linearPattern } from './linear.js'
import { big, calendarDay, dayMilliseconds, dayOf, dayText, ExactNumber, numberTypes, type Link, type CalendarDay, type Numeric } from './values.js'

/** A function as people see it: how it is written and what it is for. */
export interface OfferedFunction {
  readonly name: string
  /** How it is called, e.g. `round(number, digits)`. */
  readonly usage: string
}

/** What an editor offers. */
export const offeredFunctions: readonly OfferedFunction[] = [
  'coalesce(value, instead)', 'round(number, digits)', 'floor(number)', 'ceil(number)', 'abs(number)', 'min(a, b)', 'max(a, b)',
  'lower(text)', 'upper(text)', 'trim(text)', 'contains(text, part)', 'startsWith(text, part)', 'endsWith(text, part)', 'substring(text, from, to)', 'replace(text, part, by)', 'size(text)', 'string(value)', 'regex(text, pattern)',
  'date(time)', 'year(date)', 'month(date)', 'day(date)', 'weekday(date)',
].map((usage) => ({ name: usage.slice(0, usage.indexOf('(')), usage }))

/** `timeZone`: where the days of moments begin. `typed`: each function names the types that it takes and gives; otherwise values may be missing where that makes sense. */
export function registerFunctions(env: Environment, typed: boolean, timeZone: string): void {
  registerCoalesce(env, typed)
  registerNumeric(env)
  registerText(env)
  registerCalendar(env, timeZone)
}

const valueTypes = ['string', 'bool', 'Day', 'google.protobuf.Timestamp', 'list<dyn>', 'Link']

const firstThere = (...values: readonly unknown[]): unknown => values.find((value) => value !== null && value !== undefined) ?? null

function registerCoalesce(env: Environment, typed: boolean): void {
  if (!typed) {
    for (const count of [2, 3, 4]) env.registerFunction(`coalesce(${Array.from({ length: count }, () => 'dyn').join(', ')}): dyn`, firstThere)
    return
  }
  for (const type of valueTypes) for (const count of [2, 3, 4]) env.registerFunction(`coalesce(${Array.from({ length: count }, () => type).join(', ')}): ${type}`, firstThere)
  // `coalesce(store, 0) == 3`: the number of a record instead of a link.
  for (const type of numberTypes) env.registerFunction(`coalesce(Link, ${type}): Link`, firstThere)
  for (const count of [2, 3]) for (const types of numberLists(count)) env.registerFunction(`coalesce(${types.join(', ')}): Number`, firstThere)
}

/** Every list of `count` number types. */
function numberLists(count: number): readonly (readonly string[])[] {
  if (count === 0) return [[]]
  return numberLists(count - 1).flatMap((list) => numberTypes.map((type) => [...list, type]))
}

const exact = (value: Big): ExactNumber => new ExactNumber(value)
const whole = (value: Numeric): number => Math.trunc(big(value).toNumber())
const floored = (value: Big): Big => (value.lt(0) && !value.eq(value.round(0, Big.roundDown)) ? value.round(0, Big.roundDown).minus(1) : value.round(0, Big.roundDown))

function registerNumeric(env: Environment): void {
  for (const type of numberTypes) {
    env.registerFunction(`abs(${type}): Number`, (a: Numeric) => exact(big(a).abs()))
    env.registerFunction(`floor(${type}): Number`, (a: Numeric) => exact(floored(big(a))))
    env.registerFunction(`ceil(${type}): Number`, (a: Numeric) => exact(floored(big(a).neg()).neg()))
    env.registerFunction(`round(${type}): Number`, (a: Numeric) => exact(big(a).round(0, Big.roundHalfUp)))
    for (const digits of numberTypes) env.registerFunction(`round(${type}, ${digits}): Number`, (a: Numeric, places: Numeric) => exact(big(a).round(whole(places), Big.roundHalfUp)))
  }
  const smallest = (...values: readonly Numeric[]): ExactNumber => exact(values.map(big).reduce((a, b) => (b.lt(a) ? b : a)))
  const greatest = (...values: readonly Numeric[]): ExactNumber => exact(values.map(big).reduce((a, b) => (b.gt(a) ? b : a)))
  for (const count of [2, 3]) {
    for (const types of numberLists(count)) {
      env.registerFunction(`min(${types.join(', ')}): Number`, smallest)
      env.registerFunction(`max(${types.join(', ')}): Number`, greatest)
    }
  }
  env.registerFunction('min(Day, Day): Day', (a: CalendarDay, b: CalendarDay) => (b.days < a.days ? b : a))
  env.registerFunction('max(Day, Day): Day', (a: CalendarDay, b: CalendarDay) => (b.days > a.days ? b : a))
}

function registerText(env: Environment): void {
  env.registerFunction('lower(string): string', (text: string) => text.toLowerCase())
  env.registerFunction('upper(string): string', (text: string) => text.toUpperCase())
  env.registerFunction('trim(string): string', (text: string) => text.trim())
  env.registerFunction('contains(string, string): bool', (text: string, part: string) => text.includes(part))
  env.registerFunction('startsWith(string, string): bool', (text: string, part: string) => text.startsWith(part))
  env.registerFunction('endsWith(string, string): bool', (text: string, part: string) => text.endsWith(part))
  env.registerFunction('replace(string, string, string): string', (text: string, part: string, by: string) => joined(text.split(part), by))
  for (const from of numberTypes) {
    for (const to of numberTypes) env.registerFunction(`substring(string, ${from}, ${to}): string`, (text: string, start: Numeric, end: Numeric) => [...text].slice(whole(start), whole(end)).join(''))
  }
  env.registerFunction('string(Number): string', ({ value }: ExactNumber) => value.toFixed())
  env.registerFunction('string(Link): string', ({ value }: Link) => value.toFixed())
  env.registerFunction('string(Day): string', (day: CalendarDay) => dayText(day))
  env.registerFunction('regex(string, string): bool', (text: string, pattern: string) => linearPattern(pattern).test(text))
}

/** Longer texts than any field holds are not built: replacing nothing by much would multiply them. */
const longest = 100_000

/** Counted before anything is built. */
function joined(parts: readonly string[], by: string): string {
  const length = parts.reduce((sum, part) => sum + part.length, 0) + Math.max(0, parts.length - 1) * by.length
  if (length > longest) throw new Error('the text becomes too long')
  return parts.join(by)
}

const utc = ({ days }: CalendarDay): Date => new Date(days * dayMilliseconds)

function registerCalendar(env: Environment, timeZone: string): void {
  env.registerFunction('date(string): Day', (text: string) => calendarDay(text))
  env.registerFunction('date(google.protobuf.Timestamp): Day', (instant: Date) => dayOf(instant, timeZone))
  env.registerFunction('year(Day): Number', (day: CalendarDay) => exact(new Big(utc(day).getUTCFullYear())))
  env.registerFunction('month(Day): Number', (day: CalendarDay) => exact(new Big(utc(day).getUTCMonth() + 1)))
  env.registerFunction('day(Day): Number', (day: CalendarDay) => exact(new Big(utc(day).getUTCDate())))
  env.registerFunction('weekday(Day): Number', (day: CalendarDay) => exact(new Big(((utc(day).getUTCDay() + 6) % 7) + 1)))
}
