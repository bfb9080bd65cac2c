/** Fields that no definition has. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'

/** A field that exists only on the screen. */
export const shownField = (key: string, title: string, type: string, options: JsonObject = {}, required = false): UiField => ({
  key, title, type, options, required,
  createable: true, updateable: true, masked: false, system: false, operators: [], sortable: false, measures: [], buckets: [],
  ...(typeof options['to'] === 'string' ? { to: options['to'] } : {}),
})
