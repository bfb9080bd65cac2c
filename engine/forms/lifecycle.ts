/** A lifecycle as one caller may use it. */
import type { UiLifecycle, UiTransition } from '../../metadata/contract/ui-model.js'
import type { Lifecycle } from '../model/model.js'
import { pointer } from '../model/paths.js'
import type { Access, EntityAccess } from '../permissions/access.js'
import { allowedTransitions } from '../permissions/transitions.js'
import type { Translate } from './texts.js'

/** Nothing for who may not see the states in full. */
export function describeLifecycle(rights: EntityAccess, access: Access, translate: Translate): { readonly lifecycle?: UiLifecycle } {
  const { lifecycle } = rights.entity
  if (lifecycle === null || rights.field(lifecycle.field)?.how !== 'full') return {}
  const transitions = allowedTransitions(access, rights).map((one) => described(lifecycle, one, rights, translate))
  return { lifecycle: { field: lifecycle.field, initial: lifecycle.initial.value, final: [...lifecycle.states.values()].flatMap(({ final, value }) => (final ? [value] : [])), transitions } }
}

function described({ states }: Lifecycle, { from, transition }: ReturnType<typeof allowedTransitions>[number], rights: EntityAccess, translate: Translate): UiTransition {
  const { name, title, target, require, message, guard } = transition
  const told = (part: string, text: string): string => translate(`${rights.entity.name}/lifecycle.json`, pointer('states', from, 'on', name, part), text)
  return {
    name,
    title: told('title', title),
    from: states.get(from)?.value ?? null,
    target: states.get(target)?.value ?? null,
    require: require.filter((key) => rights.field(key) !== undefined),
    ...(guard === null ? {} : { message: message === null ? '' : told('message', message) }),
  }
}
