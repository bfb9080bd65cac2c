/** A lifecycle as the outline and the picture show it. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { lifecyclePath } from '../commands/change-lifecycle.js'
import { entityPath, objectOf, textOf, titleFrom, translated, type EntityDefinition } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { choicesOf } from '../entities/type-options.js'

export interface Way {
  readonly name: string
  readonly from: string
  readonly target: string
  readonly title: string
  /** False: it is called as the state that it leads to. */
  readonly named: boolean
  readonly transition: JsonObject
}

export interface State {
  readonly name: string
  readonly title: string
  readonly color: string
  readonly initial: boolean
  readonly final: boolean
  readonly state: JsonObject
  readonly ways: readonly Way[]
}

export interface Shape {
  readonly entity: EntityDefinition
  /** Key of the field. */
  readonly field: string
  readonly lifecycle: JsonObject
  /** In the order of the options. */
  readonly states: readonly State[]
}

export function shapeOf(documents: Documents, language: string, entity: EntityDefinition): Shape | null {
  const path = lifecyclePath(entity.name)
  const lifecycle = documents[path]
  if (lifecycle === undefined) return null
  const field = textOf(lifecycle['field'])
  const choices = choicesOf(objectOf(objectOf(documents[entityPath(entity.name)]?.['properties'])[field]))
  const defined = objectOf(lifecycle['states'])
  const named = new Set(choices.map(({ value }) => String(value)))
  // States without an option are shown, too: the check says what is wrong with them.
  const all = [...choices.map(({ value, title, color }) => ({ name: String(value), title, color })), ...Object.keys(defined).filter((name) => !named.has(name)).map((name) => ({ name, title: '', color: '' }))]
  const titleOf = (name: string): string => translated(documents, language, entity.path, `/properties/${field}/crm/options/${name}/title`) || (all.find((one) => one.name === name)?.title ?? '') || titleFrom(name)
  return {
    entity, field, lifecycle,
    states: all.map(({ name, color }): State => {
      const state = objectOf(defined[name])
      return {
        name, color, state, title: titleOf(name), initial: lifecycle['initial'] === name, final: state['final'] === true,
        ways: Object.entries(objectOf(state['on'])).map(([key, one]): Way => {
          const transition = objectOf(one)
          const own = translated(documents, language, path, `/states/${name}/on/${key}/title`) || textOf(transition['title'])
          const target = textOf(transition['target'])
          return { name: key, from: name, target, title: own || titleOf(target), named: own !== '', transition }
        }),
      }
    }),
  }
}

/** Fields that can be made into a lifecycle: those that list texts or numbers, one of which is chosen. */
export const stateFields = (entity: EntityDefinition): EntityDefinition['fields'] => entity.fields.filter(({ archived, property }) => !archived && property['items'] === undefined && choicesOf(property).length > 1)
