/** Instants as a clock on the wall shows them in a time zone, and back. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const found = formats.get(timeZone)
  if (found !== undefined) return found
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }
  const made = new Intl.DateTimeFormat('en-US', timeZone === '' ? options : { ...options, timeZone })
  formats.set(timeZone, made)
  return made
}

/** `YYYY-MM-DDTHH:mm` of an instant in a zone ('' = the browser's); '' when it is not an instant. */
export function toWall(instant: string, timeZone: string): string {
  const at = new Date(instant)
  return Number.isNaN(at.getTime()) ? '' : wallOf(at, timeZone).slice(0, 16)
}

function wallOf(at: Date, timeZone: string): string {
  const parts = Object.fromEntries(formatIn(timeZone).formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}`
}

/**
 * The instant (RFC 3339, UTC) when a clock in the zone shows `YYYY-MM-DDTHH:mm`. A time that the clock skips in spring is
 * moved forward by the gap; of a time that comes twice in autumn the first is meant. Null when it is no time.
 */
export function fromWall(wall: string, timeZone: string): string | null {
  const wanted = Date.parse(`${wall}Z`)
  if (Number.isNaN(wanted)) return null
  const offsetAt = (at: number): number => Date.parse(`${wallOf(new Date(at), timeZone)}Z`) - Math.floor(at / 1000) * 1000
  // The offset a day before and after bracket every change of the clock; the earlier fitting instant is the first one.
  const candidates = [wanted - offsetAt(wanted - 86_400_000), wanted - offsetAt(wanted + 86_400_000)]
  const fitting = candidates.filter((at) => at + offsetAt(at) === wanted)
  const chosen = fitting.length > 0 ? Math.min(...fitting) : (candidates[0] ?? wanted)
  return new Date(chosen).toISOString()
}
