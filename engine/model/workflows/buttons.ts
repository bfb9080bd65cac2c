/** Workflows that people start by hand: on which records, who, and what they are asked before. Pure. */
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { Finding } from '../../errors.js'
import { askedFormFindings } from './asked-form.js'
import { finding } from '../findings.js'

const factsOf = ({ document }: WorkflowDefinition): Readonly<Record<string, Json>> => (isObject(document.metadata) ? document.metadata : {})

/** API name of the entity on whose records it is started; null: on none. What begins by itself has no button. */
export function subjectOf(definition: WorkflowDefinition): string | null {
  const { entity } = factsOf(definition)
  return definition.schedule === undefined && typeof entity === 'string' ? entity : null
}

/** Roles whose holders start it by hand; those who may design start everything. */
export function startersOf(definition: WorkflowDefinition): readonly string[] {
  const { start } = factsOf(definition)
  return Array.isArray(start) ? (start as readonly Json[]).filter((one) => typeof one === 'string') : []
}

/** JSON Schema of what is asked before it starts; null: nothing. */
export function formOf(definition: WorkflowDefinition): JsonObject | null {
  const { form } = factsOf(definition)
  return isObject(form) ? form : null
}

/** Names that the input of a run has for the record itself. */
export const recordKeys = ['entity', 'id', 'record'] as const

/** What keeps the button from being shown. @param path of the document */
export function buttonFindings(path: string, definition: WorkflowDefinition, entities: ReadonlyMap<string, unknown>): readonly Finding[] {
  const { entity, form } = factsOf(definition)
  const at = `${path}#/document/metadata`
  const found: Finding[] = []
  if (typeof entity === 'string' && entity !== '' && !entities.has(entity)) found.push(finding(`${at}/entity`, 'workflow.task', { problem: `There is no entity “${entity}”` }))
  if (form === undefined) return found
  found.push(...askedFormFindings(form, `${at}/form`, entities))
  for (const key of recordKeys) if (isObject(form) && isObject(form.properties) && Object.hasOwn(form.properties, key)) found.push(finding(`${at}/form/properties/${key}`, 'workflow.task', { problem: `“${key}” is the record itself in what the run begins with: choose another key` }))
  return found
}
