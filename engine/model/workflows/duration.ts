/** Lengths of time as the DSL writes them, in milliseconds. */
import type { WorkflowDuration } from '../../../metadata/contract/definitions.gen.js'

const units = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000, milliseconds: 1 } as const
/** A month has no length of its own: it counts as 30 days, a year as 365. */

const iso = /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$/

/** Longer is not waited for: 100 years. */
const longest = 36_500 * units.days

/** Milliseconds of `P1DT2H30M`; undefined for any other text. */
export function isoMilliseconds(text: string): number | undefined {
  const match = iso.exec(text.trim())
  if (match === null) return undefined
  const [, years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.map(Number).map((part) => (Number.isNaN(part) ? 0 : part))
  const sum = years * 365 * units.days + months * 30 * units.days + weeks * 7 * units.days + days * units.days + hours * units.hours + minutes * units.minutes + Math.round(seconds * units.seconds)
  return sum <= longest ? sum : undefined
}

/** Milliseconds of a duration that is no expression; undefined when it is none. */
export function milliseconds(duration: WorkflowDuration): number | undefined {
  if (typeof duration === 'string') return isoMilliseconds(duration)
  const sum = Object.entries(units).reduce((total, [unit, size]) => total + (duration[unit as keyof typeof units] ?? 0) * size, 0)
  return sum <= longest ? sum : undefined
}
