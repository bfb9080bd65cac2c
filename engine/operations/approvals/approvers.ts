/** Who is asked: by name, by role, as the record names them, or whose manager they are; and who of them may be asked at all. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import type { Entity, Model } from '../../model/model.js'
import * as records from '../../storage/records.js'
import { bindingsOf, callOf, systemActor, type Engine } from '../call.js'
import { userActor } from '../people/actor-of.js'
import type { Actor } from '../../permissions/actor.js'
import { idOf, type Rec } from '../records/row.js'
import { everyField } from '../rights/selection.js'
import { peopleIn } from '../notifications/tell.js'
import { wrong } from './question.js'

/** More people do not decide together. */
const seatsMost = 50

/** The record that is decided about. */
export interface About {
  readonly entity: Entity
  readonly record: Rec
}

interface Wanted {
  readonly users: Json
  readonly role: string | null
  readonly field?: Json
  readonly managerOf?: Json
}

/** Where people are looked for. */
interface Place {
  readonly engine: Engine
  readonly model: Model
  readonly at: Date
}

export const wantedIn = ({ users = null, role, field, managerOf }: JsonObject): Wanted => ({ users, role: typeof role === 'string' ? role : null, ...(field === undefined ? {} : { field }), ...(managerOf === undefined ? {} : { managerOf }) })

/**
 * Who decides, in the order in which they are named. Somebody who is named and cannot decide is an error: fewer votes would be easier to
 * get. Of those with a role it is the ones who can.
 * @param without who must not decide on it: whoever asks
 * @throws Problem request.invalid
 */
export async function approversOf(place: Place, wanted: Wanted, about: About | null, without: number | null): Promise<readonly number[]> {
  const named = [...idsIn(wanted.users, 'users'), ...personOf(wanted.field, about), ...(await managersOf(place, wanted.managerOf))].filter((user) => user !== without)
  for (const user of named) if (!(await mayDecide(place, user, about))) throw wrong(`user ${String(user)} cannot decide this: they are not there any more, or may not read the record`)
  const holders: number[] = []
  for (const user of wanted.role === null ? [] : await holdersOf(place, wanted.role)) if (user !== without && !named.includes(user) && (await mayDecide(place, user, about))) holders.push(user)
  const all = [...new Set([...named, ...holders])]
  if (all.length > seatsMost) throw wrong(`at most ${String(seatsMost)} people decide together; these are ${String(all.length)}`)
  return all
}

function idsIn(users: Json, what: string): readonly number[] {
  const all = users === null ? [] : Array.isArray(users) ? (users as readonly Json[]) : [users]
  return all.map((one) => {
    const id = Number(one)
    if (one === null || !Number.isSafeInteger(id) || id < 1) throw wrong(`${what} must be ids of users`)
    return id
  })
}

function personOf(field: Json | undefined, about: About | null): readonly number[] {
  if (field === undefined) return []
  if (about === null) throw wrong('field needs entity and id of the record that names who decides')
  const key = typeof field === 'string' ? field : ''
  const people = peopleIn(about.record[key])
  if (people.length === 0) throw wrong(`the record names nobody in ${key}`)
  return people
}

async function managersOf({ engine }: Place, managerOf: Json | undefined): Promise<readonly number[]> {
  if (managerOf === undefined) return []
  const [person] = idsIn(managerOf, 'managerOf')
  const manager = person === undefined ? undefined : (await userActor(engine, person))?.attributes.get('manager')
  if (typeof manager !== 'number') throw wrong(`user ${String(person)} has no manager`)
  return [manager]
}

/** Active users who hold the role themselves. */
async function holdersOf({ engine, model, at }: Place, role: string): Promise<readonly number[]> {
  const entity = model.entities.get('user')
  if (entity === undefined) return []
  const rows = resolve(model, 'user', { roles: { $contains: role }, active: { $ne: false } }, unrestricted(model), '')
  const found = await records.list(engine.database.read, { entity, rows, archived: 'without', selection: everyField(entity), sort: [], limit: seatsMost + 1 }, bindingsOf(systemActor, at))
  return found.records.map(idOf).toSorted((a, b) => a - b)
}

async function mayDecide(place: Place, user: number, about: About | null): Promise<boolean> {
  const actor = await userActor(place.engine, user)
  return actor !== null && actor.attributes.get('active') !== false && (about === null || mayRead(place, actor, about.entity, idOf(about.record)))
}

/** With their rights of today; a record that was put away meanwhile can still be decided about. */
async function mayRead({ engine, model, at }: Place, actor: Actor, entity: Entity, id: number): Promise<boolean> {
  const their = callOf(engine, actor, model, at)
  const access = their.access.entity(entity.name)
  return access !== undefined && records.exists(engine.database.read, { entity, rows: access.rows, id }, their.bindings)
}
