/** A person who uses the system: a reference to the entity `user`. */
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema } from '../keywords.js'
import { inverse, onDelete, recordId } from './reference.js'

type UserOptions = { readonly inverse?: string; readonly onDelete?: 'restrict' | 'clear' | 'cascade' }

export const user: FieldType<UserOptions, number> = {
  ...recordId,
  name: 'user',
  options: optionsSchema({ inverse, onDelete }),
  infer: (property, named) => (named ? optionsOf(property, [], ['inverse', 'onDelete']) : undefined),
  link: (options) => ({ to: 'user', ...(options.inverse === undefined ? {} : { inverse: options.inverse }), onDelete: options.onDelete ?? 'restrict' }),
  examples: [{ options: {}, value: 1, text: '1' }],
}
