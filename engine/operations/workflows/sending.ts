/** What goes out for a run: to whom, and whether it may. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { pluginFunctions, sendingChannels, type WorkflowSending } from '../../model/workflows/functions.js'
import type { PluginContext } from '../../plugins/contract.js'
import type { Call } from '../call.js'
import { mailLimits, sendMail } from '../outbound/mail.js'
import { sendOutbound } from '../outbound/request.js'
import { sendWebhook } from '../outbound/webhook.js'
import { get, planGet } from '../records/read.js'
import { secretNamed } from '../secrets/secrets.js'

/**
 * Sends what a run wants sent. @param key the same for the same thing
 * @throws Problem request.invalid, record.unavailable, access.field, mail.*, webhook.*, outbound.*
 */
export const send = (call: Call, name: WorkflowSending, given: JsonObject, key: string): Promise<Json> => sendings[name](call, given, key)

const sendings: Readonly<Record<WorkflowSending, (call: Call, given: JsonObject, key: string) => Promise<Json>>> = {
  'crm.send': sendTexts,
  async 'crm.webhook'({ engine, at }, { url, type, data = null, secret: name }, key) {
    if (typeof url !== 'string' || typeof type !== 'string' || type === '') throw wrong('url and type must be texts')
    const secret = await secretNamed(engine, typeof name === 'string' ? name : '')
    return { statusCode: await sendWebhook(engine.outbound, [secret], { id: key, url, type, data, at }) }
  },
}

/**
 * Does what a function of a plugin does. @param key the same for the same thing
 * @throws Problem request.invalid, plugin.*, secret.*, outbound.*
 */
export async function sendByPlugin(call: Call, name: string, given: JsonObject, key: string): Promise<Json> {
  const one = pluginFunctions.get(name)
  if (one === undefined) throw wrong(`there is no function ${name} any more`)
  return one.run(given, contextOf(call, one, key))
}

/** What the product hands to a plugin: nothing of records, and the same guarded way out as for everybody. */
const contextOf = ({ engine, at }: Call, { plugin, repeatable = false }: { readonly plugin: string; readonly repeatable?: boolean }, key: string): PluginContext => ({
  key, at,
  setting: (name) => engine.plugins.get(`${plugin.toUpperCase()}_${name}`),
  secret: (name) => secretNamed(engine, name),
  async request(request) {
    const { status, headers, body } = await sendOutbound(engine.outbound, request).catch((error: unknown) => {
      throw repeatable || !isLost(error) ? error : new Problem('plugin.unknown', { reason: error.message }, { cause: error })
    })
    return { status, headers, text: body.toString('utf8') }
  },
  problem: (kind, reason) => (kind === 'invalid' ? wrong(reason) : new Problem(`plugin.${kind}`, { reason: reason.slice(0, 300) })),
})

/** The other side was reached and did not say what it did. */
const isLost = (error: unknown): error is Problem =>
  error instanceof Problem && error.code === 'outbound.failed' && error.cause !== undefined && !['connect', 'getaddrinfo'].includes((error.cause as { readonly syscall?: string }).syscall ?? '')

/** A mail, or a message by the channel of a plugin, when the record agrees. */
async function sendTexts(call: Call, given: JsonObject, key: string): Promise<Json> {
  const { channel = 'mail' } = given
  if (channel !== 'mail') return sendMessage(call, typeof channel === 'string' ? channel : '', given, key)
  const to = receivers(given.to ?? null)
  const locale = typeof given.locale === 'string' ? given.locale : call.model.language
  const values = isObject(given.values) ? given.values : {}
  const [subject, text] = [written(given.subject ?? null, locale, values, 'subject'), written(given.text ?? null, locale, values, 'text')]
  if (given.consent !== undefined && !(await consents(call, given))) return { sent: false, reason: 'consent' }
  const { accepted, rejected } = await sendMail(call.engine.mail, { to, subject: subject.replace(/[\r\n]+/g, ' '), text, key })
  return { sent: true, accepted, rejected }
}

/** Each receiver by itself, as gateways take them: of several is told who was refused, and of whom nobody knows. */
async function sendMessage(call: Call, channel: string, given: JsonObject, key: string): Promise<Json> {
  const name = sendingChannels.get(channel)
  const to = Array.isArray(given.to) ? (given.to as readonly Json[]) : [given.to ?? null]
  const [only = null] = to
  if (name === undefined) throw wrong(`there is no channel ${channel}`)
  if (to.length === 0 || to.length > mailLimits.receivers) throw wrong(`to must be receivers, at most ${String(mailLimits.receivers)}`)
  const text = written(given.text ?? null, typeof given.locale === 'string' ? given.locale : call.model.language, isObject(given.values) ? given.values : {}, 'text')
  if (given.consent !== undefined && !(await consents(call, given))) return { sent: false, reason: 'consent' }
  if (to.length === 1) return { sent: true, channel, result: await sendByPlugin(call, name, { to: only, text }, key) }
  return { sent: true, channel, ...(await sendToEach(call, name, { to, text }, key)) }
}

/** @throws Problem the first refusal, when nobody can have got it */
async function sendToEach(call: Call, name: string, { to, text }: { readonly to: readonly Json[]; readonly text: string }, key: string): Promise<JsonObject> {
  const told = { accepted: [] as Json[], rejected: [] as Json[], unknown: [] as Json[] }
  let refusal: Problem | undefined
  for (const [index, one] of to.entries()) {
    try {
      await sendByPlugin(call, name, { to: one, text }, `${key}-${String(index)}`)
      told.accepted.push(one)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      refusal ??= error
      told[error.code === 'plugin.unknown' ? 'unknown' : 'rejected'].push(one)
    }
  }
  if (refusal !== undefined && told.rejected.length === to.length) throw refusal
  return told
}

const wrong = (reason: string): Problem => new Problem('request.invalid', { reason })

/** One address each: what would be several, or a name with an address, is none. */
function receivers(to: Json): readonly string[] {
  const all = Array.isArray(to) ? (to as readonly Json[]) : [to]
  const fine = all.filter((one) => typeof one === 'string' && one.length <= 254 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(one)) as readonly string[]
  if (fine.length === 0 || fine.length !== all.length || fine.length > mailLimits.receivers) throw wrong(`to must be addresses, at most ${String(mailLimits.receivers)}`)
  return fine
}

/** The text of the language, with values in the places that name them. */
function written(texts: Json, locale: string, values: JsonObject, name: string): string {
  const text = isObject(texts) ? texts[locale] ?? texts.en ?? Object.values(texts)[0] : texts
  if (typeof text !== 'string' || text === '' || text.length > 100_000) throw wrong(`${name} must be a text, or one for each language`)
  return text.replace(/\{(\w+)\}/g, (place, key: string) => (Object.hasOwn(values, key) ? shown(values[key] ?? null) : place))
}

const shown = (value: Json): string => (typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value))

async function consents(call: Call, { entity, id, consent }: JsonObject): Promise<boolean> {
  if (typeof entity !== 'string' || typeof consent !== 'string' || !Number.isSafeInteger(Number(id))) throw wrong('consent needs entity and id of the record that gives it')
  const plan = planGet(call, { entity, archived: false, fields: [consent] })
  const given = (await get(call, plan, Number(id)))[consent]
  return given === true || (isObject(given) && given.state === 'granted')
}
