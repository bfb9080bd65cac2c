/** A lifecycle as one caller may use it. */
import { isObject } from '../../metadata/contract/json.js'
import type { UiLifecycle, UiTransition } from '../../metadata/contract/ui-model.js'
import type { Lifecycle } from '../model/model.js'
import { pointer } from '../model/paths.js'
import type { Access, EntityAccess } from '../permissions/access.js'
import { allowedTransitions } from '../permissions/transitions.js'
import { titleFrom } from '../model/names.js'
import { translated, type Translate } from './texts.js'

/** Nothing for who may not see the states in full. */
export function describeLifecycle(rights: EntityAccess, access: Access, translate: Translate): { readonly lifecycle?: UiLifecycle } {
  const { lifecycle } = rights.entity
  if (lifecycle === null || rights.field(lifecycle.field)?.how !== 'full') return {}
  const transitions = allowedTransitions(access, rights).map((one) => described(lifecycle, one, rights, translate))
  return { lifecycle: { field: lifecycle.field, initial: lifecycle.initial.value, final: [...lifecycle.states.values()].flatMap(({ final, value }) => (final ? [value] : [])), transitions } }
}

function described({ states, field }: Lifecycle, { from, transition }: ReturnType<typeof allowedTransitions>[number], rights: EntityAccess, translate: Translate): UiTransition {
  const { name, title, target, require, message, guard } = transition
  const told = (part: string, text: string): string => translate(`${rights.entity.name}/lifecycle.json`, pointer('states', from, 'on', name, part), text)
  return {
    name,
    title: told('title', title) || stateTitle(rights, field, target, translate),
    from: states.get(from)?.value ?? null,
    target: states.get(target)?.value ?? null,
    require: require.filter((key) => rights.field(key) !== undefined),
    ...(guard === null ? {} : { message: message === null ? '' : told('message', message) }),
  }
}

/** What a state is called: the title of its option in the field. */
function stateTitle({ entity }: EntityAccess, key: string, state: string, translate: Translate): string {
  const shown = translated(entity.fields.get(key)?.options ?? {}, `${entity.name}/entity.json`, `${pointer('properties', key)}/crm`, translate)
  const option = isObject(shown) && isObject(shown['options']) ? shown['options'][state] : undefined
  return isObject(option) && typeof option['title'] === 'string' ? option['title'] : titleFrom(state)
}
