import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { applyDraftOperations } from '../../engine/definitions/rename.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { canonical } from '../../studio/designer/draft/definitions.js'
import { openDraft, perform, undo } from '../../studio/designer/draft/draft.js'
import { applyAll } from '../../studio/designer/draft/operations.js'
import { difference } from '../../studio/designer/text/difference.js'
import { lineAt, readText, spanOf, writeText } from '../../studio/designer/text/reading.js'
import { followed, isTaken, openText, toldOf } from '../../studio/designer/text/text-state.js'
import { tinyDocuments } from '../model/packs.js'

const original = await tinyDocuments()
const paths = Object.keys(original)
const name = fc.constantFrom('title', 'a', 'b/c', 'd~e', '0', '')
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof({ maxDepth: 3 }, fc.string({ maxLength: 5 }), fc.integer(), fc.boolean(), fc.array(tie('json'), { maxLength: 3 }), fc.dictionary(name, tie('json'), { maxKeys: 3 })),
}))
const definition = fc.dictionary(name, json, { maxKeys: 4 })
/** A definition of the pack with some members changed, taken out or put in. */
const edited = fc.tuple(fc.constantFrom(...paths), fc.array(fc.tuple(name, fc.option(json, { nil: undefined })), { maxLength: 3 })).map(([path, changes]) => {
  const after = Object.fromEntries(Object.entries({ ...original[path], ...Object.fromEntries(changes) }).filter(([, value]) => value !== undefined)) as JsonObject
  return { path, after }
})

describe('a definition as text', () => {
  test('is read back as it was written, whatever it says', () => {
    fc.assert(fc.property(definition, (document) => {
      expect(readText(writeText(document)).value).toEqual(document)
    }))
  })

  test('what was changed reaches the draft, here and in the engine, and is undone', () => {
    fc.assert(fc.property(edited, ({ path, after }) => {
      const operations = difference(path, original[path], after)
      expect(canonical(applyAll(original, operations)[path])).toBe(canonical(after))
      expect(canonical(applyDraftOperations(original, operations, original)[path])).toBe(canonical(after))
      const { draft } = perform(openDraft(original), operations)
      expect(undo(draft).draft.documents).toEqual(original)
    }))
  })

  test('only what was typed is told: what was changed elsewhere meanwhile stays', () => {
    const path = 'account/entity.json'
    const state = { ...openText(original[path]), text: writeText({ ...original[path], title: 'Typed' }) }
    const elsewhere = applyAll(original, [{ op: 'add', path: '/account~1entity.json/description', value: 'Elsewhere' }])
    const waiting = followed(state, elsewhere[path])
    expect(waiting.text).toBe(state.text) // nothing that is typed is overwritten
    const { operations, state: told } = toldOf(path, waiting)
    const both = applyAll(elsewhere, operations)[path]
    expect(both).toMatchObject({ title: 'Typed', description: 'Elsewhere' })
    expect(readText(followed(told, both).text).value).toEqual(both)
  })

  test('a field that only gets another name stays the same field', () => {
    const path = 'account/entity.json'
    const properties = original[path]?.['properties']
    if (!isObject(properties)) throw new Error('the pack has fields')
    const [first = '', ...others] = Object.keys(properties)
    const after = { ...original[path], properties: Object.fromEntries([['newName', properties[first] ?? {}], ...others.map((key) => [key, properties[key] ?? {}] as const)]) }
    expect(difference(path, original[path], after)).toContainEqual({ op: 'move', from: `/account~1entity.json/properties/${first}`, path: '/account~1entity.json/properties/newName' })
  })

  test('a text that is not whole says where and why, and the draft is told nothing', () => {
    const said = Object.fromEntries([
      '{\n  "title": "A"\n  "b": 1 }', '{ "a": 1, }', '{ "a": ', '{ "a": 1', '[1]', '', '{ "a": 1 } x', '{ // why\n}', '{ "a": "', '{ "a": "\\x" }',
      '{ "a": 1, "a": 2 }', '{ "__proto__": {} }', '{ "a": { "b": null } }', '{ "filter": { "a": null } }', '['.repeat(100_000),
    ].map((text) => [text.slice(0, 30), readText(text).fault]))
    expect(Object.fromEntries(Object.entries(said).map(([text, fault]) => [text, fault?.reason ?? 'whole']))).toEqual({
      '{\n  "title": "A"\n  "b": 1 }': 'comma', '{ "a": 1, }': 'key', '{ "a": ': 'value', '{ "a": 1': 'brace', '[1]': 'object', '': 'value', '{ "a": 1 } x': 'symbol', '{ // why\n}': 'comment', '{ "a": "': 'quote', '{ "a": "\\x" }': 'escape',
      '{ "a": 1, "a": 2 }': 'twice', '{ "__proto__": {} }': 'forbidden', '{ "a": { "b": null } }': 'null', '{ "filter": { "a": null } }': 'whole', ['['.repeat(30)]: 'deep',
    })
    expect(lineAt('{\n  "title": "A"\n  "b": 1 }', said['{\n  "title": "A"\n  "b": 1 }']?.offset ?? 0)).toEqual({ line: 3, column: 3 })
    const broken = { ...openText({ title: 'A' }), text: '{ "title": ' }
    expect(toldOf('x/entity.json', broken).operations).toEqual([])
    expect(followed(broken, { title: 'B' })).toEqual(broken)
    expect([isTaken(broken), isTaken(openText({ title: 'A' }))]).toEqual([false, true])
  })

  test('the place of a problem is found, else the nearest around it', () => {
    const text = writeText({ elements: [{ type: 'Group' }, { 0: 'x' }] })
    const at = (place: string): string => { const { offset, length } = spanOf(text, place); return text.slice(offset, offset + length) }
    expect([at('/elements/0/type'), at('/elements/1/0'), at('/elements/0/label')]).toEqual(['"type"', '"0"', '{\n      "type": "Group"\n    }'])
    expect(spanOf(text, '/nothing')).toEqual({ offset: 0, length: 1 })
  })
})
