import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identifier, indexName, isReserved, physicalName, systemColumns, titleFrom } from '../../engine/model/names.js'

const identifiers = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,62}$/)

describe('physical names', () => {
  test('are short, plain and never those of the system', () => {
    fc.assert(fc.property(identifiers.filter((name) => !isReserved(name)), (identity) => {
      const name = physicalName(identity)
      expect(name).toMatch(/^[a-z][a-z0-9_]{0,47}$/)
      expect(name).not.toMatch(/^(sqlite|pg|tessera)_/)
      expect(Object.values(systemColumns)).not.toContain(name)
      expect(name).toBe(physicalName(identity))
    }), { numRuns: 1000 })
  })

  test('differ for identities that differ in more than case', () => {
    fc.assert(fc.property(identifiers, identifiers, (a, b) => {
      fc.pre(a.toLowerCase() !== b.toLowerCase())
      expect(physicalName(a)).not.toBe(physicalName(b))
    }), { numRuns: 1000 })
    expect(physicalName('a_b')).not.toBe(physicalName('a__b'))
    expect(physicalName(`${'x'.repeat(60)}a`)).not.toBe(physicalName(`${'x'.repeat(60)}b`))
  })

  test('never look like the extra column of another field', () => {
    const fold = `${physicalName('name')}__fold`
    expect(physicalName('name__fold')).not.toBe(fold)
  })

  test.each(['sqlite_master', 'pg_class', 'tessera_version', 'rowid', 'xmin', 'ctid'])('%s is made harmless', (identity) => {
    expect(physicalName(identity)).not.toBe(identity)
  })

  test('of indexes fit PostgreSQL', () => {
    expect(indexName('x'.repeat(48), ['y'.repeat(48)], true).length).toBeLessThanOrEqual(63)
  })
})

test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', '__defineGetter__', 'prototype', 'ID', 'Owner', 'createdat'])('%s is reserved or no identifier', (name) => {
  expect(isReserved(name) || !identifier.test(name)).toBe(true)
})

test.each([['memberNo', 'Member no'], ['store', 'Store'], ['first_name', 'First name'], ['RFMScore', 'RFMScore']])('%s gets the title %s', (key, title) => {
  expect(titleFrom(key)).toBe(title)
})
