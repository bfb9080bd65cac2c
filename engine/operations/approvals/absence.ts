/** A person is away for a time, and somebody else decides for them meanwhile. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import * as approvals from '../../storage/own/approvals.js'
import type { Call } from '../call.js'
import { userActor } from '../people/actor-of.js'
import { namesOf } from '../people/names.js'
import { userOf } from './read.js'

/** Nobody is away for longer at once. */
const longest = 366 * 86_400_000

/** When the caller is away and who decides for them, and for whom the caller decides now. */
export async function readAbsence(call: Call): Promise<JsonObject> {
  const me = userOf(call)
  const own = await approvals.absenceOf(call.engine.database.read, me)
  const current = own !== null && Date.parse(own.until) > call.at.getTime() ? own : null
  const others = await approvals.absentAt(call.engine.database.read, { delegate: me }, call.at)
  const names = await namesOf(call, [...(current === null ? [] : [current.delegate]), ...others.map(({ user }) => user)])
  const person = (id: number): JsonObject => ({ id, name: names.get(id) ?? null })
  return {
    absence: current === null ? null : { delegate: person(current.delegate), from: current.from, until: current.until },
    standsInFor: others.map(({ user, until }) => ({ ...person(user), until })),
  }
}

/** Replaces what was said before. @throws Problem record.invalid */
export async function beAway(call: Call, { delegate, from, until }: { readonly delegate: number; readonly from: Date; readonly until: Date }): Promise<void> {
  const me = userOf(call)
  const refuse = (path: string, message: string): Problem => new Problem('record.invalid', {}, { problems: [{ path, code: 'value.refused', message }] })
  if (until.getTime() <= Math.max(from.getTime(), call.at.getTime())) throw refuse('/until', 'The end must lie behind the beginning, and ahead of now.')
  if (until.getTime() - from.getTime() > longest) throw refuse('/until', 'Nobody is away for longer than a year at once.')
  const known = delegate !== me && (await namesOf(call, [delegate])).has(delegate)
  const actor = known ? await userActor(call.engine, delegate) : null
  if (actor === null || actor.attributes.get('active') === false) throw refuse('/delegate', 'Choose somebody else who works here.')
  await call.engine.database.write((tx) => approvals.keepAbsence(tx, me, delegate, from, until))
}

export const beBack = (call: Call): Promise<void> => {
  const me = userOf(call)
  return call.engine.database.write((tx) => approvals.endAbsence(tx, me))
}
