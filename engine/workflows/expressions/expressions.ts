/** Runtime expressions: which texts are some, and what they give. */
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { evaluateOverData } from '../../formulas/data.js'
import { Fault, fault } from '../fault.js'
import { jq } from './jq.js'
import { textOf } from '../values.js'

/** What a name means where an expression stands; undefined: it is none of ours. */
export type Names = (name: string) => Json | undefined

export interface Expressions {
  /** The value of a text that is an expression because of where it stands, with or without `${ }`. @throws Fault expression */
  evaluate(source: string, data: Json, names: Names): Promise<Json>
  /** `value` with every text in it that is an expression replaced by what it gives. @throws Fault expression */
  resolve(value: Json, data: Json, names: Names): Promise<Json>
  /** As `from` and `as` want it: a text is an expression, in anything else texts may be some. @throws Fault expression */
  transform(value: Json, data: Json, names: Names): Promise<Json>
  isExpression(text: string): boolean
}

/** Computes one expression. @throws Error that says why it cannot */
type Language = (source: string, data: Json, names: Names) => Promise<Json>

const marked = /^\s*\$\{([\s\S]*)\}\s*$/

const languages: Readonly<Record<'jq' | 'cel', Language>> = {
  jq: async (source, data, names) => simplePath(source, data, names) ?? jq(source, data, mentioned(source, /\$([A-Za-z_]\w*)/g, names)),
  cel: async (source, data, names) => evaluateOverData(source, { ...mentioned(source, /(?<![.\w])([A-Za-z_]\w*)/g, names), data }, new Date(now(names))),
}

/** The expressions of a document, in its language and mode. */
export function expressionsOf({ evaluate: { language = 'jq', mode = 'strict' } = {} }: WorkflowDefinition): Expressions {
  const compute = languages[language]
  const evaluate: Expressions['evaluate'] = async (source, data, names) => {
    const text = marked.exec(source)?.[1] ?? source
    try {
      return await compute(text.trim(), data, names)
    } catch (error) {
      if (error instanceof Fault) throw error
      throw fault('expression', `The expression ${shortened(text.trim())} cannot be computed`, { detail: error instanceof Error ? error.message : '' })
    }
  }
  const resolve: Expressions['resolve'] = async (value, data, names) => {
    if (typeof value === 'string') {
      if (marked.test(value)) return evaluate(value, data, names)
      return mode === 'loose' ? evaluate(value, data, names).catch((error: unknown) => (error instanceof Fault ? value : Promise.reject(error as Error))) : value
    }
    if (Array.isArray(value)) return eachInOrder(value as readonly Json[], (one) => resolve(one, data, names))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const values = await eachInOrder(entries.map(([, one]) => one), (one) => resolve(one, data, names))
    return Object.fromEntries(entries.map(([key], index) => [key, values[index] ?? null]))
  }
  return {
    evaluate,
    resolve,
    transform: (value, data, names) => (typeof value === 'string' ? evaluate(value, data, names) : resolve(value, data, names)),
    isExpression: (text) => marked.test(text),
  }
}

async function eachInOrder(values: readonly Json[], work: (value: Json) => Promise<Json>): Promise<Json[]> {
  const done: Json[] = []
  for (const value of values) done.push(await work(value))
  return done
}

/** The names that a source can mean, with their values: the others are not worth sending. */
function mentioned(source: string, pattern: RegExp, names: Names): JsonObject {
  const found: Record<string, Json> = {}
  for (const [, name = ''] of source.matchAll(pattern)) {
    const value = Object.hasOwn(found, name) ? undefined : names(name)
    if (value !== undefined) found[name] = value
  }
  return found
}

/**
 * `.a.b` and `$name.a` need no jq: most expressions are such, and each would cost two milliseconds. What is not there is null,
 * as in jq; undefined when it is anything else, or when jq would refuse it.
 */
function simplePath(source: string, data: Json, names: Names): Json | undefined {
  const [, name, path = ''] = /^(?:\$([A-Za-z_]\w*))?((?:\.[A-Za-z_]\w*)*|\.)$/.exec(source) ?? []
  if (name === undefined && path === '') return undefined
  let value = name === undefined ? data : names(name)
  for (const key of path.split('.').filter((part) => part !== '')) {
    if (value === null) continue
    if (typeof value !== 'object' || Array.isArray(value)) return undefined
    value = value !== undefined && Object.hasOwn(value, key) ? (value as JsonObject)[key] : null
  }
  return value
}

/** The moment of the task, so that `now` in CEL is that of the run. */
function now(names: Names): string | number {
  const task = names('task') ?? names('workflow')
  const started = typeof task === 'object' && task !== null && 'startedAt' in task ? task.startedAt : null
  return typeof started === 'object' && started !== null && 'iso8601' in started ? textOf(started.iso8601) : 0
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
