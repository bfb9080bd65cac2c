/** One operation of an OpenAPI document (2 or 3) as a request. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { fault } from '../fault.js'
import { parseDocument } from '../document.js'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const

/**
 * The request for an operation; parameters that the document does not name go into the body.
 * @throws Fault configuration when the document has no such operation
 */
export async function operationRequest(text: string, address: string, operationId: string, parameters: JsonObject): Promise<JsonObject> {
  const document = await parseDocument(text).catch(() => undefined)
  if (document === undefined) throw fault('configuration', 'The description of the service cannot be read')
  const found = operationOf(document, operationId)
  if (found === undefined) throw fault('configuration', `The service has no operation ${operationId}`)
  const rest = new Map(Object.entries(parameters))
  const headers: Record<string, Json> = {}
  const query: Record<string, Json> = {}
  let { path } = found
  for (const { name, in: place } of found.parameters) {
    const value = rest.get(name)
    if (value === undefined || place === 'body' || place === 'formData') continue
    rest.delete(name)
    if (place === 'path') path = path.replaceAll(`{${name}}`, encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : String(value)))
    else if (place === 'query') query[name] = value
    else if (place === 'header') headers[name] = value
  }
  const whole = found.parameters.find((one) => one.in === 'body')?.name ?? 'body'
  const body = rest.get(whole) ?? (rest.size === 0 ? null : Object.fromEntries(rest))
  return { method: found.method.toUpperCase(), uri: `${baseOf(document, address)}${path}`, headers, query, body }
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
}

function operationOf(document: JsonObject, operationId: string): Operation | undefined {
  const paths = isObject(document.paths) ? document.paths : {}
  for (const [path, item] of Object.entries(paths)) {
    if (!isObject(item)) continue
    for (const method of methods) {
      const operation = item[method]
      if (!isObject(operation) || operation.operationId !== operationId) continue
      return { method, path, parameters: [item.parameters, operation.parameters].flatMap((list) => parametersIn(document, list)) }
    }
  }
  return undefined
}

function parametersIn(document: JsonObject, list: Json | undefined): Operation['parameters'] {
  return (Array.isArray(list) ? list as readonly Json[] : []).flatMap((entry) => {
    const one = isObject(entry) && typeof entry.$ref === 'string' ? referred(document, entry.$ref) : entry
    return isObject(one) && typeof one.name === 'string' && typeof one.in === 'string' ? [{ name: one.name, in: one.in }] : []
  })
}

/** What stands at `#/components/parameters/page`. */
function referred(document: JsonObject, ref: string): Json {
  return ref.replace(/^#\//, '').split('/').reduce<Json>((value, key) => (isObject(value) ? value[key.replaceAll('~1', '/').replaceAll('~0', '~')] ?? null : null), document)
}

/** Address that the paths are relative to. */
function baseOf(document: JsonObject, address: string): string {
  const [server] = Array.isArray(document.servers) ? document.servers as readonly Json[] : []
  if (isObject(server) && typeof server.url === 'string' && URL.canParse(server.url, address)) return new URL(server.url, address).href.replace(/\/$/, '')
  const own = new URL(address)
  const schemes = Array.isArray(document.schemes) ? document.schemes as readonly Json[] : []
  const scheme = schemes.includes('https') ? 'https:' : schemes.includes('http') ? 'http:' : own.protocol
  const host = typeof document.host === 'string' ? document.host : own.host
  return `${scheme}//${host}${typeof document.basePath === 'string' ? document.basePath.replace(/\/$/, '') : ''}`
}
