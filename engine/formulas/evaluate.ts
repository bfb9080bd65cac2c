/** Computes expressions over a record. */
import { EvaluationError, type ParseResult } from '@marcbachmann/cel-js'
import Big from 'big.js'
import { secondsIn } from '../../metadata/contract/duration.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { forbiddenCall } from './check.js'
import { environmentOf, type FormulaKind, type Variable } from './environment.js'
import { namesIn, parseExpression } from './parse.js'
import { calendarDay, dayOf, ExactNumber } from './values.js'

/** `missing`: some value that the expression needs is not there, so it says nothing. */
export type Outcome = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'missing' } | { readonly kind: 'failed'; readonly reason: string }

/** Computes over one record: field key → value as on the wire. */
export type Evaluate = (record: JsonObject, now: Date) => Outcome

/** The expression ready to run; one that cannot be read fails at each run instead, so that a broken rule refuses and never passes. */
export function compileExpression(source: string, variables: readonly Variable[], timeZone: string): Evaluate {
  let parsed: ParseResult
  try {
    parsed = parseExpression(environmentOf(variables, false, timeZone), source, false)
    const forbidden = forbiddenCall(parsed.ast, 0)
    if (forbidden !== undefined) return () => ({ kind: 'failed', reason: forbidden })
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    return () => ({ kind: 'failed', reason })
  }
  const names = new Set(namesIn(parsed.ast))
  const used = variables.filter(({ name, kind }) => kind !== 'none' && names.has(name))
  return (record, now) => {
    try {
      const context: Record<string, unknown> = { today: dayOf(now, timeZone), now }
      for (const { name, kind } of used) context[name] = celValue(record[name] ?? null, kind)
      return { kind: 'value', value: parsed(context) as unknown }
    } catch (error) {
      return isAboutMissing(error) ? { kind: 'missing' } : { kind: 'failed', reason: error instanceof Error ? error.message : 'it cannot be computed' }
    }
  }
}

/** CEL refuses every operation on null except comparing with it; that is how a missing value shows. */
const isAboutMissing = (error: unknown): boolean => error instanceof EvaluationError && /\bnull\b/.test(error.summary)

function exactly(value: Json): unknown {
  const number = typeof value === 'string' ? secondsIn(value) : value
  return typeof number === 'number' ? new ExactNumber(new Big(number)) : value
}

const toCel: Readonly<Record<FormulaKind, (value: Json) => unknown>> = {
  text: (value) => value,
  number: exactly,
  link: exactly,
  boolean: (value) => value,
  date: (value) => (typeof value === 'string' ? calendarDay(value) : value),
  instant: (value) => (typeof value === 'string' ? new Date(value) : value),
  list: (value) => value,
  none: () => null,
}

const celValue = (value: Json, kind: FormulaKind): unknown => (value === null ? null : toCel[kind](value))
