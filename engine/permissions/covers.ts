/** Does somebody see everything that somebody else sees? Pure, over compiled rights. */
import type { Model } from '../model/model.js'
import { everything } from '../model/conditions/predicate.js'
import type { Access, EntityAccess } from './access.js'

/** True when what `other` may see, take out and look up never goes beyond what `holder` may, on whatever rows. */
export function covers(model: Model, holder: Access, other: Access): boolean {
  if (other.audit && !holder.audit) return false
  return [...model.entities.keys()].every((name) => {
    const theirs = other.entity(name)
    if (theirs === undefined) return true
    const own = holder.entity(name)
    return own !== undefined && own.rows === everything && coversEntity(own, theirs)
  })
}

function coversEntity(own: EntityAccess, theirs: EntityAccess): boolean {
  const widens = (right: 'archive' | 'export'): boolean => theirs[right] !== false && own[right] !== everything
  if (widens('archive') || widens('export') || (theirs.history && !own.history)) return false
  return [...theirs.entity.fields.keys()].every((key) => {
    const [seen, shown] = [own.field(key), theirs.field(key)]
    if (shown === undefined) return true
    if (seen === undefined) return false
    const wholly = seen.how === 'full' && seen.visible === undefined
    return wholly || (shown.how === 'masked' && seen.how === 'masked' && (seen.masked === undefined || seen.masked === everything))
  })
}
