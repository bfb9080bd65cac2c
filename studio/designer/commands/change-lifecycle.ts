/**
 * Changes the lifecycle of an entity. The states are the options of its field, so adding, naming and removing one changes both
 * documents in one step. Every state stays either left by a transition or final.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, objectOf, suggestName, textLanguages, textOf, titleFrom } from '../draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../draft/operations.js'
import { choicesOf, type Choice } from '../entities/type-options.js'
import { setChoices } from './set-choices.js'
import { setValue } from './set-value.js'

export const lifecyclePath = (entity: string): string => `${entity}/lifecycle.json`

const lifecycleOf = (documents: Documents, entity: string): JsonObject => objectOf(documents[lifecyclePath(entity)])
const statesOf = (documents: Documents, entity: string): JsonObject => objectOf(lifecycleOf(documents, entity)['states'])
const fieldOf = (documents: Documents, entity: string): string => textOf(lifecycleOf(documents, entity)['field'])
const choices = (documents: Documents, entity: string): readonly Choice[] => choicesOf(objectOf(objectOf(documents[entityPath(entity)]?.['properties'])[fieldOf(documents, entity)]))

/** Commands one after the other, each on what the one before left. */
function inTurn(documents: Documents, ...commands: readonly ((documents: Documents) => readonly Operation[])[]): readonly Operation[] {
  const all: Operation[] = []
  let current = documents
  for (const command of commands) {
    const operations = command(current)
    all.push(...operations)
    current = applyAll(current, operations)
  }
  return all
}

const writeState = (documents: Documents, entity: string, name: string, state: JsonObject | undefined): readonly Operation[] => setValue(documents, [lifecyclePath(entity), 'states', name], state)

/** Final is what nothing leads away from. */
function settled(state: JsonObject): JsonObject {
  const { final: _final, on, ...rest } = state
  const leads = objectOf(on)
  return Object.keys(leads).length === 0 ? { ...rest, final: true } : { ...rest, on: leads }
}

/** A lifecycle over the options of a field: each leads to the next, the last one is final. */
export function addLifecycle(documents: Documents, entity: string, field: string): readonly Operation[] {
  const values = choicesOf(objectOf(objectOf(documents[entityPath(entity)]?.['properties'])[field])).map(({ value }) => String(value))
  const [first] = values
  if (first === undefined || documents[lifecyclePath(entity)] !== undefined) return []
  const states = Object.fromEntries(values.map((name, index) => {
    const next = values[index + 1]
    return [name, next === undefined ? { final: true } : { on: { [wayName(next, [])]: { target: next } } }]
  }))
  return setValue(documents, [lifecyclePath(entity)], { field, initial: first, states })
}

export const removeLifecycle = (documents: Documents, entity: string): readonly Operation[] =>
  inTurn(documents, (now) => withoutTexts(now, entity, ''), (now) => setValue(now, [lifecyclePath(entity)], undefined))

/** `sentBack` → `toSentBack`: a name that transitions may have. */
const wayName = (state: string, taken: readonly string[]): string => suggestName(`to ${titleFrom(state)}`, 'step', taken)

/** A new state after `from`, which leads to it. */
export function addState(documents: Documents, entity: string, title: string, from: string): readonly Operation[] {
  const known = choices(documents, entity)
  const numeric = known.length > 0 && known.every(({ value }) => typeof value === 'number')
  const value = numeric ? Math.max(...known.map((choice) => Number(choice.value))) + 1 : suggestName(title, 'state', known.map((choice) => String(choice.value)))
  const at = known.findIndex((choice) => String(choice.value) === from) + 1
  return inTurn(
    documents,
    (now) => setChoices(now, { entity, key: fieldOf(now, entity) }, known.toSpliced(at === 0 ? known.length : at, 0, { value, title, color: '' })),
    (now) => writeState(now, entity, String(value), { final: true }),
    (now) => (statesOf(now, entity)[from] === undefined ? [] : addTransition(now, entity, from, String(value))),
  )
}

/** What a state is called, and its colour, in the options of the field. */
export const setState = (documents: Documents, entity: string, name: string, shown: Partial<Pick<Choice, 'title' | 'color'>>): readonly Operation[] =>
  setChoices(documents, { entity, key: fieldOf(documents, entity) }, choices(documents, entity).map((choice) => (String(choice.value) === name ? { ...choice, ...shown } : choice)))

/** Moves a state among the others; the order is that of columns, lists and the path on a record. */
export function moveState(documents: Documents, entity: string, name: string, by: number): readonly Operation[] {
  const known = choices(documents, entity)
  const index = known.findIndex(({ value }) => String(value) === name)
  const moved = known[index]
  const to = index + by
  return moved === undefined || to < 0 || to >= known.length ? [] : setChoices(documents, { entity, key: fieldOf(documents, entity) }, known.toSpliced(index, 1).toSpliced(to, 0, moved))
}

/** Takes a state out, with its option and what leads to it. The beginning stays. */
export function removeState(documents: Documents, entity: string, name: string): readonly Operation[] {
  const lifecycle = lifecycleOf(documents, entity)
  const known = choices(documents, entity)
  if (lifecycle['initial'] === name || known.length < 2 || statesOf(documents, entity)[name] === undefined) return []
  const others = Object.entries(statesOf(documents, entity)).filter(([other]) => other !== name)
  const leading = others.flatMap(([other, state]) => Object.entries(objectOf(objectOf(state)['on'])).filter(([, transition]) => objectOf(transition)['target'] === name).map(([key]) => [other, key] as const))
  return inTurn(
    documents,
    ...leading.map(([state, key]) => (now: Documents) => removeTransition(now, entity, state, key)),
    (now) => withoutTexts(now, entity, `/states/${escaped(name)}`),
    (now) => writeState(now, entity, name, undefined),
    (now) => setChoices(now, { entity, key: fieldOf(now, entity) }, choices(now, entity).filter(({ value }) => String(value) !== name)),
  )
}

/** Where records begin; a default of the field says the same. */
export function setInitial(documents: Documents, entity: string, name: string): readonly Operation[] {
  const place = [entityPath(entity), 'properties', fieldOf(documents, entity)]
  const property = objectOf(objectOf(documents[entityPath(entity)]?.['properties'])[fieldOf(documents, entity)])
  const value = choices(documents, entity).find((choice) => String(choice.value) === name)?.value
  return value === undefined ? [] : inTurn(
    documents,
    (now) => setValue(now, [lifecyclePath(entity), 'initial'], name),
    (now) => (property['default'] === undefined ? [] : setValue(now, [...place, 'default'], value)),
  )
}

/** A step from one state to another. It is called as the state that it leads to, in every language, until somebody names it. */
export function addTransition(documents: Documents, entity: string, from: string, target: string): readonly Operation[] {
  const state = objectOf(statesOf(documents, entity)[from])
  const on = objectOf(state['on'])
  return writeState(documents, entity, from, settled({ ...state, on: { ...on, [wayName(target, Object.keys(on))]: { target } } }))
}

export function removeTransition(documents: Documents, entity: string, from: string, name: string): readonly Operation[] {
  const state = objectOf(statesOf(documents, entity)[from])
  const { [name]: gone, ...on } = objectOf(state['on'])
  return gone === undefined ? [] : inTurn(
    documents,
    (now) => withoutTexts(now, entity, `/states/${escaped(from)}/on/${escaped(name)}`),
    (now) => writeState(now, entity, from, settled({ ...state, on })),
  )
}

/** Sets a member of a state (`sla`, `entry`) or, with `on`, of one of its transitions; undefined removes it. */
export const setInLifecycle = (documents: Documents, entity: string, keys: readonly string[], value: Json | undefined): readonly Operation[] =>
  documents[lifecyclePath(entity)] === undefined ? [] : setValue(documents, [lifecyclePath(entity), ...keys], value)

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Translations of what is gone would speak of nothing. */
function withoutTexts(documents: Documents, entity: string, place: string): readonly Operation[] {
  const path = lifecyclePath(entity)
  return inTurn(documents, ...textLanguages(documents).map((tag) => (now: Documents): readonly Operation[] => {
    const before = now[`texts/${tag}.json`]?.[path]
    if (before === undefined) return []
    const kept = Object.fromEntries(Object.entries(objectOf(before)).filter(([at]) => at !== place && !at.startsWith(`${place}/`)))
    return setValue(now, [`texts/${tag}.json`, path], Object.keys(kept).length === 0 ? undefined : kept)
  }))
}
