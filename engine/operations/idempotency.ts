/**
 * A request that is sent twice with the same key is done once. The answer is kept in the same unit as the change, so
 * a crash leaves both or neither.
 */
import { createHash } from 'node:crypto'
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Executor } from '../storage/contract.js'
import { forgetAnswers, keepAnswer, keptAnswer } from '../storage/own/idempotency.js'
import type { Call } from './call.js'

const keptMs = 24 * 60 * 60 * 1000

/** The key a client chose, and what the request was. */
export interface OnceKey {
  readonly key: string
  /** Method, address and body; together with the caller's rights it must be the same on the second time. */
  readonly request: string
}

// Of this process: a second request while the first still runs is told so instead of waiting for it.
const running = new Set<string>()

/** Runs `unit` unless another request with this key is being done right now. @throws Problem idempotency.inProgress */
export async function exclusively<T>(call: Call, once: OnceKey | undefined, unit: () => Promise<T>): Promise<T> {
  if (once === undefined) return unit()
  const key = keyHash(call, once)
  if (running.has(key)) throw new Problem('idempotency.inProgress')
  running.add(key)
  try {
    return await unit()
  } finally {
    running.delete(key)
  }
}

/**
 * Inside a unit: gives the kept answer, or does the work and keeps its answer for 24 hours.
 * @throws Problem idempotency.mismatch when the key was used for another request or with other rights
 */
export async function once<T extends Json>(tx: Executor, call: Call, key: OnceKey | undefined, work: () => Promise<T>): Promise<T> {
  if (key === undefined) return work()
  const hash = keyHash(call, key)
  const request = sha256(`${key.request}\n${call.access.key}`)
  await forgetAnswers(tx, new Date(call.at.getTime() - keptMs))
  const kept = await keptAnswer(tx, hash)
  if (kept !== null && kept.request !== request) throw new Problem('idempotency.mismatch')
  // Written by the same operation with the same request, so it has the shape of its answer.
  if (kept !== null) return kept.answer as T
  const answer = await work()
  await keepAnswer(tx, { key: hash, userId: call.actor.id, request, answer, at: call.at })
  return answer
}

const keyHash = (call: Call, { key }: OnceKey): string => sha256(`${call.actor.id ?? ''}\n${key}`)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
