/** What the sample's files become, before anything is stored. */
import { describe, expect, it } from 'vitest'
import { fictionalPhone, inventBirthday, inventIncome, inventPerson } from '../../engine/operations/demo/invent.js'
import { sourceRows } from '../../engine/operations/demo/source.js'
import { stepsOf } from '../../engine/operations/demo/steps.js'
import { survey } from '../../engine/operations/demo/survey.js'

const folder = 'metadata/retail/data'

describe('the survey of the receipt lines', () => {
  it('finds the published facts', async () => {
    const found = await survey(folder)
    expect(found.baskets.length).toBe(47_243)
    expect(found.stores.length).toBe(293)
    expect(found.households.length).toBe(2_379)
    expect(found.households.filter((household) => household.store !== null).length).toBe(2_377)
    expect(found.baskets.reduce((cents, basket) => cents + basket.amount, 0)).toBe(23_393_524)
  })

  it('keeps the days of the files', async () => {
    const { baskets } = await survey(folder)
    expect(baskets[0]?.at).toBe('2017-01-01T07:30:27.000Z')
    expect(baskets.at(-1)?.at).toBe('2017-12-31T22:47:38.000Z')
    expect(baskets.filter((basket) => basket.at.startsWith('2017-12-25'))).toEqual([])
  })
})

it('every step has as many records as its files have rows', async () => {
  const steps = await stepsOf(folder, await survey(folder))
  expect(Object.fromEntries(steps.map((step) => [step.entity, step.total]))).toEqual({
    store: 293, category: 4_270, product: 92_331, member: 2_379, campaign: 27, campaignMember: 6_589, purchase: 47_243, purchaseLine: 75_000,
    coupon: 1_197, couponProduct: 116_204, couponRedemption: 2_102,
  })
})

it('a missing file is an error, not an endless wait', async () => {
  await expect(sourceRows('metadata/nowhere', 'products').next()).rejects.toThrow(/ENOENT/)
})

describe('what is invented', () => {
  it('is the same every time and differs between households', () => {
    expect(inventPerson('17')).toEqual(inventPerson('17'))
    const names = new Set(Array.from({ length: 200 }, (_, i) => inventPerson(String(i)).name))
    expect(names.size).toBeGreaterThan(150)
  })

  it('mixes both languages', () => {
    const chinese = Array.from({ length: 1_000 }, (_, i) => inventPerson(String(i))).filter((person) => /\p{Script=Han}/u.test(person.name))
    expect(chinese.length).toBeGreaterThan(240)
    expect(chinese.length).toBeLessThan(360)
  })

  it('fits the groups of the demographics', () => {
    for (let household = 0; household < 300; household++) {
      const income = inventIncome(String(household), '35-49K')
      expect(income).toBeGreaterThanOrEqual(35_000)
      expect(income).toBeLessThan(50_000)
      const born = Number(inventBirthday(String(household), '45-54')?.slice(0, 4))
      expect(2016 - born).toBeGreaterThanOrEqual(45)
      expect(2016 - born).toBeLessThanOrEqual(54)
    }
    expect(inventIncome('1', '')).toBeNull()
    expect(inventBirthday('1', '')).toBeNull()
  })

  it('gives every record a telephone number of its own, reserved for fiction', () => {
    const phones = Array.from({ length: 300 + 2_379 }, (_, i) => fictionalPhone(i))
    expect(new Set(phones).size).toBe(phones.length)
    for (const phone of phones) expect(phone).toMatch(/^\+1\d{3}55501\d\d$/)
  })
})
