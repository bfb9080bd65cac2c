/** What `call: http` and `call: openapi` ask for, and what they make of the answer. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { fault } from '../fault.js'
import { taskNames, type At, type Run, type Scope } from '../run.js'
import { textOf } from '../values.js'

/** A request ready to be sent: method, address, headers, query and body. */
export async function httpRequest(run: Run, at: At): Promise<JsonObject> {
  const { authentication } = endpointOf(await given(run, at, at.task.with?.['endpoint'] ?? null))
  const authorization = await authorizationOf(run, at, authentication)
  const { endpoint, method, headers = {}, query = {}, body = null } = objectOf(await given(run, at, at.task.with ?? {}, argumentsOf(authorization)))
  const { uri } = endpointOf(endpoint)
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
  const authorization = await authorizationOf(run, at, await given(run, at, at.task.with?.['authentication'] ?? null))
  const { document, operationId, parameters = {} } = objectOf(await given(run, at, at.task.with ?? {}, argumentsOf(authorization)))
  const place = isObject(document) ? document.endpoint ?? document.uri ?? null : document
  const { uri } = endpointOf(place)
  if (typeof operationId !== 'string') throw fault('configuration', 'The call names no operation')
  return { document: expanded(uri, at.frame.input), operationId, parameters: isObject(parameters) ? parameters : {}, headers: authorization }
}

const given = (run: Run, at: At, value: Json, names: Scope = {}): Promise<Json> => run.expressions.resolve(value, at.frame.input, taskNames(run, at, names))

const objectOf = (value: Json): JsonObject => (isObject(value) ? value : {})

/** The `$authorization` of expressions: what the authentication of the call came to. */
function argumentsOf({ authorization }: JsonObject): Scope {
  const [scheme = '', parameter = ''] = textOf(authorization).split(' ')
  return { authorization: scheme === '' ? null : { scheme, parameter } }
}

function endpointOf(endpoint: Json | undefined): { readonly uri: string; readonly authentication: Json } {
  const uri = isObject(endpoint) ? endpoint.uri : endpoint
  if (typeof uri !== 'string' || uri === '') throw fault('configuration', 'The call has no address')
  return { uri, authentication: isObject(endpoint) ? endpoint.authentication ?? null : null }
}

/**
 * `{name}` in an address is filled from the members of the data, and cannot become another part of the address; `{?a,b}` and `{&a}` are
 * parameters, without those that the data does not have (RFC 6570, whose other operators are refused).
 */
function expanded(uri: string, data: Json): string {
  return uri.replaceAll(/\{([^{}\w]?)([^{}]+)\}/g, (whole, operator: string, list: string) => {
    const values = list.split(',').map((name) => [name, valueIn(data, name)] as const)
    if (operator === '') return values.map(([, value]) => value ?? '').join(',')
    if (operator !== '?' && operator !== '&') throw fault('configuration', `“${whole}” is not offered in an address: write {name}, {?name} or {&name}`)
    const parameters = values.flatMap(([name, value]) => (value === null ? [] : [`${encodeURIComponent(name)}=${value}`]))
    return parameters.length === 0 ? '' : `${operator}${parameters.join('&')}`
  })
}

/** A member of the data, ready to stand in an address; null when there is none. */
function valueIn(data: Json, name: string): string | null {
  const value = isObject(data) && Object.hasOwn(data, name) ? data[name] ?? null : null
  if (typeof value === 'object' && value !== null) throw fault('expression', `“${name}” of the address is no single value`)
  return value === null ? null : encodeURIComponent(String(value))
}

async function authorizationOf(run: Run, at: At, policy: Json): Promise<JsonObject> {
  if (policy === null) return {}
  const name = typeof policy === 'string' ? policy : isObject(policy) ? policy.use : undefined
  const named = typeof name === 'string' ? run.definition.use?.authentications?.[name] : policy
  if (!isObject(named)) throw fault('configuration', `There is no authentication called ${textOf(name)}`)
  const { basic, bearer } = objectOf(await given(run, at, named))
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
