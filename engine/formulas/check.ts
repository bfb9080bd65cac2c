/** Is an expression one that we can compute, and does it say what is wanted? Answers in plain words. */
import { ParseError, serialize, TypeError as CelTypeError, type ASTNode } from '@marcbachmann/cel-js'
import { formulaFault, type FaultWords } from '../../metadata/contract/formula-faults.js'
import { environmentOf, plainTypes, type Variable } from './environment.js'
import { offeredFunctions } from './functions.js'
import { callingHabit, readingHabit } from './habits.js'
import { childrenOf, namesIn, parseExpression } from './parse.js'

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
  return typed.type === wanted || typed.type === 'dyn' ? undefined : formulaFault('gives', { kind: article(plain(typed.type)), wanted: article(plain(wanted)) })
}

/** What is wrong with an expression, and where in its text when that is known. */
export interface Fault {
  readonly message: string
  /** Characters of the source: from the first, before the last. */
  readonly range?: { readonly start: number; readonly end: number }
  /** A link to another record that is computed with. */
  readonly link?: string
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
  if (members.has(node.op)) return formulaFault('parts')
  return isWholeNumber(childrenOf(node)[1]) ? undefined : formulaFault('place')
}

/** The first call that is not offered, as a sentence. `part` says what is wrong with naming a part of a value. */
export function forbiddenCall(node: ASTNode, depth: number, part: (node: ASTNode) => string | undefined = noParts): string | undefined {
  const name = node.op === 'call' || node.op === 'rcall' ? node.args[0] : undefined
  if (name !== undefined && Object.hasOwn(banned, name)) return formulaFault('instead', { found: name, write: banned[name] ?? '' })
  const inner = name !== undefined && comprehensions.has(name) ? depth + 1 : depth
  if (inner > comprehensionDepth) return formulaFault('loops')
  const wrong = members.has(node.op) || places.has(node.op) ? part(node) : undefined
  if (wrong !== undefined) return wrong
  for (const child of childrenOf(node)) {
    const found = forbiddenCall(child, inner, part)
    if (found !== undefined) return found
  }
  return undefined
}

const article = (noun: string): string => (noun === 'nothing' ? noun : `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`)

/** CEL's name of a type in plain words. */
const plain = (type: string): string => plainTypes.reduce((result, [from, to]) => result.replace(from, to), type)
const plainKinds = (types: string): string => plain(types).replace(/\s*,\s*/g, ', ')

function faultOf(error: unknown, variables: readonly Variable[], source = ''): Fault {
  const habit = error instanceof ParseError ? readingHabit(source, error.range?.start ?? 0, error.summary) : undefined
  const range = error instanceof ParseError || error instanceof CelTypeError ? error.range : undefined
  const place = range === undefined ? {} : { range: { start: range.start, end: range.end } }
  if (habit !== undefined) return { message: habit, ...place }
  if (error instanceof ParseError) return { message: unreadable(error, source), ...place }
  if (!(error instanceof CelTypeError)) return { message: formulaFault('unusable') }
  const link = linkIn(error, variables)
  return link === undefined ? { message: sentence(error, variables), ...place } : { message: formulaFault('link', { found: link }), link, ...place }
}

/** Every other operation with a link names its type, which CEL has from us. */
const linkIn = (error: CelTypeError, variables: readonly Variable[]): string | undefined =>
  /\bLink\b/.test(error.summary) && error.node !== undefined ? namesIn(error.node).find((name) => variables.some((one) => one.name === name && one.kind === 'link')) : undefined

function unreadable({ code, range }: ParseError, source: string): string {
  const found = source.slice(range?.start, range?.end)
  if (code === 'limit_exceeded') return formulaFault('long')
  if (code === 'newline_in_string') return formulaFault('newline')
  if (code === 'reserved_identifier') return formulaFault('reserved', { found })
  return /^invalid_(?:number|integer|hex_integer|exponent)$/.test(code) && found !== '' ? formulaFault('number', { found }) : formulaFault('unread')
}

function sentence({ code, summary }: CelTypeError, variables: readonly Variable[]): string {
  const [, unknown] = /^Unknown variable: (.+)$/.exec(summary) ?? []
  if (unknown !== undefined) return nearly('noName', unknown, variables.filter(({ kind }) => kind !== 'none').map(({ name }) => name))
  const [, left = '', sign, right = ''] = /^no such overload: (.*?) ?([^\s\w<>,.]+|[<>]=?|in) ?(\S+)$/.exec(summary) ?? []
  if (sign !== undefined) return left === '' ? formulaFault('opposite', { sign, right: plain(right) }) : formulaFault('operation', { left: plain(left), sign, right: plain(right) })
  const [, call] = /^found no matching overload for '(.+)'/.exec(summary) ?? []
  if (call !== undefined) return noFunction(call)
  if (code === 'incompatible_ternary_branches') return formulaFault('branches')
  const [, type] = /(?:got|index type|Expression of type) '([^']+)'/.exec(summary) ?? []
  return type === undefined ? formulaFault('unusable') : aboutKind(summary, article(plain(type)))
}

/** What cannot be done with a kind of value. */
function aboutKind(summary: string, kind: string): string {
  if (summary.startsWith('Ternary condition')) return formulaFault('asks', { kind })
  if (summary.includes('predicate must return bool')) return formulaFault('asksEach', { kind })
  if (summary.startsWith('Logical operator')) return formulaFault('joins', { kind })
  if (summary.includes('range of a comprehension')) return formulaFault('each', { kind })
  if (summary.startsWith('List index')) return formulaFault('place')
  return summary.startsWith('Cannot index') ? formulaFault('noPlaces', { kind }) : formulaFault('unusable')
}

function noFunction(call: string): string {
  const [, name = '', kinds = ''] = /^(?:.*\.)?(\w+)\((.*)\)$/.exec(call) ?? []
  const known = offeredFunctions.filter((one) => one.name === name)
  const habit = callingHabit(name)
  if (habit !== undefined) return habit
  if (known.length > 0) return formulaFault('call', { found: name, kinds: plainKinds(kinds), write: known.map(({ usage }) => usage).join(' / ') })
  return nearly('noFunction', name, offeredFunctions.map((one) => one.name))
}

/** That there is no such thing, with a suggestion where what is written is nearly the same as something known. */
export function nearly(code: 'noName' | 'noField' | 'noFieldIn' | 'noFunction', found: string, known: readonly string[], words: FaultWords = {}): string {
  const near = nearest(found, known)
  return near === undefined ? formulaFault(code, { ...words, found }) : formulaFault(`${code}Near`, { ...words, found, near })
}

function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known.map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) })).toSorted((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= Math.max(1, Math.floor(word.length / 3)) ? near.name : undefined
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
