/**
 * Who gains or loses access by a plan: for everybody who holds a role that changes, what they may do before and after, from
 * the compiled rights of both. Capped: so many people are looked at, and so many changes are counted on records.
 */
import type { AccessChange, AccessReach } from '../../../metadata/contract/plan.js'
import type { Model } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import type { Access } from '../../permissions/access.js'
import type { Actor } from '../../permissions/actor.js'
import { accessFor, inheritedRoles } from '../../permissions/compile.js'
import { grantsOn } from '../../permissions/grant.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Call } from '../call.js'
import { namesOf } from '../people/names.js'
import { actorOf } from '../people/session.js'
import { everyField } from '../rights/selection.js'
import type { Prepared } from './plan.js'

const peopleMax = 5_000
const pageSize = 500
const samplesMax = 3
const countedMax = 12
const countCap = 10_000
const actions = ['read', 'create', 'update', 'archive', 'purge', 'export', 'history'] as const
type Action = (typeof actions)[number]

interface Found {
  readonly change: Pick<AccessChange, 'entity' | 'action' | 'before' | 'after' | 'gained' | 'lost' | 'masked'>
  readonly people: Actor[]
  readonly roles: Set<string>
}

/** What changes for whom; empty where no role changes. Names only of people, and numbers only of records, that the caller may read. */
export async function accessChanges(call: Call, { base, candidate }: Prepared): Promise<readonly AccessChange[]> {
  const after = candidate?.model
  const changed = after === undefined ? new Set<string>() : changedRoles(base, after)
  if (after === undefined || changed.size === 0) return []
  const found = new Map<string, Found>()
  for (const [, people] of groups(await holders(call, changed))) {
    const roles = people[0]?.roles ?? []
    for (const change of differences(base, after, roles)) {
      const key = JSON.stringify(change)
      const entry = found.get(key) ?? { change, people: [], roles: new Set<string>() }
      found.set(key, entry)
      entry.people.push(...people)
      for (const role of roles) if (changed.has(role)) entry.roles.add(role)
    }
  }
  return told(call, base, after, [...found.values()])
}

/** Roles whose own document changes, and those that inherit from one of them. */
function changedRoles(base: Model, after: Model): ReadonlySet<string> {
  const own = new Set([...base.roles.keys(), ...after.roles.keys()].filter((name) => JSON.stringify(base.roles.get(name)) !== JSON.stringify(after.roles.get(name))))
  const reaches = (model: Model, name: string): boolean => [...inheritedRoles(model, [name]).keys()].some((role) => own.has(role))
  return new Set([...base.roles.keys(), ...after.roles.keys()].filter((name) => own.has(name) || reaches(base, name) || reaches(after, name)))
}

/** Active people who hold one of the roles. */
async function holders(call: Call, roles: ReadonlySet<string>): Promise<readonly Actor[]> {
  const entity = call.model.entities.get('user')
  if (entity === undefined) return []
  const question = { entity, rows: everything, archived: 'without' as const, selection: everyField(entity), sort: [], limit: pageSize }
  const found: Actor[] = []
  let looked = 0
  for await (const page of records.stream(call.engine.database.long, question, bindingsOf(systemActor, call.at))) {
    for (const user of page) {
      const actor = actorOf({ userId: Number(user['id']), attributes: new Map(Object.entries(user)), scope: null })
      if (user['active'] !== false && actor.roles.some((role) => roles.has(role))) found.push(actor)
    }
    looked += page.length
    if (looked >= peopleMax) break
  }
  return found
}

/** People with the same roles have the same rights. */
function groups(people: readonly Actor[]): ReadonlyMap<string, readonly Actor[]> {
  const byRoles = new Map<string, Actor[]>()
  for (const person of people) {
    const key = person.roles.toSorted().join(' ')
    byRoles.set(key, [...(byRoles.get(key) ?? []), person])
  }
  return byRoles
}

const silent = { error: (): void => {} }

/** What somebody with these roles may do otherwise afterwards. */
function* differences(base: Model, after: Model, roles: readonly string[]): Generator<Found['change']> {
  const [was, is] = [accessFor(base, roles, silent), accessFor(after, roles, silent)]
  for (const entity of new Set([...base.entities.keys(), ...after.entities.keys()])) {
    for (const action of actions) {
      if (rules(base, roles, entity, action) === rules(after, roles, entity, action)) continue
      const [before, now] = [fieldsFor(was, entity, action), fieldsFor(is, entity, action)]
      const gone = [...before].filter((key) => !now.has(key))
      const masked = action === 'read' ? gone.filter((key) => is.entity(entity)?.field(key)?.how === 'masked') : []
      yield {
        entity, action, before: reach(was, entity, action), after: reach(is, entity, action),
        gained: [...now].filter((key) => !before.has(key)), lost: gone.filter((key) => !masked.includes(key)), masked,
      }
    }
  }
}

/** The rules as they are written, of all roles: equal ones grant the same. */
const rules = (model: Model, roles: readonly string[], entity: string, action: Action): string =>
  JSON.stringify([...new Set(grantsOn(inheritedRoles(model, roles), entity).flatMap(({ grant }) => (grant[action] === undefined || grant[action] === false ? [] : [JSON.stringify(grant[action])])))].toSorted())

function reach(access: Access, entity: string, action: Action): AccessReach {
  const rights = access.entity(entity)
  if (rights === undefined) return 'none'
  if (action === 'history') return rights.history ? 'all' : 'none'
  // What is computed from records that somebody does not read is left out of "all", as it is when a role grants all fields.
  if (action === 'read') return rights.rows === everything && [...rights.entity.fields.values()].every(({ key, derived, within }) => derived !== null || within !== null || rights.field(key)?.how === 'full') ? 'all' : 'some'
  if (action === 'create' || action === 'update') return rights[action].length === 0 ? 'none' : rights[action].some(({ rows }) => rows === everything) ? 'all' : 'some'
  return rights[action] === false ? 'none' : rights[action] === everything ? 'all' : 'some'
}

/** Keys of the fields that are seen in full, or may be set. */
function fieldsFor(access: Access, entity: string, action: Action): ReadonlySet<string> {
  const rights = access.entity(entity)
  if (rights === undefined || (action !== 'read' && action !== 'create' && action !== 'update')) return new Set()
  if (action !== 'read') return new Set(rights[action].flatMap(({ fields }) => [...fields]))
  return new Set([...rights.entity.fields.values()].flatMap(({ key, system, within }) => (!system && within === null && rights.field(key)?.how === 'full' ? [key] : [])))
}

async function told(call: Call, base: Model, after: Model, found: readonly Found[]): Promise<readonly AccessChange[]> {
  const names = await namesOf(call, found.flatMap(({ people }) => people.slice(0, samplesMax).flatMap(({ attributes }) => idOf(attributes.get('id')))))
  // The tables are those of today: what else the plan changes could not be asked yet.
  const mayCount = [...after.entities].every(([name, entity]) => base.entities.get(name) === entity)
  const changes: AccessChange[] = []
  for (const [index, { change, people, roles }] of found.entries()) {
    const [first] = people
    const own = call.access.entity(change.entity)
    const counted = mayCount && index < countedMax && first !== undefined && change.action === 'read' && own?.rows === everything
    changes.push({
      ...change, roles: [...roles],
      people: { count: people.length, samples: people.slice(0, samplesMax).flatMap(({ attributes }) => idOf(attributes.get('id')).map((id) => ({ id, name: names.get(id) ?? null }))) },
      ...(counted ? { records: { before: await countFor(call, base, first, change.entity), after: await countFor(call, after, first, change.entity), capped: countCap } } : {}),
    })
  }
  return changes
}

const idOf = (value: unknown): readonly number[] => (typeof value === 'number' ? [value] : [])

async function countFor({ engine, at }: Call, model: Model, who: Actor, entity: string): Promise<number> {
  const rights = accessFor(model, who.roles, silent).entity(entity)
  return rights === undefined ? 0 : Math.min(countCap, await records.count(engine.database.long, { entity: rights.entity, rows: rights.rows, archived: 'without' }, countCap, bindingsOf(who, at)))
}
