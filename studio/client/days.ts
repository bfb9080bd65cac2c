/** Days of the calendar, `YYYY-MM-DD`: they have no zone and never shift. Pure but for the clock. */
import { toWall } from './zone.js'

const dayMs = 86_400_000

/** The day that a moment falls on in a zone ('' for the browser's); '' when it is no moment. */
export const dayOf = (instant: string, timeZone: string): string => toWall(instant, timeZone).slice(0, 10)

/** The day that it is now in a zone ('' for the browser's). */
export const todayIn = (timeZone: string, now: Date = new Date()): string => dayOf(now.toISOString(), timeZone)

/** So many days after a day. */
export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** How many days the second is after the first. */
export const daysBetween = (first: string, second: string): number => (Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / dayMs

/** 1 for Monday to 7 for Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/** Newer browsers tell it by a method, older ones by a property, some not at all. */
type LocaleWithWeeks = Intl.Locale & { readonly getWeekInfo?: () => { readonly firstDay: number }; readonly weekInfo?: { readonly firstDay: number } }

/** The weekday that weeks begin with where a locale is spoken: 1 for Monday, as it is where nothing is known, to 7 for Sunday. */
export function firstWeekday(locale: string): number {
  const known: LocaleWithWeeks = new Intl.Locale(locale)
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1
}
