/** Is an expression one that we can compute, and does it say what is wanted? Answers in plain words. */
import { ParseError, serialize, TypeError as CelTypeError, type ASTNode } from '@marcbachmann/cel-js'
import { environmentOf, plainTypes, type Variable } from './environment.js'
import { offeredFunctions } from './functions.js'
import { callingHabit, readingHabit } from './habits.js'
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
  const typed = typeOf(source, variables)
  if (typed.fault !== undefined) return typed.fault.message
  return typed.type === wanted || typed.type === 'dyn' ? undefined : `It gives ${article(plain(typed.type))}, but it must give ${article(plain(wanted))}.`
}

/** What is wrong with an expression, and where in its text when that is known. */
export interface Fault {
  readonly message: string
  /** Characters of the source: from the first, before the last. */
  readonly range?: { readonly start: number; readonly end: number }
}

/** The CEL type that an expression gives (`dyn`: nobody can tell), or what is wrong with it. */
export type Typing = { readonly type: string; readonly fault?: undefined } | { readonly fault: Fault }

export function typeOf(source: string, variables: readonly Variable[]): Typing {
  try {
    const parsed = parseExpression(environmentOf(variables, true), source, true)
    const forbidden = forbiddenCall(parsed.ast, 0)
    if (forbidden !== undefined) return { fault: { message: forbidden } }
    const typed = parsed.check()
    if (typed.valid) return { type: typed.type ?? 'dyn' }
    if (!(typed.error instanceof CelTypeError) || !mixesBranches(typed.error)) return { fault: faultOf(typed.error, variables) }
    const loose = parseExpression(environmentOf(variables, false), source, false).check()
    return loose.valid ? { type: branchesType(parsed.ast, variables) } : { fault: faultOf(loose.error, variables) }
  } catch (error) {
    return { fault: faultOf(error, variables, source) }
  }
}

/** `a ? amount : 0` and `a ? name : null` are fine for people although CEL sees two types. */
const mixesBranches = (error: CelTypeError): boolean =>
  error.code === 'incompatible_ternary_branches' && (/'(?:Number|int|double)' and '(?:Number|int|double)'/.test(error.summary) || /'null'/.test(error.summary))

/** The one type of all the ends of an expression of branches; numbers are one type, and nothing is any. */
function branchesType(node: ASTNode, variables: readonly Variable[]): string {
  const ends = endsOf(node).flatMap((end) => {
    if (end.op === 'value' && end.args === null) return []
    const typed = typeOf(serialize(end), variables)
    return [typed.fault === undefined ? (celNumbers.has(typed.type) ? 'Number' : typed.type) : 'dyn']
  })
  const [first] = ends
  return first !== undefined && ends.every((type) => type === first) ? first : 'dyn'
}

/** What an expression of branches gives, branch by branch. */
export const endsOf = (node: ASTNode): readonly ASTNode[] => (node.op === '?:' ? [...endsOf(node.args[1]), ...endsOf(node.args[2])] : [node])

/** CEL's names of types whose values are numbers for people. */
export const celNumbers: ReadonlySet<string> = new Set(['Number', 'int', 'uint', 'double'])

/** Fields have no parts that could be named. @see hiddenPart of data.ts, where values have some */
const noParts = (node: ASTNode): string | undefined => {
  if (members.has(node.op)) return 'Values have no parts that can be named with a dot.'
  return isWholeNumber(childrenOf(node)[1]) ? undefined : 'A place in a list is a whole number that is written out or counted with size().'
}

/** The first call that is not offered, as a sentence. `part` says what is wrong with naming a part of a value. */
export function forbiddenCall(node: ASTNode, depth: number, part: (node: ASTNode) => string | undefined = noParts): string | undefined {
  const name = node.op === 'call' || node.op === 'rcall' ? node.args[0] : undefined
  if (name !== undefined && Object.hasOwn(banned, name)) return `“${name}” is not offered here; use ${banned[name] ?? 'something else'} instead.`
  const inner = name !== undefined && comprehensions.has(name) ? depth + 1 : depth
  if (inner > comprehensionDepth) return 'Loops over lists are nested too deeply.'
  const wrong = members.has(node.op) || places.has(node.op) ? part(node) : undefined
  if (wrong !== undefined) return wrong
  for (const child of childrenOf(node)) {
    const found = forbiddenCall(child, inner, part)
    if (found !== undefined) return found
  }
  return undefined
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

const plain = (text: string): string => plainTypes.reduce((result, [from, to]) => result.replace(from, to), text)

function faultOf(error: unknown, variables: readonly Variable[], source = ''): Fault {
  const habit = error instanceof ParseError ? readingHabit(source, error.range?.start ?? 0, error.summary) : undefined
  const range = error instanceof ParseError || error instanceof CelTypeError ? error.range : undefined
  return { message: habit ?? sentence(error, variables), ...(range === undefined ? {} : { range: { start: range.start, end: range.end } }) }
}

function sentence(error: unknown, variables: readonly Variable[]): string {
  if (error instanceof ParseError) return `It cannot be read at character ${(error.range?.start ?? 0) + 1}: ${error.summary}.`
  if (!(error instanceof CelTypeError)) return error instanceof Error ? `${error.message}.` : 'It cannot be used.'
  const [, unknown] = /^Unknown variable: (.+)$/.exec(error.summary) ?? []
  if (unknown !== undefined) return `There is no field “${unknown}” that an expression can use${meant(unknown, variables.filter(({ kind }) => kind !== 'none').map(({ name }) => name))}`
  const overload = /^no such overload: (.+)$/.exec(error.summary)
  if (overload !== null) return `“${plain(overload[1] ?? '')}” is not possible.`
  const [, call] = /^found no matching overload for '(.+)'/.exec(error.summary) ?? []
  if (call !== undefined) return noFunction(call)
  if (error.code === 'incompatible_ternary_branches') return 'Both ends of “condition ? … : …” must give the same kind of value.'
  return `${plain(error.summary)}.`
}

function noFunction(call: string): string {
  const name = call.slice(0, call.indexOf('(')).replace(/^.*\./, '')
  const known = offeredFunctions.filter((one) => one.name === name)
  const habit = callingHabit(name)
  if (habit !== undefined) return habit
  if (known.length > 0) return `“${plain(call)}” is not possible: write ${known.map(({ usage }) => usage).join(' or ')}.`
  return `There is no function “${plain(call)}”${meant(name, offeredFunctions.map((one) => one.name))}`
}

/** The end of a sentence, with a suggestion where what is written is nearly the same as something known. */
export function meant(word: string, known: readonly string[]): string {
  const near = known.map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) })).toSorted((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= Math.max(1, Math.floor(word.length / 3)) ? `. Did you mean “${near.name}”?` : '.'
}

/** How many letters must be changed, left out, added or swapped with the next one. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      next.push(best)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
