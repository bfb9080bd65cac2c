/** A text beside the draft: what of it the draft has, and what becomes of both when either changes. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { canonical } from '../draft/definitions.js'
import type { Operation } from '../draft/operations.js'
import { difference } from './difference.js'
import { readText, writeText } from './reading.js'

export interface TextState {
  readonly text: string
  /** The definition that the text was last the same as; undefined while there is none. */
  readonly base: JsonObject | undefined
}

export const openText = (document: JsonObject | undefined): TextState => ({ text: document === undefined ? '' : writeText(document), base: document })

/** True when the draft has all that the text says. Broken text is never in it. */
export function isTaken({ text, base }: TextState): boolean {
  if (base === undefined) return text.trim() === ''
  const { value } = readText(text)
  return value !== null && canonical(value) === canonical(base)
}

/** The draft's definition is another one now. What is typed and not in the draft yet stays as it is typed. */
export function followed(state: TextState, document: JsonObject | undefined): TextState {
  if (state.base === document || canonical(state.base) === canonical(document)) return state
  if (saysSame(state.text, document)) return { ...state, base: document }
  return isTaken(state) ? openText(document) : state
}

const saysSame = (text: string, document: JsonObject | undefined): boolean => document !== undefined && canonical(readText(text).value ?? undefined) === canonical(document)

/** What the draft has to be told, and the state once it was; nothing of a broken text. Only what was typed: what others changed meanwhile stays. */
export function toldOf(path: string, state: TextState): { readonly operations: readonly Operation[]; readonly state: TextState } {
  const { value } = readText(state.text)
  return value === null ? { operations: [], state } : { operations: difference(path, state.base, value), state: { ...state, base: value } }
}
