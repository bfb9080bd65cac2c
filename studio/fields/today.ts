/**
 * Today in date pickers: the person's day, not the one of the computer they sit at. Vaadin's calendar asks two methods of
 * its own for it and offers no setting; a journey at the screen tells when a new version no longer asks them.
 */
import { toWall } from '../client/zone.js'

let zone = ''
let told = false

/** From now on "Today" is the day in this zone ('' = the browser's). */
export function todayIn(timeZone: string): void {
  zone = timeZone
  if (told) return
  const [content, month] = ['vaadin-date-picker-overlay-content', 'vaadin-month-calendar'].map((name) => customElements.get(name)?.prototype as object | undefined)
  if (content === undefined || month === undefined) return
  Object.defineProperty(content, '_getTodayMidnight', { configurable: true, value: today })
  Object.defineProperty(month, '_isToday', { configurable: true, value: (date: Date | null) => date?.toDateString() === today().toDateString() })
  told = true
}

/** Midnight of that day on the browser's clock: dates without a zone are kept like this by the calendar. */
function today(): Date {
  const [year = 0, month = 1, day = 1] = toWall(new Date().toISOString(), zone).slice(0, 10).split('-').map(Number)
  return new Date(year, month - 1, day)
}
