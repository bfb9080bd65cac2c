/** Values of one type as values of another. Nothing is cut or rounded: a value fits or it does not. */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../../metadata/contract/json.js'
import type { Field } from '../../model/model.js'
import { valueCheck } from '../../model/validation.js'

/** A conversion of single values, compiled once: undefined when a value does not fit. */
export type Convert = (value: Json) => Json | undefined

/** Through the text that people see: what the old type writes the new one must understand, and accept. */
export function conversion(before: Field, after: Field, discard: boolean): Convert {
  if (discard) return () => undefined
  const accepts = acceptance(after)
  return (value) => {
    const text = before.type.format(value, before.options)
    const parsed = after.type.parse(text, after.options)
    if (parsed === undefined || parsed === null) return undefined
    const canonical = after.type.canonical === undefined ? parsed : after.type.canonical(parsed, after.options)
    return accepts(canonical) ? canonical : undefined
  }
}

/** Does the field take the value as it is? */
export function acceptance(field: Field): (value: Json) => boolean {
  const check = valueCheck(field.schema)
  return (value) => check(value, '', field.title).length === 0 && field.type.check?.(value, field.options) === undefined
}

/**
 * The value after going back to a type whose old values are still there: the old one, unless somebody changed it since.
 * @param old value that was parked when the field left this type; null when there was none
 * @param current value of the type in between
 */
export function goingBack(there: Convert, back: Convert, old: Json, current: Json): Json | undefined {
  const thenConverted = old === null ? null : there(old)
  // What did not fit was left empty: still empty means that nobody has given another value.
  const untouched = thenConverted === undefined ? current === null : isDeepStrictEqual(thenConverted, current)
  if (untouched) return old
  return current === null ? null : back(current)
}
