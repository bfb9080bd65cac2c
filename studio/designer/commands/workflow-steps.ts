/**
 * Changes the steps of a workflow: each gives the operations on the list that is touched. Names stay different within a list, jumps to
 * what is gone are taken out, and a list never becomes empty.
 */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf } from '../draft/definitions.js'
import { applyAll, valueAt, type Documents, type Operation } from '../draft/operations.js'
import { entriesOf, freeName, going, isNothing, languageOf, nothingTask, placeOf, type Keys } from '../workflows/workflow-tree.js'
import { setValue } from './set-value.js'
import { withTexts } from './workflow-texts.js'

type Entry = readonly [name: string, task: JsonObject]

/** What a command gives: what is to be done, and where the step stands afterwards, so that it stays chosen. */
export interface StepChange {
  readonly operations: readonly Operation[]
  /** Null when it is gone, or nothing happened. */
  readonly keys: Keys | null
}

const nothingDone: StepChange = { operations: [], keys: null }

/** Puts a task into a list. A list that held nothing but the filler loses it. */
export function insertStep(documents: Documents, path: string, list: Keys, index: number, [name, task]: Entry): StepChange {
  const workflow = objectOf(documents[path])
  const before = listed(workflow, list)
  if (before === null) return nothingDone
  const kept = before.length === 1 && isNothing(before[0]?.[1] ?? {}) ? [] : before
  const at = Math.max(0, Math.min(index, kept.length))
  const own = freeName(kept.map(([known]) => known), name)
  return { operations: written(documents, path, list, kept.toSpliced(at, 0, [own, task])), keys: [...list, String(at), own] }
}

/** Takes a step out. Where it was the last one of its list, the filler stands there. */
export function removeStep(documents: Documents, path: string, keys: Keys): StepChange {
  const workflow = objectOf(documents[path])
  const place = placeOf(keys)
  const before = place === null ? null : listed(workflow, place.list)
  if (place === null || before === null || before[place.index] === undefined) return nothingDone
  return { operations: written(documents, path, place.list, withFiller(workflow, before.toSpliced(place.index, 1))), keys: null }
}

/** A copy right after the step. */
export function copyStep(documents: Documents, path: string, keys: Keys): StepChange {
  const place = placeOf(keys)
  const entry = place === null ? undefined : listed(objectOf(documents[path]), place.list)?.[place.index]
  return place === null || entry === undefined ? nothingDone : insertStep(documents, path, place.list, place.index + 1, entry)
}

/** Puts a step elsewhere; `index` counts in the target list as it is now. Nothing happens when the target lies inside of the step. */
export function moveStep(documents: Documents, path: string, keys: Keys, list: Keys, index: number): StepChange {
  const workflow = objectOf(documents[path])
  const place = placeOf(keys)
  const from = place === null ? null : listed(workflow, place.list)
  const entry = place === null ? undefined : from?.[place.index]
  if (place === null || from === null || entry === undefined || isInside(list, keys) || listed(workflow, list) === null) return nothingDone
  if (same(place.list, list)) {
    const at = Math.max(0, Math.min(index > place.index ? index - 1 : index, from.length - 1))
    if (at === place.index) return nothingDone
    const moved = from.toSpliced(place.index, 1).toSpliced(at, 0, entry)
    return { operations: written(documents, path, list, moved), keys: [...list, String(at), entry[0]] }
  }
  // Put in first, taken out then: both places move when one list lies inside of the other.
  const put = insertStep(documents, path, list, index, entry)
  const gone = removeStep(applyAll(documents, put.operations), path, shifted(keys, list, Number(put.keys?.at(-2)), 1))
  return { operations: [...put.operations, ...gone.operations], keys: put.keys === null ? null : shifted(put.keys, place.list, place.index, -1) }
}

/** Keys inside of a list after something was put in (1) or taken out (-1) at a place of it. */
const shifted = (keys: Keys, list: Keys, index: number, by: 1 | -1): Keys =>
  isInside(keys, list) && Number(keys[list.length]) >= index && !same(keys.slice(0, -2), list) ? keys.with(list.length, String(Number(keys[list.length]) + by)) : keys

/** Gives a step another name; jumps to it follow. Nothing happens when the name is taken or empty. */
export function renameStep(documents: Documents, path: string, keys: Keys, name: string): StepChange {
  const place = placeOf(keys)
  const before = place === null ? null : listed(objectOf(documents[path]), place.list)
  const old = keys.at(-1)
  if (place === null || before === null || old === undefined || name.trim() === '' || name === old || before.some(([known]) => known === name)) return nothingDone
  const renamed = before.map(([known, task]): Entry => [known === old ? name : known, retargeted(task, (then) => (then === old ? name : then))])
  return { operations: withTexts(documents, path, setValue(documents, [path, ...place.list], renamed.map(entryOf))), keys: [...place.list, String(place.index), name] }
}

/** Sets a member of a step (`then`, `with.title`, ...), undefined removes it. */
export const setInStep = (documents: Documents, path: string, keys: Keys, member: Keys, value: Json | undefined): readonly Operation[] =>
  valueAt(documents, [path, ...keys]) === undefined ? [] : setValue(documents, [path, ...keys, ...member], value)

/** Adds a case with an empty list to a choice, before the one that is taken otherwise. */
export function addCase(documents: Documents, path: string, keys: Keys, wanted: string, when: string): readonly Operation[] {
  const { cases, branches, first } = choiceAt(documents, path, keys)
  if (first === undefined) return []
  const name = freeName([first, ...branches.map(([known]) => known)], wanted)
  const at = cases.length - (cases.at(-1)?.[1]['when'] === undefined ? 1 : 0)
  const filler = { nothing: nothingTask(languageOf(objectOf(documents[path]))) }
  return choiceWritten(documents, path, keys, first, cases.toSpliced(at, 0, [name, going({ when }, name)]), branches.toSpliced(at, 0, [name, going({ do: [filler] }, 'exit')]))
}

/** Takes a case with its list out of a choice; the last one stays. */
export function removeCase(documents: Documents, path: string, keys: Keys, index: number): readonly Operation[] {
  const { cases, branches, first } = choiceAt(documents, path, keys)
  return first === undefined || cases.length < 2 ? [] : choiceWritten(documents, path, keys, first, cases.toSpliced(index, 1), branches.toSpliced(index, 1))
}

function choiceAt(documents: Documents, path: string, keys: Keys): { readonly first: string | undefined; readonly cases: readonly Entry[]; readonly branches: readonly Entry[] } {
  const [choose, ...branches] = entriesOf(valueAt(documents, [path, ...keys, 'do']))
  return { first: choose?.[0], cases: entriesOf(choose?.[1]['switch']), branches }
}

const choiceWritten = (documents: Documents, path: string, keys: Keys, first: string, cases: readonly Entry[], branches: readonly Entry[]): readonly Operation[] =>
  withTexts(documents, path, setValue(documents, [path, ...keys, 'do'], [{ [first]: { switch: cases.map(entryOf) } }, ...branches.map(entryOf)]))

/** Adds a branch with an empty list to a fork. */
export function addBranch(documents: Documents, path: string, keys: Keys): readonly Operation[] {
  const list = [...keys, 'fork', 'branches']
  const before = listed(objectOf(documents[path]), list)
  if (before === null) return []
  const filler = { nothing: nothingTask(languageOf(objectOf(documents[path]))) }
  return written(documents, path, list, [...before, [freeName(before.map(([known]) => known), `branch${before.length + 1}`), { do: [filler] }]])
}

/** Takes a branch out of a fork; the last one stays. */
export function removeBranch(documents: Documents, path: string, keys: Keys, index: number): readonly Operation[] {
  const list = [...keys, 'fork', 'branches']
  const before = listed(objectOf(documents[path]), list)
  return before === null || before.length < 2 ? [] : written(documents, path, list, before.toSpliced(index, 1))
}

const entryOf = ([name, task]: Entry): JsonObject => ({ [name]: task })

const listed = (workflow: JsonObject, list: Keys): readonly Entry[] | null => {
  const found = valueAt(workflow, list)
  return Array.isArray(found) ? entriesOf(found as readonly Json[]) : null
}

const withFiller = (workflow: JsonObject, entries: readonly Entry[]): readonly Entry[] => (entries.length > 0 ? entries : [['nothing', nothingTask(languageOf(workflow))]])

const written = (documents: Documents, path: string, list: Keys, entries: readonly Entry[]): readonly Operation[] => withTexts(documents, path, setValue(documents, [path, ...list], repaired(entries)))

/** Tasks go on with what is there: jumps to others are taken out. */
function repaired(entries: readonly Entry[]): readonly JsonObject[] {
  const names = new Set(entries.map(([name]) => name))
  const known = (then: string): string | undefined => (names.has(then) || then === 'continue' || then === 'exit' || then === 'end' ? then : undefined)
  return entries.map(([name, task]) => entryOf([name, retargeted(task, known)]))
}

/** `to` gives where a jump leads from now on; undefined: simply on. */
function retargeted(task: JsonObject, to: (then: string) => string | undefined): JsonObject {
  const { then, ...rest } = task
  const next = typeof then === 'string' ? to(then) : undefined
  // Untouched tasks stay the same object, with their members in their order.
  const own = then === undefined || next === then ? task : next === undefined ? rest : going(task, next)
  if (!Array.isArray(own['switch'])) return own
  const cases = listOf(own['switch']).map((entry) => Object.fromEntries(Object.entries(objectOf(entry)).map(([name, one]) => {
    const leads = objectOf(one)['then']
    return [name, typeof leads === 'string' ? going(objectOf(one), to(leads) ?? 'continue') : one]
  })))
  return { ...own, switch: cases }
}

const same = (a: Keys, b: Keys): boolean => a.length === b.length && a.every((key, index) => key === b[index])
const isInside = (inner: Keys, outer: Keys): boolean => inner.length > outer.length && outer.every((key, index) => key === inner[index])
