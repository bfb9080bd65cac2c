/** What every field type promises, tried on the examples that each type gives. A new type is covered by being registered. */
import { readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { fieldType, fieldTypes } from '../../engine/fields/index.js'
import { isObject, type JsonObject } from '../../metadata/contract/json.js'
import { propertyOf } from './property.js'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false })
formats.default(ajv)
ajv.addFormat('time-zone', true).addFormat('language', true) // the engine's own; what they take is tried where people are made

test('every file under types/ is registered under its own name', () => {
  const files = readdirSync(new URL('../../engine/fields/types', import.meta.url)).map((file) => file.replace(/\.ts$/, ''))
  expect(fieldTypes.map((type) => type.name).toSorted()).toEqual(files.toSorted())
  expect(fieldType('constructor')).toBeUndefined()
})

describe.each(fieldTypes.map((type) => ({ name: type.name, type })))('$name', ({ type }) => {
  // Lists of records and lines are kept in tables of their own, and one of several records in a reference for each.
  const isElsewhere = type.links !== undefined || type.lines !== undefined || type.oneOf !== undefined

  test('its options are described in words for administrators', () => {
    expect(ajv.validateSchema(type.options)).toBe(true)
    for (const option of Object.values(isObject(type.options.properties) ? type.options.properties : {})) {
      expect(option).toMatchObject({ title: expect.stringMatching(/\S/) as unknown })
    }
  })

  test('it has examples, and text that can be searched has a folded column', () => {
    expect(type.examples.length).toBeGreaterThan(0)
    for (const { options } of type.examples) {
      const roles = type.columns(options).map((column) => column.role)
      expect(roles.includes('fold')).toBe(type.searchable === true)
      if (type.operators.includes('$startsWith')) expect(roles).toContain('fold')
      expect(type.columns(options)[0]?.suffix).toBe(isElsewhere ? undefined : '')
    }
  })

  test.each(type.examples.map((example) => ({ label: JSON.stringify(example), ...example })))('$label', ({ options, value, text }) => {
    const valid = ajv.compile(type.options)
    expect(valid(options), JSON.stringify(valid.errors)).toBe(true)

    const fits = ajv.compile(type.schema(options))
    expect(fits(value), JSON.stringify(fits.errors)).toBe(true)
    expect(fits(null) && Object.keys(type.schema(options)).length > 0).toBe(false)
    expect(type.check?.(value, options)).toBeUndefined()
    expect(type.canonical?.(value, options) ?? value).toEqual(value)

    const columns = type.columns(options)
    const cells = type.toColumns(value, options)
    expect(cells).toHaveLength(columns.length)
    if (!isElsewhere) expect(type.fromColumns(cells, options)).toEqual(value)
    const empty = type.toColumns(null, options)
    expect(empty).toEqual(columns.map(() => null))
    expect(type.fromColumns(empty, options)).toBeNull()

    expect(type.format(value, options)).toBe(text)
    // Rows are more than their text, and no text makes a file.
    if (type.files !== undefined) expect(type.parse(text, options)).toBeUndefined()
    else if (type.lines === undefined) expect(type.parse(text, options)).toEqual(value)

    const sorted = type.sortColumn(options)
    expect(sorted === null || sorted in columns).toBe(true)
    if (type.operators.includes('$in')) expect(type.operand(value, '$in', options)).toEqual(cells[0])
    for (const operator of type.operators) {
      expect(type.operand({ not: 'a value' }, operator, options)).toBeUndefined()
      expect(type.operand('half \ud800 a pair', operator, options)).toBeUndefined()
    }

    expect(type.infer(propertyOf(type, options), true)).toEqual(options)
    if (type.mask !== undefined) expect(type.mask(value, options)).not.toEqual(value)
  })
})

/** Plain JSON Schema → the type that a property gets when nobody named one. */
const inferred: readonly (readonly [JsonObject, string])[] = [
  [{ type: 'string' }, 'text'],
  [{ type: 'string', maxLength: 255 }, 'text'],
  [{ type: 'string', maxLength: 256 }, 'longText'],
  [{ type: 'string', format: 'textarea' }, 'longText'],
  [{ type: 'string', format: 'uuid' }, 'text'],
  [{ type: 'string', format: 'of-our-own' }, 'text'],
  [{ type: ['string', 'null'] }, 'text'],
  [{ type: 'string', format: 'email' }, 'email'],
  [{ type: 'string', format: 'tel' }, 'phone'],
  [{ type: 'string', format: 'uri' }, 'url'],
  [{ type: 'string', format: 'date' }, 'date'],
  [{ type: 'string', format: 'date-time' }, 'instant'],
  [{ type: 'string', format: 'time' }, 'time'],
  [{ type: 'string', format: 'duration' }, 'duration'],
  [{ type: 'string', format: 'color' }, 'color'],
  [{ type: 'string', contentMediaType: 'text/markdown' }, 'richText'],
  [{ type: 'array', uniqueItems: true, items: { type: 'string' } }, 'tags'],
  [{ type: 'array', items: { type: 'string' } }, 'json'],
  [{ type: 'object', properties: { lat: { type: 'number' }, lng: { type: 'number' } }, required: ['lat', 'lng'] }, 'geoPoint'],
  [{ type: 'object', properties: { lat: { type: 'number' }, lng: { type: 'number' }, alt: { type: 'number' } } }, 'json'],
  [{ type: 'integer' }, 'integer'],
  [{ type: 'number' }, 'decimal'],
  [{ type: 'boolean' }, 'boolean'],
  [{ enum: ['a', 'b'] }, 'select'],
  [{ enum: ['a', 'b', null] }, 'select'],
  [{ type: 'integer', enum: [1, 2] }, 'select'],
  [{ oneOf: [{ const: 'a', title: 'A' }, { const: 'b', title: 'B' }] }, 'select'],
  [{ type: 'array', items: { enum: ['a', 'b'] } }, 'multiSelect'],
  [{ type: 'array', uniqueItems: true, items: { oneOf: [{ const: 'a', title: 'A' }] } }, 'multiSelect'],
  [{ enum: ['a', 1] }, 'json'],
  [{ type: 'array', items: { type: 'object' } }, 'json'],
  [{ type: 'object', properties: {} }, 'json'],
  [{ type: ['string', 'integer'] }, 'json'],
  [{ oneOf: [{ type: 'string' }, { type: 'object' }] }, 'json'],
  [{}, 'json'],
]

test.each(inferred)('%j is a %s', (property, name) => {
  expect(fieldTypes.find((type) => type.infer(property, false) !== undefined)?.name).toBe(name)
})
