import { describe, expect, test } from 'vitest'
import { faultAt, formulaFault, readFault, type FormulaFaultCode } from '../../metadata/contract/formula-faults.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import en from '../../studio/texts/designer.en.json' with { type: 'json' }
import zh from '../../studio/texts/designer.zh.json' with { type: 'json' }
import { expressionProblem } from '../../engine/formulas/check.js'
import type { Variable } from '../../engine/formulas/environment.js'
import { compileExpression } from '../../engine/formulas/evaluate.js'
import { processorTime } from '../support/processor.js'

const variables: readonly Variable[] = [
  { name: 'price', kind: 'number' }, { name: 'quantity', kind: 'number' }, { name: 'total', kind: 'number' }, { name: 'name', kind: 'text' },
  { name: 'active', kind: 'boolean' }, { name: 'start', kind: 'date' }, { name: 'end', kind: 'date' }, { name: 'at', kind: 'instant' },
  { name: 'tags', kind: 'list' }, { name: 'data', kind: 'none' }, { name: 'in', kind: 'text' },
]
const record: JsonObject = { price: 0.1, quantity: 3, total: 0.3, name: 'Ada', active: true, start: '2026-01-31', end: '2026-03-01', at: '2026-01-31T10:00:00.000Z', tags: ['vip'] }
const now = new Date('2026-02-01T12:00:00Z')

const run = (source: string, values: JsonObject = record) => compileExpression(source, variables, 'UTC')(values, now)

describe('expressions that just work', () => {
  test.each([
    'price * quantity == total', 'price * 3 == 0.3', '1 + 2.5 == 3.5', 'quantity > 2', '2 < quantity', 'quantity % 2 == 1', '-price < 0', 'price in [0.1, 1]', 'quantity in [1, 3]', '!(quantity in [1, 2])', '(price + price) in [0.2]', '(name) in ["x", ("Ada")] && (1 in [1])', '[1, 3].exists(n, quantity in [n])', '(quantity in [3] ? 1 : 2) in [1]', '!(name in [])',
    'end - start == 29', 'start + 29 == end', 'start < today', 'today - start == 1', 'at < now', 'date(at) == start', 'year(end) == 2026 && month(end) == 3',
    'name != null', 'name.startsWith("A")', 'size(name) == 3', 'regex(name, "^[A-Z]")', '"vip" in tags', 'tags.exists(tag, tag == "vip")',
    'active', '!active || quantity > 0', 'active ? quantity > 0 : quantity == 0', 'round(price, 0) == 0', 'coalesce(price, 0) + 1 > 1', '(active ? price : 0) < 1',
  ])('%s', (source) => {
    expect(expressionProblem(source, variables)).toBeUndefined()
    expect(run(source)).toEqual({ kind: 'value', value: true })
  })
})

describe('missing values', () => {
  test.each(['end == null || end >= start', 'end == null', 'null == end', 'coalesce(price, 0) == 0'])('%s holds', (source) => {
    expect(expressionProblem(source, variables)).toBeUndefined()
    expect(run(source, {})).toEqual({ kind: 'value', value: true })
  })

  test.each(['end >= start', 'price * 2 > 1', 'name.startsWith("A")', '!active', 'active', 'size(name) > 1'])('%s says nothing', (source) => {
    expect(['missing', 'value']).toContain(run(source, {}).kind)
    expect(run(source, {})).not.toMatchObject({ value: true })
    expect(run(source, {})).not.toMatchObject({ kind: 'failed' })
  })
})

describe('mistakes are found before publishing, in plain words', () => {
  test.each([
    ['price > name', '“number > text” is not possible.'],
    ['nmae == "x"', 'There is no field “nmae” that an expression can use.'],
    ['data == null', 'There is no field “data” that an expression can use.'],
    ['price + 1', 'It gives a number, but it must give a yes/no value.'],
    ['price >> 3', 'It cannot be read at character'],
    ['name.matches("(a+)+$")', '“matches” is not offered here; use regex(text, pattern) instead.'],
    ['shout(name)', 'There is no function “shout'],
    ['start > "2026-01-01"', '“date > text” is not possible.'],
    ['tags.all(a, tags.all(b, tags.all(c, true)))', 'Loops over lists are nested too deeply.'],
  ])('%s', (source, message) => {
    expect(expressionProblem(source, variables)).toContain(message)
  })

  test.each<[source: string, code: FormulaFaultCode, found?: string, write?: string]>([
    ['=price * 2', 'begins'], ['price = 3', 'equals'], ['price × 2', 'sign', '×', '*'], ['price <> 3', 'sign', '<>', '!='], ['price => 3', 'sign', '=>', '>='], ['price > 1 and active', 'sign', 'and', '&&'], ['not active', 'sign', 'not', '!'],
    ['（price + 1) > 2', 'sign', '（', '('], ['name == “Ada”', 'sign', '“', '"'], ['OR(active, active)', 'sign', 'OR', '||'], ['name & "x"', 'join'], ['concatenate(name, "x") == ""', 'join'], ['price * 0,19 > 1', 'comma'], ['round(price; 1) > 1', 'semicolon'],
    ['price * 10% > 1', 'percent'], ['price * 10%', 'percent'], ['if(price > 1, 2, 3) > 1', 'choice'], ['IF(active, 1, 2) > 1', 'choice'], ['active ? true', 'otherwise'], ['(price > 1', 'bracket'], ['price > 1)', 'closing'], ['name == "Ada', 'quote'],
    ['price >', 'end'], ['price quantity', 'between', 'quantity'], ['price > 1 000', 'between', '000'], ['price > 10 €', 'unknown', '€'],
  ])('what comes from a spreadsheet or another keyboard is told as such: %s', (source, code, found, write) => {
    const message = expressionProblem(source, variables) ?? ''
    const words = { ...(found !== undefined && { found }), ...(write !== undefined && { write }) }
    expect(message).toBe(formulaFault(code, words))
    expect(readFault(`${message}${faultAt(3)}`)).toEqual({ code, words, at: '3' })
    expect([Object.hasOwn(en, `formula.fault.${code}`), Object.hasOwn(zh, `formula.fault.${code}`)]).toEqual([true, true])
  })

  test.each(['this.constructor', 'process.exit(1)', 'require("fs")', 'name.constructor', 'tags.__proto__ == null', 'Function("x")', '[].constructor == 1', '__proto__ == 1', 'globalThis == 1', 'name[0] == "A"', '`x`'])('A-059 %s reaches nothing of the host', (source) => {
    expect(expressionProblem(source, variables)).toBeDefined()
    expect(run(source)).not.toMatchObject({ kind: 'value', value: true })
  })

  test('an expression that is longer than a screen is refused', () => {
    expect(expressionProblem(Array.from({ length: 3000 }, () => 'active').join(' && '), variables)).toBeDefined()
  })
})

test('a pattern on RE2 takes no time', () => {
  const spent = processorTime()
  expect(run('regex(name, "^(a+)+$")', { name: `${'a'.repeat(5000)}!` })).toEqual({ kind: 'value', value: false })
  expect(spent()).toBeLessThan(500)
})

test('division by nothing fails instead of passing', () => {
  expect(run('quantity / 0 > 1').kind).toBe('failed')
})

test('A-106 a text that would become too long is not built, however much longer it would be', () => {
  expect(run('replace(name, "a", name)', { name: 'a'.repeat(90_000) })).toMatchObject({ kind: 'failed', reason: expect.stringContaining('the text becomes too long') as unknown })
  expect(run('replace(name, "a", "oo")', { name: 'banana' })).toEqual({ kind: 'value', value: 'boonoonoo' })
})
