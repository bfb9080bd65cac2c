/** Which transitions of a lifecycle somebody's roles allow: pure decisions over compiled rights. */
import type { Lifecycle, Transition } from '../model/model.js'
import type { Access, EntityAccess } from './access.js'

/** True when some role lets them make the transition, wherever the record is. */
export const mayMake = ({ roles: held }: Access, { roles }: Transition): boolean => roles === null || roles.some((role) => held.has(role))

/** True when they see the state, and some role lets them change it. */
export const mayMove = (access: EntityAccess, { field }: Lifecycle): boolean => access.field(field)?.how === 'full' && access.update.some(({ fields }) => fields.has(field))

/** Each transition with the state that it leads away from, as far as their roles allow it; none where there is no lifecycle. */
export function allowedTransitions(all: Access, access: EntityAccess): readonly { readonly from: string; readonly transition: Transition }[] {
  const { lifecycle } = access.entity
  if (lifecycle === null || !mayMove(access, lifecycle)) return []
  return [...lifecycle.states.values()].flatMap(({ name, transitions }) => [...transitions.values()].flatMap((transition) => (mayMake(all, transition) ? [{ from: name, transition }] : [])))
}
