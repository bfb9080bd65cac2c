/** Runs that were tried out, kept with the workflow as its tests: publishing plays them again. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textOf } from '../draft/definitions.js'
import type { Documents, Operation } from '../draft/operations.js'
import { setValue } from '../commands/set-value.js'
import { workflowPath } from '../workflows/starters.js'
import type { Attempted, Trying } from './trying.js'

export interface KeptTest {
  readonly name: string
  readonly input: Json
  readonly start: string
  readonly until: string
  /** By the path of a step, or by its name. */
  readonly answers: Readonly<Record<string, Json>>
}

export function testsOf(workflow: JsonObject): readonly KeptTest[] {
  const tests = objectOf(objectOf(objectOf(workflow['document'])['metadata'])['tests'])
  return Object.entries(tests).map(([name, kept]) => {
    const { input = {}, clock, answers } = objectOf(kept)
    const start = textOf(objectOf(clock)['start']) || new Date(0).toISOString()
    return { name, input, start, until: textOf(objectOf(clock)['until']) || start, answers: objectOf(answers) }
  })
}

/** Place of a test as problems name it. */
export const testPlace = (workflow: string, test: string): string => `${workflowPath(workflow)}#/document/metadata/tests/${test.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The test that a run is: what it began with and was answered, and how it went. Steps are named, so that it holds when others come before them. */
export function testFrom({ told, asked, answers }: Attempted, { input, start, until }: Omit<Trying, 'answers' | 'workflow'>): JsonObject {
  const names = new Map(told.steps.map(({ path, name }) => [path, name]))
  const paths = (name: string): number => new Set(told.steps.filter((step) => step.name === name).map(({ path }) => path)).size
  const keyOf = (path: string): string => {
    const name = names.get(path)
    return name === undefined || paths(name) > 1 ? path : name
  }
  const given = Object.fromEntries(Object.entries(answers).filter(([path]) => names.has(path)).map(([path, answer]) => [keyOf(path), answer]))
  return {
    input,
    clock: { start, until },
    ...(Object.keys(given).length === 0 ? {} : { answers: given }),
    expect: {
      status: told.status,
      ...(told.status === 'completed' ? { output: told.output } : {}),
      steps: told.steps.map((step) => {
        const call = step.status === 'skipped' ? objectOf(step.input) : (asked.get(step.path) ?? {})
        return { name: step.name, ...(typeof call['call'] === 'string' && isObject(call['with']) ? { call: call['call'], with: call['with'] } : {}) }
      }),
    },
  }
}

/** Keeps or, with `undefined`, forgets a test. */
export const setTest = (documents: Documents, workflow: string, test: string, kept: JsonObject | undefined): readonly Operation[] =>
  setValue(documents, [workflowPath(workflow), 'document', 'metadata', 'tests', test], kept)

/** True when a run went so far that it can be kept: whoever is asked in it has been answered. */
export const canBeKept = ({ told, decides }: Attempted): boolean => decides === null && listOf(told.steps as unknown as Json).length > 0
