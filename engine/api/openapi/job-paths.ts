/** OpenAPI paths of work in the background. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import { anyObject, inPath, listOf, object, operation, text, whole } from './operation.js'

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const job: JsonSchema = object({
  id: whole, kind: text, state: { enum: ['waiting', 'running', 'done', 'failed', 'cancelled'] }, done: whole, total: orNull(whole), about: anyObject, owner: orNull(whole),
  error: orNull(object({ code: text, title: text, detail: text })), createdAt: text, startedAt: orNull(text), endedAt: orNull(text),
})
const id = inPath('id', { type: 'integer', minimum: 1 }, 'Id of the job.')
const answers = { 200: { description: 'The job.', schema: job } }

export const jobPaths = (): Readonly<Record<string, JsonObject>> => ({
  '/api/jobs': { get: operation({ id: 'jobs', tag: 'jobs', summary: 'The newest jobs of the caller; for administrators everybody\'s', answers: { 200: { description: 'Newest first.', schema: object({ jobs: listOf(job) }) } } }) },
  '/api/jobs/{id}': { get: operation({ id: 'job', tag: 'jobs', summary: 'How far a job is', parameters: [id], answers, problems: ['job.unavailable'] }) },
  '/api/jobs/{id}/cancel': { post: operation({ id: 'cancelJob', tag: 'jobs', summary: 'Stop a job before its next chunk; what it did stays', parameters: [id], answers, problems: ['job.unavailable'] }) },
  '/api/jobs/{id}/resume': { post: operation({ id: 'resumeJob', tag: 'jobs', summary: 'Let a failed or cancelled job go on where it stood', parameters: [id], answers, problems: ['job.unavailable'] }) },
})
