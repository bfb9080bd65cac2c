/** Bars that are drawn with a mouse or a pen: as a whole, or by one of their ends. Fingers scroll, and open the record. */
import { dayAfter, daysBetween } from '../client/days.js'
import type { Period } from '../calendars/placed.js'

/** What of a bar is held: all of it, or the end that is on its first or its last day. */
export type Grip = 'whole' | 'first' | 'last'

/** So many days later, by what is held; a bar lasts a day at least. */
export function drawn({ first, last }: Period, grip: Grip, days: number): Period {
  if (grip === 'whole') return { first: dayAfter(first, days), last: dayAfter(last, days) }
  const length = daysBetween(first, last)
  return grip === 'first' ? { first: dayAfter(first, Math.min(days, length)), last } : { first, last: dayAfter(last, Math.max(days, -length)) }
}

/** A pointer that moves less than this has clicked. */
const clickPx = 4

/** Follows the pointer from where it went down until it lets go; Escape puts everything back. Told of the days that it has gone, and how it ended. */
export function followPointer(down: PointerEvent, dayPx: number, moved: (days: number) => void, ended: (days: number | null) => void): void {
  const listening = new AbortController()
  const forward = document.documentElement.dir === 'rtl' ? -1 : 1
  let going = false
  let days = 0
  const end = (result: number | null): void => {
    listening.abort()
    // The click that follows would open the record.
    if (going) window.addEventListener('click', (event) => event.preventDefault(), { capture: true, once: true, signal: AbortSignal.timeout(50) })
    ended(going ? result : null)
  }
  const on = <K extends 'pointermove' | 'pointerup' | 'pointercancel' | 'keydown'>(name: K, heard: (event: WindowEventMap[K]) => void): void => window.addEventListener(name, heard, { capture: true, signal: listening.signal })
  on('pointermove', ({ clientX }) => {
    const px = (clientX - down.clientX) * forward
    going ||= Math.abs(px) > clickPx
    if (!going) return
    days = Math.round(px / dayPx)
    moved(days)
  })
  on('pointerup', () => end(days))
  on('pointercancel', () => end(null))
  on('keydown', (event) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    end(null)
  })
}
