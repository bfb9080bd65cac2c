/** Which names are taken for one person's, and which are not: the cases that the threshold was chosen by. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { alikeFrom, nameLikeness } from '../../engine/operations/duplicates/names.js'

test.each([
  ['Jon Smith', 'John Smith'],
  ['John Smith', 'Smith, John'],
  ['John Smith', 'John Smiht'],
  ['J. Smith', 'John Smith'],
  ['John Fitzgerald Kennedy', 'John Kennedy'],
  ['John F. Kennedy', 'John Kennedy'],
  ['Zoë Müller', 'Zoe Muller'],
  ['Catherine Jones', 'Katherine Jones'],
  ['MARIA GARCIA LOPEZ', 'Maria García'],
  ['Анна Королёва', 'Королева Анна'],
  ['张伟', '張偉'],
  ['张伟', '章伟'],
  ['李小龙', 'Li Xiaolong'],
  ['Xiao Long Li', '李小龙'],
  ['欧阳娜娜', '歐陽娜娜'],
])('%s and %s may be one person', (a, b) => {
  expect(nameLikeness(a, b)).toBeGreaterThanOrEqual(alikeFrom)
  expect(nameLikeness(b, a)).toBe(nameLikeness(a, b))
})

test.each([
  ['John Smith', 'Mary Smith'],
  ['John Smith', 'John Brown'],
  ['John', 'John Smith Miller'],
  ['Anna Berg', 'Hanna Stein'],
  ['Mark Stone', 'Clark Storm'],
  ['张伟', '张文'],
  ['张伟', '李伟'],
  ['李小龙', 'Li Xiaoming'],
  ['王芳', '王芳芳'],
  ['', 'John'],
  ['!!!', '???'],
])('%s and %s are two', (a, b) => {
  expect(nameLikeness(a, b)).toBeLessThan(alikeFrom)
})

test('every name is like itself, likeness has no direction and stays between 0 and 1', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('李小龙', '張偉', 'Müller Straße', 'J. R. R. Tolkien'), fc.array(fc.constantFrom('李', '王', '小', 'wei', 'J', 'John', 'ß'), { maxLength: 4 }).map((parts) => parts.join(' ')))
  fc.assert(fc.property(name, name, (a, b) => {
    expect(nameLikeness(a, a)).toBe(1)
    const likeness = nameLikeness(a, b)
    expect(likeness).toBeGreaterThanOrEqual(0)
    expect(likeness).toBeLessThanOrEqual(1)
    expect(nameLikeness(b, a)).toBeCloseTo(likeness, 10)
  }))
})
