/**
 * The sample, entity by entity in the order of their references: which rows of which file become which records.
 * Rows come in a fixed order, so that a load that was interrupted goes on behind the last row that was stored.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { fictionalPhone, inventBirthday, inventCard, inventChannel, inventConsent, inventGtin, inventIncome, inventPerson, inventStore, inventTags } from './invent.js'
import { cell, cents, countRows, sourceRows, type SourceFile, type SourceRow } from './source.js'
import type { Survey } from './survey.js'

/** Ids of records that were stored, by entity and the record's own number. */
export interface StoredIds {
  /** Undefined for a number that is not known. */
  get(entity: string, number: string): number | undefined
  /** Throws for a number that is not known: then the order of the steps is wrong. */
  must(entity: string, number: string): number
}

export interface Step {
  readonly entity: string
  /** Fields that together are the record's own number; none when no later step refers to these records. */
  readonly number: readonly string[]
  readonly total: number
  /** The records to be, as bodies for creating; null where those before must be stored first, as the next refer to them. */
  bodies(ids: StoredIds): AsyncIterable<JsonObject | null>
}

/** A record's own number from its fields, as `StoredIds` knows it. */
export function numberOf(step: Step, record: JsonObject): string {
  const words = step.number.map((field) => record[field])
  return words.map((word) => (typeof word === 'number' ? String(word) : typeof word === 'string' ? word : '')).join('/')
}

/** Yearly sales, in cents, from which a member of the sample has silver and gold: the upper third and the upper seventh. */
const silverFrom = 100_00
const goldFrom = 200_00

/** Telephone numbers of members start behind those of the stores. */
const firstMemberPhone = 300

/** The entities of the steps, in their order. */
export const demoEntities = ['store', 'category', 'product', 'member', 'campaign', 'campaignMember', 'purchase', 'purchaseLine', 'coupon', 'couponProduct', 'couponRedemption'] as const

/** All steps; reads the small files and counts the rows of the large ones. */
export async function stepsOf(folder: string, found: Survey): Promise<readonly Step[]> {
  const { coupons, advertised } = await couponFacts(folder)
  const { levels, products } = await productFacts(folder)
  const rows = (file: SourceFile): Promise<number> => countRows(folder, file)
  return [
    { entity: 'store', number: ['number'], total: found.stores.length, bodies: () => storeBodies(found) },
    { entity: 'category', number: ['name', 'parent'], total: levels.reduce((sum, level) => sum + level.size, 0), bodies: (ids) => categoryBodies(levels, ids) },
    { entity: 'product', number: ['code'], total: products, bodies: (ids) => mapped(folder, 'products', (row) => productBody(row, ids)) },
    { entity: 'member', number: ['householdNo'], total: found.households.length, bodies: (ids) => memberBodies(folder, found, ids) },
    { entity: 'campaign', number: ['code'], total: await rows('campaign_descriptions'), bodies: (ids) => mapped(folder, 'campaign_descriptions', (row) => campaignBody(row, advertised, ids)) },
    { entity: 'campaignMember', number: [], total: await rows('campaigns'), bodies: (ids) => mapped(folder, 'campaigns', (row) => campaignMemberBody(row, ids)) },
    { entity: 'purchase', number: ['number'], total: found.baskets.length, bodies: (ids) => purchaseBodies(found, ids) },
    { entity: 'purchaseLine', number: [], total: await rows('transactions_sample'), bodies: (ids) => mapped(folder, 'transactions_sample', (row) => lineBody(row, ids)) },
    { entity: 'coupon', number: ['code', 'campaign'], total: coupons.length, bodies: (ids) => couponBodies(coupons, ids) },
    { entity: 'couponProduct', number: [], total: await rows('coupons'), bodies: (ids) => mapped(folder, 'coupons', (row) => couponProductBody(row, ids)) },
    { entity: 'couponRedemption', number: [], total: await rows('coupon_redemptions'), bodies: (ids) => mapped(folder, 'coupon_redemptions', (row) => redemptionBody(row, ids)) },
  ]
}

async function* mapped(folder: string, file: SourceFile, body: (row: SourceRow) => JsonObject): AsyncGenerator<JsonObject> {
  for await (const row of sourceRows(folder, file)) yield body(row)
}

async function* storeBodies(found: Survey): AsyncGenerator<JsonObject> {
  for (const [index, number] of found.stores.entries()) {
    yield { number, ...inventStore(index, number), phone: fictionalPhone(index), email: `store${number}@example.com` }
  }
}

/** Names from the department to the category of a product, one for each level that the file tells. */
const categoriesOf = (row: SourceRow): readonly string[] =>
  ['department', 'product_category', 'product_type'].map((column) => cell(row, column).trim()).filter((name) => name !== '')

interface ProductFacts {
  /** Level by level, departments first: the names from the department on, by those names as one text. */
  readonly levels: readonly ReadonlyMap<string, readonly string[]>[]
  readonly products: number
}

async function productFacts(folder: string): Promise<ProductFacts> {
  const levels: Map<string, readonly string[]>[] = []
  let products = 0
  for await (const row of sourceRows(folder, 'products')) {
    products += 1
    const names = categoriesOf(row)
    names.forEach((_, depth) => {
      const path = names.slice(0, depth + 1)
      levels[depth] = (levels[depth] ?? new Map<string, readonly string[]>()).set(path.join('\n'), path)
    })
  }
  return { levels, products }
}

/** The id of the category at the end of the names; null without names. */
const categoryId = (names: readonly string[], ids: StoredIds): number | null =>
  names.reduce<number | null>((parent, name) => ids.must('category', `${name}/${parent === null ? '' : String(parent)}`), null)

async function* categoryBodies(levels: ProductFacts['levels'], ids: StoredIds): AsyncGenerator<JsonObject | null> {
  for (const level of levels) {
    for (const names of level.values()) yield { name: names.at(-1) ?? '', parent: categoryId(names.slice(0, -1), ids) }
    yield null
  }
}

/** Products have no names of their own: the narrowest category and the package size say what it is. */
function productBody(row: SourceRow, ids: StoredIds): JsonObject {
  const known = (column: string): string | null => cell(row, column).trim() || null
  const packageSize = known('package_size')
  const names = categoriesOf(row)
  const what = names.at(-1) ?? ''
  const code = cell(row, 'product_id')
  return {
    code, gtin: inventGtin(code), name: packageSize === null ? what : `${what}, ${packageSize}`, category: categoryId(names, ids),
    brand: known('brand'), manufacturer: known('manufacturer_id'), packageSize,
  }
}

async function* memberBodies(folder: string, found: Survey, ids: StoredIds): AsyncGenerator<JsonObject> {
  const demographics = new Map<string, JsonObject>()
  for await (const row of sourceRows(folder, 'demographics')) demographics.set(cell(row, 'household_id'), demographicValues(row))
  const cities = new Map(found.stores.map((number, index) => [number, inventStore(index, number).address.city]))
  for (const [index, { number, store, spent }] of found.households.entries()) {
    const person = inventPerson(number)
    yield {
      householdNo: number, name: person.name, phone: fictionalPhone(firstMemberPhone + index), email: person.email,
      gender: person.gender, language: person.language, address: person.street, joinedOn: person.joinedOn, card: inventCard(number), tags: inventTags(number),
      emailConsent: inventConsent(number, 'email', person.joinedOn), smsConsent: inventConsent(number, 'sms', person.joinedOn),
      store: store === null ? null : ids.must('store', store), city: store === null ? null : (cities.get(store) ?? null),
      tier: spent >= goldFrom ? 'gold' : spent >= silverFrom ? 'silver' : 'bronze',
      ...demographics.get(number),
    }
  }
}

function demographicValues(row: SourceRow): JsonObject {
  const known = (column: string): string | null => cell(row, column) || null
  const household = cell(row, 'household_id')
  return {
    ageBand: known('age'), birthday: inventBirthday(household, cell(row, 'age')),
    incomeBand: known('income'), income: inventIncome(household, cell(row, 'income')),
    homeOwnership: known('home_ownership'), maritalStatus: known('marital_status'), householdSize: known('household_size'),
    householdComposition: known('household_comp'), kidsCount: known('kids_count'),
  }
}

/** A campaign advertises the products of its coupons, where they are few enough to be meant. */
const advertisedMost = 500

function campaignBody(row: SourceRow, advertised: ReadonlyMap<string, ReadonlySet<string>>, ids: StoredIds): JsonObject {
  const code = cell(row, 'campaign_id')
  const numbers = [...(advertised.get(code) ?? [])]
  const products = numbers.length > advertisedMost ? [] : numbers.flatMap((number) => ids.get('product', number) ?? [])
  return { code, name: `Campaign ${code}`, products, type: cell(row, 'campaign_type').replace('Type ', ''), startsOn: cell(row, 'start_date'), endsOn: cell(row, 'end_date') }
}

const campaignMemberBody = (row: SourceRow, ids: StoredIds): JsonObject =>
  ({ campaign: ids.must('campaign', cell(row, 'campaign_id')), member: ids.must('member', cell(row, 'household_id')) })

async function* purchaseBodies(found: Survey, ids: StoredIds): AsyncGenerator<JsonObject> {
  for (const { number, household, store, at, amount } of found.baskets) {
    yield { number, member: ids.must('member', household), store: ids.must('store', store), at, amount: amount / 100, channel: inventChannel(number) }
  }
}

/** A line whose product nobody knows keeps its purchase and amount; its product stays empty. */
function lineBody(row: SourceRow, ids: StoredIds): JsonObject {
  const amount = (column: string): number => cents(cell(row, column)) / 100
  return {
    purchase: ids.must('purchase', cell(row, 'basket_id')), product: ids.get('product', cell(row, 'product_id')) ?? null,
    quantity: Number(cell(row, 'quantity')), amount: amount('sales_value'),
    retailDiscount: amount('retail_disc'), couponDiscount: amount('coupon_disc'), couponMatchDiscount: amount('coupon_match_disc'),
  }
}

interface CouponNumber {
  readonly code: string
  readonly campaign: string
}

interface CouponFacts {
  readonly coupons: readonly CouponNumber[]
  /** Campaign → numbers of the products of its coupons. */
  readonly advertised: ReadonlyMap<string, ReadonlySet<string>>
}

/** The same code returns in other campaigns, so a coupon is a code in a campaign. */
async function couponFacts(folder: string): Promise<CouponFacts> {
  const found = new Map<string, CouponNumber>()
  const advertised = new Map<string, Set<string>>()
  for await (const row of sourceRows(folder, 'coupons')) {
    const coupon = { code: cell(row, 'coupon_upc'), campaign: cell(row, 'campaign_id') }
    found.set(`${coupon.code}/${coupon.campaign}`, coupon)
    advertised.set(coupon.campaign, (advertised.get(coupon.campaign) ?? new Set()).add(cell(row, 'product_id')))
  }
  return { coupons: [...found.values()], advertised }
}

const couponNumber = (row: SourceRow, ids: StoredIds): string => `${cell(row, 'coupon_upc')}/${ids.must('campaign', cell(row, 'campaign_id'))}`

async function* couponBodies(coupons: readonly CouponNumber[], ids: StoredIds): AsyncGenerator<JsonObject> {
  for (const { code, campaign } of coupons) yield { code, campaign: ids.must('campaign', campaign) }
}

/** A product number that nobody knows leaves the product empty here too. */
const couponProductBody = (row: SourceRow, ids: StoredIds): JsonObject =>
  ({ coupon: ids.must('coupon', couponNumber(row, ids)), product: ids.get('product', cell(row, 'product_id')) ?? null })

const redemptionBody = (row: SourceRow, ids: StoredIds): JsonObject =>
  ({ coupon: ids.must('coupon', couponNumber(row, ids)), member: ids.must('member', cell(row, 'household_id')), redeemedOn: cell(row, 'redemption_date') })
