/**
 * What the sample data lacks and a CRM shows: names, contacts, addresses, days of birth and joining, channels. All of it
 * is invented from the record's own number, so that it is the same in every deployment. No telephone number rings
 * anywhere (reserved for fiction) and no e-mail arrives (`example.com`).
 */
import { areaCodes, chinese, english, streets, towns, type Region } from './names.js'
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
  readonly city: string
  readonly address: string
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
    city: town.name,
    address: chineseTown ? `${street}${random.between(1, 300)}号` : `${random.between(1, 300)} ${street}`,
    openedOn: dayBetween(random, 1988, 2015),
  }
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
