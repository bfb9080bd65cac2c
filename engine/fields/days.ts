/** Days of the calendar as people write them. */
import type { Habits } from './contract.js'

/** True for a day of the proleptic Gregorian calendar in the years 1 to 9999, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))]
  return year > 0 && month > 0 && month < 13 && day > 0 && day <= lengthOf(year, month)
}

/** Days of a month. */
function lengthOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const yearFirst = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$/
const yearLast = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/

/**
 * `YYYY-MM-DD`; undefined when the text is no day. 03/04/2026 is two different days in two countries, so the year comes
 * first unless it is known how the author writes.
 */
export function readDay(written: string, order: Habits['dates'] = 'ymd'): string | undefined {
  const text = written.normalize('NFKC').trim()
  const [, year = '', month = '', day = ''] = yearFirst.exec(text) ?? inOrder(yearLast.exec(text), order) ?? []
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(value) ? value : undefined
}

function inOrder(parts: readonly string[] | null, order: Habits['dates']): readonly string[] | undefined {
  if (parts === null || order === 'ymd') return undefined
  const [all = '', first = '', second = '', year = ''] = parts
  return order === 'dmy' ? [all, year, second, first] : [all, year, first, second]
}
