/** How the author of a file writes days, numbers and times: guessed from what stands in it, and from who sends it. */
import type { Habits } from '../../fields/contract.js'
import type { Actor } from '../../permissions/actor.js'
import type { Reading, SourceRow } from './files/reading.js'

const dayLike = /^(\d{1,2})([-/.])(\d{1,2})\2\d{4}\b/
/** What only one way of writing numbers allows. */
const commaDecimal = /^[+-]?(?:\d{1,3}(?:[. ]\d{3})+|\d+),(?:\d{1,2}|\d{4,})$/
const pointDecimal = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})$/

/** @param rows some rows with data */
export function guessHabits(rows: readonly SourceRow[], { format }: Reading, { locale, timeZone }: Pick<Actor, 'locale' | 'timeZone'>): Habits {
  const cells = rows.flatMap((row) => row.cells.map((cell) => cell.normalize('NFKC').trim()))
  return { dates: dateOrder(cells, locale), decimal: format === 'csv' ? decimalMark(cells) : '.', timeZone }
}

function dateOrder(cells: readonly string[], locale: string): Habits['dates'] {
  const days = cells.flatMap((cell) => {
    const [, first = '', mark = '', second = ''] = dayLike.exec(cell) ?? []
    return mark === '' ? [] : [{ first: Number(first), mark, second: Number(second) }]
  })
  if (days.length === 0) return 'ymd'
  if (days.some(({ first }) => first > 12)) return 'dmy'
  if (days.some(({ second }) => second > 12)) return 'mdy'
  return locale === 'en-US' && days.every(({ mark }) => mark !== '.') ? 'mdy' : 'dmy'
}

function decimalMark(cells: readonly string[]): Habits['decimal'] {
  const written = (pattern: RegExp): number => cells.filter((cell) => pattern.test(cell)).length
  return written(commaDecimal) > written(pointDecimal) ? ',' : '.'
}
