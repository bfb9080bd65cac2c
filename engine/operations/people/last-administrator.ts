/** Somebody must always be able to change the system: the last one who can is not locked out, by whatever way. */
import { Problem } from '../../errors.js'
import type { Entity, Model } from '../../model/model.js'
import { accessFor, type FaultLog } from '../../permissions/compile.js'
import { signersIn } from '../../storage/own/accounts.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import type { Rec } from '../records/row.js'

/** True when some active user with a password may design. @param stored the model that the tables follow; `rights`: the one whose roles are asked */
export async function hasAdministrator(x: Executor, stored: Model, rights: Model, log: FaultLog): Promise<boolean> {
  return (await signersIn(x, stored)).some((roles) => accessFor(rights, roles, log).design)
}

/**
 * Asked in the unit that changed or removed users, after it did. One look at the roles for others than administrators.
 * @param before the users as they were
 * @throws Problem people.last
 */
export async function assertAdministratorRemains(tx: Executor, call: Call, entity: Entity, before: readonly Rec[]): Promise<void> {
  if (entity.id !== 'user' || !before.some((user) => designs(call, user))) return
  if (!(await hasAdministrator(tx, call.model, call.model, call.engine.log))) throw new Problem('people.last')
}

function designs({ model, engine }: Call, user: Rec): boolean {
  const { roles } = user
  return Array.isArray(roles) && accessFor(model, roles.filter((role): role is string => typeof role === 'string'), engine.log).design
}
