/**
 * Seeing the application as a role or as somebody else. Who may design begins a preview, which is noted, and gets a pass for
 * their own session. Every request with the pass is answered with the other's rights and reads only. A preview shows
 * nothing that its owner may not see anyway: otherwise it is refused, at each request anew.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { valueCheck } from '../../model/validation.js'
import type { Access } from '../../permissions/access.js'
import type { Actor } from '../../permissions/actor.js'
import { accessFor } from '../../permissions/compile.js'
import { covers } from '../../permissions/covers.js'
import { appendEvents } from '../../storage/audit/events.js'
import { secret } from '../../storage/own/secrets.js'
import type { Call, Engine } from '../call.js'
import { userActor } from './actor-of.js'
import type { Recognised } from './session.js'

const lasts = 60 * 60_000

/** Whom: a role, a user, or a role with what the user's record says about them (their stores), or would say. */
export interface PreviewAs {
  readonly role?: string
  readonly user?: number
  /** Values of fields of the user's record, in the place of those that are there. */
  readonly with?: JsonObject
}

interface Pass extends PreviewAs {
  /** Hash of the session that may use it. */
  readonly session: string
  /** Milliseconds. */
  readonly until: number
}

/** Begins a preview. @throws Problem access.denied, record.unavailable for who is not there, preview.wider */
export async function beginPreview(call: Call, session: string, as: PreviewAs): Promise<{ readonly pass: string; readonly expiresAt: string }> {
  if (!call.access.design || call.actor.id === null) throw new Problem('access.denied')
  assertFields(call.model, as.with ?? {})
  const seen = await seenAs(call.engine, call.actor, call.model, as)
  if (seen === null) throw new Problem('record.unavailable')
  if (!isCovered(call.engine, call.model, call.access, seen)) throw new Problem('preview.wider')
  const until = call.at.getTime() + lasts
  const detail: JsonObject = as.role === undefined ? {} : { role: as.role }
  await call.engine.database.write((tx) => appendEvents(tx, [{ action: 'previewed', by: call.actor.id, at: call.at, entity: 'user', ...(as.user === undefined ? {} : { records: [as.user] }), detail }]))
  return { pass: sealed(await key(call.engine), { ...as, session, until }), expiresAt: new Date(until).toISOString() }
}

/** The one who asks, as the pass lets them look. @throws Problem preview.ended when it is not (any more) theirs, preview.wider */
export async function previewing(engine: Engine, { actor, session, credential }: Recognised, pass: string, at: Date = new Date()): Promise<Actor> {
  const opened = unsealed(await key(engine), pass)
  const model = engine.current.get()
  const own = accessFor(model, actor.roles, engine.log)
  if (opened === null || credential !== 'cookie' || opened.session !== session || opened.until < at.getTime() || !own.design || actor.id === null) throw new Problem('preview.ended')
  const seen = await seenAs(engine, actor, model, opened)
  if (seen === null) throw new Problem('preview.ended')
  if (!isCovered(engine, model, own, seen)) throw new Problem('preview.wider')
  return seen
}

/** The other's eyes, the own hand: what is noted in logs, and what is personal, stays that of the one who looks. */
async function seenAs(engine: Engine, own: Actor, model: Model, { role, user, with: given = {} }: PreviewAs): Promise<Actor | null> {
  if (role !== undefined && !model.roles.has(role)) return null
  const other = user === undefined ? own : await userActor(engine, user)
  if (other === null) return null
  const roles = role === undefined ? other.roles : [role]
  // Read in the own language: it is they who look.
  return { ...other, id: own.id, locale: own.locale, roles, attributes: new Map([...other.attributes, ...Object.entries(given)]).set('roles', [...roles]).set('locale', own.attributes.get('locale') ?? null) }
}

/** @throws Problem request.invalid for what is no field of people, or no value of one */
function assertFields({ entities }: Model, given: JsonObject): void {
  for (const [key, value] of Object.entries(given)) {
    const field = entities.get('user')?.fields.get(key)
    const [wrong] = field === undefined ? [`people have no field ${key}`] : valueCheck(field.schema)(value, '', field.title).map(({ message }) => message)
    if (wrong !== undefined) throw new Problem('request.invalid', { reason: `with: ${wrong}`.slice(0, 200) })
  }
}

const isCovered = (engine: Engine, model: Model, own: Access, seen: Actor): boolean => covers(model, own, accessFor(model, seen.roles, engine.log))

// ── the pass ──

const keys = new WeakMap<Engine['database'], Promise<Uint8Array>>()

function key({ database }: Engine): Promise<Uint8Array> {
  let known = keys.get(database)
  if (known === undefined) keys.set(database, (known = secret(database, 'preview')))
  return known
}

const mark = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()

function sealed(key: Uint8Array, pass: Pass): string {
  const text = Buffer.from(JSON.stringify(pass)).toString('base64url')
  return `${text}.${mark(key, text).toString('base64url')}`
}

/** Null for anything that was not sealed here. */
function unsealed(key: Uint8Array, pass: string): Pass | null {
  const [text = '', sign = '', ...rest] = pass.split('.')
  const [expected, given] = [mark(key, text), Buffer.from(sign, 'base64url')]
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Pass // authenticated: it is what `sealed` wrote
}
