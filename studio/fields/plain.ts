/** Values as plain text, where no type knows better. */
import type { Json } from '../../metadata/contract/json.js'

/** A value as its text; objects as JSON. */
export const plain = (value: Json | undefined): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
