/** Does what `call: http` and `call: openapi` ask for, through the one guarded client. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { sendOutbound, type OutboundAnswer } from '../../operations/outbound/request.js'
import type { Engine } from '../../operations/call.js'
import { Fault, fault, standardError } from '../fault.js'
import { operationRequest } from './openapi.js'
import { textOf } from '../values.js'

/** Sends the request of a call and gives the answer as `httpResult` reads it. `key` goes along, so that the other side can tell a repetition. */
export async function callHttp(engine: Engine, given: JsonObject, key: string): Promise<Json> {
  const { method, uri, headers, query, body } = given
  const url = withQuery(textOf(uri), isObject(query) ? query : {})
  const [content, type] = bodyOf(body ?? null)
  const sent = { ...(type === undefined ? {} : { 'content-type': type }), accept: 'application/json, */*;q=0.5', 'user-agent': 'Tessera', 'idempotency-key': key, ...textsOf(isObject(headers) ? headers : {}) }
  const answer = await send(engine, { method: textOf(method), url, headers: sent, ...(content === undefined ? {} : { body: content }) })
  return told(textOf(method), url, sent, answer)
}

/** Looks the operation up in its document and calls it. */
export async function callOpenApi(engine: Engine, given: JsonObject, key: string): Promise<Json> {
  const document = textOf(given.document)
  const answer = await send(engine, { method: 'GET', url: document, headers: { accept: 'application/json, application/yaml;q=0.9' } })
  if (answer.status !== 200) throw fault('communication', `The description of the service answered ${String(answer.status)}`, { status: answer.status })
  const request = await operationRequest(answer.body.toString('utf8'), document, textOf(given.operationId), isObject(given.parameters) ? given.parameters : {})
  return callHttp(engine, { ...request, headers: { ...(isObject(request.headers) ? request.headers : {}), ...(isObject(given.headers) ? given.headers : {}) } }, key)
}

async function send(engine: Engine, request: Parameters<typeof sendOutbound>[1]): Promise<OutboundAnswer> {
  try {
    return await sendOutbound(engine.outbound, request)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Fault(standardError(error.code === 'outbound.refused' ? 'authorization' : 'communication', error.message, { detail: error.fix }))
  }
}

function withQuery(uri: string, query: JsonObject): string {
  const entries = Object.entries(query).flatMap(([name, value]) => (Array.isArray(value) ? value as readonly Json[] : [value]).filter((one) => one !== null).map((one) => [name, textOf(one)] as const))
  if (entries.length === 0 || !URL.canParse(uri)) return uri
  const url = new URL(uri)
  for (const [name, value] of entries) url.searchParams.append(name, value)
  return url.href
}

const textsOf = (headers: JsonObject): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOf(value)]))

function bodyOf(body: Json): readonly [string | undefined, string | undefined] {
  if (body === null) return [undefined, undefined]
  return typeof body === 'string' ? [body, 'text/plain; charset=utf-8'] : [JSON.stringify(body), 'application/json']
}

/** The headers that were sent are told without what identifies us. */
function told(method: string, uri: string, headers: Readonly<Record<string, string>>, { status, statusText, headers: answered, body }: OutboundAnswer): Json {
  const { authorization: _secret, ...shown } = headers
  return { request: { method: method.toLowerCase(), uri, headers: shown }, statusCode: status, statusText, headers: answered, content: contentOf(body, answered['content-type'] ?? ''), raw: body.toString('base64') }
}

function contentOf(body: Buffer, type: string): Json {
  if (body.length === 0) return null
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    try {
      return JSON.parse(body.toString('utf8')) as Json
    } catch {
      throw fault('communication', 'The answer says that it is JSON and is not')
    }
  }
  return /^text\/|xml|yaml|x-www-form-urlencoded/i.test(type) ? body.toString('utf8') : body.toString('base64')
}
