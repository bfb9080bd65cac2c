/** A postal address in its parts; the country as two letters (ISO 3166-1). */
import { countryCodes } from '../../../metadata/contract/countries.js'
import { fold } from '../../../metadata/contract/text.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { composite, part, tidyParts } from '../composite.js'
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema } from '../keywords.js'
import { isStorable, unstorable } from '../text-column.js'
import { splitWords } from '../word-list.js'
import { select } from './select.js'
import { text } from './text.js'

type AddressOptions = { readonly country?: string }
type Address = { readonly [name: string]: string }

const longest = { street: 255, street2: 255, city: 120, region: 120, postcode: 20 } as const
const names = [...Object.keys(longest), 'country']

const countries = new Set(countryCodes)

export const address: FieldType<AddressOptions, Address> = {
  ...composite<Address>({
    parts: {
      street: part('Street', text, { maxLength: longest.street }),
      street2: part('Street, second line', text, { maxLength: longest.street2 }),
      city: part('City', text, { maxLength: longest.city }),
      region: part('Region', text, { maxLength: longest.region }),
      postcode: part('Postcode', text, { maxLength: longest.postcode }),
      country: part('Country', select, { enum: countryCodes }),
    },
    searchText: (value) => fold(names.map((name) => value[name] ?? '').filter((text) => text !== '').join(' ')),
  }),
  name: 'address',
  options: optionsSchema({ country: { type: 'string', pattern: '^[A-Z]{2}$', title: 'Usual country', description: 'Two letters (ISO 3166-1), such as CN or US: what a new address begins with.' } }),
  infer: (property, named) => (named ? optionsOf(property, [], ['country']) : undefined),
  schema: () => ({
    type: 'object',
    properties: { ...Object.fromEntries(Object.entries(longest).map(([name, maxLength]) => [name, { type: 'string', maxLength }])), country: { type: 'string', maxLength: 2 } },
    minProperties: 1,
    additionalProperties: false,
  }),
  canonical: (value) => spelled(typeof value === 'string' ? (read(value) ?? value) : value),
  check: (value) => {
    if (!Object.values(value).every(isStorable)) return unstorable
    return value.country === undefined || countries.has(value.country) ? undefined : 'must name its country by two letters, such as CN or US'
  },
  parse: read,
  // Every part has its place, so that a file of addresses can be read back.
  format: (value) => names.map((name) => quoted(value[name] ?? '')).join('; ').replace(/(?:; )+$/, ''),
  examples: [
    { options: { country: 'CN' }, value: { street: '天府大道北段1700号', city: '成都市', region: '四川省', postcode: '610041', country: 'CN' }, text: '天府大道北段1700号; ; 成都市; 四川省; 610041; CN' },
    { options: {}, value: { street: '600 Pine Street', street2: 'Suite 4; rear', city: 'Seattle', region: 'WA', postcode: '98101', country: 'US' }, text: '600 Pine Street; "Suite 4; rear"; Seattle; WA; 98101; US' },
    { options: {}, value: { street: '1 High Street' }, text: '1 High Street' },
    { options: {}, value: { city: 'Wien' }, text: '; ; Wien' },
  ],
}

const quoted = (text: string): string => (/[;"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const spelled = (value: Json): Json => tidyParts(value, (name, text) => (name === 'country' ? text.toUpperCase() : text))

/** Parts in their order with semicolons between; text without any is a street. */
function read(written: string): Address | undefined {
  const words = splitWords(written)
  if (words.length === 0 || words.length > names.length) return undefined
  const value = spelled(Object.fromEntries(words.map((word, i) => [names[i] ?? '', word])))
  return isObject(value) && Object.keys(value).length > 0 ? (value as Address) : undefined
}
