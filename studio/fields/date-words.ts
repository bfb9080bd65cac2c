/** How date pickers write and read: names of months and weekdays from the browser's own locale data, days as lists write them. */
import { firstWeekday } from '../client/days.js'
import { day, language, localeOf, t } from '../client/i18n.js'

export interface DateWords {
  readonly monthNames: readonly string[]
  readonly weekdays: readonly string[]
  readonly weekdaysShort: readonly string[]
  /** From 0 for Sunday. */
  readonly firstDayOfWeek: number
  readonly today: string
  readonly cancel: string
  readonly formatDate: (date: CalendarDay) => string
  readonly parseDate: (text: string) => CalendarDay | undefined
}

const made = new Map<string, DateWords>()

export function dateWords(): DateWords {
  const tag = language.value
  const found = made.get(tag)
  if (found !== undefined) return found
  const named = (options: Intl.DateTimeFormatOptions, dates: readonly Date[]): readonly string[] => {
    const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })
    return dates.map((date) => format.format(date))
  }
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month, 1)))
  // 7 January 2024 was a Sunday, the first day that the pickers want.
  const days = Array.from({ length: 7 }, (_, index) => new Date(Date.UTC(2024, 0, 7 + index)))
  const words: DateWords = {
    monthNames: named({ month: 'long' }, months),
    weekdays: named({ weekday: 'long' }, days),
    weekdaysShort: named({ weekday: tag === 'zh' ? 'narrow' : 'short' }, days),
    firstDayOfWeek: firstWeekday(localeOf()) % 7,
    today: t('field.today'),
    cancel: t('cancel'),
    // Years of less than four digits would be taken for days when they are read again. Pickers write from left to right, where marks of direction turn the parts around.
    formatDate: (date) => (date.year < 1000 ? isoDay(date) : day(isoDay(date)).replaceAll(/[\u061c\u200e\u200f]/g, '')),
    parseDate: parseDay,
  }
  made.set(tag, words)
  return words
}

/** A day as it is written in the data. */
export interface CalendarDay {
  readonly day: number
  /** From 0. */
  readonly month: number
  readonly year: number
}

const two = (value: number): string => String(value).padStart(2, '0')

export const isoDay = ({ day: of, month, year }: CalendarDay): string => `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(of)}`

/**
 * Understands what is shown; ISO 8601 and its relatives (`2026-3-9`, `2026/03/09`, `2026年3月9日`, `20260309`); a month by its name, also cut short
 * (`9 mar 2026`); and numbers in the order of the reader's region (`3/9/2026`). The year has four digits: nobody takes the day for it.
 */
export function parseDay(text: string): CalendarDay | undefined {
  const [, year, month, of] = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*$/.exec(text) ?? []
  if (year !== undefined) return existing(year, month, of)
  const numbers = text.match(/\d+/g) ?? []
  const named = monthIn(text)
  if (named !== 0) return numbers.length !== 2 ? undefined : existing(numbers.find(isYear), String(named), numbers.find((one) => !isYear(one)))
  if (numbers.length !== 3 || /\p{L}/u.test(text)) return undefined
  const [first, second, third = ''] = numbers
  if (!isYear(third)) return undefined
  return isDayFirst() ? existing(third, second, first) : existing(third, first, second)
}

const isYear = (digits: string): boolean => digits.length === 4

/** From 1; 0 where none is named. */
function monthIn(text: string): number {
  const names = dateWords().monthNames.map((name) => name.toLowerCase())
  const found = (text.toLowerCase().match(/\p{L}{3,}/gu) ?? []).map((word) => names.findIndex((name) => name.startsWith(word)) + 1)
  return found.find((month) => month > 0) ?? 0
}

function isDayFirst(): boolean {
  const parts = new Intl.DateTimeFormat(localeOf(), { dateStyle: 'short' }).formatToParts().map(({ type }) => type)
  return parts.indexOf('day') < parts.indexOf('month')
}

/** Undefined for a day that is in no calendar. */
function existing(year: string | undefined, month: string | undefined, of: string | undefined): CalendarDay | undefined {
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(of)) // Date.UTC takes years below 100 for those of the last century
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(of)) return undefined
  return { day: date.getUTCDate(), month: date.getUTCMonth(), year: date.getUTCFullYear() }
}
