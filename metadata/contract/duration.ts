/**
 * Lengths of time: on the wire ISO 8601 in one spelling (`PT1H30M`), compared and added as whole seconds. Only hours,
 * minutes and seconds stand in that spelling: how long a month is depends on the month, and a day on the clock change.
 */

/** The longest that is kept, in seconds: a million hours. */
export const longestDuration = 3_600_000_000

/** Seconds of a duration in its one spelling; undefined for any other text. */
export function secondsIn(text: string): number | undefined {
  if (!text.startsWith('PT')) return undefined // asked of every text that is compared
  const [, hours, minutes, seconds] = /^PT(?:(\d{1,7})H)?(?:([1-5]?\d)M)?(?:([1-5]?\d)S)?$/.exec(text) ?? []
  if (hours === undefined && minutes === undefined && seconds === undefined) return undefined
  const sum = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  return durationOf(sum) === text ? sum : undefined
}

/** The one spelling of a number of seconds, which must be whole and not negative. */
export function durationOf(seconds: number): string {
  const { hours, minutes, rest } = split(seconds)
  const parts = `${hours > 0 ? `${String(hours)}H` : ''}${minutes > 0 ? `${String(minutes)}M` : ''}${rest > 0 ? `${String(rest)}S` : ''}`
  return `PT${parts === '' ? '0S' : parts}`
}

/** As people write it: `1h 30m`, `45s`. */
export function durationText(seconds: number): string {
  const { hours, minutes, rest } = split(seconds)
  const parts = [hours > 0 ? `${String(hours)}h` : '', minutes > 0 ? `${String(minutes)}m` : '', rest > 0 ? `${String(rest)}s` : ''].filter((part) => part !== '')
  return parts.length === 0 ? '0s' : parts.join(' ')
}

const split = (seconds: number): { readonly hours: number; readonly minutes: number; readonly rest: number } =>
  ({ hours: Math.floor(seconds / 3600), minutes: Math.floor((seconds % 3600) / 60), rest: seconds % 60 })

const unitSeconds: Readonly<Record<string, number>> = {
  w: 604_800, week: 604_800, weeks: 604_800, 周: 604_800, 星期: 604_800,
  d: 86_400, day: 86_400, days: 86_400, 天: 86_400, 日: 86_400,
  h: 3600, hr: 3600, hrs: 3600, hour: 3600, hours: 3600, 小时: 3600, 时: 3600, 个小时: 3600,
  m: 60, min: 60, mins: 60, minute: 60, minutes: 60, 分: 60, 分钟: 60,
  s: 1, sec: 1, secs: 1, second: 1, seconds: 1, 秒: 1, 秒钟: 1,
}

/**
 * Seconds that a person or a file meant: `1h 30m`, `1.5 h`, `1:30` (hours and minutes), `1:30:15`, `90 min`, `2小时30分`,
 * and ISO 8601 with weeks, days (of 24 hours), hours, minutes and seconds. A bare number says no unit and is refused.
 */
export function readDuration(written: string): number | undefined {
  const text = written.normalize('NFKC').trim().toLowerCase()
  if (text.length > 60) return undefined
  const seconds = clock(text) ?? iso(text) ?? words(text)
  return seconds !== undefined && Number.isInteger(seconds) && seconds <= longestDuration ? seconds : undefined
}

function clock(text: string): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,7}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? []
  return hours === undefined || minutes === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

function iso(text: string): number | undefined {
  const [, date, time] = /^p((?:\d+w)?(?:\d+d)?)(?:t((?:\d+h)?(?:\d+m)?(?:\d+s)?))?$/.exec(text) ?? []
  if (`${date ?? ''}${time ?? ''}` === '' || time === '') return undefined
  return words(`${date ?? ''}${time ?? ''}`)
}

/** Numbers with their units, the larger unit first, each unit once. */
function words(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,12}(?:\.\d{1,4})?)\s*(\p{L}+)[\s,]*/gu)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  let sum = 0
  let last = Infinity
  for (const [, amount = '', unit = ''] of parts) {
    const size = unitSeconds[unit]
    if (size === undefined || size >= last) return undefined
    last = size
    // In ten-thousandths, so that 1.1 h is 3960 seconds and no binary fraction away from it.
    sum += Math.round(Number(amount) * 10_000) * size
  }
  return sum / 10_000
}
