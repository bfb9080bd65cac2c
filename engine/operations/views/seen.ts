/** A saved view with the eyes of who reads it: what they may not read, or what is not there any more, is left out and counted. */
import type { ViewDefinition } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiSavedView } from '../../../metadata/contract/ui-model.js'
import { Problem } from '../../errors.js'
import { describeColumns, summed } from '../../forms/lists.js'
import type { Entity } from '../../model/model.js'
import type { StoredView } from '../../storage/own/views.js'
import type { Call } from '../call.js'
import { filtered } from '../records/read.js'
import { withKeys, withoutMark } from './identities.js'

/** Null when the reader does not know the entity. */
export function seenView(call: Call, stored: StoredView): UiSavedView | null {
  const access = entityAccess(call, stored)
  if (access === undefined) return null
  const { entity } = access
  const view = withKeys(call.model, entity, stored.definition)
  const { left, ...described } = describeColumns(call.access, entity, view as unknown as ViewDefinition) // its shape was checked when it was saved
  const filter = usable(call, entity.name, isObject(view.filter) ? view.filter : {})
  const mine = stored.owner === call.actor.id
  const lost = [...left.columns, ...left.sort, ...left.summaries, ...filter.left.flatMap((part) => Object.keys(part))].map(withoutMark)
  return {
    id: stored.id, version: stored.version, entity: entity.name, name: String(stored.id), title: stored.title,
    ...summed(described), ...(Object.keys(filter.condition).length === 0 ? {} : { filter: filter.condition }),
    mine, mayChange: mine || (call.access.design && stored.roles.length > 0), roles: mine || call.access.design ? stored.roles : [],
    leftOut: { columns: left.columns.length, sort: left.sort.length, summaries: left.summaries.length, filters: filter.left.length },
    ...(mine && lost.length > 0 ? { lost } : {}),
  }
}

const entityAccess = (call: Call, { entity: id }: StoredView) => {
  const entity = [...call.model.entities.values()].find((one: Entity) => one.id === id)
  return entity === undefined ? undefined : call.access.entity(entity.name)
}

/** The parts of a condition that the caller may use, and the others. */
function usable(call: Call, entity: string, condition: JsonObject): { readonly condition: JsonObject; readonly left: readonly JsonObject[] } {
  if (mayUse(call, entity, condition)) return { condition, left: [] }
  const parts = partsOf(condition)
  const kept = parts.filter((part) => mayUse(call, entity, part))
  return { condition: kept.length === 0 ? {} : { $and: kept }, left: parts.filter((part) => !kept.includes(part)) }
}

/** What must hold all together, each by itself. */
const partsOf = (condition: JsonObject): readonly JsonObject[] =>
  Object.entries(condition).flatMap(([key, value]) => (key === '$and' && Array.isArray(value) ? (value as readonly Json[]).flatMap((part) => (isObject(part) ? partsOf(part) : [])) : [{ [key]: value }]))

function mayUse(call: Call, entity: string, condition: JsonObject): boolean {
  const access = call.access.entity(entity)
  try {
    return access !== undefined && filtered(call, access, condition).kind !== undefined
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}
