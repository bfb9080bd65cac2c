import { describe, expect, test } from 'vitest'
import { faultAt, formulaFault, formulaFaults, kindWords, readFault, type FaultWords, type FormulaFaultCode } from '../../metadata/contract/formula-faults.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import en from '../../studio/texts/designer.en.json' with { type: 'json' }
import zh from '../../studio/texts/designer.zh.json' with { type: 'json' }
import { expressionProblem } from '../../engine/formulas/check.js'
import type { Variable } from '../../engine/formulas/environment.js'
import { checkFormula } from '../../engine/formulas/formula.js'
import { compileExpression } from '../../engine/formulas/evaluate.js'
import { processorTime } from '../support/processor.js'

const variables: readonly Variable[] = [
  { name: 'price', kind: 'number' }, { name: 'quantity', kind: 'number' }, { name: 'total', kind: 'number' }, { name: 'name', kind: 'text' },
  { name: 'active', kind: 'boolean' }, { name: 'start', kind: 'date' }, { name: 'end', kind: 'date' }, { name: 'at', kind: 'instant' },
  { name: 'tags', kind: 'list' }, { name: 'store', kind: 'link' }, { name: 'owner', kind: 'link' }, { name: 'data', kind: 'none' }, { name: 'in', kind: 'text' },
]
const kinds = Object.entries(en).flatMap(([key, word]) => (key.startsWith('formula.kind.') ? [word] : []))
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
    ['price >> 3', 'It cannot be read from here on.'],
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
  })

  test.each([
    'price + name', '-name', '!price', 'price && active', 'price ? 1 : 2', 'tags.all(t, 1)', 'name.all(t, true)', 'tags[name]', 'name[0]', 'name.foo', 'round(name, 2)', 'name.size(1)', 'rund(price)', 'shout(price)', 'nmae == "x"', 'zzz', '"a\nb"', '0x', 'for + 1', 'price >> 3',
    'price in name', '{"a": 1} + 1', 'has(price)', 'b"a" == name', 'duration("3h") > 1', 'optional.of(1) + 1', 'name.matches("a")', 'price', 'active ? 1 : name', `${'('.repeat(70)}1${')'.repeat(70)}`, 'store + 1 > 2', 'store > 3', 'round(store) == 1', 'tags.all(a, tags.all(b, tags.all(c, true)))',
  ])('every other mistake is one that the studio can say in any language, with no word of CEL: %s', (source) => {
    const message = expressionProblem(source, variables) ?? ''
    const read = readFault(message)
    expect(read, message).toBeDefined()
    for (const [name, words] of Object.entries(read?.words ?? {})) if (kindWords.has(name)) for (const word of words.split(', ')) expect(kinds).toContain(word.replace(/^an? /, ''))
    expect(message).not.toMatch(/overload|bool\b|string\b|double|dyn|\bint\b|Expected|predicate/)
  })

  test('links to other records are compared and not computed with, and what a link is is said', () => {
    for (const source of ['store == 3', 'store != owner', 'store == null || store in [1, 2]', 'coalesce(store, owner) == 1', '(active ? store : owner) == 1', 'string(store) == "1"']) expect(expressionProblem(source, variables)).toBeUndefined()
    expect(run('store == 3 && store != owner', { store: 3, owner: 4 })).toEqual({ kind: 'value', value: true })
    for (const source of ['price + store > 2', 'store > 3', '-store == 1', 'max(store, 2) == 2']) expect(expressionProblem(source, variables)).toBe(formulaFault('link', { found: 'store' }))
    const faultOf = (cel: string) => checkFormula({ cel, keys: ['price', 'store'], resolve: (path) => ({ kind: path.at(-1) === 'price' ? 'number' : 'link' }) }).fault?.message
    expect(faultOf('price + store')).toBe(formulaFault('linkFields', { found: 'store' }))
    expect(faultOf('price + store.head')).toBe(formulaFault('linkFields', { found: 'store.head' }))
    expect(faultOf('store.price + price')).toBeUndefined()
  })

  test.each(Object.keys(formulaFaults) as FormulaFaultCode[])('a mistake is told apart from the others and has words in English and Chinese: %s', (code) => {
    const words: FaultWords = Object.fromEntries([...formulaFaults[code].matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, ({ sign: '+', kinds: 'a number, text', left: 'yes/no value' } as Readonly<Record<string, string>>)[name] ?? 'a b.c'] as const))
    expect(readFault(`${formulaFault(code, words)}${faultAt(7)}`)).toEqual({ code, words, at: '7' })
    expect(Object.hasOwn(zh, `formula.fault.${code}`)).toBe(true)
    expect(en).toHaveProperty([`formula.fault.${code}`], formulaFaults[code])
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
