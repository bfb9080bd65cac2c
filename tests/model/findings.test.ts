import fc from 'fast-check'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkWithTests as check } from '../../engine/operations/definitions/access-tests.js'
import { readLayer } from '../../engine/definitions/files.js'
import { mergeLayers, type LayerDocuments } from '../../engine/definitions/layers.js'
import { findings, type FindingCode } from '../../engine/model/findings.js'
import { limits } from '../../engine/model/limits.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import chinese from '../../studio/texts/designer.zh.json'
import { processorTime } from '../support/processor.js'
import { packs, tinyDocuments, tinyLayer } from './packs.js'

const properties = (count: number): Record<string, { type: 'boolean' }> => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, { type: 'boolean' as const }]))

/** Packs that are too large to lie about in files. */
const large: Readonly<Partial<Record<FindingCode, () => LayerDocuments>>> = {
  'document.tooLarge': () => ({ 'account/entity.json': { description: 'x'.repeat(limits.documentBytes) } }),
  'limit.entities': () => Object.fromEntries(Array.from({ length: limits.entities }, (_, i) => [`e${i}/entity.json`, { type: 'object' }])),
  'limit.fields': () => ({ 'account/entity.json': { properties: properties(limits.fieldsPerEntity) } }),
  'limit.options': () => ({ 'account/entity.json': { properties: { region: { crm: { options: Object.fromEntries(Array.from({ length: limits.optionsPerField + 1 }, (_, i) => [`o${i}`, {}])) } } } } }),
}

/** About the names of several folders, of which a pack has one: `cli/cli`. */
const ofFolders: readonly FindingCode[] = ['layer.reserved', 'layer.twice']

const broken = readdirSync(`${packs}broken`)

async function findingsOver(code: string, documents: LayerDocuments | undefined) {
  const layer = documents === undefined ? await readLayer(`${packs}broken/${code}`, code) : { name: code, documents, findings: [] }
  const { findings: found, hints } = check(mergeLayers([await tinyLayer(), layer]).documents)
  return [...layer.findings, ...found, ...hints]
}

describe('findings', () => {
  test('every code has a pack that shows it', () => {
    expect([...broken, ...Object.keys(large), ...ofFolders].sort()).toEqual(Object.keys(findings).sort())
  })

  test('every code has words of its own in the languages of the studio', () => {
    expect(Object.keys(findings).filter((code) => !Object.hasOwn(chinese, `designer.problem.${code}`))).toEqual([])
  })

  test.each([...broken, ...Object.keys(large)])('%s is found, with its place and nothing left to fill in', async (code) => {
    const found = await findingsOver(code, large[code as FindingCode]?.())
    expect(found.map((one) => one.code)).toContain(code)
    for (const one of found) {
      expect(one.path).toMatch(/^[^#]+#(\/.*)?$/)
      expect(one.message).not.toMatch(/\{\w+\}|undefined|\[object/)
    }
  })

  test('all problems are told at once', async () => {
    const layers = await Promise.all(['schema.keyword', 'role.where', 'view.sort', 'field.link', 'texts.target'].map((code) => readLayer(`${packs}broken/${code}`, code)))
    const codes = new Set(check(mergeLayers([await tinyLayer(), ...layers]).documents).findings.map((one) => one.code))
    expect([...codes].sort()).toEqual(['field.link', 'role.where', 'schema.keyword', 'texts.target', 'view.sort'])
  })

  test('the tiny pack and the packs of the product have none', async () => {
    const core = await readLayer('metadata/core', 'core')
    const retail = await readLayer('metadata/retail', 'retail')
    const layers = [await tinyLayer()]
    expect(check(mergeLayers(layers).documents).findings).toEqual([])
    expect([...core.findings, ...retail.findings, ...check(mergeLayers([core, retail]).documents).findings]).toEqual([])
  })

  test('an archived field may still be named by lists, forms and roles, and comes back with them', async () => {
    const archive = { name: 'site', documents: { 'account/entity.json': { properties: { region: {}, phone: { crm: { archived: true } }, notes: { crm: { archived: true } } } } } }
    expect(check(mergeLayers([await tinyLayer(), archive]).documents).findings).toEqual([])
  })

  test('a condition that a field is required by asks about the record alone, and rests with the fields that it names', async () => {
    const over = (requiredWhen: JsonObject, more: JsonObject = {}, at = 'notes') => layer.then((tiny) => check(mergeLayers([tiny, { name: 'site', documents: { 'account/entity.json': { properties: { ...more, [at]: { crm: { requiredWhen } } } } } }]).documents).findings.map(({ message }) => message))
    const layer = tinyLayer()
    expect(await over({ website: null, employees: { $gt: 3 } })).toEqual([])
    expect(await over({ website: null }, { website: { crm: { archived: true } } })).toEqual([])
    expect(await over({ gone: 1 })).toEqual([expect.stringContaining('there is no field “gone” in account')])
    expect(await over({ owner: '$user.id' })).toEqual([expect.stringContaining('it depends on who writes')])
    expect(await over({ deals: { $some: {} } })).toEqual([expect.stringContaining('deals is asked about other records')])
    expect(await over({ 'owner.name': 'x' })).toEqual([expect.stringContaining('there is no field “owner.name”')])
    expect(await over({ name: 'x' }, {}, 'createdAt')).not.toEqual([])
  })

  test('what a lifecycle needs cannot be put away, and a new value of its field must be a state', async () => {
    const lifecycle = { field: 'region', initial: 'north', states: { north: { on: { move: { target: 'south', require: ['website'], guard: { employees: { $gt: 3 } }, set: { notes: null } } } }, south: { on: { move: { target: 'east' } } }, east: { on: { move: { target: 'west' } } }, west: { final: true } } }
    const over = (properties: JsonObject) => check(mergeLayers([layer, { name: 'own', documents: { 'account/lifecycle.json': lifecycle } }, { name: 'site', documents: { 'account/entity.json': { properties } } }]).documents).findings
    const layer = await tinyLayer()
    expect(over({})).toEqual([])
    expect(over({ website: { crm: { archived: true } } })).toMatchObject([{ path: 'account/lifecycle.json#/states/north/on/move/require/0', code: 'lifecycle.archived' }])
    expect(over({ notes: { crm: { archived: true } } })).toMatchObject([{ path: 'account/lifecycle.json#/states/north/on/move/set/notes', code: 'lifecycle.archived' }])
    expect(over({ employees: { crm: { archived: true } } })).toMatchObject([{ path: 'account/lifecycle.json#/states/north/on/move/guard', code: 'lifecycle.guard' }])
    expect(over({ region: { enum: ['north', 'south', 'east', 'west', 'centre'] } })).toMatchObject([{ path: 'account/lifecycle.json#/states', code: 'lifecycle.option' }])
    expect(over({ region: { crm: { archived: true } } }).filter(({ path }) => path.startsWith('account/lifecycle'))).toMatchObject([{ path: 'account/lifecycle.json#/field', code: 'lifecycle.archived' }])
  })

  test('A-026 archiving a field that a row rule needs is refused', async () => {
    const archive = { name: 'site', documents: { 'account/entity.json': { properties: { region: { crm: { archived: true } } } } } }
    expect(check(mergeLayers([await tinyLayer(), archive]).documents).findings.map((one) => one.code)).toContain('role.where')
  })

  test('A-106 a pattern that would make others wait for seconds takes no time', async () => {
    const documents = mergeLayers([await tinyLayer(), { name: 'site', documents: { 'account/entity.json': { properties: { code: { type: 'string', pattern: '^(a+)+$' } } } } }]).documents
    const { findings: found, model } = check(documents)
    expect(found).toEqual([])
    const spent = processorTime()
    expect(model.entities.get('account')?.validatePatch({ code: `${'a'.repeat(50)}!` }).findings).toHaveLength(1)
    expect(spent()).toBeLessThan(500)
  })

  test('A-146 a damaged package is refused or accepted, never a crash', async () => {
    const documents = await tinyDocuments()
    const paths = Object.keys(documents)
    const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('__proto__', '$user.x', '#/properties/x', { $ref: '#' }, { crm: { type: 'reference' } }, [[[]]], -0, Number.POSITIVE_INFINITY))
    fc.assert(fc.property(fc.constantFrom(...paths), fc.nat(), junk, (path, place, value) => {
      const text = JSON.stringify(documents[path])
      const leaves = [...text.matchAll(/(?<=[:[,])("(?:[^"\\]|\\.)*"|true|false|\{|\d+)(?=[,\]}])/g)]
      const leaf = leaves[place % Math.max(leaves.length, 1)]
      if (leaf === undefined) return
      const mutated = text.slice(0, leaf.index) + (JSON.stringify(value) ?? 'null') + text.slice(leaf.index + leaf[0].length)
      const result = check({ ...documents, [path]: JSON.parse(mutated) as never })
      for (const one of result.findings) expect(one.message).not.toMatch(/undefined|\[object/)
    }), { numRuns: 200 })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  }, 300_000)
})
