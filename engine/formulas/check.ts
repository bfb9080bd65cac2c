/** Is an expression one that we can compute, and does it say what is wanted? Answers in plain words. */
import { ParseError, TypeError as CelTypeError, type ASTNode } from '@marcbachmann/cel-js'
import { environmentOf, plainTypes, type Variable } from './environment.js'
import { childrenOf, parseExpression } from './parse.js'

/** Comprehensions inside comprehensions multiply; more than this is refused. */
const comprehensionDepth = 2
const comprehensions: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/**
 * No field has parts that are named, so nothing is looked up by a name: the library would look into what JavaScript keeps
 * behind a value (`coalesce(at, at).constructor`).
 */
const members: ReadonlySet<string> = new Set(['.', '.?'])
const places: ReadonlySet<string> = new Set(['[]', '[?]'])
const computed: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '-_'])

/** True for what can only be a number, whatever the values are. */
function isWholeNumber(node: ASTNode | undefined): boolean {
  if (node === undefined) return false
  if (node.op === 'value') return typeof node.args === 'bigint'
  if (node.op === 'call' || node.op === 'rcall') return node.args[0] === 'size'
  return computed.has(node.op) && childrenOf(node).every(isWholeNumber)
}

/** Functions of CEL that are not offered, with what to use. */
const banned: Readonly<Record<string, string>> = { matches: 'regex(text, pattern)' }

/**
 * What is wrong with `source` as a condition over `variables`, as a sentence, or undefined when it can be used. `wanted`
 * is the CEL type that it must have.
 */
export function expressionProblem(source: string, variables: readonly Variable[], wanted = 'bool'): string | undefined {
  try {
    const parsed = parseExpression(environmentOf(variables, true), source)
    const forbidden = forbiddenCall(parsed.ast, 0)
    if (forbidden !== undefined) return forbidden
    const typed = parsed.check()
    if (typed.valid) return typed.type === wanted || typed.type === 'dyn' ? undefined : `It gives ${article(plain(typed.type ?? 'dyn'))}, but it must give ${article(plain(wanted))}.`
    if (typed.error instanceof CelTypeError && mixesOnlyNumbers(typed.error)) return computable(source, variables)
    return sentence(typed.error)
  } catch (error) {
    return sentence(error)
  }
}

/** `a ? amount : 0` is fine for people although CEL sees two types of number. */
const mixesOnlyNumbers = (error: CelTypeError): boolean =>
  error.code === 'incompatible_ternary_branches' && /'(?:Number|int|double)' and '(?:Number|int|double)'/.test(error.summary)

function computable(source: string, variables: readonly Variable[]): string | undefined {
  const check = parseExpression(environmentOf(variables, false), source).check()
  return check.valid ? undefined : sentence(check.error)
}

/** The first call that is not offered, as a sentence. */
export function forbiddenCall(node: ASTNode, depth: number): string | undefined {
  const name = node.op === 'call' || node.op === 'rcall' ? node.args[0] : undefined
  if (name !== undefined && Object.hasOwn(banned, name)) return `“${name}” is not offered here; use ${banned[name] ?? 'something else'} instead.`
  const inner = name !== undefined && comprehensions.has(name) ? depth + 1 : depth
  if (inner > comprehensionDepth) return 'Loops over lists are nested too deeply.'
  if (members.has(node.op)) return 'Values have no parts that can be named with a dot.'
  if (places.has(node.op) && !isWholeNumber(childrenOf(node)[1])) return 'A place in a list is a whole number that is written out or counted with size().'
  for (const child of childrenOf(node)) {
    const found = forbiddenCall(child, inner)
    if (found !== undefined) return found
  }
  return undefined
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

const plain = (text: string): string => plainTypes.reduce((result, [from, to]) => result.replace(from, to), text)

function sentence(error: unknown): string {
  if (error instanceof ParseError) return `It cannot be read at character ${(error.range?.start ?? 0) + 1}: ${error.summary}.`
  if (!(error instanceof CelTypeError)) return error instanceof Error ? `${error.message}.` : 'It cannot be used.'
  const unknown = /^Unknown variable: (.+)$/.exec(error.summary)
  if (unknown !== null) return `There is no field “${unknown[1] ?? ''}” that an expression can use.`
  const overload = /^no such overload: (.+)$/.exec(error.summary)
  if (overload !== null) return `“${plain(overload[1] ?? '')}” is not possible.`
  const found = /^found no matching overload for '(.+)'/.exec(error.summary)
  if (found !== null) return `There is no function “${plain(found[1] ?? '')}”.`
  return `${plain(error.summary)}.`
}
