/** Days and times in workbooks: numbers that only their format tells from others. */

/** Formats without a code of their own that are dates or times (ECMA-376, 18.8.30; those from 27 on in East Asian versions). */
const builtIn = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** @param formats codes of the workbook by their id */
export function isDateFormat(id: number, formats: ReadonlyMap<number, string>): boolean {
  const code = formats.get(id)
  if (code === undefined) return builtIn(id)
  // Quoted text, escaped characters, and [colours] say nothing; [h] is a duration in hours.
  const bare = code.replace(/"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare)
}

const dayMilliseconds = 86_400_000

/** `2026-07-01`, `2026-07-01T08:30:00` (workbooks know no zones), or `08:30:00` for a time without a day. */
export function dateText(serial: number, from1904: boolean): string {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_465.999_999) return String(serial)
  // The calendar of 1900 has a 29 February that never was, as number 60.
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30)
  const time = new Date(start + Math.round(serial * dayMilliseconds)).toISOString()
  if (Number.isInteger(serial)) return time.slice(0, 10)
  return serial < 1 ? time.slice(11, 19) : time.slice(0, 19)
}
