/**
 * A workflow as it is drawn: steps below each other, with the lists inside of them as lanes. Pure. Whatever the document says
 * is a step here; what has no drawing of its own is one without lanes.
 *
 * The language branches by jumps. A block that only branches is drawn as lanes side by side: `do` with a `switch` first, whose
 * cases each name the list that follows at their place, and every list leaves the block.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textOf } from '../draft/definitions.js'
import { pointer, valueAt } from '../draft/operations.js'

/** Where something stands in a workflow: the keys that lead to it. */
export type Keys = readonly string[]

/** What a task does; `choice` is a block that branches, `nothing` stands where a list would be empty, `unknown` is none that the product knows. */
export const stepKinds = ['call', 'wait', 'choice', 'switch', 'for', 'fork', 'try', 'do', 'set', 'emit', 'listen', 'raise', 'run', 'nothing', 'unknown'] as const
export type StepKind = (typeof stepKinds)[number]

export interface Step {
  readonly name: string
  readonly task: JsonObject
  readonly kind: StepKind
  readonly keys: Keys
  /** JSON Pointer, as runs and problems name the step. */
  readonly path: string
  readonly lanes: readonly Lane[]
}

export interface Lane {
  /** `branch` and `case` stand side by side; the others below each other. */
  readonly role: 'body' | 'try' | 'catch' | 'branch' | 'case'
  readonly name: string
  /** Of a case: its condition; undefined for the one that is taken otherwise. */
  readonly when?: string
  /** Of the list; null where the lane is a single task that is no list. */
  readonly keys: Keys | null
  /** JSON Pointer of what a run says about the lane as a whole; '' when it says nothing. */
  readonly path: string
  readonly steps: readonly Step[]
}

/** What a list holds that would be empty: the language wants at least one task. */
export const nothingTask = (language: string): JsonObject => ({ set: language === 'cel' ? '${ data }' : '${ . }' })

export const languageOf = (workflow: JsonObject): 'cel' | 'jq' => (objectOf(workflow['evaluate'])['language'] === 'cel' ? 'cel' : 'jq')

export const stepsOf = (workflow: JsonObject): readonly Step[] => listSteps(workflow['do'], ['do'])

const plain = ['call', 'wait', 'switch', 'for', 'fork', 'try', 'set', 'emit', 'listen', 'raise', 'run', 'do'] as const

function kindOf(task: JsonObject): StepKind {
  if (isNothing(task)) return 'nothing'
  if (isChoice(task)) return 'choice'
  return plain.find((kind) => task[kind] !== undefined) ?? 'unknown'
}

/** True for what stands in a list that would be empty. */
export const isNothing = (task: JsonObject): boolean => Object.keys(task).length === 1 && typeof task['set'] === 'string' && /^\s*\$\{\s*(?:data|\.)\s*\}\s*$/.test(task['set'])

/** `[{ name: task }, ...]` → names and tasks; what is neither is left out of the drawing, and kept. */
export const entriesOf = (list: Json | undefined): readonly (readonly [name: string, task: JsonObject])[] =>
  listOf(list).map((entry) => {
    const [name = '', task] = Object.entries(objectOf(entry))[0] ?? []
    return [name, objectOf(task)] as const
  })

function listSteps(list: Json | undefined, keys: Keys): readonly Step[] {
  return entriesOf(list).map(([name, task], index) => stepAt(name, task, [...keys, String(index), name]))
}

function stepAt(name: string, task: JsonObject, keys: Keys): Step {
  const kind = kindOf(task)
  return { name, task, kind, keys, path: pointer(...keys), lanes: lanesOf(kind, task, keys) }
}

const lane = (role: Lane['role'], name: string, task: JsonObject, keys: Keys): Lane => ({ role, name, keys, path: '', steps: listSteps(valueAt(task, keys.slice(-1)), keys) })

function lanesOf(kind: StepKind, task: JsonObject, keys: Keys): readonly Lane[] {
  if (kind === 'choice') return choiceLanes(task, keys)
  if (kind === 'do' || kind === 'for') return [lane('body', '', task, [...keys, 'do'])]
  if (kind === 'try') {
    const caught = objectOf(task['catch'])
    return [lane('try', '', task, [...keys, 'try']), ...(caught['do'] === undefined ? [] : [lane('catch', '', caught, [...keys, 'catch', 'do'])])]
  }
  if (kind !== 'fork') return []
  return entriesOf(objectOf(task['fork'])['branches']).map(([name, branch], index) => {
    const at = [...keys, 'fork', 'branches', String(index), name]
    return isBlock(branch, undefined) ? { ...lane('branch', name, branch, [...at, 'do']), path: pointer(...at) } : { role: 'branch', name, keys: null, path: '', steps: [stepAt(name, branch, at)] }
  })
}

/** A plain list of tasks that goes on as it says; undefined: with what follows. */
const isBlock = (task: JsonObject, then: string | undefined): boolean => Array.isArray(task['do']) && task['then'] === then && Object.keys(task).every((key) => key === 'do' || key === 'then')

function isChoice(task: JsonObject): boolean {
  if (task['for'] !== undefined) return false
  const [first, ...branches] = entriesOf(task['do'])
  if (first === undefined || Object.keys(first[1]).some((key) => key !== 'switch')) return false
  const cases = entriesOf(first[1]['switch'])
  return cases.length > 0 && cases.length === branches.length && cases.every(([, one], index) => {
    const [name, branch] = branches[index] ?? ['', {}]
    return one['then'] === name && isBlock(branch, 'exit')
  })
}

function choiceLanes(task: JsonObject, keys: Keys): readonly Lane[] {
  const [choose, ...branches] = entriesOf(task['do'])
  const cases = entriesOf(choose?.[1]['switch'])
  return branches.map(([name, branch], index) => {
    const at = [...keys, 'do', String(index + 1), name]
    const when = textOf(cases[index]?.[1]['when'])
    return { ...lane('case', name, branch, [...at, 'do']), path: pointer(...at), ...(when === '' ? {} : { when }) }
  })
}

/** Every step, from the top, with those inside of others after them. */
export const allSteps = (steps: readonly Step[]): readonly Step[] => steps.flatMap((step) => [step, ...step.lanes.flatMap((inner) => allSteps(inner.steps))])

/** The step at a place or, inside of one that is not drawn by itself (a case, the switch of a choice), the one around it. */
export function stepFor(steps: readonly Step[], path: string): Step | undefined {
  return allSteps(steps).filter((step) => path === step.path || path.startsWith(`${step.path}/`)).toSorted((a, b) => b.path.length - a.path.length)[0]
}

/** The list that a step stands in, and its place there; null for what is no member of a list. */
export function placeOf(keys: Keys): { readonly list: Keys; readonly index: number } | null {
  const index = Number(keys.at(-2))
  return Number.isInteger(index) && index >= 0 ? { list: keys.slice(0, -2), index } : null
}

/** Names of the tasks in a list. */
export const namesIn = (workflow: JsonObject, list: Keys): readonly string[] => entriesOf(valueAt(workflow, list)).map(([name]) => name)

/** A name for a new task that no other in its list has: `wait`, `wait2`. */
export function freeName(taken: readonly string[], wanted: string): string {
  const root = wanted.replace(/\d+$/, '') || 'step'
  if (!taken.includes(wanted)) return wanted
  let number = 2
  while (taken.includes(`${root}${number}`)) number += 1
  return `${root}${number}`
}

/** A task or a case that goes on with `next`. (An object that is written with a member `then` looks like a promise to tools.) */
export const going = (task: JsonObject, next: string): JsonObject => ({ ...task, ...Object.fromEntries(new Map([['then', next]])) })
