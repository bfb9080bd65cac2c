/** What a segment says: that its entity exists, and that its condition can be used and asks the same of everybody. */
import { placeholdersIn, readTree } from '../../metadata/contract/condition-tree.js'
import { isObject, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Model } from '../model/model.js'
import { conditionProblem } from './check-screens.js'

/** A segment of an entity that is put away rests with it. */
export function segmentFindings(path: string, { entity, where }: JsonObject, model: Model): readonly Finding[] {
  if (typeof entity !== 'string' || !isObject(where)) return []
  if (!model.entities.has(entity)) return Object.hasOwn(model.documents, `${entity}/entity.json`) ? [] : [finding(`${path}#/entity`, 'segment.entity', { entity })]
  const reason = conditionProblem(model, entity, where) ?? (placeholdersIn(readTree(where)).size > 0 ? 'It names $user, and a segment is the same for everybody.' : undefined)
  return reason === undefined ? [] : [finding(`${path}#/where`, 'segment.where', { reason })]
}
