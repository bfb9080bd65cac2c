/**
 * A first look at the receipt lines, because receipts and members are more than any one line says: what each receipt
 * amounts to, where each household shops, how much it spends. Holds one small entry per receipt (some 47,000).
 */
import { cell, cents, sourceRows } from './source.js'

export interface Basket {
  readonly number: string
  readonly household: string
  readonly store: string
  /** Clock time of the till, written as UTC: see the README of the data. */
  readonly at: string
  /** In cents. */
  amount: number
}

export interface Household {
  readonly number: string
  /** Store with most of its receipts, the smaller number when several have as many; null when it bought nothing. */
  readonly store: string | null
  /** In cents. */
  readonly spent: number
}

export interface Survey {
  /** In the order of time. */
  readonly baskets: readonly Basket[]
  /** By number: those with receipts, and those that only campaigns and redemptions name. */
  readonly households: readonly Household[]
  /** Store numbers, smallest first. */
  readonly stores: readonly string[]
  /** The busiest stores, by receipts. */
  readonly busiest: readonly string[]
}

/** Reads the receipt lines and the households that other files name. */
export async function survey(folder: string): Promise<Survey> {
  const baskets = new Map<string, Basket>()
  for await (const row of sourceRows(folder, 'transactions_sample')) {
    const number = cell(row, 'basket_id')
    const amount = cents(cell(row, 'sales_value'))
    const basket = baskets.get(number)
    if (basket !== undefined) basket.amount += amount
    else baskets.set(number, { number, household: cell(row, 'household_id'), store: cell(row, 'store_id'), at: instant(cell(row, 'transaction_timestamp')), amount })
  }
  const spending = spendingOf(baskets.values())
  for (const file of ['demographics', 'campaigns', 'coupon_redemptions'] as const) {
    for await (const row of sourceRows(folder, file)) spendingIn(spending, cell(row, 'household_id'))
  }
  const visits = countBy([...baskets.values()].map((basket) => basket.store))
  return {
    baskets: [...baskets.values()].sort((a, b) => compare(a.at, b.at) || byNumber(a.number, b.number)),
    households: [...spending].map(([number, { spent, visits: own }]) => ({ number, spent, store: mostFrequent(own)[0] ?? null })).sort((a, b) => byNumber(a.number, b.number)),
    stores: [...visits.keys()].sort(byNumber),
    busiest: mostFrequent(visits),
  }
}

interface Spending {
  spent: number
  readonly visits: Map<string, number>
}

function spendingOf(baskets: Iterable<Basket>): Map<string, Spending> {
  const spending = new Map<string, Spending>()
  for (const basket of baskets) {
    const own = spendingIn(spending, basket.household)
    own.spent += basket.amount
    own.visits.set(basket.store, (own.visits.get(basket.store) ?? 0) + 1)
  }
  return spending
}

function spendingIn(spending: Map<string, Spending>, household: string): Spending {
  let own = spending.get(household)
  if (own === undefined) spending.set(household, (own = { spent: 0, visits: new Map() }))
  return own
}

function countBy(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

const mostFrequent = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts].sort(([a, x], [b, y]) => y - x || byNumber(a, b)).map(([word]) => word)

/** Numbers written as text, some of them beyond 32 bits. */
const byNumber = (a: string, b: string): number => Number(a) - Number(b)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `2017-01-28 14:06:53` → `2017-01-28T14:06:53.000Z`. Throws on anything else, rather than guess. */
function instant(text: string): string {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) throw new Error(`"${text}" in the sample data is not a time`)
  return `${text.replace(' ', 'T')}.000Z`
}
