/** What `call: http` and `call: openapi` ask for, and what they make of the answer. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { fault } from '../fault.js'
import { taskNames, type At, type Run } from '../run.js'
import { textOf } from '../values.js'

/** A request ready to be sent: method, address, headers, query and body. */
export async function httpRequest(run: Run, at: At): Promise<JsonObject> {
  const { endpoint, method, headers = {}, query = {}, body = null } = await given(run, at)
  const { uri, authentication } = endpointOf(endpoint)
  const authorization = await authorizationOf(run, at, authentication)
  return {
    method: textOf(method ?? 'get').toUpperCase(),
    uri: expanded(uri, at.frame.input),
    headers: { ...(isObject(headers) ? headers : {}), ...authorization },
    query: isObject(query) ? query : {},
    body,
  }
}

/** An operation of an OpenAPI document, to be looked up when it is called. */
export async function openApiRequest(run: Run, at: At): Promise<JsonObject> {
  const { document, operationId, parameters = {}, authentication = null } = await given(run, at)
  const place = isObject(document) ? document.endpoint ?? document.uri ?? null : document
  const { uri } = endpointOf(place)
  if (typeof operationId !== 'string') throw fault('configuration', 'The call names no operation')
  return { document: expanded(uri, at.frame.input), operationId, parameters: isObject(parameters) ? parameters : {}, headers: await authorizationOf(run, at, authentication) }
}

async function given(run: Run, at: At): Promise<JsonObject> {
  const value = await run.expressions.resolve(at.task.with ?? {}, at.frame.input, taskNames(run, at))
  return isObject(value) ? value : {}
}

function endpointOf(endpoint: Json | undefined): { readonly uri: string; readonly authentication: Json } {
  const uri = isObject(endpoint) ? endpoint.uri : endpoint
  if (typeof uri !== 'string' || uri === '') throw fault('configuration', 'The call has no address')
  return { uri, authentication: isObject(endpoint) ? endpoint.authentication ?? null : null }
}

/** `{name}` in an address is filled from the members of the data, and cannot become another part of the address. */
function expanded(uri: string, data: Json): string {
  return uri.replaceAll(/\{([^{}]+)\}/g, (_whole, name: string) => {
    const value = isObject(data) && Object.hasOwn(data, name) ? data[name] ?? null : null
    if (typeof value === 'object' && value !== null) throw fault('expression', `“${name}” of the address is no single value`)
    return value === null ? '' : encodeURIComponent(String(value))
  })
}

async function authorizationOf(run: Run, at: At, policy: Json): Promise<JsonObject> {
  if (policy === null) return {}
  const name = typeof policy === 'string' ? policy : isObject(policy) ? policy.use : undefined
  const named = typeof name === 'string' ? run.definition.use?.authentications?.[name] : policy
  if (!isObject(named)) throw fault('configuration', `There is no authentication called ${textOf(name)}`)
  const { basic, bearer } = (await run.expressions.resolve(named, at.frame.input, taskNames(run, at))) as JsonObject
  if (isObject(basic)) return { authorization: `Basic ${Buffer.from(`${textOf(basic.username)}:${textOf(basic.password)}`).toString('base64')}` }
  if (isObject(bearer)) return { authorization: `Bearer ${textOf(bearer.token)}` }
  throw fault('configuration', 'Only basic and bearer authentication are offered')
}

/** The answer as the task wants it. @throws Fault communication for a status that says no */
export function httpResult({ task }: At, answer: Json): Json {
  if (!isObject(answer)) return answer // it was not run
  const response = answer
  const status = Number(response.statusCode ?? 200)
  const { output = 'content', redirect = false } = (task.with ?? {})
  if (status < 200 || status > (redirect === true ? 399 : 299)) {
    throw fault('communication', typeof response.statusText === 'string' && response.statusText !== '' ? response.statusText : `The answer was ${String(status)}`, { status })
  }
  if (output === 'raw') return response.raw ?? null
  if (output !== 'response') return response.content ?? null
  return { request: response.request ?? {}, statusCode: status, headers: response.headers ?? {}, content: response.content ?? null }
}
