/** The data of the benchmark: the same rows for every server, from a seed, ending today. */

export const sizes = { stores: 50, members: 100_000, purchases: 500_000 } as const

/** The clerk who asks works in these. */
export const clerkStores: readonly number[] = [7, 8]

export interface Store {
  readonly number: string
  readonly name: string
  readonly city: string
  readonly region: string
}

export interface Member {
  readonly name: string
  /** E.164. */
  readonly phone: string
  readonly email: string
  readonly birthday: string
  readonly city: string
  readonly tier: string
  /** A month, in whole dollars. */
  readonly income: number
  /** Id of the store. */
  readonly store: number
  readonly joinedOn: string
}

export interface Purchase {
  /** Id of the member. */
  readonly member: number
  /** Id of the store. */
  readonly store: number
  /** RFC 3339. */
  readonly at: string
  /** Whole cents: an amount that binary floats would round does not enter the comparison. */
  readonly cents: number
  readonly channel: string
}

const firstNames = ['Abigail', 'Aaron', 'Beth', 'Carl', 'Diana', 'Daniel', 'Emma', 'Edgar', 'Fiona', 'Frank', 'Grace', 'Henry', 'Irene', 'Ivan', 'Julia', 'James', 'Karen', 'Leo', 'Maria', 'Nathan']
const nameStarts = ['Ash', 'Barn', 'Black', 'Brad', 'Car', 'Clay', 'Dun', 'East', 'Fair', 'Glen', 'Hart', 'Hol', 'Kings', 'Lang', 'Mar', 'Nor', 'Oak', 'Pem', 'Quin', 'Ray', 'Shel', 'Thorn', 'Under', 'Ver', 'Wal']
const nameEnds = ['berg', 'bridge', 'brook', 'bury', 'by', 'cott', 'dale', 'den', 'field', 'ford', 'gate', 'ham', 'hurst', 'land', 'ley', 'man', 'mere', 'mond', 'more', 'ridge', 'shaw', 'stead', 'stone', 'thorpe', 'ton', 'vale', 'ville', 'wick', 'wood', 'worth']
const cities = ['Maple Grove', 'Harbor Point', 'Cedar Falls', 'Silver Lake', 'Northfield', 'Eastbrook', 'Westhaven', 'Pine Ridge', 'Stonebridge', 'Fairview', 'Lakeside', 'Millbrook']
const regions = ['north', 'east', 'south', 'west']
const channels = ['store', 'store', 'store', 'online', 'online', 'app', 'phone']
const day = 86_400_000

/** Family names, for searches that find something. */
export const familyNames: readonly string[] = nameStarts.flatMap((start) => nameEnds.map((end) => start + end))

export function* stores(): Generator<Store> {
  for (let i = 1; i <= sizes.stores; i++) yield { number: `S${String(i)}`, name: `Store ${String(i)}`, city: at(cities, i), region: at(regions, i) }
}

export function* members(): Generator<Member> {
  const random = chances(1)
  for (let i = 1; i <= sizes.members; i++) {
    const luck = random()
    yield {
      name: `${at(firstNames, whole(random, firstNames.length))} ${at(familyNames, whole(random, familyNames.length))} ${i.toString(36)}`,
      phone: phoneOf(i),
      email: `member${String(i)}@example.com`,
      birthday: dayOf(-(20 + whole(random, 50)) * 365 * day + whole(random, 365) * day),
      city: at(cities, whole(random, cities.length)),
      tier: luck < 0.1 ? 'gold' : luck < 0.4 ? 'silver' : 'bronze',
      income: 1000 + whole(random, 8001),
      store: 1 + whole(random, sizes.stores),
      joinedOn: dayOf(-whole(random, 2000) * day),
    }
  }
}

/** Over the last two years; some members buy often, most seldom. */
export function* purchases(): Generator<Purchase> {
  const random = chances(2)
  for (let i = 0; i < sizes.purchases; i++) {
    const member = 1 + ((Math.floor(random() ** 2 * sizes.members) * 7919) % sizes.members)
    yield {
      member,
      store: 1 + whole(random, sizes.stores),
      at: new Date(today() - Math.floor((1 - i / sizes.purchases) * 730 * day) - whole(random, 60_000)).toISOString(),
      cents: 100 + whole(random, 20_000),
      channel: at(channels, whole(random, channels.length)),
    }
  }
}

/** A number that no other member has, up to i = 7,999,999,999. */
export const phoneOf = (i: number): string => `+1${String(2_000_000_000 + i)}`

/** Midnight that begins this day, UTC. Milliseconds. */
export const today = (): number => Math.floor(Date.now() / day) * day

/** Mulberry32: numbers in [0, 1) that are the same on every machine. */
export function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const whole = (random: () => number, below: number): number => Math.floor(random() * below)
export const at = (words: readonly string[], i: number): string => words[i % words.length] ?? ''
const dayOf = (milliseconds: number): string => new Date(today() + milliseconds).toISOString().slice(0, 10)
