/** An amount in one currency, kept exactly with the currency's own number of digits. */
import type { FieldType } from '../contract.js'
import { keywordOptions, optionsOf, optionsSchema, picked, settingsOf } from '../keywords.js'
import { fitsScale, formatNumber, largest, parseNumber, withScale } from '../number-column.js'

/**
 * Currencies whose minor unit is not a hundredth (ISO 4217). A table of our own: the scale decides how amounts are
 * stored, so it must not change with the version of the runtime's locale data.
 */
const minorDigits: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
])

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const

type MoneyOptions = {
  readonly currency: string
  readonly taxMode?: 'none' | 'included' | 'excluded'
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

const scaleOf = (options: MoneyOptions): number => minorDigits.get(options.currency) ?? 2

export const money: FieldType<MoneyOptions, number> = {
  ...withScale(scaleOf),
  name: 'money',
  options: optionsSchema(
    {
      currency: { type: 'string', pattern: '^[A-Z]{3}$', title: 'Currency', description: 'Three letters (ISO 4217), such as CNY or USD.' },
      taxMode: { enum: ['none', 'included', 'excluded'], default: 'none', title: 'Tax', description: 'Whether the amount includes tax.' },
      minimum: keywordOptions.minimum,
      maximum: keywordOptions.maximum,
      exclusiveMinimum: keywordOptions.exclusiveMinimum,
      exclusiveMaximum: keywordOptions.exclusiveMaximum,
    },
    ['currency'],
  ),
  infer: (property, named) => (named && typeof settingsOf(property).currency === 'string' ? optionsOf(property, limits, ['currency', 'taxMode']) as MoneyOptions : undefined),
  schema: (options) => ({ type: 'number', minimum: -largest(scaleOf(options)), maximum: largest(scaleOf(options)), ...picked(options, limits) }),
  parse: (written, options, habits) => {
    const value = parseNumber(withoutCurrency(written, options.currency), habits?.decimal)
    return value !== undefined && fitsScale(value, scaleOf(options)) ? value : undefined
  },
  format: (value, options) => formatNumber(value, scaleOf(options), true),
  examples: [
    { options: { currency: 'CNY' }, value: 1234.5, text: '1234.50' },
    { options: { currency: 'USD', taxMode: 'included', minimum: 0 }, value: 0.1, text: '0.10' },
    { options: { currency: 'JPY' }, value: -500, text: '-500' },
    { options: { currency: 'KWD' }, value: 0.125, text: '0.125' },
    { options: { currency: 'EUR' }, value: 9999999999999.99, text: '9999999999999.99' },
  ],
}

/** Leaves out the field's own currency, as a code or a sign. Another currency stays, so that it is refused. */
function withoutCurrency(written: string, currency: string): string {
  const plain = written.normalize('NFKC').trim()
  const sign = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0).find((part) => part.type === 'currency')?.value
  for (const mark of [currency, sign ?? currency]) {
    if (plain.startsWith(mark)) return plain.slice(mark.length).trim()
    if (plain.startsWith(`-${mark}`)) return `-${plain.slice(mark.length + 1).trim()}`
    if (plain.endsWith(mark)) return plain.slice(0, -mark.length).trim()
  }
  return plain
}
