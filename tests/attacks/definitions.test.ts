/** Hostile definitions, sent as an administrator's draft: names, conditions, expressions, patterns, bombs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { Answer } from '../support/client.js'
import { databaseKinds } from '../support/databases.js'
import { processorTime } from '../support/processor.js'
import { alive, clients, ground, withoutTrace, type Ground } from './ground.js'

const draft = '/api/definitions/draft'
const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
const document = (path: string): string => `/${pointerPart(path)}`
const property = (key: string): string => `${document('client/entity.json')}/properties/${pointerPart(key)}`

/** Where a problem is told to be that an operation at this path made: `client/entity.json#/properties/a`. */
const placeOf = (path: string): string => {
  const [, file = '', ...rest] = path.split('/')
  return `${file.replaceAll('~1', '/').replaceAll('~0', '~')}#${rest.map((part) => `/${part}`).join('')}`
}

const names = [
  'select; drop table client', "x'; DROP TABLE client; --", 'x"y', 'x`y', 'x\ny', 'x\ty', 'x\0y', 'x y', '😀', '\u202Etxt', 'имя', 'ａ', 'x'.repeat(300), '', '.', '..', '../x', 'a/b', 'a\\b', '1x', '_x', 'x-y', '$x', 'x.y', '-- x', '/* x */', 'x;',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf', 'isPrototypeOf', 'CONSTRUCTOR', 'Id', 'OWNER', 'version', 'archivedAt',
]

describe.each(databaseKinds)('hostile definitions on %s', (database) => {
  let place: Ground
  beforeAll(async () => {
    place = await ground(database)
  })
  afterAll(() => place.app.close())

  /** Sends one operation as a draft, then publishes it; gives the answer that refused it. The draft is thrown away. */
  async function refusal(path: string, value: Json): Promise<Answer> {
    const { admin } = place
    const patched = await admin.patch(draft, [{ op: 'add', path, value }])
    if (patched.status !== 200) return patched
    const checked = (await admin.post('/api/definitions/check')).body as { problems: Json[] }
    const answer = await admin.post('/api/definitions/publish', { consent: [] })
    expect(answer.status === 422, `${path} ${JSON.stringify(value).slice(0, 200)} ${answer.text.slice(0, 200)}`).toBe(checked.problems.length > 0)
    await admin.delete(draft)
    return answer
  }

  /** Each operation is refused where it is sent, or named by the check of a draft that holds all of them; the draft is not published. */
  async function refusedTogether(operations: readonly [path: string, value: Json][]): Promise<void> {
    const { admin } = place
    const kept: string[] = []
    for (const [path, value] of operations) {
      const { status, text } = await admin.patch(draft, [{ op: 'add', path, value }])
      expect(status, `${path} ${text.slice(0, 300)}`).toBeOneOf([200, 400, 422])
      if (status === 200) kept.push(path)
    }
    const { problems } = (await admin.post('/api/definitions/check')).body as { problems: { path: string }[] }
    const unnamed = kept.map(placeOf).filter((place) => !problems.some((problem) => problem.path === place || problem.path.startsWith(`${place}/`)))
    expect(unnamed).toEqual([])
    expect((await admin.post('/api/definitions/publish', { consent: [] })).status).toBe(422)
    await admin.delete(draft)
  }

  test('A-100 where the database, files, certificates and secrets are is nothing that a definition can say', async () => {
    for (const name of ['database', 'DATABASE_URL', 'files', 'bucket', 'certificate', 'secret']) expect((await refusal(`${document('layer.json')}/${name}`, '/etc/passwd')).status, name).toBe(422)
    await refusedTogether(['settings.json', 'config.json', 'database.json', '.env', '../.env'].map((path): [string, Json] => [document(path), { DATABASE_URL: 'sqlite:/tmp/elsewhere.db' }]))
    for (const method of ['GET', 'PUT', 'PATCH', 'POST']) for (const path of ['/api/settings', '/api/config', '/api/database', '/api/files/folder']) expect((await place.admin.request(method, path, method === 'GET' ? {} : { body: {} })).status, path).toBeOneOf([404, 405])
  })

  test('A-050 A-051 a hostile name is refused for an entity, a field, a list, a form, a role and a text, and reaches no statement', async () => {
    await withoutTrace(place.app, async () => {
      const text = { type: 'string' }
      const hostile: [string, Json][] = names.flatMap((name, index): [string, Json][] => [
        [document(`${name}/entity.json`), { type: 'object', title: 'X', properties: { a: text } }],
        [property(name), text],
        [property(`named${String(index)}`), { type: 'string', crm: { id: name } }],
      ])
      await refusedTogether(hostile)
      // Names of documents know the hyphen; the grammar is the same otherwise, and none of them reaches the database.
      await refusedTogether(names.filter((one) => !/^[A-Za-z][\w-]{0,62}$/.test(one)).flatMap((name): [string, Json][] => [
        [document(`client/view.${name}.json`), { kind: 'list', title: 'X', columns: ['name'] }], [document(`client/form.${name}.json`), { type: 'VerticalLayout', elements: [] }],
        [document(`roles/${name}.json`), { title: 'X', entities: {} }], [document(`texts/${name}.json`), {}], [document(`${name}.json`), {}], [document(`${name}/x/entity.json`), { type: 'object' }],
      ]))
    })
  })

  test('A-050 titles, choices, help and messages may be anything: they are kept as they are and run nothing', async () => {
    const { admin, app } = place
    const odd = `'"\`;--/*\\\u202E😀\n<script>alert(1)</script> {{7*7}} \${7*7} %s $1 ?`
    const choices = [`'; DROP TABLE client; --`, 'a"b', '__proto__', 'constructor', '😀', 'NULL', '0']
    const value: JsonObject = { title: odd, description: odd, enum: choices, crm: { options: Object.fromEntries(choices.filter((one) => !['__proto__', 'constructor'].includes(one)).map((one) => [one, { title: odd }])) } }
    expect((await admin.patch(draft, [{ op: 'add', path: property('odd'), value }, { op: 'replace', path: `${document('client/entity.json')}/title`, value: odd }])).status).toBe(200)
    expect(await admin.post('/api/definitions/publish', { message: odd })).toMatchObject({ status: 201 })
    for (const choice of choices) {
      const made = await admin.post(clients, { name: 'Odd', odd: choice })
      expect(made).toMatchObject({ status: 201, body: { odd: choice } })
      expect(await admin.get(`${clients}?filter=${encodeURIComponent(JSON.stringify({ odd: choice }))}&count=true`)).toMatchObject({ body: { count: 1 } })
      expect((await admin.post(`${clients}/aggregate`, { filter: { odd: choice }, groupBy: ['odd'] })).body).toEqual({ groups: [{ odd: choice, count: 1 }] })
    }
    expect((await admin.get('/api/model')).body).toMatchObject({ entities: { client: { title: odd } } })
    expect(await admin.get('/api/definitions/versions')).toMatchObject({ body: { versions: [{ message: odd }, {}] } })
    const back = (await admin.post('/api/definitions/plan', { restore: 1 })).body as { steps: { key: string; safety: string }[] }
    expect((await admin.post('/api/definitions/versions/1/restore', { consent: back.steps.map(({ key }) => key) })).status).toBe(201)
    await alive(app)
  })

  test('A-055 a hostile condition is refused where it is saved, and again where it is run', async () => {
    const { admin, app } = place
    const conditions: Json[] = [
      { "name' OR '1'='1": 'x' }, { name: { $where: 'sleep(9)' } }, { name: { $regex: '(a+)+$' } }, { $where: '1=1' }, { 'name); DROP TABLE client; --': null }, { name: { "$eq' --": 1 } },
      { clients: { $sum: { 'x); --': 1 } } }, { __proto__x: 1 }, { name: { $in: 'x' } }, { name: [[]] }, { score: { $gt: "0 OR 1=1" } }, { 'branch.branch.branch.branch.branch.branch.branch': 1 }, [] as Json, 'name = name', 1,
    ]
    await withoutTrace(app, async () => {
      for (const filter of conditions) {
        expect((await refusal(document('client/view.attack.json'), { kind: 'list', title: 'X', columns: ['name'], filter })).status, JSON.stringify(filter)).toBe(422)
        expect((await refusal(document('roles/attack.json'), { title: 'X', entities: { client: { read: { where: filter } } } })).status, JSON.stringify(filter)).toBe(422)
        expect((await admin.get(`${clients}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).status, JSON.stringify(filter)).toBeOneOf([400, 403])
        expect((await admin.post(`${clients}/aggregate`, { filter })).status).toBeOneOf([400, 403])
        expect((await admin.post(`${clients}/bulk`, { where: filter, set: { name: 'x' } })).status).toBeOneOf([400, 403])
      }
      for (const part of [{ sort: 'name; DROP TABLE client' }, { sort: '-secret desc' }, { columns: ['name, secret'] }, { columns: ["name' --"] }] as JsonObject[]) {
        expect((await refusal(document('client/view.attack.json'), { kind: 'list', title: 'X', columns: ['name'], ...part })).status, JSON.stringify(part)).toBe(422)
      }
    })
  })

  test('A-056 A-060 the one template that definitions have knows its parts only', async () => {
    await withoutTrace(place.app, async () => {
      for (const format of ['{{constructor}}', '${process.env}{0}', '{0}{0}{yyyy}{name}', '<%= 1 %>', '{__proto__}{0}', '{0', '{constructor.constructor}{0}']) {
        expect((await refusal(property('numbered'), { type: 'string', readOnly: true, crm: { type: 'autonumber', format } })).status, format).toBe(422)
      }
    })
  })

  test('A-059 an expression reaches nothing of the host', async () => {
    const steps = ['this', 'name', '""', '[]', '{}', '1', 'true', 'null', 'score', '(name)', 'name.trim', 'size', 'dyn(name)', 'now', 'today', 'coalesce(name, "")', 'coalesce(now, now)', '{"a": 1}', '[now, 1][0]', 'type(name)']
    const members = ['.constructor', '.__proto__', '["constructor"]', '.constructor.constructor("return process")()', '.toString.call(1)', '.prototype.polluted', '.__defineGetter__("x", y)', '.at(0).constructor', '?.constructor', '.map(x, x.constructor)', '.hasOwnProperty("x")', '.valueOf().constructor']
    const whole = ['process.exit(1)', 'require("fs")', 'globalThis', 'Function("return 1")()', 'eval("1")', 'import("fs")', '`${1}`', 'name`x`', '(() => true)()', 'function(){}', 'while(true){}', 'new Date()', 'name = "x"', 'delete name', 'async', 'arguments', 'Symbol.iterator', 'console.log(1)', 'name.matches("(a+)+$")', 'true; true', ' ', '{"__proto__": 1}.x', 'labels.exists(x, x.constructor == null)', '[now, 1].exists(x, x["constructor"] == null)', 'labels[name] == null', 'has(name.constructor)', 'coalesce(now, now)["constr" + "uctor"] == null', '((((((((((true']
    const sources = [...steps.flatMap((step) => members.map((member) => `${step}${member} == null`)), ...whole]
    const { admin, app } = place
    await withoutTrace(app, async () => {
      for (let from = 0; from < sources.length; from += 50) {
        const part = sources.slice(from, from + 50)
        const rules = part.map((cel) => ({ cel, message: 'x', at: 'name' }))
        expect((await admin.patch(draft, [{ op: 'add', path: `${document('client/entity.json')}/crm/rules`, value: rules }])).status).toBe(200)
        const checked = await admin.post('/api/definitions/check')
        const { problems } = checked.body as { problems: { path: string; code: string }[] }
        const refused = new Set(problems.map(({ path }) => Number(/crm\/rules\/(\d+)/.exec(path)?.[1])))
        expect(part.filter((_, i) => !refused.has(i))).toEqual([])
        expect(checked.text).not.toMatch(/node_modules|at Object|\.js:/)
        expect((await admin.post('/api/definitions/publish', {})).status).toBe(422)
      }
      await admin.delete(draft)
    })
  })

  test('A-106 patterns that hang are refused or run in linear time, wherever they are written', async () => {
    const { admin, app } = place
    for (const pattern of ['(a)\\1', '(?=a)b', '(?<=a)b', '(?<!a)b', '(', '[', 'a{1000000}', '(?P<x']) {
      for (const value of [{ type: 'string', pattern }, { type: 'array', items: { type: 'string', pattern } }, { type: 'object', properties: { x: { type: 'string', pattern } } }, { type: 'object', patternProperties: { [pattern]: { type: 'string' } } }] as Json[]) {
        expect((await refusal(property('slow'), value)).status, `${pattern} ${JSON.stringify(value)}`).toBe(422)
      }
    }
    await admin.patch(draft, [{ op: 'add', path: property('slow'), value: { type: 'string', pattern: '^(a+)+$' } }, { op: 'add', path: property('slower'), value: { type: 'string', pattern: '(x+x+)+y|([a-z]+)*!' } }])
    expect((await admin.post('/api/definitions/publish', {})).status).toBe(201)
    for (const body of [{ slow: `${'a'.repeat(50)}!` }, { slower: 'x'.repeat(200) }] as JsonObject[]) {
      const spent = processorTime()
      expect(await admin.post(clients, { name: 'x', ...body })).toMatchObject({ status: 422 })
      expect(spent()).toBeLessThan(1_000) // a backtracking engine takes minutes
    }
    await alive(app)
  })

  test('A-107 bombs of definitions are refused with their limit, and the product goes on', async () => {
    const { app, admin } = place
    const many = (count: number, make: (i: number) => Json): JsonObject => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, make(i)]))
    const deep = (levels: number): Json => (levels === 0 ? { type: 'string' } : { type: 'object', properties: { x: deep(levels - 1) } })
    const nested = (levels: number): Json => (levels === 0 ? { type: 'Control', scope: '#/properties/name' } : { type: 'VerticalLayout', elements: [nested(levels - 1)] })
    await withoutTrace(app, async () => {
      const bombs: readonly (readonly [string, string, Json])[] = [
        ['fields', document('bomb/entity.json'), { type: 'object', title: 'B', properties: many(2_000, () => ({ type: 'string' })) }],
        ['choices', property('bomb'), { enum: Array.from({ length: 5_000 }, (_, i) => `c${i}`) }],
        ['levels of a value', property('bomb'), deep(100)],
        ['levels of a form', document('client/form.bomb.json'), nested(100)],
        ['a long label', `${document('client/entity.json')}/title`, 'x'.repeat(600_000)],
        ['itself', document('bomb/entity.json'), { type: 'object', title: 'B', properties: { a: { $ref: '#/properties/a' } } }],
        ['a billion laughs', document('bomb/entity.json'), { type: 'object', title: 'B', $defs: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`d${i}`, i === 0 ? { type: 'object', properties: many(9, () => ({ type: 'string' })) } : { type: 'object', properties: many(9, () => ({ $ref: `#/$defs/d${i - 1}` })) }])), properties: { a: { $ref: '#/$defs/d8' } } }],
        ['a long expression', `${document('client/entity.json')}/crm/rules`, [{ cel: Array.from({ length: 5_000 }, () => 'true').join(' && '), message: 'x', at: 'name' }]],
        ['nested loops', `${document('client/entity.json')}/crm/rules`, [{ cel: 'labels.all(a, labels.all(b, labels.all(c, labels.all(d, true))))', message: 'x', at: 'name' }]],
        ['a deep condition', document('client/view.bomb.json'), { kind: 'list', title: 'X', columns: ['name'], filter: Array.from({ length: 30 }).reduce<Json>((inner) => ({ $not: inner }), { name: 'x' }) }],
        ['a wide condition', document('client/view.bomb.json'), { kind: 'list', title: 'X', columns: ['name'], filter: { $or: Array.from({ length: 500 }, () => ({ name: 'x' })) } }],
      ]
      for (const [what, path, value] of bombs) {
        const spent = processorTime()
        const answer = await refusal(path, value)
        expect(answer.status, `${what}: ${answer.text.slice(0, 300)}`).toBeOneOf([400, 413, 422])
        expect(spent(), what).toBeLessThan(5_000)
      }
      const patches = Array.from({ length: 600 }, (_, i) => ({ op: 'add', path: document(`bomb${i}/entity.json`), value: { type: 'object', title: `B${i}`, properties: { a: { type: 'string' } } } }))
      for (const part of [patches.slice(0, 300), patches.slice(300)]) expect((await admin.patch(draft, part)).status).toBe(200)
      expect(await admin.post('/api/definitions/publish', {})).toMatchObject({ status: 422, body: { problems: expect.arrayContaining([expect.objectContaining({ code: 'limit.entities' })]) as unknown } })
      await admin.delete(draft)
      expect((await admin.patch(draft, Array.from({ length: 200_000 }, () => ({})))).status).toBeOneOf([400, 413])
    })
  }, 120_000)
})
