import fc from 'fast-check'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLayer, writeLayer } from '../../engine/definitions/files.js'
import { changesBetween } from '../../engine/definitions/changes.js'
import { diffDocuments, mergeLayers, rebase } from '../../engine/definitions/layers.js'
import { mergedList } from '../../engine/definitions/merge-list.js'
import { upgradeLayer, upgradeLayers } from '../../engine/definitions/upgrade.js'
import type { Documents } from '../../engine/model/model.js'
import { formatDocument } from '../../metadata/contract/json.js'
import { tinyLayer } from './packs.js'

/** Merged documents hold no null as a member, except inside conditions. */
const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', 'filter', 'where', 'properties', 'x/y', 'x~y'), fc.string({ maxLength: 3 }))
const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean(), fc.array(fc.oneof(fc.integer(), fc.constant(null)), { maxLength: 2 }))
const { object } = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('object')),
}))
const documents = fc.dictionary(fc.constantFrom('a/entity.json', 'b/entity.json', 'layer.json'), object, { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Documents>

const over = (lower: Documents, upper: ReturnType<typeof diffDocuments>): Documents => mergeLayers([{ name: 'lower', documents: lower }, { name: 'upper', documents: upper }]).documents

/** Path → what stands in the file. */
const files = (layer: ReturnType<typeof diffDocuments>) => Object.fromEntries(Object.entries(layer).map(([path, document]) => [path, formatDocument(document)]))

describe('layers', () => {
  test('merging what was diffed gives what was wanted', () => {
    fc.assert(fc.property(documents, documents, (lower, wanted) => {
      expect(over(lower, diffDocuments(lower, wanted))).toEqual(wanted)
    }), { numRuns: 2000 })
  })

  test('the diff of equal documents is empty', () => {
    fc.assert(fc.property(documents, (one) => {
      expect(diffDocuments(one, structuredClone(one))).toEqual({})
    }))
  })

  test('taking a layer apart again after merging gives the same bytes', () => {
    fc.assert(fc.property(documents, documents, (lower, wanted) => {
      const layer = diffDocuments(lower, wanted)
      expect(files(diffDocuments(lower, over(lower, layer)))).toEqual(files(layer))
    }), { numRuns: 1000 })
  })

  test('null removes a member, and a whole document', () => {
    const merged = over({ 'a/entity.json': { title: 'A', crm: { icon: 'x' } }, 'layer.json': { title: 'L' } }, { 'a/entity.json': { crm: { icon: null } }, 'layer.json': null })
    expect(merged).toEqual({ 'a/entity.json': { title: 'A', crm: {} } })
  })

  test('a condition is one value: it is replaced as a whole and keeps its nulls', () => {
    expect(over({ 'a/lifecycle.json': { states: { x: { exit: { set: { a: 1, b: 2 } } } } } }, { 'a/lifecycle.json': { states: { x: { exit: { set: { a: null } } } } } })).toEqual({ 'a/lifecycle.json': { states: { x: { exit: { set: { a: null } } } } } })
    const lower: Documents = { 'a/view.all.json': { kind: 'list', filter: { tier: 'gold' } }, 'roles/x.json': { entities: { where: { read: { where: { a: 1 } } } } } }
    expect(over(lower, { 'a/view.all.json': { filter: { store: { $ne: null } } }, 'roles/x.json': { entities: { where: { update: true } } } })).toEqual({
      'a/view.all.json': { kind: 'list', filter: { store: { $ne: null } } },
      'roles/x.json': { entities: { where: { read: { where: { a: 1 } }, update: true } } },
    })
  })

  test('every member knows the layer that said it last', () => {
    const { provenance } = mergeLayers([
      { name: 'core', documents: { 'a/entity.json': { title: 'A', properties: { x: { type: 'string', title: 'X' } } } } },
      { name: 'site', documents: { 'a/entity.json': { properties: { x: { title: 'Ex', type: 'string' }, y: { type: 'boolean' } } } } },
    ])
    expect(provenance['a/entity.json']).toMatchObject({ '/title': 'core', '/properties/x': 'core', '/properties/x/type': 'core', '/properties/x/title': 'site', '/properties/y': 'site', '/properties/y/type': 'site' })
  })

  test('Object.prototype stays as it was', () => {
    const merged = over({}, JSON.parse('{"a/entity.json":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}') as Documents)
    expect(Object.hasOwn(merged['a/entity.json'] ?? {}, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('three-way merge', () => {
  const base: Documents = { 'a/entity.json': { title: 'A', properties: { x: { type: 'string' }, y: { type: 'string' } } } }

  test('takes both sides where they do not meet', () => {
    const mine: Documents = { 'a/entity.json': { title: 'A', properties: { x: { type: 'string', title: 'X' }, y: { type: 'string' }, z: { type: 'boolean' } } } }
    const theirs: Documents = { 'a/entity.json': { title: 'B', properties: { x: { type: 'string' } } }, 'b/entity.json': { type: 'object' } }
    expect(rebase(base, mine, theirs)).toEqual({
      documents: { 'a/entity.json': { title: 'B', properties: { x: { type: 'string', title: 'X' }, z: { type: 'boolean' } } }, 'b/entity.json': { type: 'object' } },
      conflicts: [],
    })
  })

  test('keeps mine and names the place where both changed the same', () => {
    const { documents: merged, conflicts } = rebase(base, { 'a/entity.json': { ...base['a/entity.json'], title: 'Mine' } }, { 'a/entity.json': { ...base['a/entity.json'], title: 'Theirs' } })
    expect(merged['a/entity.json']?.title).toBe('Mine')
    expect(conflicts).toEqual([{ path: 'a/entity.json#/title', base: 'A', mine: 'Mine', theirs: 'Theirs' }])
  })

  test('a field that one side removed and the other changed is a conflict, not a loss', () => {
    const { conflicts } = rebase(base, { 'a/entity.json': { title: 'A', properties: { x: { type: 'string' } } } }, { 'a/entity.json': { title: 'A', properties: { x: { type: 'string' }, y: { type: 'integer' } } } })
    expect(conflicts.map(({ path }) => path)).toEqual(['a/entity.json#/properties/y'])
  })

  test('nothing changed by one side gives the other side', () => {
    fc.assert(fc.property(documents, documents, (one, other) => {
      expect(rebase(one, other, one)).toEqual({ documents: other, conflicts: [] })
      expect(rebase(one, one, other)).toEqual({ documents: other, conflicts: [] })
    }), { numRuns: 500 })
  })
})

describe('lists of names that both changed', () => {
  test('are put together name by name, and left to a person where both moved what they kept', () => {
    const of = (base: string, mine: string, theirs: string): string | undefined => mergedList([...base], [...mine], [...theirs])?.map((name) => (typeof name === 'string' ? name : '')).join('')
    expect(of('abc', 'abxc', 'abcy')).toBe('abxcy')
    expect(of('abc', 'ac', 'abcd')).toBe('acd')
    expect(of('abc', 'cab', 'abcd')).toBe('cdab')
    expect(of('abc', 'abcd', 'cba')).toBe('cdba')
    expect(of('abc', 'xabc', 'bcx')).toBe('xbc')
    expect(of('abc', 'cab', 'bca')).toBeUndefined()
    expect(mergedList([{}], [{}, 1], [])).toBeUndefined()
    expect(mergedList(['a'], ['a', 'a'], ['b'])).toBeUndefined()
  })

  test('nothing that one side put in is lost, nothing that it took out comes back', () => {
    const names = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
    fc.assert(fc.property(names, names, names, (base, mine, theirs) => {
      const merged = mergedList(base, mine, theirs)
      fc.pre(merged !== undefined)
      const wanted = [...'abcdefgh'].filter((name) => (base.includes(name) ? mine.includes(name) && theirs.includes(name) : mine.includes(name) || theirs.includes(name)))
      expect(new Set(merged)).toEqual(new Set(wanted))
      expect(merged?.length).toBe(wanted.length)
    }))
  })
})

describe('a layer on top of what the ones below have become', () => {
  const up = (base: Documents, theirs: Documents, mine: Documents, decide?: 'mine' | 'theirs') =>
    upgradeLayer(base, theirs, { name: 'acme', documents: diffDocuments(base, mine) }, () => decide)
  const entity = (properties: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({ type: 'object', properties, ...rest }) as Documents[string]

  test('what only one side changed is there afterwards, and of what both changed the chosen side', () => {
    fc.assert(fc.property(documents, documents, documents, (base, mine, theirs) => {
      for (const side of ['mine', 'theirs'] as const) {
        const { documents: layer, conflicts } = up(base, theirs, mine, side)
        const result = over(theirs, layer)
        const chosen = rebase(base, mine, theirs, { prefer: () => side })
        expect(result).toEqual(chosen.documents)
        for (const conflict of conflicts) expect(changesBetween(result, { mine, theirs }[side]).map(({ path }) => path)).not.toContain(conflict.path)
      }
    }), { numRuns: 500 })
  })

  test('on top of what it was made for it stays as it is, byte for byte', () => {
    fc.assert(fc.property(documents, documents, (base, mine) => {
      const layer = diffDocuments(base, mine)
      const upgraded = upgradeLayer(base, structuredClone(base), { name: 'acme', documents: layer })
      expect([files(upgraded.documents), upgraded.conflicts]).toEqual([files(layer), []])
    }), { numRuns: 300 })
  })

  test('what the lower layer says by itself now is not said twice', () => {
    const mine: Documents = { 'a/entity.json': entity({ x: { type: 'string', title: 'X' } }) }
    expect(up({}, mine, mine)).toEqual({ documents: {}, conflicts: [] })
  })

  test('a field that the lower layer renamed is followed, with everything that names it', () => {
    const view = { kind: 'list', columns: ['name', 'city'], filter: { city: 'Chengdu' } }
    const base: Documents = { 'a/entity.json': entity({ name: { type: 'string' }, city: { type: 'string' } }) }
    const mine: Documents = { 'a/entity.json': entity({ name: { type: 'string' }, city: { type: 'string', title: 'Where' } }), 'a/view.mine.json': view }
    const theirs: Documents = { 'a/entity.json': entity({ name: { type: 'string' }, town: { type: 'string', crm: { id: 'city' } } }) }
    expect(up(base, theirs, mine)).toEqual({
      documents: { 'a/entity.json': { properties: { town: { title: 'Where' } } }, 'a/view.mine.json': { kind: 'list', columns: ['name', 'town'], filter: { town: 'Chengdu' } } }, conflicts: [],
    })
  })

  test('a field renamed here keeps its name, and follows the lower layer in everything else', () => {
    const base: Documents = { 'a/entity.json': entity({ city: { type: 'string' } }) }
    const mine: Documents = { 'a/entity.json': entity({ place: { type: 'string', crm: { id: 'city' } } }) }
    const theirs: Documents = { 'a/entity.json': entity({ city: { type: 'string', title: 'City' } }), 'a/view.new.json': { kind: 'list', columns: ['city'] } }
    const { documents: layer, conflicts } = up(base, theirs, mine)
    expect(conflicts).toEqual([])
    expect(over(theirs, layer)).toEqual({ 'a/entity.json': entity({ place: { type: 'string', title: 'City', crm: { id: 'city' } } }), 'a/view.new.json': { kind: 'list', columns: ['place'] } })
  })

  test('renamed by both: a conflict; the chosen name is everywhere', () => {
    const base: Documents = { 'a/entity.json': entity({ city: { type: 'string' } }) }
    const mine: Documents = { 'a/entity.json': entity({ place: { type: 'string', crm: { id: 'city' } } }) }
    const theirs: Documents = { 'a/entity.json': entity({ town: { type: 'string', crm: { id: 'city' } } }), 'a/view.new.json': { kind: 'list', columns: ['town'] } }
    expect(up(base, theirs, mine).conflicts).toEqual([{ layer: 'acme', why: 'renamed', path: 'a/entity.json#/properties/place', base: 'city', mine: 'place', theirs: 'town' }])
    expect(over(theirs, up(base, theirs, mine).documents)['a/view.new.json']).toEqual({ kind: 'list', columns: ['place'] })
    expect(up(base, theirs, mine, 'theirs').documents).toEqual({})
  })

  test('what is gone or holds other values now is a conflict, and kept as a whole until somebody decides', () => {
    const base: Documents = { 'a/entity.json': entity({ city: { type: 'string' }, tier: { enum: ['x', 'y'] } }) }
    const mine: Documents = { 'a/entity.json': entity({ city: { type: 'string', title: 'Where' }, tier: { enum: ['x', 'y'], title: 'Level' } }) }
    const theirs: Documents = { 'a/entity.json': entity({ tier: { type: 'integer' } }) }
    const { documents: layer, conflicts } = up(base, theirs, mine)
    expect(conflicts.map(({ path, why }) => [path, why])).toEqual([['a/entity.json#/properties/tier', 'retyped'], ['a/entity.json#/properties/city', 'gone']])
    expect(over(theirs, layer)).toEqual({ 'a/entity.json': entity({ tier: { enum: ['x', 'y'], title: 'Level' }, city: { type: 'string', title: 'Where' } }) })
    expect(up(base, theirs, mine, 'theirs').documents).toEqual({})
  })

  test('a renamed entity takes what the layer has for it along', () => {
    const base: Documents = { 'shop/entity.json': entity({ name: { type: 'string' } }), 'a/entity.json': entity({ shop: { crm: { type: 'reference', to: 'shop' } } }) }
    const theirs: Documents = { 'store/entity.json': entity({ name: { type: 'string' } }, { crm: { id: 'shop' } }), 'a/entity.json': entity({ shop: { crm: { type: 'reference', to: 'store' } } }) }
    const { documents: layer, conflicts } = up(base, theirs, { ...base, 'shop/view.mine.json': { kind: 'list', columns: ['name'] } })
    expect([layer, conflicts]).toEqual([{ 'store/view.mine.json': { kind: 'list', columns: ['name'] } }, []])
  })

  test('each layer of a stack is put on top of those below it', () => {
    const pack = (title: string) => ({ name: 'pack', documents: { 'a/entity.json': entity({ x: { type: 'string', title } }) } })
    const acme = { name: 'acme', documents: { 'a/entity.json': { properties: { x: { title: 'Ours' } } } } }
    const studio = { name: 'studio', documents: { 'a/entity.json': { properties: { x: { maxLength: 5 } } } } }
    const { layers, conflicts } = upgradeLayers([pack('One'), acme, studio], [pack('Two'), acme, studio])
    expect(layers).toEqual([pack('Two'), acme, studio])
    expect(conflicts).toEqual([{ layer: 'acme', why: 'changed', path: 'a/entity.json#/properties/x/title', base: 'One', mine: 'Ours', theirs: 'Two' }])
  })
})

describe('files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layer-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('what is written is read again, byte for byte the same the second time', async () => {
    const layer = { ...(await tinyLayer()), name: 'copy' }
    await writeLayer(folder, { ...layer, documents: { ...layer.documents, 'contact/view.all.json': null } })
    const again = await readLayer(folder, 'copy')
    expect(again.documents).toEqual({ ...layer.documents, 'contact/view.all.json': null })
    const before = await readFile(join(folder, 'deal/entity.json'), 'utf8')
    await writeLayer(folder, again)
    expect(await readFile(join(folder, 'deal/entity.json'), 'utf8')).toBe(before)
  })

  test('a definition that is not in the layer any more is removed; other files stay', async () => {
    await writeFile(join(folder, 'README.md'), 'notes')
    await writeLayer(folder, { name: 'copy', documents: { 'layer.json': { name: 'copy' } } })
    expect(Object.keys((await readLayer(folder, 'copy')).documents)).toEqual(['layer.json'])
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('notes')
  })

  test('a path that leads out of the folder is refused', async () => {
    await expect(writeLayer(folder, { name: 'bad', documents: { '../x/entity.json': {} } })).rejects.toThrow(/not the path/)
  })
})
