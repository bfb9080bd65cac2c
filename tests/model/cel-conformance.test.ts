/**
 * The conformance data of CEL against expressions as we offer them. Where they differ stands in a list that may only
 * shrink: some differences are wanted (exact numbers, no members, no bytes), the others are the library's.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { tests } from '@bufbuild/cel-spec/testdata/conformance.js'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { isObject } from '../../metadata/contract/json.js'
import { compileExpression } from '../../engine/formulas/evaluate.js'
import { ExactNumber } from '../../engine/formulas/values.js'

interface Case {
  readonly original: JsonObject
}

interface Suite {
  readonly name: string
  readonly suites?: readonly Suite[]
  readonly tests?: readonly Case[]
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const file = new URL('cel-differences.json', import.meta.url)

/** Path of each case → the case. Cases with the same name are told apart by a number. */
function casesOf(suite: Suite, path: readonly string[] = []): readonly (readonly [string, JsonObject])[] {
  const own = (suite.tests ?? []).map(({ original }): readonly [string, JsonObject] => [[...path, textOf(original['name'])].join('/'), original])
  return [...own, ...(suite.suites ?? []).flatMap((inner) => casesOf(inner, [...path, inner.name]))]
}

/** A value of CEL in a form that can be compared; undefined for kinds that are not compared. */
function plain(value: unknown): unknown {
  if (value instanceof ExactNumber) return value.valueOf()
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return [...value].map(([key, entry]) => [plain(key), plain(entry)])
  return value
}

function expected(value: Json | undefined): unknown {
  if (!isObject(value)) return undefined
  const [[kind, given] = ['', null]] = Object.entries(value)
  switch (kind) {
    case 'int64Value':
    case 'uint64Value':
      return Number(given)
    case 'doubleValue':
      return given === 'NaN' ? Number.NaN : given === 'Infinity' ? Infinity : given === '-Infinity' ? -Infinity : Number(given)
    case 'boolValue':
    case 'stringValue':
      return given
    case 'nullValue':
      return null
    case 'listValue':
      return isObject(given) && Array.isArray(given['values']) ? (given['values'] as readonly Json[]).map(expected) : []
    default:
      return undefined
  }
}

/** True when we give what the specification says. What needs names from outside, or gives kinds of values that formulas do not have, differs. */
function conforms(original: JsonObject): boolean {
  if (original['bindings'] !== undefined || original['typeEnv'] !== undefined || original['container'] !== undefined) return false
  const outcome = compileExpression(textOf(original['expr']), [], 'UTC')({}, new Date('2026-01-01T00:00:00Z'))
  if (original['evalError'] !== undefined) return outcome.kind !== 'value'
  const wanted = original['value'] === undefined ? true : expected(original['value'])
  if (wanted === undefined || outcome.kind !== 'value') return false
  return isDeepStrictEqual(plain(outcome.value), wanted)
}

test('CEL as its specification says, but for a list of known differences that only shrinks', () => {
  const cases = new Map(casesOf(tests))
  const differing = [...cases].flatMap(([path, original]) => (conforms(original) ? [] : [path])).toSorted()
  if (process.env['CEL_DIFFERENCES'] === 'write') writeFileSync(file, `${JSON.stringify(differing, null, 1)}\n`)
  const known = JSON.parse(readFileSync(file, 'utf8')) as readonly string[]
  expect(cases.size).toBeGreaterThan(1500)
  expect(differing.filter((path) => !known.includes(path)), 'new differences: none may come').toEqual([])
  expect(known.filter((path) => !differing.includes(path)), 'differences that are gone: take them off the list').toEqual([])
})
