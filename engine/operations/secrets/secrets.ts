/**
 * What both sides know, by name: set by the operator in the environment, or in the studio, where it is kept sealed. Nobody reads one
 * again; what uses it asks here.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { appendEvents } from '../../storage/audit/events.js'
import { dropSecret, keepSecret, keptSecret, keptSecrets, sealAnew } from '../../storage/own/kept-secrets.js'
import { formerSecrets, sealWebhookAnew } from '../../storage/own/webhooks.js'
import type { Call, Engine } from '../call.js'
import { designer } from '../definitions/draft.js'
import { keyIn, seal, unseal } from './vault.js'

const secretsMost = 200
const [shortest, longest] = [16, 4_096]
const about = (name: string): string => `secret ${name}`

/** The secret with this name; that of the environment wins. @throws Problem secret.unavailable, secret.sealed */
export async function secretNamed(engine: Engine, name: string): Promise<string> {
  const own = engine.secrets.get(name)
  if (own !== undefined) return own
  const sealed = await keptSecret(engine.database.read, name.slice(0, 60))
  if (sealed === null) throw new Problem('secret.unavailable', { name: name.slice(0, 60) })
  return unseal(engine.vault, sealed, about(name))
}

/** Names and where they come from, never what they are. @throws Problem access.denied */
export async function listSecrets(call: Call): Promise<readonly JsonObject[]> {
  designer(call)
  const { secrets, vault, database } = call.engine
  const kept = (await keptSecrets(database.read)).map(({ name, sealed, changedBy, changedAt }) => (
    { name, source: 'studio', changedBy, changedAt, readable: vault.some(({ id }) => id === keyIn(sealed)), hidden: secrets.has(name) }))
  const own = [...secrets.keys()].map((name) => ({ name, source: 'environment', changedBy: null, changedAt: null, readable: true, hidden: false }))
  return [...own, ...kept].toSorted((a, b) => a.name.localeCompare(b.name))
}

/** @throws Problem access.denied, request.invalid */
export async function setSecret(call: Call, name: string, value: string): Promise<void> {
  designer(call)
  if (!/^[A-Z][A-Z0-9_]{0,59}$/.test(name)) throw invalid('the name of a secret has capital letters, digits and _, at most 60')
  if (value.length < shortest || value.length > longest) throw invalid(`a secret has from ${String(shortest)} to ${String(longest)} characters`)
  const { database, vault } = call.engine
  if ((await keptSecrets(database.read)).filter((one) => one.name !== name).length >= secretsMost) throw invalid(`there are ${String(secretsMost)} secrets already`)
  await database.write(async (tx) => {
    await keepSecret(tx, { name, sealed: seal(vault, value, about(name)), by: call.actor.id, at: call.at })
    await appendEvents(tx, [{ action: 'secretChanged', by: call.actor.id, at: call.at, detail: { name, change: 'set' } }])
  })
}

/** @throws Problem access.denied, secret.unavailable */
export async function removeSecret(call: Call, name: string): Promise<void> {
  designer(call)
  await call.engine.database.write(async (tx) => {
    if (!(await dropSecret(tx, name))) throw new Problem('secret.unavailable', { name: name.slice(0, 60) })
    await appendEvents(tx, [{ action: 'secretChanged', by: call.actor.id, at: call.at, detail: { name, change: 'removed' } }])
  })
}

/** A start with a new key: what older ones sealed is sealed with it, so that the operator may take those away. */
export async function sealAllAnew({ database, vault, log }: Engine): Promise<void> {
  const old = (sealed: string): boolean => keyIn(sealed) !== vault[0].id
  const [secrets, webhooks] = await Promise.all([keptSecrets(database.read), formerSecrets(database.read)])
  const again = (sealed: string, what: string): string | null => {
    try {
      return seal(vault, unseal(vault, sealed, what), what)
    } catch {
      log.warn({ what, key: keyIn(sealed) }, 'a secret is sealed with a key that is not there')
      return null
    }
  }
  for (const { name, sealed } of secrets.filter((one) => old(one.sealed))) {
    const anew = again(sealed, about(name))
    if (anew !== null) await database.write((tx) => sealAnew(tx, name, sealed, anew))
  }
  for (const { id, column, sealed } of webhooks.filter((one) => old(one.sealed))) {
    const anew = again(sealed, webhookSecret)
    if (anew !== null) await database.write((tx) => sealWebhookAnew(tx, id, column, sealed, anew))
  }
}

/** What a webhook's own secret is sealed for. */
export const webhookSecret = 'webhook'

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })
