/** Which transitions lead where. Pure: asks the model and a record, shows nothing. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiLifecycle, UiTransition } from '../../metadata/contract/ui-model.js'
import { fieldOf } from '../client/model.js'
import { optionOf, optionsOf, type Option } from '../fields/choices.js'

/** The field whose value is the state. */
export const stateField = (entity: UiEntity): UiField | undefined => (entity.lifecycle === undefined ? undefined : fieldOf(entity, entity.lifecycle.field))

/** The state of a record: one without a value, or with one that is no state any more, begins anew. */
export function stateOf(entity: UiEntity, lifecycle: UiLifecycle, record: JsonObject): Json {
  const value = record[lifecycle.field] ?? null
  return statesOf(entity).some((state) => state.value === value) ? value : lifecycle.initial
}

/** All states in their order. */
export function statesOf(entity: UiEntity): readonly Option[] {
  const field = stateField(entity)
  return field === undefined ? [] : optionsOf(field)
}

export const stateLabel = (entity: UiEntity, value: Json): string => {
  const field = stateField(entity)
  return field === undefined ? '' : optionOf(field, value).label
}

/** What leads away from a state. */
export const transitionsFrom = (lifecycle: UiLifecycle, from: Json): readonly UiTransition[] => lifecycle.transitions.filter((one) => one.from === from)

/** What leads from one state to another; the one that asks for least, where there are several. */
export const transitionTo = (lifecycle: UiLifecycle, from: Json, to: Json): UiTransition | undefined =>
  transitionsFrom(lifecycle, from).filter(({ target }) => target === to).toSorted((a, b) => a.require.length - b.require.length)[0]

/** The keys of required fields that the record has no value in. */
export const missingIn = ({ require }: UiTransition, record: JsonObject): readonly string[] => require.filter((key) => isEmpty(record[key]))

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** The way back from a transition that was made, when there is one that asks for nothing. */
export function wayBack(lifecycle: UiLifecycle, made: UiTransition, record: JsonObject): UiTransition | undefined {
  const back = made.from === made.target ? undefined : transitionTo(lifecycle, made.target, made.from)
  return back !== undefined && missingIn(back, record).length === 0 ? back : undefined
}
