/** OpenAPI paths of workflows. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { anyObject, listOf, object, operation, text } from './operation.js'

const moment = { type: 'string', format: 'date-time' }
const momentOrNull = { type: ['string', 'null'] as string[], format: 'date-time' }
const any = { description: 'Any JSON value.' }
const step: JsonObject = object({ path: text, name: text, status: { enum: ['running', 'waiting', 'completed', 'faulted', 'skipped', 'cancelled'] }, input: any, output: any, error: { type: ['object', 'null'] }, startedAt: moment, endedAt: momentOrNull }, ['path', 'status'])
const run: JsonObject = {
  ...object({
    id: text, workflow: text, version: { type: ['string', 'null'] }, status: { enum: ['pending', 'running', 'waiting', 'suspended', 'cancelled', 'faulted', 'completed'] }, input: any, output: any, error: { type: ['object', 'null'] }, steps: listOf(step),
  }, ['id', 'workflow', 'status', 'steps']),
  additionalProperties: true,
}

/** Those of callers who may design. */
export const simulationPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/workflows/simulate': {
    post: operation({
      id: 'simulateWorkflow', tag: 'workflows', summary: 'Run a draft with a virtual clock, to its end or to what it waits for next',
      body: object({
        definition: { description: 'A document of the Serverless Workflow DSL 1.0, or its text in JSON or YAML.', anyOf: [anyObject, text] },
        input: any,
        clock: { description: 'When it begins; with `until` the clock is put forward over what it waits for.', anyOf: [moment, object({ start: moment, until: moment }, [])] },
        effects: { description: 'true: http calls go out. An object: what calls answer, by name or path of the task, and events that it hears.', anyOf: [{ type: 'boolean' }, object({ answers: anyObject, events: listOf(anyObject) }, [])] },
      }, ['definition']),
      answers: { 200: { description: 'How far it came.', schema: run } },
      problems: ['definitions.invalid', 'access.denied'],
    }),
  },
})
