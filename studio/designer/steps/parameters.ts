/** What a function of workflows is given, in words, and what of it is still to be said. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { hasText, language, t } from '../../client/i18n.js'
import { listOf, objectOf, textOf, titleFrom, type WorkflowFunction } from '../draft/definitions.js'

/** `process.with.crm.task.title` where the function has its own words, `process.with.entity` where all say the same; a plugin's function speaks for itself. */
export function parameterTitle(call: string, key: string, schema: JsonObject): string {
  const own = `process.with.${call}.${key}`
  const common = `process.with.${key}`
  if (!call.startsWith('crm.')) return textOf(schema['title']) || titleFrom(key)
  return hasText(own) ? t(own) : hasText(common) ? t(common) : textOf(schema['title']) || titleFrom(key)
}

/** What stands below its input; the catalogue speaks English only. */
export function parameterHelp(call: string, key: string, schema: JsonObject): string {
  const own = `process.withHelp.${call}.${key}`
  if (!call.startsWith('crm.')) return textOf(schema['description'])
  if (hasText(own)) return t(own)
  return hasText(`process.with.${key}`) || language.value !== 'en' ? '' : textOf(schema['description'])
}

const isSaid = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== ''

/** Titles of what a call cannot do without and lacks: each that is required, and the first of those of which one has to be there. */
export function stillToSay({ name, with: schema }: WorkflowFunction, given: JsonObject): readonly string[] {
  const parameters = objectOf(schema['properties'])
  const required = (part: Json | undefined): readonly string[] => listOf(objectOf(part)['required']).filter((key) => typeof key === 'string')
  const groups = listOf(schema['anyOf']).filter(isObject).map(required)
  const oneOf = groups.length === 0 || groups.some((group) => group.every((key) => isSaid(given[key]))) ? [] : (groups[0] ?? [])
  return [...required(schema).filter((key) => !isSaid(given[key])), ...oneOf].map((key) => parameterTitle(name, key, objectOf(parameters[key])))
}
