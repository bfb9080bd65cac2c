/**
 * Local time in SQL without a zone database in the database (SQLite has none, PostgreSQL's may be of another year): the
 * offsets of the zone in the span of the data are written into the statement.
 */
const second = 1000
const day = 86_400_000
/** Zones change their offset at most a few times a year: two steps never fall between the same two probes. */
const probe = 7 * day

/** From `from` (milliseconds, UTC) on the zone's clocks are `offset` milliseconds ahead of UTC. */
export interface Offset {
  readonly from: number
  readonly offset: number
}

/** The offsets of a zone between two moments, the first one in force at `start`. @throws RangeError for an unknown zone */
export function offsetsBetween(timeZone: string, start: number, end: number): readonly Offset[] {
  const clock = clockOf(timeZone)
  const offsets: Offset[] = [{ from: start, offset: offsetAt(clock, start) }]
  for (let time = start; time < end; time += probe) {
    const next = Math.min(time + probe, end)
    const before = offsets.at(-1)?.offset ?? 0
    const after = offsetAt(clock, next)
    if (after !== before) offsets.push({ from: changeBetween(clock, time, next, before), offset: after })
  }
  return offsets
}

function changeBetween(clock: Intl.DateTimeFormat, start: number, end: number, before: number): number {
  let low = Math.floor(start / second)
  let high = Math.ceil(end / second)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(clock, middle * second) === before) low = middle
    else high = middle
  }
  return high * second
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    if (clocks.size > 100) clocks.clear()
    clocks.set(timeZone, clock)
  }
  return clock
}

function offsetAt(clock: Intl.DateTimeFormat, time: number): number {
  const parts = new Map(clock.formatToParts(time).map(({ type, value }) => [type, value]))
  const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name))
  const local = new Date(0)
  local.setUTCFullYear(parts.get('era') === 'BC' ? 1 - number('year') : number('year'), number('month') - 1, number('day'))
  local.setUTCHours(number('hour'), number('minute'), number('second'))
  return local.getTime() - Math.floor(time / second) * second
}
