/** Errors as RFC 9457 problems. What is no `Problem` is a fault of ours: logged with its cause, told without it. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { ApiResponse } from './handler.js'

/** A thrown value as an answer. */
export function problemResponse(error: unknown, requestId: string): ApiResponse {
  const problem = error instanceof Problem ? error : new Problem('server.failed', {}, { cause: error })
  const { retryAfter, ...extra } = problem.extra
  return {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json; charset=utf-8', ...(typeof retryAfter === 'number' ? { 'Retry-After': String(retryAfter) } : retryHint(problem.status)) },
    body: { ...extra, ...problemBody(problem), requestId },
  }
}

const retryHint = (status: number): Record<string, string> => (status === 503 ? { 'Retry-After': '1' } : {})

function problemBody(problem: Problem): JsonObject {
  return {
    type: `urn:tessera:problem:${problem.code}`,
    title: problem.message,
    status: problem.status,
    detail: problem.fix,
    code: problem.code,
    problems: problem.problems.map(({ path, code, message }): Json => ({ path, code, message })),
  }
}
