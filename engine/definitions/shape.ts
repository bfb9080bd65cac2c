/** Does a document have the shape that the JSON Schema of its kind asks for? Told in words for people who do not program. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { definitionSchemas } from '../../metadata/contract/schemas.gen.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import { limits } from '../model/limits.js'
import type { DocumentKind } from '../model/paths.js'
import { describeError, schemaValidator } from '../model/validation.js'

/** Findings of one document are cut here; who corrects these sees the rest. */
const findingsPerDocument = 50

const validators = new Map<DocumentKind, ValidateFunction>()

function validatorOf(kind: DocumentKind): ValidateFunction {
  const known = validators.get(kind)
  if (known !== undefined) return known
  const made = schemaValidator(definitionSchemas[kind])
  validators.set(kind, made)
  return made
}

/** All places where `document` differs from the schema of `kind`. Size and depth are looked at first: what is too large is not read on. */
export function shapeFindings(path: string, kind: DocumentKind, document: JsonObject): readonly Finding[] {
  if (deeperThan(document, limits.nesting)) return [finding(`${path}#`, 'document.tooDeep', { limit: limits.nesting })]
  if (Buffer.byteLength(JSON.stringify(document)) > limits.documentBytes) return [finding(`${path}#`, 'document.tooLarge', { limit: '1 MB' })]
  const validate = validatorOf(kind)
  if (validate(document)) return []
  return telling(validate.errors ?? []).slice(0, findingsPerDocument).map((error) => toFinding(path, error))
}

function deeperThan(value: Json, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (limit <= 0) return true
  return Object.values(value).some((inner: Json) => deeperThan(inner, limit - 1))
}

const alternatives: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'if'])
const kindErrors: ReadonlySet<string> = new Set(['type', 'const', 'enum'])

/**
 * Where a value may have one of several forms AJV tells what is wrong with each. Someone who wrote a rule meant the rule:
 * that it is not `true` either is left out.
 */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = new Set(errors.filter((error) => alternatives.has(error.keyword)).map((error) => error.instancePath))
  const single = errors.filter((error) => !alternatives.has(error.keyword))
  const seen = new Set<string>()
  return single.filter((error) => {
    const { instancePath } = error
    const key = `${instancePath} ${error.keyword} ${JSON.stringify(error.params)}`
    if (seen.has(key)) return false
    seen.add(key)
    if (!choices.has(instancePath) || !kindErrors.has(error.keyword)) return true
    const deeper = single.some((other) => other !== error && (other.instancePath.startsWith(`${instancePath}/`) || (other.instancePath === instancePath && !kindErrors.has(other.keyword))))
    return !deeper
  })
}

function toFinding(path: string, error: ErrorObject): Finding {
  const at = `${path}#${error.instancePath}`
  if (error.keyword === 'additionalProperties') {
    const keyword = String(error.params.additionalProperty)
    const known = isObject(error.parentSchema?.properties) ? Object.keys(error.parentSchema.properties) : []
    const near = keyword.length < 4 ? undefined : known.find((name) => distance(name.toLowerCase(), keyword.toLowerCase()) <= 2)
    return finding(at, 'schema.keyword', { keyword, hint: near === undefined ? '' : `; perhaps “${near}” is meant` })
  }
  const where = error.instancePath === '' ? 'This definition' : `“${error.instancePath.slice(1).replaceAll('/', ' › ').replaceAll('~1', '/').replaceAll('~0', '~')}”`
  return finding(at, 'schema.shape', { where, problem: describeError(error) })
}

/** Edit distance of two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
