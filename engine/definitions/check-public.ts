/** Can a form be offered to people without an account? */
import type { FormDefinition, FormElement } from '../../metadata/contract/definitions.gen.js'
import { isObject, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import { presetOf } from '../model/lifecycle.js'
import type { Documents, Entity } from '../model/model.js'
import { pointer, scopeKey } from '../model/paths.js'
import { controlsOf, mayBePublic, whyNotPublic } from '../model/public-forms.js'
import { isDeclared } from './check-screens.js'

/** Findings of the `public` part of a form: its address, its fields, what is set by itself, and what would be missing. */
export function publicFindings(path: string, form: FormDefinition | undefined, entity: Entity, documents: Documents): readonly Finding[] {
  if (form?.public === undefined) return []
  const at = `${path}#/public`
  if (!mayBePublic(entity)) return [finding(at, 'form.public', { reason: 'accounts are made by administrators only' })]
  const { address, set = {} } = form.public
  const first = Object.entries(documents).filter(([, document]) => isObject(document.public) && document.public.address === address).map(([other]) => other).sort()[0]
  return [
    ...(first === undefined || first === path ? [] : [finding(`${at}/address`, 'form.public', { reason: `${first} has this address already` })]),
    ...elementFindings(path, form, entity),
    ...setFindings(`${at}/set`, set, entity, documents),
    ...missing(form, set, entity).map((title) => finding(at, 'form.public', { reason: `“${title}” is required and not on it` })),
  ]
}

function elementFindings(path: string, form: FormDefinition, entity: Entity): readonly Finding[] {
  const walk = (element: FormElement, at: string): readonly Finding[] => {
    const field = element.type === 'Control' ? entity.fields.get(scopeKey(element.scope) ?? '') : undefined
    const reason = element.type === 'RelatedList' ? 'strangers read no records' : whyNotPublic(field)
    const inner = (element.elements ?? []).flatMap((child, i) => walk(child, `${at}/elements/${i}`))
    return [...(reason === undefined ? [] : [finding(at, 'form.public', { reason: field === undefined ? reason : `“${field.title}”: ${reason}` })]), ...inner]
  }
  return walk(form, `${path}#`)
}

/** Only what can be set, with values that fit. What is put away may still be named. */
function setFindings(at: string, set: JsonObject, entity: Entity, documents: Documents): readonly Finding[] {
  const wrong = Object.keys(set).filter((key) => {
    const field = entity.fields.get(key)
    return field === undefined ? !isDeclared(entity, key, documents) : field.system || field.readOnly || field.derived !== null
  })
  if (wrong.length > 0) return wrong.map((key) => finding(`${at}${pointer(key)}`, 'entity.field', { field: key, entity: entity.name }))
  const inUse = Object.fromEntries(Object.entries(set).filter(([key]) => entity.fields.has(key)))
  return entity.validatePatch(inUse).findings.map((found) => ({ ...found, path: `${at}${found.path}` }))
}

/** Titles of the fields without which no record can be made. */
function missing(form: FormDefinition, set: JsonObject, entity: Entity): readonly string[] {
  const given = new Set([...controlsOf(form), ...Object.keys(set)])
  return [...entity.fields.values()].filter((field) => field.required && !field.system && !field.readOnly && presetOf(entity, field) === undefined && entity.sets?.always.has(field.key) !== true && !given.has(field.key)).map(({ title }) => title)
}
