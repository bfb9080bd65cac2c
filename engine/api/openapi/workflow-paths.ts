/** OpenAPI paths of workflows. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { anyObject, inPath, listOf, object, operation, query, text, whole } from './operation.js'

const moment = { type: 'string', format: 'date-time' }
const momentOrNull = { type: ['string', 'null'] as string[], format: 'date-time' }
const anyValue = { description: 'Any JSON value.' }
const step: JsonObject = object({ path: text, name: text, status: { enum: ['running', 'waiting', 'completed', 'faulted', 'skipped', 'cancelled'] }, input: anyValue, output: anyValue, error: { type: ['object', 'null'] }, startedAt: moment, endedAt: momentOrNull }, ['path', 'status'])
const run: JsonObject = {
  ...object({
    id: text, workflow: text, version: { type: ['string', 'null'] }, status: { enum: ['pending', 'running', 'waiting', 'suspended', 'cancelled', 'faulted', 'completed'] }, input: anyValue, output: anyValue, error: { type: ['object', 'null'] }, steps: listOf(step),
  }, ['id', 'workflow', 'status', 'steps']),
  additionalProperties: true,
}

const workflow: JsonObject = { ...object({ name: text, title: text, summary: text, version: { type: ['string', 'null'] }, schedule: anyValue, role: { type: ['string', 'null'] }, start: listOf(text) }, ['name', 'title']), additionalProperties: true }
const record = object({ entity: text, id: whole })
const id = inPath('id', text, 'Of the run.')

/** Those of every caller: each sees what they may start and what they started. */
export const workflowPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/workflows': { get: operation({ id: 'workflows', tag: 'workflows', summary: 'Those that the caller may start', answers: { 200: { description: 'With how their runs stand, for callers who may design.', schema: object({ workflows: listOf(workflow) }) } } }) },
  '/api/workflows/{name}': { get: operation({ id: 'workflow', tag: 'workflows', summary: 'One workflow', parameters: [inPath('name', text, 'Of the workflow.')], answers: { 200: { description: 'With its document, and when the segments that begin it were looked at last, for callers who may design.', schema: workflow } }, problems: ['workflow.unavailable'] }) },
  '/api/workflows/{name}/runs': {
    post: operation({ id: 'startWorkflow', tag: 'workflows', summary: 'Start by hand', parameters: [inPath('name', text, 'Of the workflow.')], body: object({ input: anyValue, record }, []), answers: { 202: { description: 'It began.', schema: run } }, problems: ['workflow.unavailable', 'record.unavailable'] }),
  },
  '/api/workflows/runs': {
    get: operation({
      id: 'workflowRuns', tag: 'workflows', summary: 'Runs that the caller started, newest first; all of them for callers who may design',
      parameters: [query('workflow', text, 'Only of this one.'), query('status', text, 'Only in this status.'), query('record', text, 'Only about this record: `member/7`.'), query('limit', { type: 'integer', minimum: 1, maximum: 100 }, 'Runs of a page.'), query('cursor', text, 'next of the page before.')],
      answers: { 200: { description: 'A page, without steps.', schema: object({ runs: listOf(anyObject), next: { type: ['string', 'null'] } }) } },
    }),
  },
  '/api/workflows/runs/{id}': { get: operation({ id: 'workflowRun', tag: 'workflows', summary: 'One run with its steps', parameters: [id], answers: { 200: { description: 'How far it is.', schema: run } }, problems: ['run.unavailable'] }) },
  '/api/workflows/runs/{id}/{repair}': {
    post: operation({
      id: 'repairWorkflowRun', tag: 'workflows', summary: 'Stop, hold or repair a run', parameters: [id, inPath('repair', { enum: ['cancel', 'suspend', 'resume', 'retry', 'skip'] }, 'What is done.')],
      body: object({ reason: text, output: anyValue }, ['reason']), answers: { 200: { description: 'How it stands now.', schema: run } }, problems: ['run.unavailable', 'run.state', 'access.denied'],
    }),
  },
})

/** Those of callers who may design. */
export const simulationPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/workflows/{name}/move': {
    post: operation({
      id: 'moveWorkflowRuns', tag: 'workflows', summary: 'Let runs under way go on by the version in force', parameters: [inPath('name', text, 'Of the workflow.'), query('dryRun', { type: 'boolean' }, 'Tell what would happen and change nothing.')],
      body: object({ runs: { ...listOf(text), maxItems: 200 }, mapping: { type: 'object', additionalProperties: text, description: 'JSON Pointer of a step → that of the step at which it goes on; steps keep their places by their names.' }, reason: text }, []),
      answers: { 200: { description: 'Those that moved, and for the others the steps that have no place.', schema: object({ to: whole, moved: listOf(text), refused: listOf(object({ run: text, obstacles: listOf(object({ path: text, name: text, reason: { enum: ['gone', 'elsewhere', 'kind', 'branches', 'listening', 'calling', 'over'] } })) })), more: { type: 'boolean' } }) } },
      problems: ['access.denied', 'workflow.unavailable', 'request.invalid'],
    }),
  },
  '/api/workflows/simulate': {
    post: operation({
      id: 'simulateWorkflow', tag: 'workflows', summary: 'Run a draft with a virtual clock, to its end or to what it waits for next',
      body: object({
        definition: { description: 'A document of the Serverless Workflow DSL 1.0, or its text in JSON or YAML.', anyOf: [anyObject, text] },
        input: anyValue,
        clock: { description: 'When it begins; with `until` the clock is put forward over what it waits for.', anyOf: [moment, object({ start: moment, until: moment }, [])] },
        effects: { description: 'true: http calls go out. An object: what calls answer, by name or path of the task, and events that it hears.', anyOf: [{ type: 'boolean' }, object({ answers: anyObject, events: listOf(anyObject) }, [])] },
      }, ['definition']),
      answers: { 200: { description: 'How far it came.', schema: run } },
      problems: ['definitions.invalid', 'access.denied'],
    }),
  },
})
