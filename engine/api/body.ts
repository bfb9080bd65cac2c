/** Reads the body of a request, as far as its limits allow. */
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Route } from './handler.js'
import { parseJson } from './json-body.js'

const bodyMaxDefault = 1_000_000
/** How long a body may take to come in. */
const bodyMilliseconds = 60_000

/**
 * The JSON body of a request; undefined when there is none.
 * @throws Problem request.type, request.tooLarge, request.invalid
 */
export async function readBody(request: IncomingMessage, route: Route): Promise<Json | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  const length = request.headers['content-length']
  if (request.headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) return undefined
  assertJson(request)
  const max = route.bodyMax ?? bodyMaxDefault
  if (Number(length ?? 0) > max) throw tooLarge(max)
  const bytes = await collect(request, max)
  if (bytes.length === 0) return undefined
  if (!isUtf8(bytes)) throw new Problem('request.invalid', { reason: 'the body is not UTF-8' })
  return parseJson(bytes.toString('utf8'), route.keysMax)
}

/** The body of a request as it was sent. @throws Problem request.type, request.tooLarge, request.invalid */
export async function readBytes(request: IncomingMessage, { bodyMax: max = bodyMaxDefault }: Route): Promise<Buffer> {
  assertJson(request)
  if (Number(request.headers['content-length'] ?? 0) > max) throw tooLarge(max)
  return collect(request, max)
}

/**
 * The members of a body that may be left out; an empty object when it is.
 * @throws Problem request.invalid when it is no object, field.unknown when it has a member that is not known here
 */
export function onlyMembers(body: Json | undefined, ...known: readonly string[]): JsonObject {
  if (body === undefined) return {}
  if (!isObject(body)) throw new Problem('request.invalid', { reason: 'the body must be a JSON object' })
  const unknown = Object.keys(body).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new Problem('field.unknown', { field: unknown.slice(0, 60) })
  return body
}

function assertJson({ headers }: IncomingMessage): void {
  const type = /^application\/(?:[a-z0-9.-]+\+)?json(?:\s*;\s*charset="?([a-z0-9-]+)"?)?\s*$/i.exec(headers['content-type'] ?? '')
  if (type === null || (type[1] ?? 'utf-8').toLowerCase() !== 'utf-8' || headers['content-encoding'] !== undefined) throw new Problem('request.type')
}

function collect(request: IncomingMessage, max: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => reject(new Problem('request.invalid', { reason: 'it came too slowly' })), bodyMilliseconds).unref()
    request.once('close', () => clearTimeout(timer))
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > max) {
        request.pause()
        reject(tooLarge(max))
      } else chunks.push(chunk)
    })
    request.on('end', () => {
      clearTimeout(timer)
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
    })
    request.on('error', reject)
    request.on('aborted', () => reject(new Problem('request.invalid', { reason: 'it ended too early' })))
  })
}

const tooLarge = (max: number): Problem => new Problem('request.tooLarge', { limit: `${max / 1_000_000} MB` })
