/** How an address is written on a letter in its country. */
import { formatAddress } from 'localized-address-format'

import { isEastAsian } from '../../metadata/contract/person-name.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import { language } from '../client/i18n.js'
import { plain } from './plain.js'

const countryNames = new Map<string, Intl.DisplayNames>()

/** A country in the reader's language. */
export function countryName(code: string): string {
  const tag = language.value
  const names = countryNames.get(tag) ?? new Intl.DisplayNames(tag, { type: 'region' })
  countryNames.set(tag, names)
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code
}

/** Lines from the top of the letter to its bottom; the country at the end, or in front where the largest comes first. */
export function addressLines(address: JsonObject): readonly string[] {
  const part = (name: string): string => plain(address[name])
  const country = part('country')
  // What is written in its own script has its own order: the largest first in East Asia.
  const local = isEastAsian(part('city').replaceAll(/[\s\d]/g, '')) || isEastAsian(part('region').replaceAll(/[\s\d]/g, ''))
  const lines = formatAddress({
    postalCountry: country === '' && local ? 'CN' : country,
    administrativeArea: part('region'),
    locality: part('city'),
    postalCode: part('postcode'),
    addressLines: [part('street'), part('street2')].filter((line) => line !== ''),
  }, local ? 'local' : 'latin').filter((line) => line.trim() !== '')
  if (country === '') return lines
  return local ? [countryName(country), ...lines] : [...lines, countryName(country)]
}

/** The address in one line. */
export const addressText = (address: JsonObject): string => addressLines(address).join(', ')
