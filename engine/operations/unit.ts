/** One writing unit: all or nothing, and only against the metadata version that is published at that moment. */
import type { Model } from '../model/model.js'
import type { Executor } from '../storage/contract.js'
import { currentVersion } from '../storage/own/versions.js'
import { callOf, type Call } from './call.js'
import { announce } from './changes/feed.js'

/** The published version is not the one the call was prepared with. */
export class ModelMoved extends Error {}

/**
 * Prepares and writes; when another process published meanwhile, once more against the new model.
 * Afterwards those who listen for changes are told.
 * `attempt` prepares everything from the call it is given and calls `assertInForce` first thing in its unit.
 */
export async function inForce<T>(call: Call, attempt: (call: Call) => Promise<T>): Promise<T> {
  const done = await current(call, attempt)
  announce(call.engine.database)
  return done
}

async function current<T>(call: Call, attempt: (call: Call) => Promise<T>): Promise<T> {
  try {
    return await attempt(call)
  } catch (error) {
    if (!(error instanceof ModelMoved)) throw error
  }
  const model = await call.engine.refresh()
  return attempt(callOf(call.engine, call.actor, model, call.at))
}

/** @throws when the model of the call is not the published one; `inForce` then tries again */
export async function assertInForce(tx: Executor, model: Model): Promise<void> {
  if ((await currentVersion(tx)) !== model.version) throw new ModelMoved('the metadata version moved')
}

/** Ends a unit without keeping what it did, and carries what it would have answered. */
export class DryRun<T> extends Error {
  constructor(readonly outcome: T) {
    super('dry run')
  }
}
