/** Simulations that are kept with a workflow as its tests: played with a clock of their own and without effects before it is published. */
import type { WorkflowDefinition, WorkflowKeptTest as KeptTest } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem, type Finding } from '../errors.js'
import { sameJson } from '../model/equal.js'
import type { Model } from '../model/model.js'
import { pointer } from '../model/paths.js'
import { play, type Played } from './simulate.js'

/** How long the tests of one publish may take together. */
const patienceMilliseconds = 20_000
/** Characters of a value in a message. */
const shownMost = 120

/**
 * The tests that fail, each named with its step, what was expected and what was found. Played are those of workflows that differ
 * from `before` and of those that run others.
 */
export async function failedTests({ workflows, documents }: Model, before: Model | null): Promise<readonly Finding[]> {
  const late = Date.now() + patienceMilliseconds
  const findings: Finding[] = []
  for (const [name, definition] of workflows) {
    const path = `workflows/${name}.json`
    if (before !== null && before.documents[path] === documents[path] && !runsOthers(definition)) continue
    for (const [test, kept] of Object.entries(definition.document.metadata?.tests ?? {})) {
      const failure = await failureOf(definition, kept, workflows, late)
      if (failure !== undefined) findings.push({ path: `${path}#${pointer('document', 'metadata', 'tests', test)}`, code: 'workflow.test', message: new Problem('workflow.test', { test, step: failure.step, expected: failure.expected, found: failure.found }).message })
    }
  }
  return findings
}

const runsOthers = (definition: WorkflowDefinition): boolean => JSON.stringify(definition.do).includes('"run"')

interface Failure {
  readonly step: string
  readonly expected: string
  readonly found: string
}

async function failureOf(definition: WorkflowDefinition, { input = {}, clock, answers = {}, events = [], expect }: KeptTest, workflows: Model['workflows'], late: number): Promise<Failure | undefined> {
  const start = clock === undefined ? 0 : Date.parse(clock.start)
  const played = await play({ workflows, engine: null }, {
    definition: definition as unknown as JsonObject, input, clock: { start, until: Math.max(start, Date.parse(clock?.until ?? clock?.start ?? '') || start) }, effects: false,
    answers, events,
  }, late)
  return stepFailure(expect.steps, played) ?? endFailure(expect, played)
}

function stepFailure(expected: KeptTest['expect']['steps'], { steps, asked, state }: Played): Failure | undefined {
  if (expected === undefined) return undefined
  for (let i = 0; i < Math.max(expected.length, steps.length); i += 1) {
    const [wanted, step] = [expected[i], steps[i]]
    if (wanted?.name !== step?.name) return { step: wanted?.name ?? step?.name ?? '', expected: wanted === undefined ? 'that nothing more happens' : `that “${wanted.name}” comes`, found: step === undefined ? endOf(state) : `“${step.name}”` }
    const given = step === undefined ? undefined : asked.get(step.seq)
    const differs = wanted?.with === undefined ? undefined : difference(wanted.with, given?.['with'] ?? null, '')
    if (wanted !== undefined && differs !== undefined) return { step: wanted.name, ...differs }
  }
  return undefined
}

function endFailure({ status, output }: KeptTest['expect'], { state, steps }: Played): Failure | undefined {
  const step = steps.at(-1)?.name ?? 'the beginning'
  if (status !== undefined && status !== state.status) return { step, expected: `the run to be ${status}`, found: endOf(state) }
  const differs = output === undefined ? undefined : difference(output, state.output, 'output')
  return differs === undefined ? undefined : { step, ...differs }
}

const endOf = ({ status, error }: Played['state']): string => (error === null ? `the run ${status}` : `the run ${status}: ${[error['title'], error['detail']].filter((part) => typeof part === 'string').join(', ')}`.slice(0, 2 * shownMost))

/** The first place at which two values differ. */
function difference(expected: Json, found: Json, at: string): Omit<Failure, 'step'> | undefined {
  if (sameJson(expected, found)) return undefined
  if (isObject(expected) && isObject(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const inside = difference(expected[key] ?? null, found[key] ?? null, at === '' ? key : `${at}.${key}`)
      if (inside !== undefined) return inside
    }
  }
  const place = at === '' ? '' : `${at} `
  return { expected: `${place}${shown(expected)}`, found: shown(found) }
}

function shown(value: Json): string {
  const text = value === null ? 'nothing' : JSON.stringify(value)
  return text.length > shownMost ? `${text.slice(0, shownMost)}…` : text
}
