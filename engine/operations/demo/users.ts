/** One person per role, so that a first look can be taken through other eyes than the administrator's. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import { accountByEmail } from '../../storage/own/accounts.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Engine } from '../call.js'
import { randomPassword } from '../people/password.js'
import { systemField } from '../rights/rights.js'
import { idOf } from '../records/row.js'
import { everyField } from '../rights/selection.js'
import { addUser, resetUser } from '../people/users.js'

export interface DemoUser {
  readonly email: string
  readonly role: string
  /** Null when the user was there already and keeps the password. */
  readonly password: string | null
}

/** Stores of the clerk: the busiest ones, so that there is something to see. */
const clerkStores = 3

/** Adds those who are missing. All who are new get the same password. */
export async function addDemoUsers(engine: Engine, busiest: readonly string[], password = randomPassword()): Promise<readonly DemoUser[]> {
  const stores = await storeIds(engine, busiest.slice(0, clerkStores))
  const people = [
    { role: 'manager', name: 'Morgan Reed', email: 'manager@example.com', fields: { locale: 'en', stores: [] } },
    { role: 'clerk', name: '陈晓燕', email: 'clerk@example.com', fields: { locale: 'zh', stores } },
    { role: 'agent', name: 'Sofia Marsh', email: 'agent@example.com', fields: { locale: 'en', stores: [] } },
    { role: 'marketer', name: '林书言', email: 'marketer@example.com', fields: { locale: 'zh', stores: [] } },
    { role: 'analyst', name: 'Anna Fisher', email: 'analyst@example.com', fields: { locale: 'en', stores: [] } },
  ]
  const users: DemoUser[] = []
  for (const person of people) users.push({ email: person.email, role: person.role, password: (await isAdded(engine, person, password)) ? password : null })
  return users
}

/** False when the user has a password already. An interrupted load may have left one without: nobody could sign in. */
async function isAdded(engine: Engine, person: { role: string; name: string; email: string; fields: JsonObject }, password: string): Promise<boolean> {
  const account = await accountByEmail(engine.database.read, engine.current.get(), person.email)
  if (account === null) await addUser(engine, { ...person, roles: [person.role], password })
  else if (account.passwordHash === null) await resetUser(engine, person.email, password)
  return account === null || account.passwordHash === null
}

async function storeIds(engine: Engine, numbers: readonly string[]): Promise<readonly number[]> {
  const entity = engine.current.get().entities.get('store')
  const number = entity?.fields.get('number')
  if (entity === undefined || number === undefined) throw new Problem('request.path')
  const rows: Predicate = { kind: 'compare', field: number, operator: '$in', operand: { kind: 'list', cells: numbers } }
  const query = { entity, rows, archived: 'without' as const, selection: everyField(entity), sort: [{ field: systemField(entity, 'id'), descending: false }], limit: numbers.length }
  const page = await records.list(engine.database.read, query, bindingsOf(systemActor, new Date()))
  return page.records.map(idOf)
}
