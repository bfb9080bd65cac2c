/** Who may be told of a record: those among the people whom the caller knows who may read it. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Entity } from '../../model/model.js'
import * as records from '../../storage/records.js'
import { callOf, type Call } from '../call.js'
import { userActor } from '../people/actor-of.js'
import { list, planList } from '../records/read.js'
import { readableNow } from '../records/history.js'
import { idOf } from '../records/row.js'
import { accessTo, readableRows } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'

/** Offered at once, and how many people are looked at for them: each costs a statement or two. */
const offeredMost = 8
const lookedAtMost = 40

export interface PeopleCommand {
  readonly entity: string
  readonly id: number
  /** Words of the name; empty for the first ones. */
  readonly q: string
  /** Only who reads records of this entity at all: what is going to be written about the record. */
  readonly of?: string
}

/** @throws Problem request.path, record.unavailable, query.invalid */
export async function peopleFor(call: Call, { entity, id, q, of }: PeopleCommand): Promise<readonly JsonObject[]> {
  const access = accessTo(call, entity)
  await readableNow(call, access, id, selectionOf(call.model, call.access, access, { fields: ['id'] }))
  const people = call.access.entity('user')
  if (people?.field('name')?.how !== 'full') return []
  const sort = q === '' ? [{ key: 'name', descending: false }] : []
  const { records: candidates } = await list(call, planList(call, { entity: 'user', ...(q === '' ? {} : { q }), fields: ['name'], sort, limit: lookedAtMost, archived: false }))
  const found: JsonObject[] = []
  for (const candidate of candidates) {
    if (found.length >= offeredMost) break
    if (await mayRead(call, access.entity, id, idOf(candidate), of)) found.push({ id: idOf(candidate), name: candidate['name'] ?? '' })
  }
  return found
}

async function mayRead(call: Call, entity: Entity, id: number, user: number, of: string | undefined): Promise<boolean> {
  const actor = await userActor(call.engine, user)
  if (actor === null || actor.attributes.get('active') === false) return false
  const their = callOf(call.engine, actor, call.model, call.at)
  const access = their.access.entity(entity.name)
  if (access === undefined || (of !== undefined && their.access.entity(of) === undefined)) return false
  return records.exists(call.engine.database.read, { entity, rows: readableRows(access, false), id }, their.bindings)
}
