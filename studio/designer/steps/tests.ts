/** Conditions on the data of a run that are simple enough to be entered by eye: comparisons that all have to hold. Pure. */
import type { Json } from '../../../metadata/contract/json.js'

export const comparisons = ['==', '!=', '>', '>=', '<', '<=', 'empty', 'filled'] as const
export type Comparison = (typeof comparisons)[number]

export interface DataTest {
  /** Path to what is compared, e.g. `workflow.input[0].data.record.tier`. */
  readonly path: string
  readonly comparison: Comparison
  /** Null for `empty` and `filled`. */
  readonly value: string | number | boolean | null
}

const path = String.raw`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)`
const literal = String.raw`("(?:[^"\\]|\\.)*"|'[^'\\]*'|-?\d+(?:\.\d+)?|true|false)`
const compared = new RegExp(`^${path}\\s*(==|!=|>=|<=|>|<)\\s*${literal}$`)
const isNull = new RegExp(`^${path}\\s*(==|!=)\\s*null$`)
const sized = new RegExp(`^size\\(\\s*${path}\\s*\\)\\s*(==|>|!=)\\s*0$`)

/** The text inside of `${ }`, or the text itself. */
export const bare = (expression: string): string => (/^\s*\$\{([\s\S]*)\}\s*$/.exec(expression)?.[1] ?? expression).trim()

/** True for a text that stands for something that is computed. */
export const isExpression = (value: Json | undefined): value is string => typeof value === 'string' && /^\s*\$\{[\s\S]*\}\s*$/.test(value)

export const expression = (source: string): string => `\${ ${source} }`

/** The comparisons of a CEL text; null when it says anything else. What holds for nothing has none yet. */
export function readTests(source: string): readonly DataTest[] | null {
  const text = bare(source)
  if (text === '' || text === 'false') return []
  const tests: DataTest[] = []
  for (const part of partsOf(text)) {
    const test = readTest(part.trim())
    if (test === null) return null
    tests.push(test)
  }
  return tests
}

/** `a && b` → both; an `&&` inside of quotes is none. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = ['']
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|&&|[\s\S]/g)) {
    if (piece === '&&') parts.push('')
    else parts.push((parts.pop() ?? '') + piece)
  }
  return parts
}

function readTest(text: string): DataTest | null {
  const [, nullPath, nullOperator] = isNull.exec(text) ?? []
  if (nullPath !== undefined) return { path: nullPath, comparison: nullOperator === '==' ? 'empty' : 'filled', value: null }
  const [, sizedPath, sizedOperator] = sized.exec(text) ?? []
  if (sizedPath !== undefined) return { path: sizedPath, comparison: sizedOperator === '==' ? 'empty' : 'filled', value: 0 }
  const [, comparedPath, operator, given] = compared.exec(text) ?? []
  if (comparedPath === undefined || given === undefined) return null
  const comparison = comparisons.find((one) => one === operator)
  const value = readLiteral(given)
  return comparison === undefined || value === null ? null : { path: comparedPath, comparison, value }
}

function readLiteral(text: string): string | number | boolean | null {
  try {
    return (text.startsWith("'") ? text.slice(1, -1) : JSON.parse(text)) as string | number | boolean
  } catch {
    return null // an escape that JSON does not know: the text is edited as it is
  }
}

/** Of `empty` and `filled`, a value of 0 asks how many things a list holds. */
export const writeTests = (tests: readonly DataTest[]): string => (tests.length === 0 ? 'false' : tests.map(writeTest).join(' && '))

function writeTest({ path: at, comparison, value }: DataTest): string {
  if (comparison === 'empty') return value === 0 ? `size(${at}) == 0` : `${at} == null`
  if (comparison === 'filled') return value === 0 ? `size(${at}) > 0` : `${at} != null`
  return `${at} ${comparison} ${JSON.stringify(value)}`
}
