/** Any JSON Schema is an entity: published schemas that nobody wrote for us, and the words of JSON Schema one by one. */
import { getExamples } from '@jsonforms/examples'
import { describe, expect, test } from 'vitest'
import { check } from '../../engine/definitions/check.js'
import type { Documents } from '../../engine/model/model.js'
import type { JsonObject } from '../../metadata/contract/json.js'

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
    ['array', { comments: 'lines', foo: 'text' }],
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
    ['a list of any objects', { type: 'array', items: { type: 'object' } }, 'json'],
    ['a list of objects', { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }, 'lines'],
    ['a list of shared objects', { type: 'array', items: { $ref: '#/$defs/place' } }, 'lines'],
    ['a shared list of objects', { $ref: '#/$defs/places' }, 'lines'],
    ['a list of objects with a part that no field can be', { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } }, 'json'],
    ['a list of objects that is called one value', { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } }, crm: { type: 'json' } }, 'json'],
    ['a shared part', { $ref: '#/$defs/mail' }, 'email'],
    ['a named type', { crm: { type: 'phone' } }, 'phone'],
  ])('%s', (_what, property, type) => {
    const { fields, findings } = fieldsOf({ properties: { field: property }, $defs: { mail: { type: 'string', format: 'email' }, place: { type: 'object', properties: { city: { type: 'string' } } }, places: { type: 'array', items: { $ref: '#/$defs/place' } } } })
    expect(findings).toEqual([])
    expect(fields.field).toBe(type)
  })
})

describe('a list of objects', () => {
  const order: Documents[string] = {
    type: 'object', title: 'Order', required: ['number', 'items'],
    properties: {
      number: { type: 'string' },
      items: { type: 'array', title: 'Items', minItems: 1, items: { type: 'object', required: ['quantity'], properties: { quantity: { type: 'integer' }, order: { type: 'string' }, notes: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } } } } },
    },
  }
  const compiled = (documents: Documents) => {
    const { model, findings } = check(documents)
    expect(findings).toEqual([])
    return model
  }

  test('is an entity of its own that belongs to the record', () => {
    const model = compiled({ 'order/entity.json': order })
    const line = model.entities.get('orderItems')
    expect([line?.title, line?.plural]).toEqual(['Items', 'Items'])
    expect(Object.fromEntries([...(line?.fields.values() ?? [])].filter(({ system }) => !system).map(({ key, type, required }) => [key, [type.name, required]]))).toEqual({ orderOwner: ['reference', false], quantity: ['integer', true], order: ['text', false], notes: ['json', false] })
    expect(line?.fields.get('orderOwner')?.link).toMatchObject({ to: 'order', owned: true, onDelete: 'cascade' })
    expect(model.entities.get('order')?.fields.get('items')).toMatchObject({ lines: { entity: 'orderItems', field: 'orderOwner' }, required: false, options: { minItems: 1 } })
  })

  test.each<[string, JsonObject, string]>([
    ['a part that every record has', { id: { type: 'string' } }, 'every record has “id” already'],
    ['a part that is no key', { 'unit price': { type: 'number' } }, '“unit price” cannot be the key of a field'],
    ['a part of no type that there is', { what: { crm: { type: 'nothing' } } }, 'no field can hold “what”'],
  ])('that stays one value for %s is told with its place and the reason, and may be published', (_what, parts, reason) => {
    const { findings, hints } = check({ 'order/entity.json': { ...order, properties: { items: { type: 'array', items: { type: 'object', properties: parts } } }, required: [] } })
    expect(findings).toEqual([])
    expect(hints).toMatchObject([{ path: 'order/entity.json#/properties/items/items', code: 'field.list', message: `“items” is a list of objects that stays one value: ${reason}.` }])
    expect(check({ 'order/entity.json': order }).hints).toEqual([])
  })

  test('is refined like every entity, and named by roles, forms and navigation', () => {
    const model = compiled({
      'order/entity.json': order,
      'orderItems/entity.json': { type: 'object', title: 'Item', properties: { quantity: { title: 'How many' }, notes: { crm: { archived: true } } } },
      'orderItems/form.default.json': { type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/quantity' }] },
      'roles/clerk.json': { title: 'Clerk', entities: { order: { read: true }, orderItems: { read: true } } },
      'layer.json': { name: 'shop', title: 'Shop', version: '1.0.0', navigation: [{ title: 'Sales', entities: ['order', 'orderItems'] }] },
    })
    expect(model.entities.get('orderItems')?.title).toBe('Item')
    expect(model.entities.get('orderItems')?.fields.get('quantity')?.title).toBe('How many')
    expect(model.entities.get('orderItems')?.fields.has('notes')).toBe(false)
  })

  test('keeps its table when the entity and the field get other names', () => {
    const renamed = compiled({ 'sale/entity.json': { ...order, properties: { rows: { ...(order.properties as JsonObject)['items'] as JsonObject, crm: { id: 'items' } } }, required: [], crm: { id: 'order' } } })
    expect(renamed.entities.get('saleRows')?.table).toBe(compiled({ 'order/entity.json': order }).entities.get('orderItems')?.table)
  })

  test('is compiled once: nothing is made again where nothing changed', () => {
    const documents = { 'order/entity.json': order, 'orderItems/entity.json': { type: 'object', title: 'Item' } }
    const first = check(documents).model
    const second = check({ ...documents }, first).model
    expect(second.entities.get('orderItems')).toBe(first.entities.get('orderItems'))
  })
})
