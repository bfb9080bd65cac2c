/**
 * Relative times in conditions: `now`, `now-90d`, `now+2h`, `now/d` (start of the day), `now-1M/M` (start of last month).
 * Steps run from left to right. Units: s m h d w M y; weeks begin on Monday. Days and longer units are those of the
 * caller's calendar, so that `now-1d` is the same time of day also when the clocks changed in between.
 */

type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'y'

const grammar = /^now(?:(?:[+-]\d{1,6}|\/)[smhdwMy]){0,8}$/
const step = /([+-]\d+|\/)([smhdwMy])/g

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Results stay within the years that dates and instants may have. */
const earliest = Date.parse('0001-01-02T00:00:00.000Z')
const latest = Date.parse('9999-12-30T00:00:00.000Z')

/** True for an expression that `resolveRelative` understands. */
export const isRelative = (text: string): boolean => grammar.test(text)

/**
 * The date (`YYYY-MM-DD` in the zone) or the instant (UTC with milliseconds) that the expression means.
 * @param timeZone IANA name @throws RangeError for another text or an unknown zone
 */
export function resolveRelative(expression: string, now: Date, timeZone: string, as: 'date' | 'instant'): string {
  if (!isRelative(expression)) throw new RangeError(`not a relative time: ${expression}`)
  let time = now.getTime()
  for (const [, amount = '', unit] of expression.matchAll(step)) {
    const moved = amount === '/' ? startOf(time, unit as Unit, timeZone) : plus(time, Number(amount), unit as Unit, timeZone)
    time = Math.min(latest, Math.max(earliest, moved))
  }
  return as === 'instant' ? new Date(time).toISOString() : new Date(toLocal(time, timeZone)).toISOString().slice(0, 10)
}

function plus(time: number, amount: number, unit: Unit, timeZone: string): number {
  const exact = { s: second, m: minute, h: hour }[unit as string]
  if (exact !== undefined) return time + amount * exact
  const local = toLocal(time, timeZone)
  const days = { d: 1, w: 7 }[unit as string]
  const moved = days === undefined ? plusMonths(local, amount * (unit === 'y' ? 12 : 1)) : local + amount * days * day
  const beyond = amount < 0 ? earliest : latest
  return fromLocal(Number.isNaN(moved) ? beyond : Math.min(latest, Math.max(earliest, moved)), timeZone)
}

/** The same day of another month, or its last day when it is shorter. */
function plusMonths(local: number, months: number): number {
  const from = new Date(local)
  const first = new Date(local)
  first.setUTCDate(1)
  first.setUTCMonth(first.getUTCMonth() + months)
  const last = new Date(first)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  return first.setUTCDate(Math.min(from.getUTCDate(), last.getUTCDate()))
}

function startOf(time: number, unit: Unit, timeZone: string): number {
  const local = toLocal(time, timeZone)
  // Taken off the instant, so that the repeated hour at the end of summer time stays the one that it is.
  const within = { s: second, m: minute, h: hour }[unit as string]
  if (within !== undefined) return time - modulo(local, within)
  const start = new Date(local - modulo(local, day))
  if (unit === 'w') start.setUTCDate(start.getUTCDate() - ((start.getUTCDay() + 6) % 7))
  if (unit === 'M' || unit === 'y') start.setUTCDate(1)
  if (unit === 'y') start.setUTCMonth(0)
  return fromLocal(start.getTime(), timeZone)
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by

/** What a clock on the wall of the zone shows, as if it were UTC. */
const toLocal = (time: number, timeZone: string): number => time + offsetAt(time, timeZone)

/** The moment when the clock shows `local`: the first one where it does twice, the moment after the gap where it never does. */
function fromLocal(local: number, timeZone: string): number {
  const before = offsetAt(local - day, timeZone)
  const after = offsetAt(local + day, timeZone)
  const shown = [local - before, local - after].filter((time) => toLocal(time, timeZone) === local)
  return shown.length > 0 ? Math.min(...shown) : local - before
}

/** The moment (UTC with milliseconds) when the clock of a zone shows `YYYY-MM-DDTHH:mm:ss`. */
export const momentAt = (local: string, timeZone: string): string => new Date(fromLocal(Date.parse(`${local}Z`), timeZone)).toISOString()

/** True for a zone that there is, by its IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function offsetAt(time: number, timeZone: string): number {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    if (clocks.size > 600) clocks.clear() // there are fewer zones than that; only odd spellings could fill it
    clocks.set(timeZone, clock)
  }
  const shown: Record<string, number> = {}
  for (const part of clock.formatToParts(time)) shown[part.type] = Number(part.value)
  const { year = 0, month = 1, day: date = 1, hour: hours = 0, minute: minutes = 0, second: seconds = 0 } = shown
  const local = new Date(0)
  local.setUTCFullYear(year, month - 1, date)
  local.setUTCHours(hours, minutes, seconds)
  return local.getTime() - (time - modulo(time, second))
}
