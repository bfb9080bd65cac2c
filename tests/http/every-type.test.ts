/** Every field type in every use it can be put to: it works, or it is refused with an error that names the place; alike on both databases. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { FieldType } from '../../engine/fields/contract.js'
import { fieldTypes } from '../../engine/fields/index.js'
import { seenAs } from '../../engine/fields/seen-as.js'
import type { Finding } from '../../engine/errors.js'
import { check } from '../../engine/definitions/check.js'
import { findings } from '../../engine/model/findings.js'
import type { Documents } from '../../engine/model/model.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { measures, operators } from '../../metadata/contract/operators.js'
import { propertyOf } from '../fields/property.js'
import { startApp, type App } from '../support/app.js'
import { address } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { over, sent } from '../support/imports.js'
import { writePack } from '../support/pack.js'

interface Subject {
  /** The entity whose records have a `value` of the type. */
  readonly name: string
  readonly type: FieldType
  readonly options: JsonObject
  readonly values: readonly Json[]
}

/** The first example of each type, and those of the same type that read its values differently (numbers that are chosen, codes of another kind). */
const subjects: readonly Subject[] = fieldTypes.filter(({ lines }) => lines === undefined).flatMap((type) => {
  const kinds = new Map(type.examples.map(({ options }) => [type.columns(options).map(({ kind }) => kind).join(), options]))
  return [...kinds.values()].map((options, i) => ({
    name: `${type.name}${String(i)}`,
    type,
    options,
    values: type.examples.filter((other) => JSON.stringify(other.options) === JSON.stringify(options)).map(({ value }) => value),
  }))
})

const valueOf = ({ type, options }: Subject): JsonObject => {
  const property = propertyOf(type, options)
  const { inverse: _inverse, hierarchy: _hierarchy, owned: _owned, ...crm } = property.crm as JsonObject
  return { ...property, crm }
}

/** A formula that uses a value of the kind that CEL sees, and one for what it does not see at all. */
const formulas: Readonly<Record<FieldType['formula'], string>> = {
  text: 'value + "!"', number: 'value > 0 ? 1 : 2', boolean: 'value ? 1 : 0', date: 'value < date("2999-01-01") ? 1 : 0', instant: 'value < createdAt ? 1 : 0', list: 'size(value)', link: 'value == 1 ? 1 : 2', none: 'value == null ? 1 : 0',
}
const formulaOf = ({ type, options }: Subject): string => formulas[seenAs(type, options)]
const rollups: readonly JsonObject[] = [{ min: 'value' }, { max: 'value' }, { sum: 'value' }, { avg: 'value' }, { first: 'value' }, { last: 'value' }, { last: 'code', by: 'value' }, { count: true, where: { value: { $ne: null } } }]

/** Each use as a definition of its own, so that each is refused by itself: the name of the use → the documents that differ. */
function uses(subject: Subject): readonly (readonly [string, JsonObject])[] {
  const { name } = subject
  const thing = (crm: JsonObject, value: JsonObject = {}, more: JsonObject = {}): JsonObject => {
    const property = valueOf(subject)
    return { type: 'object', properties: { code: { type: 'string' }, holder: { crm: { type: 'reference', to: 'holder' } }, value: { ...property, crm: { ...(property.crm as JsonObject), ...value } }, ...more }, crm }
  }
  const rolled = (settings: JsonObject): JsonObject => ({ 'holder/entity.json': { type: 'object', properties: { name: { type: 'string' }, rolled: { crm: { type: 'rollup', of: `${name}.holder`, ...settings } } } } })
  const path = `${name}/entity.json`
  return [
    ['plain', { [path]: thing({}) }],
    ['search', { [path]: thing({}, { search: true }) }],
    ['unique', { [path]: thing({}, { unique: true }) }],
    ['index', { [path]: thing({}, { index: true }) }],
    ['together', { [path]: thing({ unique: [['code', 'value']] }) }],
    ['alike', { [path]: thing({ duplicates: [{ match: ['value'] }] }) }],
    ['loosely', { [path]: thing({ duplicates: [{ match: ['value~', 'code'] }] }) }],
    ['formula', { [path]: thing({}, {}, { computed: { crm: { type: 'formula', cel: formulaOf(subject) } } }) }],
    ['rule', { [path]: thing({ rules: [{ check: 'value != null', message: 'Say it', fields: ['code'] }] }) }],
    ['lookup', { [path]: thing({}), 'copy/entity.json': { type: 'object', properties: { thing: { crm: { type: 'reference', to: name } }, copied: { crm: { type: 'lookup', via: 'thing', field: 'value' } } } } }],
    ...rollups.map((settings) => [`rollup ${JSON.stringify(settings)}`, { [path]: thing({}), ...rolled(settings) }] as const),
    ['list', { [path]: thing({}), [`${name}/view.all.json`]: { kind: "list", columns: ['value'], sort: 'value' } }],
    ['grouped', { [path]: thing({}), [`${name}/view.all.json`]: { kind: "list", columns: ['value'], groupBy: ['value'] } }],
  ]
}

const around: JsonObject = { 'layer.json': { title: 'Every type' }, 'user/entity.json': { type: 'object', properties: { name: { type: 'string' } } }, 'store/entity.json': { title: 'Store / shop', type: 'object', properties: { name: { type: 'string' } } }, 'holder/entity.json': { type: 'object', properties: { name: { type: 'string' } } } }



const checked = new Map(subjects.flatMap((subject) => uses(subject).map(([use, documents]) => [`${subject.name} ${use}`, check({ ...around, ...documents } as Documents).findings] as const)))
const findingsOf = (subject: Subject, use: string): readonly Finding[] => checked.get(`${subject.name} ${use}`) ?? []
const accepted = (subject: Subject, use: string): boolean => findingsOf(subject, use).length === 0

test.each(subjects)('$name: what it cannot be used for is refused with a finding that names the place', (subject) => {
  const { name, type, options } = subject
  for (const [use] of uses(subject)) {
    for (const { code, path, message } of findingsOf(subject, use)) {
      expect(Object.keys(findings)).toContain(code)
      expect(path, message).toMatch(use === 'lookup' ? /^copy\/.*copied/ : use.startsWith('rollup') ? /^holder\/.*rolled/ : new RegExp(`^${name}/.*#/.*(?:value|computed|crm|sort|groupBy)`))
    }
  }
  const offered = {
    plain: true, index: type.sortColumn(options) !== null && findingsOf(subject, 'index')[0]?.code !== 'field.indexLength', search: type.searchable === true, formula: type.formula !== 'none',
    'rollup {"min":"value"}': type.measures.includes('min'), 'rollup {"sum":"value"}': type.measures.includes('sum'), 'rollup {"count":true,"where":{"value":{"$ne":null}}}': type.links === undefined,
  }
  for (const [use, works] of Object.entries(offered)) expect({ [use]: accepted(subject, use) }).toEqual({ [use]: works })
})

/** All that each type can be used for, in one pack. */
function pack(): Readonly<Record<string, Json>> {
  const rolled: Record<string, Json> = {}
  const copied: Record<string, Json> = {}
  const documents: Record<string, Json> = { ...around }
  for (const subject of subjects) {
    const { name } = subject
    const value = valueOf(subject)
    const settings = Object.fromEntries(['search', 'unique'].filter((use) => accepted(subject, use)).map((use) => [use, true]))
    documents[`${name}/entity.json`] = {
      type: 'object',
      properties: {
        code: { type: 'string' }, holder: { crm: { type: 'reference', to: 'holder' } },
        value: { ...value, crm: { ...(value.crm as JsonObject), ...settings } },
        ...(accepted(subject, 'formula') ? { computed: { crm: { type: 'formula', cel: formulaOf(subject) } } } : {}),
      },
      crm: { duplicates: [{ use: 'alike', match: ['value'] }, { use: 'loosely', match: ['value~', 'code'] }].filter(({ use }) => accepted(subject, use)).map(({ match }) => ({ match })) },
    }
    for (const [i, one] of rollups.entries()) if (accepted(subject, `rollup ${JSON.stringify(one)}`)) rolled[`${name}${String(i)}`] = { crm: { type: 'rollup', of: `${name}.holder`, ...one } }
    if (accepted(subject, 'lookup')) Object.assign(copied, { [name]: { crm: { type: 'reference', to: name } }, [`${name}Copied`]: { crm: { type: 'lookup', via: name, field: 'value' } } })
  }
  return { ...documents, 'holder/entity.json': { type: 'object', properties: { name: { type: 'string' }, ...rolled } }, 'copy/entity.json': { type: 'object', properties: copied }, 'thing/entity.json': thing, 'together/entity.json': together }
}

/** Every example as a field of one record; without what the engine gives itself, and contents that a file of rows cannot hold. */
const inFiles = fieldTypes.filter((type) => type.lines === undefined && type.files === undefined && type.numbering === undefined)
  .flatMap((type) => type.examples.map(({ options, value }, i) => ({ key: `${type.name}${String(i)}`, value, property: valueOf({ name: type.name, type, options, values: [] }) })))
const thing: JsonObject = { title: 'Thing', type: 'object', properties: { code: { type: 'string', crm: { unique: true } }, ...Object.fromEntries(inFiles.map(({ key, property }) => [key, property])) }, crm: { display: 'code' } }

const together: JsonObject = { type: 'object', properties: { first: { type: 'string', maxLength: 600, crm: { type: 'text' } }, second: { type: 'string', maxLength: 600, crm: { type: 'text' } } }, crm: { indexes: [['first', 'second']] } }

type Listed = readonly JsonObject[]
const recordsIn = (body: unknown): Listed => (body as { readonly records: Listed }).records

/** What the first database answered, for the second one. */
const answers = new Map<string, unknown>()

describe.each(databaseKinds)('every type on %s', (database) => {
  let app: App
  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', await writePack(pack())] })
    await app.admin.post('/api/records/store/bulk', { create: Array.from({ length: 20 }, (_, i) => ({ name: i % 2 === 0 ? 'Same; name' : `Store ${String(i)}` })) })
    expect((await app.admin.post('/api/records/holder', { name: 'All' })).status).toBe(201)
  })
  afterAll(() => app.close())

  test.each(subjects.filter(({ type }) => type.files === undefined && type.numbering === undefined))('$name', async (subject) => {
    const { name, type, options, values } = subject
    const at = `/api/records/${name}`
    const told: unknown[] = []
    const made = await app.admin.post(`${at}/bulk`, { create: [...values, null].map((value, i) => ({ code: `c${String(i)}`, holder: 1, value })) })
    expect(made.status, made.text).toBeLessThan(300)
    const all = recordsIn((await app.admin.get(address(at, { sort: 'id' }))).body)
    told.push(all.map(({ value, computed }) => [value, computed]))
    expect(all.slice(0, -1).map(({ value }) => value)).toEqual(values)
    // A formula over a value gives one.
    if (accepted(subject, 'formula')) expect(all.slice(0, -1).filter(({ computed }) => computed === null).length).toBeLessThan(Math.max(values.length, 1))

    const [up, down] = [await app.admin.get(address(at, { sort: 'value', fields: 'code' })), await app.admin.get(address(at, { sort: '-value', fields: 'code' }))]
    const sortable = type.sortColumn(options) !== null || type.oneOf !== undefined
    if (sortable) {
      expect(recordsIn(up.body).map(({ code }) => code).toReversed()).toEqual(recordsIn(down.body).map(({ code }) => code))
      expect(recordsIn(up.body)[0]).toMatchObject({ code: `c${String(values.length)}` })
    } else expect(up.body).toMatchObject({ status: 400, code: 'query.invalid', title: expect.stringContaining('value') as unknown })
    told.push(sortable ? up.text : up.status)

    const grouped = await app.admin.post(`${at}/aggregate`, { groupBy: ['value'], measures: { n: { count: true } } })
    if (grouped.status === 200) expect((grouped.body as { readonly groups: Listed }).groups).toHaveLength(values.length + 1)
    else expect(grouped.body).toMatchObject({ status: 400, title: expect.stringContaining('value') as unknown })
    told.push(grouped.status, (grouped.body as { readonly groups?: Listed }).groups)
    for (const measure of measures) {
      if (measure === 'count') continue
      const answer = await app.admin.post(`${at}/aggregate`, { measures: { it: { [measure]: 'value' } } })
      expect(answer.status, measure).toBe(type.measures.includes(measure) ? 200 : 400)
      told.push((answer.body as { readonly groups?: Listed }).groups)
    }
    // Segments are asked of records, and have tests of their own.
    for (const operator of operators.filter((one) => one !== '$segment' && !type.operators.includes(one))) {
      expect((await app.admin.get(address(at, { filter: { value: { [operator]: values[0] ?? 1 } } }))).body, operator).toMatchObject({ status: 400, title: expect.stringContaining('value') as unknown })
    }
    const [first] = values
    if (accepted(subject, 'search') && first !== undefined) {
      const [word = ''] = type.format(first, options).split(/[^\p{L}\p{N}@.]+/u)
      expect(recordsIn((await app.admin.get(address(at, { q: word, fields: 'code' }))).body)).toContainEqual(expect.objectContaining({ code: 'c0' }))
    }
    if (accepted(subject, 'unique')) expect((await app.admin.post(at, { value: first ?? null })).body).toMatchObject({ status: 409 })
    if (accepted(subject, 'alike')) expect((await app.admin.post(`${at}/duplicates`, { values: { value: first ?? null } })).body).toMatchObject({ duplicates: [{ title: 'c0' }] })

    if (accepted(subject, 'lookup')) expect((await app.admin.post('/api/records/copy', { [name]: 1 })).body).toMatchObject({ [`${name}Copied`]: all[0]?.['value'] })
    const rolled = async (): Promise<readonly unknown[]> => Object.entries((await app.admin.get('/api/records/holder/1')).body as JsonObject).filter(([key]) => key.slice(0, -1) === name)
    const before = await rolled()
    told.push(before)
    // What was can be brought back, and what is computed from it with it.
    expect((await app.admin.patch(`${at}/1`, { value: null })).status).toBe(200)
    const { body: past } = await app.admin.get(`${at}/1/history?version=1`)
    expect(past).toMatchObject({ values: { value: all[0]?.['value'] }, unfit: [] })
    expect((await app.admin.patch(`${at}/1`, { value: (past as { readonly values: { readonly value: Json } }).values.value })).status).toBe(200)
    expect(await rolled()).toEqual(before)

    if (answers.has(name)) expect(told).toEqual(answers.get(name))
    answers.set(name, told)
  })

  test.each(['csv', 'xlsx'] as const)('what is exported as %s is imported as the same values', async (format) => {
    const code = `origin-${format}`
    const answer = await app.admin.post('/api/records/thing', { code, ...Object.fromEntries(inFiles.map(({ key, value }) => [key, value])) })
    expect(answer.text).not.toContain('problems')
    const origin = String((answer.body as { readonly id: number }).id)
    const fields = ['code', ...inFiles.map(({ key }) => key)].join(',')
    const { bytes } = await app.admin.get(address('/api/records/thing/export', { format, filter: { code }, fields }))
    await app.admin.patch(`/api/records/thing/${origin}`, { code: `${code}-old` })
    const made = await over(app.admin, await sent(app.admin, bytes, { entity: 'thing', start: 'true', name: `x.${format}` }))
    const rejected = (await app.admin.get(`/api/imports/${String(made.id)}/rejected`)).text
    expect(made['result'], rejected).toMatchObject({ created: 1, rejected: 0 })
    const [copy = {}] = recordsIn((await app.admin.get(address('/api/records/thing', { filter: { code }, fields }))).body)
    const whole = (await app.admin.get(address(`/api/records/thing/${origin}`, { fields }))).body as JsonObject
    // An empty cell says nothing, so a list without entries comes back as none.
    const kept = (value: Json | undefined): Json => (value === undefined || (Array.isArray(value) && value.length === 0) ? null : value)
    for (const { key } of inFiles) expect({ [key]: kept(copy[key]) }).toEqual({ [key]: kept(whole[key]) })
  })
  test('addresses as long as they may be are unique, indexed and compared; longer ones are told', async () => {
    const at = '/api/records/url0'
    // Hardly compressible, as PostgreSQL presses long texts before it puts them into an index.
    const digits = Array.from({ length: 32 }, (_, i) => createHash('sha512').update(String(i)).digest('base64url')).join('')
    const chinese = Array.from({ length: 256 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000))).join('')
    const longest = `https://example.com/${digits}${chinese}`.slice(0, 20 + 1772) + chinese
    expect([longest.length, Buffer.byteLength(longest)]).toEqual([2048, 2560])
    const other = longest.replace('example.com', 'example.org')
    expect((await app.admin.post(`${at}/bulk`, { create: [{ code: 'long', value: longest }, { code: 'other', value: other }] })).text).not.toContain('problems')
    expect((await app.admin.post(at, { value: longest })).body).toMatchObject({ status: 409, problems: [{ path: '/value' }] })
    expect((await app.admin.post(`${at}/duplicates`, { values: { value: other } })).body).toMatchObject({ duplicates: [{ title: 'other' }] })
    expect(recordsIn((await app.admin.get(address(at, { filter: { value: { $in: [longest] } }, fields: 'code' }))).body)).toMatchObject([{ code: 'long' }])
    for (const value of [`https://example.com/${chinese.repeat(4)}`, `https://example.com/${'\ufdfa'.repeat(100)}`]) expect((await app.admin.post(at, { value })).body).toMatchObject({ status: 422, problems: [{ path: '/value', code: 'value.refused', message: expect.stringMatching(/^\S.* is longer than 2560 bytes\.$/) as string }] })
  })

  test('several texts that together are too long for their index are told at their place', async () => {
    const long = (from: number): string => Array.from({ length: 500 }, (_, i) => String.fromCodePoint(from + ((i * 7919) % 10_000))).join('')
    const create = [{ first: 'a', second: 'b' }, { first: long(0x4e00), second: long(0x5e00) }]
    const made = await app.admin.post('/api/records/together/bulk', { create })
    // SQLite takes what it is given.
    if (database === 'sqlite') expect(made.status).toBe(200)
    else expect(made.body).toMatchObject({ status: 422, problems: [{ path: '/create/1/first', code: 'value.refused' }, { path: '/create/1/second', code: 'value.refused' }] })
  })
})
