/** Every type's examples in both databases: stored and loaded unchanged, and each operator finds what `matches` says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../engine/model/compile.js'
import type { Entity, Model } from '../../engine/model/model.js'
import { placed } from '../../engine/model/targets.js'
import { everything, type Predicate } from '../../engine/model/conditions/predicate.js'
import { resolve, unrestricted } from '../../engine/model/conditions/resolve.js'
import { fieldTypes } from '../../engine/fields/index.js'
import type { Database } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import * as records from '../../engine/storage/records.js'
import { matches } from '../../metadata/contract/condition.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { createTables } from '../conditions/tables.js'
import { databaseKinds, freshDatabase, type TestDatabase } from '../support/databases.js'
import { propertyOf } from './property.js'

/** Lines are records of their own (tests/http/lines.test.ts). One entity for each example: a record with its value, one with each other example that fits, and an empty one. */
const subjects = fieldTypes.filter(({ lines }) => lines === undefined).flatMap((type) =>
  type.examples.map((example, i) => ({
    name: `${type.name}${String(i)}`,
    type,
    options: example.options,
    values: [example.value, ...type.examples.filter((other) => JSON.stringify(other.options) === JSON.stringify(example.options)).map(({ value }) => value), type.links === undefined ? null : []],
  })),
)

const model: Model = compile(
  {
    'user/entity.json': { type: 'object', properties: { name: { type: 'string' } } },
    'store/entity.json': { type: 'object', properties: { name: { type: 'string' } } },
    ...Object.fromEntries(subjects.map(({ name, type, options }) => [`${name}/entity.json`, { type: 'object', properties: { value: withoutInverse(propertyOf(type, options)) } }])),
  },
  1,
)

/** Many examples name the same relation, which an entity can have only once; a tree stands in its own entity alone (`tests/http/hierarchy`). */
function withoutInverse(property: JsonObject): JsonObject {
  const { inverse: _inverse, hierarchy: _hierarchy, ...crm } = property.crm as JsonObject
  return { ...property, crm }
}

const context = { now: new Date('2026-07-01T00:00:00Z'), timeZone: 'UTC', user: () => undefined }

describe.each(databaseKinds)('%s', (kind) => {
  let file: TestDatabase
  let database: Database

  beforeAll(async () => {
    file = await freshDatabase(kind)
    database = await openDatabase(file.url)
    await createTables(database, model)
    // What lists of records point to.
    const store = model.entities.get('store')
    if (store !== undefined) await database.write((tx) => records.insert(tx, store, [{ name: 'One' }, { name: 'Two' }], { by: null, at: new Date('2026-01-01T00:00:00Z'), owner: null }))
  })

  afterAll(async () => {
    await database.close()
    await file.drop()
  })

  const found = async (entity: Entity, rows: Predicate): Promise<readonly JsonObject[]> => {
    const fields = [...entity.fields.values()].filter(({ key }) => key === 'id' || key === 'value').map((field) => ({ field, masked: false }))
    const page = await records.list(database.read, { entity, rows, archived: 'without', selection: { fields, toOne: [], toMany: [] }, sort: [], limit: 100 }, context)
    return [...(page.records as readonly JsonObject[])].toSorted((a, b) => Number(a.id) - Number(b.id))
  }

  test('the definitions of all examples compile', () => {
    expect(model.quarantined).toEqual([])
  })

  test.each(subjects)('$name', async ({ name, type, options, values }) => {
    const entity = model.entities.get(name)
    if (entity === undefined) throw new Error(`no entity ${name}`)
    const stamp = { by: null, at: new Date('2026-01-01T00:00:00Z'), owner: null }
    // Numbered fields draw from a counter; here their value is what matters.
    const plain: Entity = { ...entity, fields: new Map([...entity.fields].map(([key, field]) => [key, key === 'value' ? { ...field, type: withoutNumbering(field.type) } : field])) }
    await database.write((tx) => records.insert(tx, plain, values.map((value) => placed(entity.fields, { value })), stamp))

    const stored = await found(entity, everything)
    expect(stored.map(({ value }) => value)).toEqual(values)

    const operands: readonly Json[] = [...values.filter((value) => value !== null), ...values.flatMap((value) => (Array.isArray(value) ? (value as readonly Json[]) : typeof value === 'string' ? [value.slice(0, 2), value.toUpperCase()] : []))]
    const asked = type.operators.flatMap((operator): readonly JsonObject[] => {
      const fitting = operands.filter((operand) => type.operand(operand, operator, options) !== undefined)
      if (operator === '$in' || operator === '$nin') return [{ value: { [operator]: fitting.slice(0, 3) } }, { value: { [operator]: [] } }]
      const missing = operator === '$eq' || operator === '$ne' ? [null] : []
      // Written as it is stored: `matches` takes operands as they are.
      return [...fitting.map((operand) => type.canonical?.(operand, options) ?? operand), ...missing].map((operand) => ({ value: { [operator]: operand } }))
    })
    expect(asked.length).toBeGreaterThan(operands.flat().length === 0 ? -1 : 0)
    for (const condition of asked.flatMap((one) => [one, { $not: one }])) {
      const expected = stored.filter((record) => matches(condition, record, context)).map(({ id }) => id)
      const actual = (await found(entity, resolve(model, name, condition, unrestricted(model), ''))).map(({ id }) => id)
      expect(actual, JSON.stringify(condition)).toEqual(expected)
    }
  })
})

function withoutNumbering(type: (typeof fieldTypes)[number]): (typeof fieldTypes)[number] {
  const { numbering: _numbering, ...rest } = type
  return rest
}
