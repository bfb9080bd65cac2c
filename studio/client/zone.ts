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
  const [first] = instantsOf(wanted, timeZone)
  return new Date(first ?? wanted - offsetAt(wanted - day, timeZone)).toISOString()
}

/** Both instants whose clocks show the same as at `instant`, the earlier first; null when the time is there once. */
export function twinsOf(instant: string, timeZone: string): readonly [string, string] | null {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return null
  const [first, second] = instantsOf(at + offsetAt(at, timeZone), timeZone)
  return first === undefined || second === undefined ? null : [new Date(first).toISOString(), new Date(second).toISOString()]
}

/** The walls between which the clock jumped forward within the hours before `instant`; null when it did not. */
export function gapBefore(instant: string, timeZone: string): { readonly from: string; readonly to: string } | null {
  const at = Date.parse(instant)
  if (Number.isNaN(at) || offsetAt(at, timeZone) <= offsetAt(at - nearby, timeZone)) return null
  let low = at - nearby
  let high = at
  const before = offsetAt(low, timeZone)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle, timeZone) === before) low = middle
    else high = middle
  }
  const jump = high
  return { from: new Date(jump + before).toISOString().slice(0, 16), to: toWall(new Date(jump).toISOString(), timeZone) }
}

/** The zone as people write it at a moment, such as `GMT+2`: tells apart the two times that a clock shows twice. */
export function offsetName(instant: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', { ...(timeZone === '' ? {} : { timeZone }), timeZoneName: 'shortOffset' })
  return format.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

/** The zone that a browser stands in. */
export const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

const day = 86_400_000
/** No clock jumps by more, and who types a time in the gap gets one that is not further behind it. */
const nearby = 2 * 3_600_000

const offsetAt = (at: number, timeZone: string): number => Date.parse(`${wallOf(new Date(at), timeZone)}Z`) - Math.floor(at / 1000) * 1000

/** The moments when a clock shows `local` (as if it were UTC): none, one or two, in their order. */
function instantsOf(local: number, timeZone: string): readonly number[] {
  // The offsets a day before and after bracket every change of the clock.
  const candidates = new Set([local - offsetAt(local - day, timeZone), local - offsetAt(local + day, timeZone)])
  return [...candidates].filter((at) => at + offsetAt(at, timeZone) === local).toSorted((a, b) => a - b)
}
