/** Names of months and weekdays for the date pickers, from the browser's own locale data. */
import { language, t } from '../client/i18n.js'

export interface DateWords {
  readonly monthNames: readonly string[]
  readonly weekdays: readonly string[]
  readonly weekdaysShort: readonly string[]
  readonly firstDayOfWeek: number
  readonly today: string
  readonly cancel: string
  readonly formatDate: (date: { day: number; month: number; year: number }) => string
  readonly parseDate: (text: string) => { day: number; month: number; year: number } | undefined
}

const made = new Map<string, DateWords>()

/** Dates are typed and shown year first: that sorts, and nobody takes the day for the month. */
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
    firstDayOfWeek: 1,
    today: t('field.today'),
    cancel: t('cancel'),
    formatDate: ({ day, month, year }) => `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(day)}`,
    parseDate,
  }
  made.set(tag, words)
  return words
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Understands `2026-3-9`, `2026/03/09`, `2026.3.9`, `2026年3月9日` and `20260309`. */
function parseDate(text: string): { day: number; month: number; year: number } | undefined {
  const [, year, month, day] = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*$/.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return undefined
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (date.getUTCMonth() !== Number(month) - 1) return undefined
  return { day: date.getUTCDate(), month: date.getUTCMonth(), year: date.getUTCFullYear() }
}
