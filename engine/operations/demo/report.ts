/** What a load is checked by: the facts of the sample, asked of the product itself. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { aggregate, planAggregate } from '../records/aggregate.js'
import { callOf, systemActor, type Engine } from '../call.js'

/** All numbers are counts of records but `sold`, which is an amount in US dollars. */
export interface DemoReport {
  readonly stores: number
  readonly categories: number
  readonly products: number
  readonly members: number
  readonly membersWithPurchases: number
  readonly membersWithDemographics: number
  readonly purchases: number
  readonly purchaseLines: number
  readonly sold: number
  readonly campaigns: number
  readonly campaignMembers: number
  readonly coupons: number
  readonly couponProducts: number
  readonly couponRedemptions: number
  /** Loaded with an empty product, because the product list lacks their number. */
  readonly linesWithoutProduct: number
  readonly couponProductsWithoutProduct: number
}

/** Asks for every fact. */
export async function demoReport(engine: Engine): Promise<DemoReport> {
  const call = callOf(engine, { ...systemActor, roles: ['admin'] })
  const ask = async (entity: string, filter: JsonObject, measure: JsonObject): Promise<number> => {
    const [group] = await aggregate(call, planAggregate(call, entity, { filter, measures: { answer: measure } }))
    return Number(group?.['answer'] ?? 0)
  }
  const count = (entity: string, filter: JsonObject = {}): Promise<number> => ask(entity, filter, { count: true })
  return {
    stores: await count('store'),
    categories: await count('category'),
    products: await count('product'),
    members: await count('member'),
    membersWithPurchases: await count('member', { purchases: { $some: {} } }),
    membersWithDemographics: await count('member', { ageBand: { $ne: null } }),
    purchases: await count('purchase'),
    purchaseLines: await count('purchaseLine'),
    sold: await ask('purchase', {}, { sum: 'amount' }),
    campaigns: await count('campaign'),
    campaignMembers: await count('campaignMember'),
    coupons: await count('coupon'),
    couponProducts: await count('couponProduct'),
    couponRedemptions: await count('couponRedemption'),
    linesWithoutProduct: await count('purchaseLine', { product: null }),
    couponProductsWithoutProduct: await count('couponProduct', { product: null }),
  }
}

/** The report for people. */
export function demoSummary(report: DemoReport): string {
  const n = (value: number): string => value.toLocaleString('en-US')
  return [
    `${n(report.members)} members (${n(report.membersWithPurchases)} with purchases, ${n(report.membersWithDemographics)} with demographics), ${n(report.stores)} stores, ${n(report.products)} products in ${n(report.categories)} categories`,
    `${n(report.purchases)} purchases with ${n(report.purchaseLines)} lines, sold ${report.sold.toLocaleString('en-US', { style: 'currency', currency: 'USD' })}`,
    `${n(report.campaigns)} campaigns to ${n(report.campaignMembers)} members, ${n(report.coupons)} coupons for ${n(report.couponProducts)} products, ${n(report.couponRedemptions)} redeemed`,
    `Product number unknown, product left empty: ${n(report.linesWithoutProduct)} purchase lines, ${n(report.couponProductsWithoutProduct)} coupon products`,
  ].join('\n')
}
