/** One property of an entity as a plain JSON Schema: references followed, what only people read left out. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import { finding, type Report } from './findings.js'
import { limits } from './limits.js'

/** Keywords that say nothing about values and would only disturb the validator. */
const dropped: ReadonlySet<string> = new Set(['$id', '$anchor', '$schema', '$comment', '$defs', 'definitions', '__proto__'])

/** Keywords whose members are schemas by name. */
const maps: ReadonlySet<string> = new Set(['properties', 'patternProperties'])
/** Keywords whose value is data, not a schema. */
const data: ReadonlySet<string> = new Set(['default', 'examples', 'enum', 'const', 'crm', 'required', 'dependentRequired', 'type'])

/**
 * `property` with every local `$ref` replaced by what it names; keywords beside a `$ref` win. A missing target, a cycle or
 * an explosion is reported at `at` and gives undefined.
 */
export function inline(document: JsonObject, property: JsonObject, at: string, report: Report): JsonSchema | undefined {
  let budget: number = limits.inlinedValues
  let failed = false
  const fail = (...args: Parameters<typeof finding>): JsonObject => {
    if (!failed) report(finding(...args))
    failed = true
    return {}
  }

  function schema(node: Json, open: readonly string[]): Json {
    if (!isObject(node)) return node
    if (--budget < 0) return fail(at, 'schema.tooMuch', { limit: limits.inlinedValues })
    const ref = node.$ref
    if (typeof ref !== 'string') return members(node, open)
    if (open.includes(ref)) return fail(at, 'schema.cycle', { ref })
    const target = resolvePointer(document, ref)
    if (target === undefined) return fail(at, 'schema.ref', { ref })
    const { $ref: _ref, ...beside } = node
    const followed = schema(target, [...open, ref])
    return isObject(followed) ? { ...followed, ...members(beside, open) } : followed
  }

  function members(node: JsonObject, open: readonly string[]): JsonObject {
    const result: Record<string, Json> = {}
    for (const [key, value] of Object.entries(node)) {
      if (failed) break
      if (dropped.has(key) || key.startsWith('x-')) continue
      if (data.has(key)) result[key] = value
      else if (maps.has(key) && isObject(value)) result[key] = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, schema(part, open)]))
      else if (Array.isArray(value)) result[key] = value.map((part: Json) => schema(part, open))
      else result[key] = schema(value, open)
    }
    return result
  }

  const result = schema(property, [])
  return failed || !isObject(result) ? undefined : result
}

/** The part of `document` that `#/a/b` names. */
function resolvePointer(document: JsonObject, ref: string): Json | undefined {
  if (!ref.startsWith('#/')) return undefined
  let node: Json | undefined = document
  for (const part of ref.slice(2).split('/')) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(node)) node = /^\d+$/.test(key) ? (node as readonly Json[])[Number(key)] : undefined
    else node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined
  }
  return node
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
