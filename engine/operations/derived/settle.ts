/** What follows from changed records, and from what changed by that, until nothing follows any more. */
import { derivationsOf, type EntityDerivations, type Reader } from '../../model/computed/derivations.js'
import type { Entity, Model } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import type { Executor } from '../../storage/contract.js'
import { idsWhere } from '../../storage/derived.js'
import { bring, following } from './bring.js'
import { Due, fieldName, noteRollups, readersOf, type LaterFields } from './due.js'
import { noteMoved, ownersFor } from './owners.js'
import { addRecalculation } from './pending.js'
import { bindingsAt, type Writing, type Written } from './writing.js'

/** After records were stored: brings the values up to date that other records compute from them, and what follows from those, to the end. */
export async function settle(tx: Executor, writing: Writing, written: readonly Written[], later: LaterFields = none): Promise<void> {
  const derivations = derivationsOf(writing.model)
  let pending: readonly Written[] = written.filter(({ entity }) => derivations.has(entity.name))
  while (pending.length > 0) {
    const due = new Due(later)
    const owners = await ownersFor(tx, writing, pending)
    for (const one of pending) {
      noteRollups(due, derivations, one, owners, writing.at)
      noteMoved(due, derivations, one, owners)
      if (one.cleared !== undefined) noteCleared(due, derivations.get(one.entity.name), one.entity, Number(one.after?.['id']), one.cleared)
    }
    for (const [reader, ids] of readersOf(derivations, pending)) {
      if (reader.fields.some((key) => !later.has(fieldName(reader.entity, key)))) await noteReaders(tx, writing, due, reader, ids)
    }
    pending = await bring(tx, writing, due)
  }
}

/** Does what is due, and what follows from that, to the end. */
export async function settleDue(tx: Executor, writing: Writing, due: Due, later: LaterFields = none): Promise<void> {
  await settle(tx, writing, await bring(tx, writing, due), later)
}

const none: LaterFields = new Set()

/** Records that are brought up to date in the writing unit itself; more wait for a job, so that nobody waits for them. */
const readersAtOnce = 2000

async function noteReaders(tx: Executor, writing: Writing, due: Due, reader: Reader, ids: readonly number[]): Promise<void> {
  const found = await reading(tx, writing, reader, ids, readersAtOnce + 1)
  if (found.length > readersAtOnce) await addRecalculation(tx, writing, [{ entity: reader.entity, fields: reader.fields, leadingTo: { hops: reader.hops, ids } }])
  else for (const id of found) for (const key of reader.fields) due.stale(reader.entity, id, key)
}

function noteCleared(due: Due, derivations: EntityDerivations | undefined, entity: Entity, id: number, key: string): void {
  for (const { field } of following(derivations?.expressions ?? [], new Set([key]))) due.stale(entity.name, id, field.key)
}

/** Ids of records that read one of the changed records over references. */
async function reading(tx: Executor, writing: Writing, reader: Reader, ids: readonly number[], limit: number): Promise<readonly number[]> {
  const entity = writing.model.entities.get(reader.entity)
  const rows = entity === undefined ? undefined : leadingTo(writing.model, entity, reader.hops, ids)
  return entity === undefined || rows === undefined ? [] : idsWhere(tx, entity, rows, limit, bindingsAt(writing.model, writing.at))
}

/** The records of an entity from which the references lead to one of the ids. */
export function leadingTo(model: Model, entity: Entity, [hop = '', ...rest]: readonly string[], ids: readonly number[]): Predicate | undefined {
  const field = entity.fields.get(hop)
  if (field === undefined) return undefined
  if (rest.length === 0) return { kind: 'compare', field, operator: '$in', operand: { kind: 'list', cells: ids } }
  const target = model.entities.get(field.link?.to ?? '')
  const of = target === undefined ? undefined : leadingTo(model, target, rest, ids)
  return target === undefined || of === undefined ? undefined : { kind: 'toOne', field, target, of }
}
