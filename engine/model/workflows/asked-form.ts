/**
 * What is asked of a person outside of a record: a plain JSON Schema of type object. Its parts are fields like those of an entity, with the
 * same types, checks and inputs, and nothing is stored of them. Pure.
 */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { Finding } from '../../errors.js'
import type { FieldType } from '../../fields/contract.js'
import { isComputed } from '../computed/computed.js'
import { compileField } from '../field.js'
import { finding } from '../findings.js'
import type { Field, Validated } from '../model.js'
import { identifier, isReserved } from '../names.js'
import { pointer } from '../paths.js'
import { createValidator } from '../record.js'

export interface AskedForm {
  readonly fields: ReadonlyMap<string, Field>
  /** The values in their canonical spelling, with defaults. */
  readonly validate: (given: JsonObject) => Validated
}

/** More questions belong into a record. */
const fieldsMost = 40

const kept = new WeakMap<JsonObject, AskedForm>()

/** The form of a schema, as far as it can be used; once per document. */
export function askedForm(schema: JsonObject): AskedForm {
  const known = kept.get(schema)
  if (known !== undefined) return known
  const made = compiled(schema, '', () => undefined)
  kept.set(schema, made)
  return made
}

/** Everything that keeps a schema from being asked, with the places inside it after `at`. */
export function askedFormFindings(schema: Json, at: string, entities: ReadonlyMap<string, unknown>): readonly Finding[] {
  if (!isObject(schema) || schema.type !== 'object' || !isObject(schema.properties)) return [finding(at, 'workflow.task', { problem: 'A form is a JSON Schema of type object with properties' })]
  const found: Finding[] = []
  const { fields } = compiled(schema, at, (one) => void found.push(one))
  if (Object.keys(schema.properties).length > fieldsMost) found.push(finding(`${at}/properties`, 'workflow.task', { problem: `A form asks at most ${String(fieldsMost)} questions` }))
  for (const key of Array.isArray(schema.required) ? (schema.required as readonly Json[]) : []) if (typeof key !== 'string' || !fields.has(key)) found.push(finding(`${at}/required`, 'entity.required', { field: typeof key === 'string' ? key : '' }))
  for (const { key, link } of fields.values()) if (link !== null && !entities.has(link.to)) found.push(finding(`${at}/properties${pointer(key)}`, 'field.link', { entity: link.to }))
  return found
}

function compiled(schema: JsonObject, at: string, report: (finding: Finding) => void): AskedForm {
  const required = new Set(Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [])
  const fields = new Map<string, Field>()
  for (const [key, property] of Object.entries(isObject(schema.properties) ? schema.properties : {}).slice(0, fieldsMost)) {
    const place = `${at}/properties${pointer(key)}`
    if (!identifier.test(key)) report(finding(place, 'name.grammar', { name: key }))
    else if (isReserved(key)) report(finding(place, 'name.reserved', { name: key }))
    else if (!isObject(property)) report(finding(place, 'field.unclear'))
    else if (isComputed(property)) report(notAsked(place, 'It is computed'))
    else {
      const field = compileField({ document: schema, key, property, required: required.has(key), entity: 'form', at: place }, report)
      const why = field === undefined ? undefined : whyNotAsked(field)
      if (why !== undefined) report(notAsked(place, why))
      else if (field !== undefined) fields.set(key, field)
    }
  }
  return { fields, validate: createValidator(fields) }
}

const notAsked = (place: string, problem: string): Finding => finding(place, 'workflow.task', { problem: `${problem}: a form cannot ask for it` })

function whyNotAsked(field: Field): string | undefined {
  return field.readOnly ? 'It is filled by the system' : whyTypeIsNotAsked(field.type)
}

function whyTypeIsNotAsked({ numbering, links, lines, oneOf, files }: FieldType): string | undefined {
  if (numbering !== undefined) return 'It is filled by the system'
  if (links !== undefined || lines !== undefined || oneOf !== undefined) return 'It holds several records, or records of several entities'
  return files === undefined ? undefined : 'It holds files'
}

/** Can a form ask for values of this type? */
export const mayBeAsked = (type: FieldType): boolean => whyTypeIsNotAsked(type) === undefined
