/**
 * A formula: an expression that computes the value of a field, over fields of the record itself and, by paths such as
 * `store.region`, over those of records that it refers to.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import Big from 'big.js'
import { formulaFault } from '../../metadata/contract/formula-faults.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { isObject } from '../../metadata/contract/json.js'
import { celNumbers, nearly, typeOf, type Fault } from './check.js'
import { environmentOf, type FormulaKind, type Variable } from './environment.js'
import { compileExpression } from './evaluate.js'
import { childrenOf } from './parse.js'
import { CalendarDay, dayText, ExactNumber } from './values.js'

/** Key of a field of the record, or keys of references that lead to a field of another one. */
export type Path = readonly string[]

/** Kinds of value that a formula can give. */
export type ResultKind = Exclude<FormulaKind, 'list' | 'link' | 'none'>

/** What a path leads to. `problem`: why it cannot be used, as a sentence. */
export type PathAnswer = { readonly kind: FormulaKind } | { readonly problem: string }

export interface FormulaSource {
  readonly cel: string
  /** Keys of the fields of the record that an expression may name. */
  readonly keys: readonly string[]
  /** Says what a path leads to. Asked for every path that the formula names, each once. */
  resolve(path: Path): PathAnswer
}

/** A formula that can be computed. */
export interface Formula {
  readonly kind: ResultKind
  /** Every field that it reads. */
  readonly paths: readonly Path[]
  /** It names today, so that its value changes with the day. */
  readonly daily: boolean
}

/** Reads and types a formula; what is wrong is told in plain words, with the place in the text. */
export function checkFormula({ cel, keys, resolve }: FormulaSource): { readonly formula: Formula; readonly fault?: undefined } | { readonly fault: Fault } {
  const named = namePaths(cel)
  if ('fault' in named) return named
  const variables: Variable[] = keys.filter((key) => !named.used.has(key)).map((name) => ({ name, kind: 'number' }))
  for (const [name, { path, range }] of named.names) {
    const answer = resolve(path)
    if ('problem' in answer) return { fault: { message: answer.problem, range } }
    if (answer.kind === 'none') return { fault: { message: formulaFault('noKind', { found: path.join('.') }), range } }
    variables.push({ name, kind: answer.kind })
  }
  if (named.now !== undefined) return { fault: { message: formulaFault('now'), range: named.now } }
  if (named.division !== undefined) return { fault: { message: formulaFault('division'), range: named.division } }
  const typed = typeOf(named.source, variables)
  if (typed.fault !== undefined) return { fault: { ...typed.fault, message: inPaths(typed.fault.link === undefined ? typed.fault.message : formulaFault('linkFields', { found: typed.fault.link }), named.names) } }
  const kind = celNumbers.has(typed.type) ? 'number' : resultKinds.get(typed.type)
  if (kind === undefined) return { fault: { message: formulaFault(typed.type === 'dyn' ? 'unclear' : 'result') } }
  return { formula: { kind, paths: [...named.names.values()].map(({ path }) => path), daily: named.today } }
}

/** A link alone gives the number of the record that it leads to. */
const resultKinds: ReadonlyMap<string, ResultKind> = new Map([['Link', 'number'], ['string', 'text'], ['bool', 'boolean'], ['Day', 'date'], ['google.protobuf.Timestamp', 'instant']])

/** “There is no field …” with the nearest name. */
export const unknownField = (name: string, known: readonly string[], of?: string): string => (of === undefined ? nearly('noField', name, known) : nearly('noFieldIn', name, known, { entity: of }))

const inPaths = (message: string, names: Named['names']): string =>
  [...names].reduce((text, [name, { path }]) => (path.length > 1 ? text.replaceAll(new RegExp(String.raw`\b${name}\b`, 'g'), path.join('.')) : text), message)

// ── paths become names ──

interface Range {
  readonly start: number
  readonly end: number
}

interface Named {
  /** The expression with a name in place of each path, just as long, so that places stay right. */
  readonly source: string
  /** Name → the path that it stands for. */
  readonly names: ReadonlyMap<string, { readonly path: Path; readonly range: Range }>
  readonly used: ReadonlySet<string>
  readonly today: boolean
  readonly now: Range | undefined
  /** A division of whole numbers that are written out. */
  readonly division: Range | undefined
}

/** First names of all that an expression names; none when it cannot be read. */
export function namesIn(cel: string): ReadonlySet<string> {
  const named = namePaths(cel)
  return new Set('fault' in named ? [] : [...named.names.values()].map(({ path: [first = ''] }) => first))
}

/** An expression in which each path stands as one name, with the paths by these names; nothing is named where it cannot be read. */
export function readPaths(cel: string): { readonly source: string; readonly names: ReadonlyMap<string, Path> } {
  const named = namePaths(cel)
  return 'fault' in named ? { source: cel, names: new Map() } : { source: named.source, names: new Map([...named.names].map(([name, { path }]) => [name, path])) }
}

function namePaths(cel: string): Named | { readonly fault: Fault } {
  let ast: ASTNode
  try {
    ast = environmentOf([], false).parse(cel).ast
  } catch {
    const typed = typeOf(cel, [])
    return { fault: typed.fault ?? { message: formulaFault('unread') } }
  }
  const found: { path: Path; range: Range }[] = []
  const state: { today: boolean; now: Range | undefined; division: Range | undefined } = { today: false, now: undefined, division: undefined }
  visit(ast, new Set(), (node) => {
    if (node.op === 'id') {
      if (node.args === 'today') state.today = true
      else if (node.args === 'now') state.now ??= node.range
      else found.push({ path: [node.args], range: node.range })
    } else if (node.op === '.') {
      const path = chainOf(node)
      if (path !== undefined) found.push({ path, range: node.range })
    } else if (node.op === '/' && node.args.every((part) => part.op === 'value' && typeof part.args === 'bigint')) state.division ??= node.range
  })
  return { ...renamed(cel, found), ...state }
}

/** Calls `look` for every node that stands for itself: not inside a chain of members, not for the names that a loop brings. */
function visit(node: ASTNode, bound: ReadonlySet<string>, look: (node: ASTNode) => void): void {
  if (node.op === 'id' && bound.has(node.args)) return
  if (node.op === '.' && chainOf(node) !== undefined) {
    look(node)
    return
  }
  look(node)
  const [variable] = node.op === 'rcall' && loops.has(node.args[0]) ? node.args[2] : []
  const inner = variable?.op === 'id' ? new Set([...bound, variable.args]) : bound
  for (const child of childrenOf(node)) visit(child, inner, look)
}

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/** The keys of `a.b.c`; undefined when it begins with something else than a name. */
export function chainOf(node: ASTNode): Path | undefined {
  if (node.op === 'id') return [node.args]
  if (node.op !== '.') return undefined
  const before = chainOf(node.args[0])
  return before === undefined ? undefined : [...before, node.args[1]]
}

function renamed(cel: string, found: readonly { path: Path; range: Range }[]): Pick<Named, 'source' | 'names' | 'used'> {
  const names = new Map<string, { path: Path; range: Range }>()
  const byPath = new Map<string, string>()
  const plain = new Set(found.filter(({ path }) => path.length === 1).map(({ path }) => path.join()))
  for (const one of found) {
    const key = one.path.join('.')
    if (byPath.has(key)) continue
    const name = one.path.length === 1 ? key : freeName(one.path, new Set([...names.keys(), ...plain]))
    byPath.set(key, name)
    names.set(name, one)
  }
  let source = cel
  for (const { path, range } of found) {
    const name = byPath.get(path.join('.')) ?? ''
    if (path.length > 1) source = source.slice(0, range.start) + name.padEnd(range.end - range.start) + source.slice(range.end)
  }
  return { source, names, used: new Set(names.keys()) }
}

/** A name as long as the path that no field has: keys never begin with _. */
function freeName(path: Path, taken: ReadonlySet<string>): string {
  const plain = path.join('_')
  for (let i = 0; i < 1000; i++) {
    const name = `_${i === 0 ? '' : String(i)}${plain}`.slice(0, plain.length)
    if (!taken.has(name)) return name
  }
  throw new Error('too many paths of the same length')
}

// ── computing ──

/** Computes over a record in which every reference of a path is the record that it leads to, or null. */
export type Compute = (record: JsonObject, now: Date) => Computed

/** `null` where a value that is needed is missing, and where it cannot be computed: then `failed` says why. */
export interface Computed {
  readonly value: Json
  readonly failed?: string
}

/** The formula ready to run. `kindOf` gives the kind of each of its paths. */
export function compileFormula(cel: string, kindOf: (path: Path) => FormulaKind, timeZone: string): Compute {
  const named = namePaths(cel)
  if ('fault' in named) return () => ({ value: null, failed: named.fault.message })
  const inputs = [...named.names].map(([name, { path }]) => ({ name, path, kind: kindOf(path) }))
  const evaluate = compileExpression(named.source, inputs, timeZone)
  return (record, now) => {
    const outcome = evaluate(Object.fromEntries(inputs.map(({ name, path }) => [name, valueAt(record, path)])), now)
    if (outcome.kind === 'missing') return { value: null }
    if (outcome.kind === 'failed') return { value: null, failed: outcome.reason }
    try {
      return { value: wireValue(outcome.value) }
    } catch (error) {
      return { value: null, failed: error instanceof Error ? error.message : 'the value cannot be kept' }
    }
  }
}

function valueAt(record: JsonObject, path: Path): Json {
  let value: Json = record
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return null
    value = value[key] ?? null
  }
  return isObject(value) && typeof value.id === 'number' ? value.id : value
}

/** A value of CEL as it travels; a number keeps all of its digits, as text when there are too many. */
export function wireValue(value: unknown): Json {
  if (value instanceof ExactNumber) return numberOf(value.value)
  if (typeof value === 'bigint' || typeof value === 'number') return numberOf(new Big(String(value)))
  if (value instanceof CalendarDay) return dayText(value)
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}

const numberOf = (value: Big): number => Number(value.toString())
