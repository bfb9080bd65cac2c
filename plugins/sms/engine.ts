/** Text messages by any gateway that takes a JSON request over HTTP. See README.md for its settings. */
import type { Plugin, PluginContext } from '../../engine/plugins/contract.js'
import { isObject, type Json } from '../../metadata/contract/json.js'

/** Characters of a message: ten parts of a long one. */
const textMost = 1_530
const usualBody = '{"to":"{to}","text":"{text}"}'

export const sms: Plugin = {
  name: 'sms',
  functions: {
    'sms.send': {
      title: 'Send an SMS',
      description: 'Sends a text message to a mobile phone.',
      with: {
        type: 'object', required: ['to', 'text'],
        properties: {
          to: { type: 'string', title: 'Phone', description: 'With the country: +8613800138000.' },
          text: { type: 'string', title: 'Text', format: 'long', description: `At most ${String(textMost)} characters.` },
        },
      },
      texts: { zh: { '/title': '发送短信', '/description': '向手机发送短信。', '/with/properties/to/title': '手机号码', '/with/properties/to/description': '含国家代码：+8613800138000。', '/with/properties/text/title': '内容', '/with/properties/text/description': `最多 ${String(textMost)} 个字符。` } },
      channel: 'sms',
      async run({ to, text }, context) {
        const phone = phoneIn(to ?? null, context)
        if (typeof text !== 'string' || text.trim() === '' || text.length > textMost) throw context.problem('invalid', `text must be a text of at most ${String(textMost)} characters`)
        const { status, text: answer } = await context.request({ method: 'POST', url: addressIn(context), headers: await headersFor(context), body: bodyFor(context, { to: phone, text, key: context.key }) })
        if (status < 200 || status > 299) throw context.problem(tookNothing(status) ? 'refused' : 'unknown', `the gateway answered ${String(status)}${answer === '' ? '' : `: ${answer.slice(0, 100)}`}`)
        return { to: phone, statusCode: status, answer: jsonIn(answer) }
      },
    },
  },
}

/** What it says of itself as wrong, too much or closed was not sent on; of any other failure nobody knows. */
const tookNothing = (status: number): boolean => status < 500 || status === 503

/** One number as gateways want it; spaces, dashes and brackets are for people. */
function phoneIn(to: Json, { problem }: PluginContext): string {
  const phone = typeof to === 'string' ? to.replace(/[\s()./-]/g, '') : ''
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) throw problem('invalid', 'to must be one phone number with its country, such as +8613800138000')
  return phone
}

function addressIn({ setting, problem }: PluginContext): string {
  const url = setting('URL')
  if (url === undefined) throw problem('unset', 'the address of the SMS gateway in TESSERA_PLUGIN_SMS_URL')
  return url
}

/** How the gateway knows who asks: `bearer`, `basic` (the secret is `user:password`), `header:X-Api-Key`, or `none`. */
async function headersFor({ setting, secret, problem, key }: PluginContext): Promise<Readonly<Record<string, string>>> {
  const plain = { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key }
  const auth = setting('AUTH') ?? 'bearer'
  const [, header] = /^header:([A-Za-z0-9-]{1,60})$/.exec(auth) ?? []
  if (auth === 'none') return plain
  if (auth !== 'bearer' && auth !== 'basic' && header === undefined) throw problem('unset', 'TESSERA_PLUGIN_SMS_AUTH as bearer, basic, none or header:<name>')
  const value = await secret(setting('SECRET') ?? 'SMS')
  if (header !== undefined) return { ...plain, [header]: value }
  return { ...plain, authorization: auth === 'bearer' ? `Bearer ${value}` : `Basic ${Buffer.from(value).toString('base64')}` }
}

/** The operator's template with what is sent in the places that name it: in texts of parsed JSON, so that nothing in a message can change its form. */
function bodyFor({ setting, problem }: PluginContext, values: Readonly<Record<string, string>>): string {
  const template = jsonIn(setting('BODY') ?? usualBody)
  if (!isObject(template)) throw problem('unset', 'TESSERA_PLUGIN_SMS_BODY as a JSON object, such as {"to":"{to}","text":"{text}"}')
  return JSON.stringify(filled(template, values))
}

function filled(part: Json, values: Readonly<Record<string, string>>): Json {
  if (typeof part === 'string') return part.replace(/\{(to|text|key)\}/g, (place, name: string) => values[name] ?? place)
  if (Array.isArray(part)) return (part as readonly Json[]).map((one) => filled(one, values))
  return isObject(part) ? Object.fromEntries(Object.entries(part).map(([name, one]): readonly [string, Json] => [name, filled(one, values)])) : part
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
