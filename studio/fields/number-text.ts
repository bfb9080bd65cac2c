/** Numbers as people type and paste them, read by the marks of their language. Pure. */
import { numberMarks, type NumberMarks } from '../client/i18n.js'

const currency = String.raw`(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})`
const written = new RegExp(String.raw`^(?:${currency}\s*)?(?<sign>[-+]?)\s*(?:${currency}\s*)?(?<digits>[\d., ]*[\d.,])(?:[eE](?<exponent>[-+]?\d{1,4}))?\s*(?:${currency}|[元圆块円원%])?$`, 'u')

/**
 * The number that a text stands for, with signs of currencies, per cent and groups; undefined when it is none. Comma and point are
 * both read where only one meaning is possible: `12,5` and `1.234,5` in every language, `12,500` as the language writes it. Digits
 * that could not all be kept make no number: another one would be stored than the one that was typed.
 */
export function readNumber(text: string, marks: NumberMarks = numberMarks()): number | undefined {
  const latin = inLatin(text, marks)
  const inBrackets = /^\((.*)\)$/.exec(latin)?.[1] // how accountants write what is less than nothing
  const { sign, digits, exponent = '0' } = written.exec(inBrackets ?? latin)?.groups ?? {}
  const plain = digits === undefined ? undefined : withPoint(digits, marks)
  if (plain === undefined) return undefined
  const value = Number(`${plain}e${exponent}`)
  if (!Number.isFinite(value) || significant(plain) !== significant(String(value))) return undefined
  const isNegative = value !== 0 && (sign === '-') !== (inBrackets !== undefined)
  return isNegative ? -value : value
}

/** The number as it is typed in the language: every digit, no groups. `readNumber` takes it back. */
export const writeNumber = (value: number, { decimal }: NumberMarks = numberMarks()): string => String(value).replace('.', decimal)

/** One spelling for digits, minus, comma, point and what is put between groups, whatever keyboard they are from. */
const inLatin = (text: string, { digits }: NumberMarks): string =>
  text.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => (digits.includes(digit) ? String(digits.indexOf(digit)) : digit))
    .replace(/[\u061C\u200E\u200F]/g, '').replace(/[−–]/g, '-').replace(/[٫。]/g, '.').replaceAll('٬', ',').replace(/[\s'’_]/g, ' ').trim()

/** Digits with one point and no groups; undefined when the marks between them make no sense or more than one. */
function withPoint(text: string, marks: NumberMarks): string | undefined {
  const used = [...new Set(text.replace(/\d/g, ''))]
  const last = used.at(-1) ?? ' '
  const isOnce = last !== ' ' && text.split(last).length === 2
  // A group of three after the only mark: the language knows what it is, or nobody does.
  if (isOnce && used.length === 1 && isGrouped(text) && !text.startsWith('0') && last !== inLatin(marks.decimal, marks)) {
    return last === inLatin(marks.group, marks) ? text.replace(last, '') : undefined
  }
  const [whole = '', fraction = ''] = isOnce ? text.split(last) : [text]
  return /\d/.test(text) && (/^\d*$/.test(whole) || isGrouped(whole)) ? `${whole.replace(/\D/g, '')}.${fraction}` : undefined
}

/** Groups of three by one mark; in India of two, but for the last. */
const isGrouped = (text: string): boolean => /^\d{1,3}([., ])\d{3}(?:\1\d{3})*$/.test(text) || /^\d{1,2}([., ])(?:\d{2}\1)*\d{3}$/.test(text)

/** The digits that tell a number from its neighbours. */
const significant = (plain: string): string => (plain.split('e')[0] ?? '').replace(/\D/g, '').replace(/^0+|0+$/g, '')
