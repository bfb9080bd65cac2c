/** Errors of runs, as the DSL describes them: RFC 9457 with the standard types of the specification. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'

/** An error of a run. `instance` is the JSON Pointer of the task that it comes from. */
export interface RunError extends JsonObject {
  readonly type: string
  readonly status: number
  readonly title: string
  readonly instance: string
}

const base = 'https://serverlessworkflow.io/spec/1.0.0/errors/'

/** The standard types with the status that each has when nothing better is known. */
const standard = { configuration: 400, validation: 400, expression: 400, authentication: 401, authorization: 403, timeout: 408, communication: 500, runtime: 500 } as const
export type StandardError = keyof typeof standard

/** Something went wrong in a task. Whoever catches it in the interpreter says where, when that is not said yet. */
export class Fault extends Error {
  constructor(
    readonly error: JsonObject,
    /** No `try` of the workflow catches it: a limit of the engine. */
    readonly final = false,
  ) {
    super(typeof error.title === 'string' ? error.title : 'fault')
  }
}

/** An error of a standard type, without its place. */
export const standardError = (kind: StandardError, title: string, more: { readonly detail?: string; readonly status?: number } = {}): JsonObject =>
  ({ type: `${base}${kind}`, status: more.status ?? standard[kind], title, ...(more.detail === undefined ? {} : { detail: more.detail }) })

export const fault = (kind: StandardError, title: string, more: { readonly detail?: string; readonly status?: number } = {}): Fault => new Fault(standardError(kind, title, more))

/** A limit was passed; the run ends whatever it catches. */
export const limitFault = (title: string): Fault => new Fault(standardError('runtime', title), true)

/** The error with its place, complete. */
export function placed(error: JsonObject, instance: string): RunError {
  const { type, status, title, instance: known, ...rest } = error
  return { type: text(type, `${base}runtime`), status: Number(status ?? 500), title: text(title, 'Error'), instance: text(known, instance), ...rest }
}

const text = (value: Json | undefined, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise)

/** The same standard error has had several addresses: in drafts of the specification, and since the project has another name. */
const spelled = /^https:\/\/(?:serverlessworkflow\.io|serverlessworkflow\.io\.io|open-workflow-specification\.org)\/(?:spec\/[\d.]+\/errors|dsl\/errors\/types)\/(\w+)$/

const canonical = (type: string): string => {
  const name = spelled.exec(type)?.[1]
  return name !== undefined && Object.hasOwn(standard, name) ? `${base}${name}` : type
}

/** Do both name one type of error? */
export const sameType = (a: string, b: string): boolean => canonical(a) === canonical(b)
