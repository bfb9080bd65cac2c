/** One attempt to save a form: what is sent, and every way in which it can end. Shows nothing. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Answer } from '../client/api.js'
import { asProblem, type ApiProblem } from '../client/problem.js'
import { randomKey } from '../client/random.js'
import type { Rec, Records } from '../client/records.js'
import { readConflict, type Conflict } from './conflict/conflict.js'
import { refusalOf } from './refusals.js'

export type Outcome =
  | { readonly kind: 'saved'; readonly record: Rec; readonly etag: string }
  /** Some values are not accepted; by JSON Pointer, '' for the whole record. */
  | { readonly kind: 'refused'; readonly problems: Readonly<Record<string, string>>; readonly problem: ApiProblem }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'failed'; readonly problem: ApiProblem }

/** Saves the changed fields of a record that was read as `etag`. */
export const saveChanges = (records: Records, entity: UiEntity, id: number, body: JsonObject, etag: string, entities: UiModel['entities'] = {}): Promise<Outcome> => attempt(entity, entities, () => records.update(entity.name, id, body, etag))

/** Moves on a record that was read as `etag`; when somebody changed something else meanwhile, the newer one. */
export async function saveTransition(records: Records, entity: UiEntity, { id, name, body, etag }: { readonly id: number; readonly name: string; readonly body: JsonObject; readonly etag: string }): Promise<Outcome> {
  const send = (version: string): Promise<Outcome> => attempt(entity, {}, () => records.transit(entity.name, id, name, body, version))
  const outcome = await send(etag)
  return outcome.kind === 'conflict' && outcome.conflict.fields.length === 0 ? send(`"${outcome.conflict.version}"`) : outcome
}

/** Creates records of one form. The same content sent again after a lost answer creates nothing twice. */
export class Creation {
  #key = randomKey()
  #content = ''

  async save(records: Records, entity: UiEntity, body: JsonObject, entities: UiModel['entities'] = {}): Promise<Outcome> {
    const content = JSON.stringify(body)
    if (content !== this.#content) this.#key = randomKey()
    this.#content = content
    return attempt(entity, entities, () => records.create(entity.name, body, this.#key))
  }
}

async function attempt(entity: UiEntity, entities: UiModel['entities'], send: () => Promise<Answer<Rec>>): Promise<Outcome> {
  try {
    const { body, etag } = await send()
    return { kind: 'saved', record: body, etag }
  } catch (thrown) {
    return outcomeOf(asProblem(thrown), entity, entities)
  }
}

function outcomeOf(problem: ApiProblem, entity: UiEntity, entities: UiModel['entities']): Outcome {
  const conflict = problem.code === 'record.stale' ? readConflict(problem.body) : null
  if (conflict !== null) return { kind: 'conflict', conflict }
  if (problem.problems.length === 0) return { kind: 'failed', problem }
  return { kind: 'refused', problems: Object.fromEntries(problem.problems.map((part) => [part.path, refusalOf(part, entity, entities)])), problem }
}
