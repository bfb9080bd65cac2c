/** How a reference to one of several entities is said for one of them in our words, for the model that makes a field of it. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { OneOf } from './contract.js'

/** A reference to `to` that the engine fills. */
export const singleReference = ({ to, oneOf, id, archived, title }: { readonly to: string; readonly oneOf: OneOf; readonly id: string; readonly archived: boolean; readonly title: string }): JsonObject => ({
  title,
  readOnly: true,
  crm: { type: 'reference', to, id, onDelete: oneOf.onDelete, ...(oneOf.inverse === undefined ? {} : { inverse: oneOf.inverse }), ...(archived ? { archived: true } : {}) },
})
