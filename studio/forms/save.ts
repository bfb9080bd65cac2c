/** One attempt to save a form: what is sent, and every way in which it can end. Shows nothing. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { Answer } from '../client/api.js'
import { hasText, t } from '../client/i18n.js'
import { asProblem, fieldOf, type ApiProblem, type PartProblem } from '../client/problem.js'
import { randomKey } from '../client/random.js'
import type { Rec, Records } from '../client/records.js'
import { readConflict, type Conflict } from './conflict.js'

export type Outcome =
  | { readonly kind: 'saved'; readonly record: Rec; readonly etag: string }
  /** Some values are not accepted; by JSON Pointer, '' for the whole record. */
  | { readonly kind: 'refused'; readonly problems: Readonly<Record<string, string>>; readonly problem: ApiProblem }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'failed'; readonly problem: ApiProblem }

/** Saves the changed fields of a record that was read as `etag`. */
export const saveChanges = (records: Records, entity: string, id: number, body: JsonObject, etag: string): Promise<Outcome> => attempt(() => records.update(entity, id, body, etag))

/** Creates records of one form. The same content sent again after a lost answer creates nothing twice. */
export class Creation {
  #key = randomKey()
  #content = ''

  async save(records: Records, entity: string, body: JsonObject): Promise<Outcome> {
    const content = JSON.stringify(body)
    if (content !== this.#content) this.#key = randomKey()
    this.#content = content
    return attempt(() => records.create(entity, body, this.#key))
  }
}

async function attempt(send: () => Promise<Answer<Rec>>): Promise<Outcome> {
  try {
    const { body, etag } = await send()
    return { kind: 'saved', record: body, etag }
  } catch (thrown) {
    return outcomeOf(asProblem(thrown))
  }
}

function outcomeOf(problem: ApiProblem): Outcome {
  const conflict = problem.code === 'record.stale' ? readConflict(problem.body) : null
  if (conflict !== null) return { kind: 'conflict', conflict }
  if (problem.problems.length === 0) return { kind: 'failed', problem }
  return { kind: 'refused', problems: Object.fromEntries(problem.problems.map((part) => [part.path, refusalOf(part)])), problem }
}

/** In the reader's language where the code says enough, else in the engine's words. */
function refusalOf(part: PartProblem): string {
  const key = `refused.${part.code}`
  return hasText(key) ? t(key, { message: part.message, field: fieldOf(part.path) }) : part.message
}
