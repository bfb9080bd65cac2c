/**
 * The CEL that people write: numbers are exact decimals and mix with every literal, days subtract to days, a missing value
 * can be compared with null, and no regular expression runs except through RE2.
 */
import { Environment } from '@marcbachmann/cel-js'
import Big from 'big.js'
import { registerFunctions } from './functions.js'
import { big, CalendarDay, ExactNumber, Link, movedBy, numberTypes, type Numeric } from './values.js'

/** What an expression sees of a field: the vocabulary of `FieldType.formula`. */
export type FormulaKind = 'text' | 'number' | 'boolean' | 'date' | 'instant' | 'list' | 'link' | 'none'

/** A name that an expression may use. */
export interface Variable {
  readonly name: string
  readonly kind: FormulaKind
}

const celTypes: Readonly<Record<Exclude<FormulaKind, 'none'>, string>> = {
  text: 'string', number: 'Number', boolean: 'bool', date: 'Day', instant: 'google.protobuf.Timestamp', list: 'list<dyn>', link: 'Link',
}

/** The names of CEL's types in plain words, for messages. */
export const plainTypes: readonly (readonly [RegExp, string])[] = [
  [/\bdyn<(.+?)>/g, '$1'],
  [/\bmap<.+>/g, 'unknown value'],
  [/\blist<.+>/g, 'list'],
  [/\bLink\b/g, 'link'],
  [/\bgoogle\.protobuf\.Timestamp\b/g, 'time'],
  [/\bgoogle\.protobuf\.Duration\b/g, 'duration'],
  [/\b(?:Number|double|int|uint)\b/g, 'number'],
  [/\bstring\b/g, 'text'],
  [/\bbool\b/g, 'yes/no value'],
  [/\bDay\b/g, 'date'],
  [/\bnull\b/g, 'nothing'],
  [/\b(?:bytes|type|optional<.+>)/g, 'unknown value'],
  [/\bdyn\b/g, 'unknown value'],
]

const arithmetic: Readonly<Record<string, (a: Big, b: Big) => Big>> = {
  '+': (a, b) => a.plus(b),
  '-': (a, b) => a.minus(b),
  '*': (a, b) => a.times(b),
  '/': (a, b) => a.div(b),
  '%': (a, b) => a.mod(b),
}

const orders: Readonly<Record<string, (sign: number) => boolean>> = {
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
}

/** Every pair of number types that CEL does not bring itself. */
const pairs = [['Number', 'Number'], ['Number', 'int'], ['int', 'Number'], ['Number', 'double'], ['double', 'Number'], ['int', 'double'], ['double', 'int']] as const

/** No expression is longer than a screen, none builds large things. */
const parseLimits = { maxAstNodes: 2000, maxDepth: 60, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 16 }

const bases = new Map<string, Environment>()

/** `typed`: functions that give what they are given say so; otherwise they take what may be missing. */
function baseEnvironment(typed: boolean, timeZone: string): Environment {
  const key = `${String(typed)} ${timeZone}`
  const known = bases.get(key)
  if (known !== undefined) return known
  const env = new Environment({ homogeneousAggregateLiterals: false, limits: parseLimits })
  env.registerType('Number', { ctor: ExactNumber, fields: {} })
  env.registerType('Day', { ctor: CalendarDay, fields: {} })
  env.registerType('Link', { ctor: Link, fields: {} })
  registerNumbers(env)
  registerLinks(env)
  registerDays(env)
  registerMissing(env)
  registerFunctions(env, typed, timeZone)
  env.registerVariable('today', 'Day')
  env.registerVariable('now', 'google.protobuf.Timestamp')
  bases.set(key, env)
  return env
}

function registerNumbers(env: Environment): void {
  for (const [left, right] of pairs) {
    for (const [operator, compute] of Object.entries(arithmetic)) {
      env.registerOperator(`${left} ${operator} ${right}: Number`, (a: Numeric, b: Numeric) => new ExactNumber(compute(big(a), big(b))))
    }
    const builtIn = left !== 'Number' && right !== 'Number'
    if (!builtIn) {
      for (const [operator, holds] of Object.entries(orders)) env.registerOperator(`${left} ${operator} ${right}: bool`, (a: Numeric, b: Numeric) => holds(big(a).cmp(big(b))))
    }
    // CEL mirrors a mixed equality by itself, so each unordered pair is named once.
    if (left === 'Number' || builtIn && left === 'int') env.registerOperator(`${left} == ${right}: bool`, (a: Numeric, b: Numeric) => big(a).eq(big(b)))
  }
  env.registerOperator('double % double', (a: number, b: number) => a % b)
  env.registerOperator('-Number', (a: ExactNumber) => new ExactNumber(a.value.neg()))
}

function registerDays(env: Environment): void {
  // Exact numbers, so that dividing days by 365 keeps what is behind the point.
  env.registerOperator('Day - Day: Number', (a: CalendarDay, b: CalendarDay) => new ExactNumber(new Big(a.days - b.days)))
  for (const type of numberTypes) {
    env.registerOperator(`Day + ${type}: Day`, (a: CalendarDay, b: Numeric) => movedBy(a, big(b)))
    env.registerOperator(`Day - ${type}: Day`, (a: CalendarDay, b: Numeric) => movedBy(a, big(b).neg()))
  }
  env.registerOperator('Day == Day: bool', (a: CalendarDay, b: CalendarDay) => a.days === b.days)
  for (const [operator, holds] of Object.entries(orders)) env.registerOperator(`Day ${operator} Day: bool`, (a: CalendarDay, b: CalendarDay) => holds(a.days - b.days))
}

/** Links are compared, with each other and with the numbers that records have, and nothing else. */
function registerLinks(env: Environment): void {
  env.registerOperator('Link == Link: bool', same)
  for (const type of numberTypes) env.registerOperator(`Link == ${type}: bool`, same)
}

const same = (a: Numeric, b: Numeric): boolean => big(a).eq(big(b))

/** Any value may be compared with null; nothing else may be done with a missing value. */
function registerMissing(env: Environment): void {
  for (const type of ['string', 'Number', 'bool', 'Day', 'google.protobuf.Timestamp', 'list<dyn>', 'Link']) {
    env.registerOperator(`${type} == null: bool`, (a: unknown) => a === null)
  }
}

/** Names that expressions have besides the fields of the entity. */
export const ambientVariables: ReadonlySet<string> = new Set(['today', 'now'])

/**
 * An environment with the given names. `typed`: each has its own type, to find mistakes; otherwise each may be missing,
 * to compute, with days that begin in `timeZone`. Names that CEL keeps for itself and kinds that expressions cannot use are left out.
 */
export function environmentOf(variables: readonly Variable[], typed: boolean, timeZone = 'UTC'): Environment {
  const env = baseEnvironment(typed, timeZone).clone()
  for (const { name, kind } of variables) {
    if (kind === 'none' || ambientVariables.has(name)) continue
    try {
      env.registerVariable(name, typed ? celTypes[kind] : 'dyn')
    } catch {
      // A field may be called like a word of CEL (`in`, `package`); an expression that names it does not parse, which is reported there.
    }
  }
  return env
}
