/** What a person has typed into a form, apart from how it is shown. Pure: each function gives a new state. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'

export interface FormState {
  /** The record as it was loaded, or the values that a new one begins with. */
  readonly original: JsonObject
  readonly values: JsonObject
  /** Keys of fields that the person has been in. Only these show what is wrong. */
  readonly touched: ReadonlySet<string>
  /** What the engine refused, by JSON Pointer; goes away when the field is edited. */
  readonly refused: Readonly<Record<string, string>>
}

/** A form that shows `original`; `prefilled` counts as typed. */
export const start = (original: JsonObject, prefilled: JsonObject = {}): FormState => ({
  original,
  values: { ...original, ...prefilled },
  touched: new Set(),
  refused: {},
})

/** The person changed a field. */
export function edit(state: FormState, key: string, value: Json): FormState {
  const refused = Object.fromEntries(Object.entries(state.refused).filter(([path]) => path !== `/${key}` && !path.startsWith(`/${key}/`)))
  return { ...state, values: { ...state.values, [key]: value }, refused }
}

/** The person left a field. */
export const touch = (state: FormState, key: string): FormState => (state.touched.has(key) ? state : { ...state, touched: new Set([...state.touched, key]) })

/** Saving was tried: everything that is wrong is to be seen. */
export const touchAll = (state: FormState, keys: readonly string[]): FormState => ({ ...state, touched: new Set([...state.touched, ...keys]) })

/** The engine refused parts. */
export const refuse = (state: FormState, refused: Readonly<Record<string, string>>): FormState => ({ ...state, refused })

/** Keys whose values differ from the original. */
export const dirtyKeys = (state: FormState): readonly string[] => Object.keys(state.values).filter((key) => !same(state.values[key], state.original[key]))

export const isDirty = (state: FormState): boolean => dirtyKeys(state).length > 0

/** What has to be sent to save: the changed fields only. */
export const changes = (state: FormState): JsonObject => Object.fromEntries(dirtyKeys(state).map((key) => [key, state.values[key] ?? null]))

/** A newer version of the record comes under the same edits: what was typed stays typed. */
export const rebase = (state: FormState, original: JsonObject): FormState => ({ ...state, original, values: { ...original, ...changes(state) } })

export const discard = (state: FormState): FormState => start(state.original)

/** Equal as JSON; no value and null are the same. Keys of objects may stand in any order. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (Object.is(a, b) || (a ?? null) === (b ?? null)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && (a as readonly Json[]).every((item, index) => same(item, (b as readonly Json[])[index]))
  if (!isObject(a) || !isObject(b)) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]))
}
