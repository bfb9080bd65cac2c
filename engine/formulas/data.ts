/** CEL over any JSON: for workflows, where values have parts and nobody knows their types before. */
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js'
import Big from 'big.js'
import type { Json } from '../../metadata/contract/json.js'
import { forbiddenCall } from './check.js'
import { environmentOf } from './environment.js'
import { childrenOf, parseExpression } from './parse.js'
import { CalendarDay, dayOf, dayText, ExactNumber } from './values.js'

/** Names that JavaScript keeps behind values. */
const hidden: ReadonlySet<string> = new Set(['constructor', 'prototype', '__proto__', 'valueOf', 'toString', 'hasOwnProperty'])

/** Expressions that are kept parsed; the oldest go first. */
const keptMost = 2_000
const kept = new Map<string, ParseResult>()

/** Why an expression cannot be read, or undefined. Which names there are is known only when it is computed. */
export function dataExpressionProblem(source: string): string | undefined {
  try {
    parsed(source.trim(), [])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read'
  }
}

/**
 * The value of `source`, where each of `names` stands for JSON. Numbers are exact decimals as in computed fields.
 * @throws Error in plain words when it cannot be read or computed
 */
export function evaluateOverData(source: string, names: Readonly<Record<string, Json>>, now: Date): Json {
  const context: Record<string, unknown> = { today: dayOf(now, 'UTC'), now }
  for (const [name, value] of Object.entries(names)) context[name] = celData(value)
  return jsonOf(parsed(source, Object.keys(names))(context))
}

function parsed(source: string, names: readonly string[]): ParseResult {
  const key = JSON.stringify([source, names])
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = parseExpression(environmentOf(names.map((name) => ({ name, kind: 'list' as const })), false), source, false)
  // Lists of any length come in here: a loop inside of a loop would hold up everybody.
  const forbidden = forbiddenCall(made.ast, 1, hiddenPart)
  if (forbidden !== undefined) throw new Error(forbidden)
  if (kept.size >= keptMost) kept.delete(kept.keys().next().value ?? key)
  kept.set(key, made)
  return made
}

/** Parts are named with a dot or written out in brackets, and never such as JavaScript keeps behind a value. */
function hiddenPart(node: ASTNode): string | undefined {
  if (node.op === '.' || node.op === '.?') return hidden.has(node.args[1]) ? `“${node.args[1]}” is no part of a value.` : undefined
  const place = childrenOf(node)[1]
  if (place?.op === 'value' && typeof place.args === 'string') return hidden.has(place.args) ? `“${place.args}” is no part of a value.` : undefined
  return undefined
}

function celData(value: Json): unknown {
  if (typeof value === 'number') return new ExactNumber(new Big(value))
  if (Array.isArray(value)) return (value as readonly Json[]).map(celData)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, inner]) => [key, celData(inner)]))
}

function jsonOf(value: unknown): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof ExactNumber) return Number(value.value.toString())
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
  if (value instanceof CalendarDay) return dayText(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(jsonOf)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), jsonOf(inner)]))
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonOf(inner)]))
  throw new Error('it gives nothing that can be kept')
}
