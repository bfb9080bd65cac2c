/** Problems as the engine answers them (RFC 9457), and the few that only a browser can meet. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'

/** One refused part of a request; `path` is a JSON Pointer into what was sent. */
export interface PartProblem {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** Why a request did not succeed. `status` 0 means that no answer came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  /** Code of the engine's catalogue, or `network.failed`, `network.answer`. */
  readonly code: string
  /** What to do next, in the engine's words; may be empty. */
  readonly detail: string
  readonly problems: readonly PartProblem[]
  readonly requestId: string
  /** Seconds that the engine asks to wait. */
  readonly retryAfter: number | null
  /** The whole body: some problems carry more, e.g. the three versions of a conflict. */
  readonly body: JsonObject

  constructor(status: number, code: string, title: string, body: JsonObject = {}, retryAfter: number | null = null) {
    super(title)
    this.status = status
    this.code = code
    this.body = body
    this.detail = text(body['detail'])
    this.requestId = text(body['requestId'])
    this.retryAfter = retryAfter
    this.problems = Array.isArray(body['problems']) ? (body['problems'] as readonly Json[]).flatMap(part) : []
  }
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

function part(value: Json): readonly PartProblem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const { path, code, message } = value as JsonObject
  return [{ path: text(path), code: text(code), message: text(message) }]
}

/** The field that a pointer such as `/store` or `/address/city` begins with; '' for the whole record. */
export function fieldOf(pointer: string): string {
  const first = pointer.split('/')[1] ?? ''
  return first.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** Any thrown value as a problem, so that screens have one thing to show. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown
  return new ApiProblem(0, 'studio.failed', thrown instanceof Error ? thrown.message : String(thrown))
}
