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
  /** What is typed and is no value, by JSON Pointer: the sentence that says so. It is an edit like others, and is not saved. */
  readonly unread: Readonly<Record<string, string>>
}

/** A form that shows `original`; `prefilled` counts as typed. */
export const start = (original: JsonObject, prefilled: JsonObject = {}): FormState => ({
  original,
  values: { ...original, ...prefilled },
  touched: new Set(),
  refused: {},
  unread: {},
})

/** The person changed a field. */
export function edit(state: FormState, key: string, value: Json): FormState {
  const refused = Object.fromEntries(Object.entries(state.refused).filter(([path]) => path !== `/${key}` && !path.startsWith(`/${key}/`)))
  return { ...state, values: { ...state.values, [key]: value }, refused }
}

/** What stands at the pointer cannot be read as a value, or can be again. */
export function unread(state: FormState, { path, message }: UnreadDetail): FormState {
  const { [path]: _before, ...others } = state.unread
  return { ...state, unread: message === null ? others : { ...others, [path]: message } }
}

/** A place of a form whose text is no value. */
export interface UnreadDetail {
  readonly path: string
  /** Null when it is one again. */
  readonly message: string | null
}

/** The person left a field. */
export const touch = (state: FormState, key: string): FormState => (state.touched.has(key) ? state : { ...state, touched: new Set([...state.touched, key]) })

/** Saving was tried: everything that is wrong is to be seen. */
export const touchAll = (state: FormState, keys: readonly string[]): FormState => ({ ...state, touched: new Set([...state.touched, ...keys]) })

/** The engine refused parts. */
export const refuse = (state: FormState, refused: Readonly<Record<string, string>>): FormState => ({ ...state, refused })

/** What is wrong and may be shown: what was found (`own`) in touched fields, what cannot be read, and all that the engine refused. */
export const shownProblems = (state: FormState, own: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(own).filter(([path]) => state.touched.has(path.split('/')[1] ?? ''))),
  ...state.unread,
  ...state.refused,
})

/** Keys whose values differ from the original. */
export const dirtyKeys = (state: FormState): readonly string[] => Object.keys(state.values).filter((key) => !same(state.values[key], state.original[key]))

/** Keys of fields with work in them: other values, or texts that are none. */
export const editedKeys = (state: FormState): readonly string[] => [...new Set([...dirtyKeys(state), ...Object.keys(state.unread).map((path) => path.split('/')[1] ?? '')])]

export const isDirty = (state: FormState): boolean => editedKeys(state).length > 0

/** True when nothing stands in the form that is no value. */
export const isReadable = (state: FormState): boolean => Object.keys(state.unread).length === 0

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
