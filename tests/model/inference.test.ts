/** Any JSON Schema is an entity: published schemas that nobody wrote for us, and the words of JSON Schema one by one. */
import { getExamples } from '@jsonforms/examples'
import { describe, expect, test } from 'vitest'
import { check } from '../../engine/definitions/check.js'
import type { Documents } from '../../engine/model/model.js'

const examples = new Map(getExamples().map((example) => [example.name, example.schema as unknown as Documents[string]]))

function fieldsOf(schema: Documents[string]): { fields: Record<string, string>; findings: string[] } {
  const { model, findings } = check({ 'thing/entity.json': { type: 'object', ...schema } })
  const own = [...(model.entities.get('thing')?.fields.values() ?? [])].filter((field) => !field.system)
  return { fields: Object.fromEntries(own.map((field) => [field.key, field.type.name])), findings: findings.map((one) => `${one.code} ${one.path}`) }
}

describe('published schemas', () => {
  test.each<[string, Record<string, string>]>([
    ['person', { name: 'text', vegetarian: 'boolean', birthDate: 'date', nationality: 'select', personalData: 'json', occupation: 'text', postalCode: 'text' }],
    ['control-options', { string: 'text', boolean: 'boolean', number: 'decimal', integer: 'integer', date: 'date', dateTime: 'instant', enum: 'select' }],
    ['default', { name: 'text', done: 'boolean', rating: 'integer', cost: 'decimal', dueDate: 'date' }],
    ['multi-enum', { oneOfMultiEnum: 'multiSelect', multiEnum: 'multiSelect' }],
    ['enum', { plainEnum: 'select', oneOfEnum: 'select', constEnum: 'json' }],
    ['numbers', { price: 'decimal', age: 'integer', height: 'decimal' }],
    ['object', { address: 'json', user: 'json' }],
    ['mixed-object', { nullableString: 'text', mixed: 'json' }],
    ['scope', { orderId: 'text', purchaseDate: 'date', price: 'decimal', shippingAddress: 'json' }],
    ['array', { comments: 'json', foo: 'text' }],
    ['allOf', { billing_address: 'json', shipping_address: 'json' }],
    ['anyOf-oneOf-allOf-resolve', { element: 'json' }],
    ['1884', { firstName: 'text', gender: 'select', height: 'decimal', dateOfBirth: 'date' }],
    ['prepend-append-slots', { displayName: 'text', email: 'email', temperature: 'integer' }],
  ])('%s is an entity', (name, expected) => {
    const schema = examples.get(name)
    expect(schema).toBeDefined()
    const { fields, findings } = fieldsOf(schema ?? {})
    expect(findings).toEqual([])
    expect(fields).toMatchObject(expected)
  })

  test.each([
    ['ifthenelse', 'schema.keyword thing/entity.json#'],
    ['oneOf-recursive', 'schema.cycle thing/entity.json#/properties/root'],
    ['huge', 'name.reserved thing/entity.json#/properties/id'],
  ])('%s says what we do not support', (name, expected) => {
    expect(fieldsOf(examples.get(name) ?? {}).findings).toContain(expected)
  })
})

describe('the words of JSON Schema', () => {
  test.each<[string, Documents[string], string]>([
    ['a string', { type: 'string' }, 'text'],
    ['a long string', { type: 'string', maxLength: 4000 }, 'longText'],
    ['an e-mail', { type: 'string', format: 'email' }, 'email'],
    ['a URI', { type: 'string', format: 'uri' }, 'url'],
    ['a date', { type: 'string', format: 'date' }, 'date'],
    ['a time stamp', { type: 'string', format: 'date-time' }, 'instant'],
    ['an integer', { type: 'integer' }, 'integer'],
    ['a number', { type: 'number' }, 'decimal'],
    ['a boolean', { type: 'boolean' }, 'boolean'],
    ['a string or null', { type: ['string', 'null'] }, 'text'],
    ['choices', { enum: ['a', 'b'] }, 'select'],
    ['titled choices', { oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] }, 'select'],
    ['a list of choices', { type: 'array', uniqueItems: true, items: { enum: ['a'] } }, 'multiSelect'],
    ['an object', { type: 'object', properties: { a: { type: 'string' } } }, 'json'],
    ['a list of objects', { type: 'array', items: { type: 'object' } }, 'json'],
    ['a shared part', { $ref: '#/$defs/mail' }, 'email'],
    ['a named type', { crm: { type: 'phone' } }, 'phone'],
  ])('%s', (_what, property, type) => {
    const { fields, findings } = fieldsOf({ properties: { field: property }, $defs: { mail: { type: 'string', format: 'email' } } })
    expect(findings).toEqual([])
    expect(fields.field).toBe(type)
  })
})
