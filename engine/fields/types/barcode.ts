/** The number under a bar code or on a card, with its check digit: GTIN (GS1) and cards (Luhn). Kept as digits, zeros in front too. */
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema } from '../keywords.js'
import { foldedText } from '../text-column.js'

type BarcodeOptions = { readonly kind: string }

/** How many digits the numbers of a kind have, and whether their last digit is right. */
interface Kind {
  readonly lengths: readonly number[]
  readonly isValid: (digits: string) => boolean
  /** What is wrong with the check digit, as the end of a sentence. For cards it must not help to guess one. */
  readonly wrong: (digits: string) => string
}

/** GS1: weights 3 and 1 in turn, from the right; the sum is a multiple of ten. */
function gs1Digit(digits: string): number {
  const sum = [...digits].toReversed().slice(1).reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0)
  return (10 - (sum % 10)) % 10
}

/** Luhn (ISO/IEC 7812): every second digit doubled, from the right; the sum of all digits is a multiple of ten. */
const isLuhn = (digits: string): boolean =>
  [...digits].toReversed().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0) % 10 === 0

const gtin = (...lengths: readonly number[]): Kind => ({
  lengths,
  isValid: (digits) => gs1Digit(digits) === Number(digits.at(-1)),
  wrong: (digits) => `has a wrong check digit: it would end in ${String(gs1Digit(digits))} if the other digits are right`,
})

const kinds: Readonly<Record<string, Kind>> = {
  gtin: gtin(8, 12, 13, 14),
  gtin8: gtin(8),
  gtin12: gtin(12),
  gtin13: gtin(13),
  gtin14: gtin(14),
  card: {
    lengths: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    isValid: isLuhn,
    wrong: () => 'is no valid card number: a digit is wrong or two are exchanged',
  },
}

const kindOf = (options: BarcodeOptions): Kind => kinds[options.kind] ?? gtin(8, 12, 13, 14)

export const barcode: FieldType<BarcodeOptions, string> = {
  ...foldedText,
  name: 'barcode',
  options: optionsSchema(
    { kind: { enum: Object.keys(kinds), default: 'gtin', title: 'Kind of number', description: 'gtin: article numbers of 8, 12, 13 or 14 digits (EAN, UPC). card: card numbers with a check digit (Luhn).' } },
    ['kind'],
  ),
  infer: (property, named) => (named ? { kind: 'gtin', ...optionsOf(property, [], ['kind']) } : undefined),
  schema: () => ({ type: 'string', minLength: 1, maxLength: 40 }),
  canonical: (value: Json) => (typeof value === 'string' ? plain(value) : value),
  operand: (value, operator) => foldedText.operand(typeof value === 'string' ? plain(value) : value, operator),
  check: problem,
  parse: (written, options) => (problem(plain(written), options) === undefined ? plain(written) : undefined),
  format: (value) => value,
  mask: (value) => `****${value.slice(-4)}`,
  examples: [
    { options: { kind: 'gtin' }, value: '4006381333931', text: '4006381333931' },
    { options: { kind: 'gtin' }, value: '96385074', text: '96385074' },
    { options: { kind: 'gtin12' }, value: '036000291452', text: '036000291452' },
    { options: { kind: 'gtin14' }, value: '10614141000415', text: '10614141000415' },
    { options: { kind: 'card' }, value: '79927398713', text: '79927398713' },
    { options: { kind: 'card' }, value: '6200000000000005', text: '6200000000000005' },
  ],
}

/** Digits as they are scanned; people group them by spaces and dashes. */
const plain = (written: string): string => written.normalize('NFKC').replaceAll(/[\s\-\u2010-\u2015]/gu, '')

function problem(digits: string, options: BarcodeOptions): string | undefined {
  const kind = kindOf(options)
  if (!/^\d+$/.test(digits)) return 'must consist of digits only'
  if (!kind.lengths.includes(digits.length)) return `must have ${lengthsText(kind.lengths)} digits, not ${String(digits.length)}`
  return kind.isValid(digits) ? undefined : kind.wrong(digits)
}

const lengthsText = (lengths: readonly number[]): string =>
  lengths.length > 4 ? `${String(lengths[0])} to ${String(lengths.at(-1))}` : lengths.join(', ').replace(/, (\d+)$/, ' or $1')
