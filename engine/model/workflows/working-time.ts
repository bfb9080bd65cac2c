/** Hours of work: when so much of it will have passed. Pure. */
import type { CalendarDefinition } from '../../../metadata/contract/definitions.gen.js'
import { momentAt, resolveRelative } from '../../../metadata/contract/time.js'

/** Of the schema of calendars, Sunday first as weekdays are numbered. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Who has no hour of work in so many days will not have one. */
const daysMost = 3_660
const dayMilliseconds = 86_400_000

/**
 * The moment at which `seconds` of work will have passed since `from`; without a calendar all time counts. Null when the calendar has no
 * such moment in ten years.
 * @param timeZone IANA name of the zone of a calendar that names none
 */
export function afterWork(from: Date, seconds: number, calendar: CalendarDefinition | undefined, timeZone: string): Date | null {
  if (calendar === undefined) return new Date(from.getTime() + seconds * 1000)
  const zone = calendar.timeZone ?? timeZone
  const holidays = new Set(calendar.holidays ?? [])
  const first = Date.parse(`${resolveRelative('now', from, zone, 'date')}T12:00:00Z`)
  let left = seconds * 1000
  for (let day = 0; day < daysMost; day++) {
    const noon = new Date(first + day * dayMilliseconds)
    const date = noon.toISOString().slice(0, 10)
    if (holidays.has(date)) continue
    for (const [begins, ends] of spansOn(noon, date, calendar, zone)) {
      const begin = Math.max(begins, from.getTime())
      if (ends <= begin) continue
      if (ends - begin >= left) return new Date(begin + left)
      left -= ends - begin
    }
  }
  return null
}

/** The spans of work of a day in their order, as moments. */
function spansOn(noon: Date, date: string, { hours }: CalendarDefinition, zone: string): readonly (readonly [number, number])[] {
  const spans = hours[weekdays[noon.getUTCDay()] ?? 'sun'] ?? []
  return spans.map(({ from, to }) => [moment(date, from, zone), moment(date, to, zone)] as const).toSorted(([a], [b]) => a - b)
}

/** `24:00` is the end of the day. */
function moment(date: string, time: string, zone: string): number {
  if (time !== '24:00') return Date.parse(momentAt(`${date}T${time}:00`, zone))
  const next = new Date(Date.parse(`${date}T12:00:00Z`) + dayMilliseconds).toISOString().slice(0, 10)
  return Date.parse(momentAt(`${next}T00:00:00`, zone))
}
