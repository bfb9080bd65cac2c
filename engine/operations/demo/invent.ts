/**
 * What the sample data lacks and a CRM shows: names, contacts, addresses, days of birth and joining, channels. All of it
 * is invented from the record's own number, so that it is the same in every deployment. No telephone number rings
 * anywhere (reserved for fiction) and no e-mail arrives (`example.com`).
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { areaCodes, chinese, english, interests, streets, towns, type Region } from './names.js'
import { randomOf, type Random } from './random.js'

export interface InventedPerson {
  readonly name: string
  readonly email: string
  readonly gender: 'female' | 'male'
  readonly language: 'en' | 'zh'
  readonly street: string
  /** `YYYY-MM-DD`, in the seven years before the data begin. */
  readonly joinedOn: string
}

/** The person who speaks for a household. About three in ten have a Chinese name. */
export function inventPerson(household: string): InventedPerson {
  const random = randomOf(`member:${household}`)
  const language = random.chance(0.3) ? 'zh' : 'en'
  const gender = random.chance(0.55) ? 'female' : 'male'
  const lists = language === 'zh' ? chinese : english
  const given = random.pick(lists[gender])
  const family = random.pick(lists.family)
  return {
    name: language === 'zh' ? family.written + given.written : `${given.written} ${family.written}`,
    email: `${given.latin}.${family.latin}.${household}@example.com`,
    gender,
    language,
    street: address(random, language),
    joinedOn: dayBetween(random, 2010, 2016),
  }
}

/** A day of birth that fits the age group on 1 January 2017, or null for a group that is not known. */
export function inventBirthday(household: string, ageBand: string): string | null {
  const ages = ageRanges.get(ageBand)
  if (ages === undefined) return null
  const random = randomOf(`birthday:${household}`)
  // Someone born in the year 2017 - n - 1 is n years old on 1 January 2017, whatever the day.
  return dayBetween(random, 2016 - ages.to, 2016 - ages.from)
}

/** A yearly income in US dollars within the group, or null for a group that is not known. */
export function inventIncome(household: string, incomeBand: string): number | null {
  const range = incomeRange(incomeBand)
  return range === null ? null : randomOf(`income:${household}`).between(range.from / 100, Math.floor(range.to / 100)) * 100
}

/** How a purchase was made: most in the store. */
export function inventChannel(basket: string): 'store' | 'online' | 'app' | 'phone' {
  const at = randomOf(`channel:${basket}`).between(1, 100)
  if (at <= 78) return 'store'
  if (at <= 91) return 'online'
  return at <= 98 ? 'app' : 'phone'
}

export interface InventedStore {
  readonly name: string
  readonly region: Region
  readonly address: { readonly street: string; readonly city: string; readonly country: string }
  readonly location: { readonly lat: number; readonly lng: number }
  /** `HH:mm`. */
  readonly opensAt: string
  readonly closesAt: string
  readonly openedOn: string
}

/** The `index`-th store of the sample (0 first): towns take turns, each new round in another street. */
export function inventStore(index: number, number: string): InventedStore {
  const random = randomOf(`store:${number}`)
  const town = towns[index % towns.length] ?? towns[0]
  const list = streets[town.language]
  const street = list[Math.floor(index / towns.length) % list.length] ?? list[0]
  const chineseTown = town.language === 'zh'
  return {
    name: chineseTown ? `${town.name}${street}店` : `${town.name} ${street}`,
    region: town.region,
    address: { street: chineseTown ? `${street}${random.between(1, 300)}号` : `${random.between(1, 300)} ${street}`, city: town.name, country: chineseTown ? 'CN' : 'US' },
    openedOn: dayBetween(random, 1988, 2015),
    location: placeIn(town.region, chineseTown ? middleOfChina : middleOfAmerica, random),
    opensAt: random.pick(['07:00', '08:00', '08:30', '09:00']),
    closesAt: random.pick(['20:00', '21:00', '21:30', '22:00']),
  }
}

const middleOfAmerica = { lat: 39.8, lng: -98.6 }
const middleOfChina = { lat: 32.5, lng: 108.9 }

/** Degrees that a region lies to the north and east of the middle of its country. */
const directions: Readonly<Record<Region, { readonly lat: number; readonly lng: number }>> = {
  north: { lat: 5, lng: 0 }, south: { lat: -5, lng: 0 }, east: { lat: 0, lng: 6 }, west: { lat: 0, lng: -6 },
}

/** Somewhere in the region: invented towns stand nowhere in particular. */
function placeIn(region: Region, middle: { readonly lat: number; readonly lng: number }, random: Random): { readonly lat: number; readonly lng: number } {
  const near = (degrees: number): number => Number((degrees + random.between(-200_000, 200_000) / 100_000).toFixed(5))
  return { lat: near(middle.lat + directions[region].lat), lng: near(middle.lng + directions[region].lng) }
}

/** The article number under a product's bar code, from the range that GS1 leaves to every shop for itself (prefix 20). */
export function inventGtin(code: string): string {
  // One product of the file is numbered 1e+05.
  const digits = `20${String(Number(code)).padStart(10, '0')}`
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0)
  return `${digits}${String((10 - (sum % 10)) % 10)}`
}

/** The number on a household's loyalty card: sixteen digits that no bank gives (they begin with 98), the last one the check digit. */
export function inventCard(household: string): string {
  const digits = `98${household.padStart(13, '0')}`
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${digits}${String((10 - (sum % 10)) % 10)}`
}

/** How many were asked about each channel. */
const asked = { email: 0.7, sms: 0.45 } as const

/** What a household said to news by a channel, or null where nobody asked: two in three were asked when they joined, one in eight of those who agreed took it back. */
export function inventConsent(household: string, channel: 'email' | 'sms', joinedOn: string): JsonObject | null {
  const random = randomOf(`consent:${channel}:${household}`)
  if (!random.chance(0.66)) return null
  const source = random.pick(['store counter', 'web form', 'app'])
  if (!random.chance(asked[channel])) return { state: 'unknown', source }
  const said = { source, textVersion: joinedOn < '2014' ? '2010-01' : '2014-03' }
  if (random.chance(0.125)) return { state: 'withdrawn', at: `${dayBetween(random, 2017, 2017)}T12:00:00.000Z`, ...said }
  return { state: 'granted', at: `${joinedOn}T15:30:00.000Z`, ...said }
}

/** Words that clerks noted about a household; most have none. */
export function inventTags(household: string): readonly string[] | null {
  const random = randomOf(`tags:${household}`)
  if (!random.chance(0.3)) return null
  return [...new Set([random.pick(interests), random.pick(interests)])]
}

/** The `index`-th telephone number that is reserved for fiction (0 first); 100 for each area code. Throws when there is none left. */
export function fictionalPhone(index: number): string {
  const area = areaCodes[Math.floor(index / 100)]
  if (area === undefined) throw new Error('The sample has more records than telephone numbers reserved for fiction')
  return `+1${area}55501${String(index % 100).padStart(2, '0')}`
}

interface Range {
  readonly from: number
  readonly to: number
}

const ageRanges: ReadonlyMap<string, Range> = new Map([
  ['19-24', { from: 19, to: 24 }], ['25-34', { from: 25, to: 34 }], ['35-44', { from: 35, to: 44 }],
  ['45-54', { from: 45, to: 54 }], ['55-64', { from: 55, to: 64 }], ['65+', { from: 65, to: 84 }],
])

/** `35-49K` → 35,000 to 49,999; the open ends stop at 5,000 and 400,000. */
function incomeRange(band: string): Range | null {
  if (band === 'Under 15K') return { from: 5_000, to: 14_999 }
  if (band === '250K+') return { from: 250_000, to: 400_000 }
  const parts = /^(\d+)-(\d+)K$/.exec(band)
  return parts === null ? null : { from: Number(parts[1]) * 1000, to: Number(parts[2]) * 1000 + 999 }
}

function address(random: Random, language: 'en' | 'zh'): string {
  const street = random.pick(streets[language])
  const house = random.between(1, 240)
  return language === 'zh' ? `${street}${house}号` : `${house} ${street}`
}

/** A day from 1 January of `from` to 28 December of `to`. */
function dayBetween(random: Random, from: number, to: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${random.between(from, to)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`
}
