/** Who an identity of a provider is here: a user whom it was tied to before, or whose address it has; and which roles its groups give. */
import type { OidcConfig } from '../../config.js'
import { Problem } from '../../errors.js'
import type { Executor } from '../../storage/contract.js'
import * as changes from '../../storage/changes.js'
import { appendEvents } from '../../storage/audit/events.js'
import { accountByEmail } from '../../storage/own/accounts.js'
import { identityTied, tieIdentity, tiedUser } from '../../storage/own/identities.js'
import * as records from '../../storage/records.js'
import { callOf, systemActor, type Engine } from '../call.js'
import { load } from '../records/load.js'
import { versionOf, type Rec } from '../records/row.js'
import { everything } from '../../model/conditions/predicate.js'
import { assertInForce } from '../unit.js'
import { assertAdministratorRemains } from './last-administrator.js'
import type { Identity } from './oidc.js'
import { userActor } from './actor-of.js'
import { begin, opened, type Begun } from './session.js'
import { rolesIn } from './users.js'

export interface Arrival {
  readonly identity: Identity
  readonly address: string
  readonly userAgent: string
}

/**
 * Starts a session of the user that an identity stands for.
 * @throws Problem oidc.refused when there is none that may come in: nobody with that address, blocked, tied to another identity
 */
export async function signInAs(engine: Engine, settings: OidcConfig, { identity, address, userAgent }: Arrival, at: Date): Promise<Begun> {
  const from = { address, userAgent: userAgent.slice(0, 200) }
  const userId = await userFor(engine, settings, identity, at)
  const actor = userId === null ? null : await userActor(engine, userId)
  if (userId === null || actor === null || actor.attributes.get('active') === false) {
    await engine.database.write((tx) => appendEvents(tx, [{ action: 'signInFailed', by: userId, at, detail: { ...from, way: 'oidc' } }]))
    throw new Problem('oidc.refused')
  }
  await followGroups(engine, settings, userId, identity, at)
  return begin(engine, (tx) => opened(tx, userId, from, at))
}

/** The subject counts, once it is known: addresses change hands. */
async function userFor(engine: Engine, settings: OidcConfig, identity: Identity, at: Date): Promise<number | null> {
  const x = engine.database.read
  const tied = await tiedUser(x, identity)
  if (tied !== null) return tied
  const account = await accountByEmail(x, engine.current.get(), identity.email)
  if (account !== null) return (await identityTied(x, identity.issuer, account.userId)) ? null : tie(engine, identity, account.userId, at)
  return settings.create ? made(engine, settings, identity, at) : null
}

async function tie(engine: Engine, identity: Identity, user: number, at: Date): Promise<number> {
  await engine.database.write((tx) => tieIdentity(tx, identity, user, at))
  return user
}

/** Null when their groups give them nothing: nobody is made who may not do anything. */
async function made(engine: Engine, { roles }: OidcConfig, identity: Identity, at: Date): Promise<number | null> {
  const given = rolesOf(roles, identity, engine)
  if (given.length === 0) return null
  const [id] = await load(engine, { entity: 'user', rows: [{ name: identity.name.slice(0, 120), email: identity.email, roles: [...given] }], announce: true, at, also: (tx, ids) => tieIdentity(tx, identity, ids[0] ?? 0, at) })
  return id ?? null
}

const rolesOf = (roles: OidcConfig['roles'], { groups }: Identity, engine: Engine): readonly string[] =>
  [...new Set(groups.flatMap((group) => roles.get(group) ?? []))].filter((role) => engine.current.get().roles.has(role))

/** Roles that groups give follow the groups; others stay. The last one who may change the system keeps what they have. */
async function followGroups(engine: Engine, { roles }: OidcConfig, user: number, identity: Identity, at: Date): Promise<void> {
  if (roles.size === 0) return
  const model = engine.current.get()
  const entity = model.entities.get('user')
  const field = entity?.fields.get('roles')
  if (entity === undefined || field === undefined) return
  const managed = new Set(roles.values())
  await engine.database.write(async (tx: Executor) => {
    await assertInForce(tx, model)
    const call = callOf(engine, systemActor, model, at)
    const before = await records.load(tx, entity, user, everything, call.bindings)
    if (before === null) return
    const held = rolesIn(before['roles'])
    const next = [...held.filter((role) => !managed.has(role)), ...rolesOf(roles, identity, engine)]
    if (next.length === held.length && next.every((role) => held.includes(role))) return
    const row = { id: user, version: versionOf(before), values: { roles: next }, whole: { ...before, roles: next } as Rec }
    const saved = (await records.updateAll(tx, entity, [row], { by: null, at }, '')).get(user)
    if (saved === undefined) return
    await changes.append(tx, [{ entity, record: saved, action: 'updated', by: null, at, changes: { [field.id]: [before['roles'] ?? null, next] } }])
    await assertAdministratorRemains(tx, call, entity, [before])
  }).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'people.last') throw error
    engine.log.warn({ user }, 'the last administrator keeps their roles, whatever their groups say')
  })
}
