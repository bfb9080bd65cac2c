/** A telephone number in E.164 (`+8613812345678`): one number has one spelling, whatever was typed. */
import { createRequire } from 'node:module'
import type * as numbers from 'libphonenumber-js'
import type { FieldType } from '../contract.js'
import { hasType, optionsOf, optionsSchema, ownPattern } from '../keywords.js'
import { foldedText } from '../text-column.js'

type PhoneOptions = { readonly country?: string }

/**
 * Numbers that the library gives back as they are, as a property test states: North American ones, and mobile ones of
 * mainland China. Parsing one costs some 20 microseconds, which is most of what it takes to check a record.
 */
const asWritten = /^\+(?:1([2-9]\d{9})|86(1[3-689]\d{9}))$/

/** The table of countries is loaded for the first number that is not as written. */
let library: typeof numbers | undefined
const load = createRequire(import.meta.url)
const countries = (): typeof numbers => (library ??= load('libphonenumber-js') as typeof numbers)

const e164 = ownPattern('^\\+[1-9][0-9]{5,14}$')

export const phone: FieldType<PhoneOptions, string> = {
  ...foldedText,
  name: 'phone',
  options: optionsSchema({
    country: { type: 'string', pattern: '^[A-Z]{2}$', title: 'Country of numbers without a country code', description: 'Two letters (ISO 3166-1), such as CN or US. Without it every number must start with +.' },
  }),
  infer: (property, named) =>
    named || (hasType(property, 'string') && (property.format === 'phone' || property.format === 'tel')) ? optionsOf(property, [], ['country']) : undefined,
  schema: () => ({ type: 'string', pattern: e164 }),
  canonical: (value, options) => (typeof value === 'string' ? (toE164(value, options.country) ?? value) : value),
  operand: (value, operator, options) => {
    const whole = operator === '$contains' || operator === '$startsWith' ? undefined : typeof value === 'string' ? toE164(value, options.country) : undefined
    return foldedText.operand(whole ?? value, operator)
  },
  parse: (written, options) => toE164(written, options.country),
  format: (value) => value,
  mask: (value) => {
    const [, american, chinese] = asWritten.exec(value) ?? []
    const national = american ?? chinese ?? countries().parsePhoneNumberFromString(value)?.nationalNumber ?? value.slice(1)
    return `${national.slice(0, 3)}****${national.length > 7 ? national.slice(-4) : ''}`
  },
  examples: [
    { options: { country: 'CN' }, value: '+8613812345678', text: '+8613812345678' },
    { options: { country: 'US' }, value: '+12065550100', text: '+12065550100' },
    { options: { country: 'CN' }, value: '+862885551234', text: '+862885551234' },
    { options: {}, value: '+442079460958', text: '+442079460958' },
  ],
}

/**
 * The number's one spelling, or undefined when it is none. Only the length is judged: new ranges are given out faster than
 * this library is updated. A number with an extension is refused, because E.164 would lose the extension.
 */
function toE164(written: string, country: string | undefined): string | undefined {
  if (asWritten.test(written)) return written
  if (written.length > 60) return undefined
  const region = country !== undefined && countries().isSupportedCountry(country) ? country : undefined // asked here
  const text = written.normalize('NFKC').trim()
  const number = countries().parsePhoneNumberFromString(text, { extract: false, ...(region === undefined ? {} : { defaultCountry: region }) })
  return number !== undefined && number.ext === undefined && number.isPossible() ? number.number : undefined
}
