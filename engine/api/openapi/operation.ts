/** The small vocabulary with which `document.ts` writes OpenAPI operations down. */
import type { JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import { catalogue, type ProblemCode } from '../../errors.js'
import { schemaRef } from './record-schemas.js'

export interface OperationSketch {
  readonly id: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly JsonObject[]
  /** JSON body. */
  readonly body?: JsonSchema
  readonly bodyType?: string
  /** Status → what it means; a schema makes it a JSON answer. */
  readonly answers: Readonly<Record<string, { readonly description: string; readonly schema?: JsonSchema; readonly type?: string; readonly headers?: JsonObject }>>
  /** Problems beyond those that every operation may answer with. */
  readonly problems?: readonly ProblemCode[]
  readonly open?: boolean
}

const everywhere: readonly ProblemCode[] = ['request.invalid', 'limit.rate', 'server.failed']
const signedIn: readonly ProblemCode[] = ['session.required', 'access.denied']

/** An OpenAPI operation object with its problem answers, grouped by status. */
export function operation(sketch: OperationSketch): JsonObject {
  const codes = [...new Set([...everywhere, ...(sketch.open === true ? [] : signedIn), ...(sketch.problems ?? [])])]
  const byStatus = new Map<string, ProblemCode[]>()
  for (const code of codes) {
    const status = String(catalogue[code].status)
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const problems = [...byStatus].map(([status, list]) => [status, {
    description: list.map((code) => `\`${code}\`: ${catalogue[code].title}.`).join(' '),
    content: { 'application/problem+json': { schema: schemaRef('Problem') } },
  }] as const)
  const answers = Object.entries(sketch.answers).map(([status, { description, schema, type, headers }]) => [status, {
    description,
    ...(headers === undefined ? {} : { headers }),
    ...(schema === undefined ? {} : { content: { [type ?? 'application/json']: { schema } } }),
  }] as const)
  return {
    operationId: sketch.id,
    tags: [sketch.tag],
    summary: sketch.summary,
    ...(sketch.description === undefined ? {} : { description: sketch.description }),
    ...(sketch.open === true ? { security: [] } : {}),
    ...(sketch.parameters === undefined ? {} : { parameters: [...sketch.parameters] }),
    ...(sketch.body === undefined ? {} : { requestBody: { required: true, content: { [sketch.bodyType ?? 'application/json']: { schema: sketch.body } } } }),
    responses: Object.fromEntries([...answers, ...problems]),
  }
}

/** A query parameter. */
export const query = (name: string, schema: JsonSchema, description: string, required = false): JsonObject => ({ name, in: 'query', required, description, schema })
/** A path parameter. */
export const inPath = (name: string, schema: JsonSchema, description: string): JsonObject => ({ name, in: 'path', required: true, description, schema })
/** A request header. */
export const header = (name: string, description: string, required = false): JsonObject => ({ name, in: 'header', required, description, schema: { type: 'string' } })

export const text: JsonSchema = { type: 'string' }
export const flag: JsonSchema = { type: 'boolean' }
export const whole: JsonSchema = { type: 'integer' }
export const anyObject: JsonSchema = { type: 'object', additionalProperties: true }
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
export const object = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = Object.keys(properties)): JsonSchema => ({ type: 'object', properties, ...(required.length === 0 ? {} : { required: [...required] }) })
