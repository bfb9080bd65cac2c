/** How a person likes the screens. Follows them from one device to the next; nobody else reads it, and no right depends on it. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { toldKinds } from '../../../metadata/contract/notification.js'
import { Problem } from '../../errors.js'
import { keepPreferences, preferencesOf } from '../../storage/own/preferences.js'
import type { Call } from '../call.js'

/** More would be a second navigation. */
const favouritesMost = 50

const oneOf = (...known: readonly string[]) => (value: Json): boolean => typeof value === 'string' && known.includes(value)

/** What can be chosen; null goes back to what is usual. */
const choices: Readonly<Record<string, (value: Json) => boolean>> = {
  theme: oneOf('system', 'light', 'dark'),
  density: oneOf('comfortable', 'compact'),
  notify: (value) => isObject(value) && Object.entries(value).every(([kind, told]) => (toldKinds as readonly string[]).includes(kind) && typeof told === 'boolean'),
  favourites: (value) => Array.isArray(value) && value.length <= favouritesMost && (value as readonly Json[]).every(isFavourite),
}

/** A list, or one record of it. That it exists is seen when it is shown: with the rights of that day. */
function isFavourite(value: Json): boolean {
  if (!isObject(value)) return false
  const { entity, id = null, ...others } = value
  return typeof entity === 'string' && entity !== '' && entity.length <= 63 && (id === null || (Number.isSafeInteger(id) && (id as number) > 0)) && Object.keys(others).length === 0
}

/** Of the caller; empty for those who are no user. */
export const ownPreferences = async (call: Call): Promise<JsonObject> => (call.actor.id === null ? {} : preferencesOf(call.engine.database.read, call.actor.id))

/**
 * Changes what is sent (RFC 7396) and gives all that is chosen then.
 * @throws Problem access.denied for who is no user, field.unknown, request.invalid
 */
export async function choose(call: Call, patch: JsonObject): Promise<JsonObject> {
  const user = call.actor.id
  if (user === null) throw new Problem('access.denied')
  for (const [key, value] of Object.entries(patch)) {
    const fits = Object.hasOwn(choices, key) ? choices[key] : undefined
    if (fits === undefined) throw new Problem('field.unknown', { field: key.slice(0, 60) })
    if (value !== null && !fits(value)) throw new Problem('request.invalid', { reason: `${key} cannot be this` })
  }
  return call.engine.database.write(async (tx) => {
    const chosen = Object.fromEntries(Object.entries({ ...(await preferencesOf(tx, user)), ...patch }).filter(([, value]) => value !== null))
    await keepPreferences(tx, user, chosen)
    return chosen
  })
}
