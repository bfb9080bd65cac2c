/** The functions that steps may call, in the reader's language. Those of plugins bring their texts along. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Published, WorkflowFunction } from '../draft/definitions.js'
import { setValue } from '../commands/set-value.js'
import { applyAll, keysOf } from '../draft/operations.js'

export const functionsIn = ({ workflowFunctions }: Pick<Published, 'workflowFunctions'>, language: string): readonly WorkflowFunction[] => workflowFunctions.map((one) => inWords(one, language))

function inWords(one: WorkflowFunction, language: string): WorkflowFunction {
  const texts = Object.entries(one.texts?.[language] ?? {})
  const document = one as unknown as JsonObject
  return texts.reduce<{ readonly one: JsonObject }>(({ one: now }, [place, text]) => applyAll({ one: now }, setValue({ one: now }, ['one', ...keysOf(place)], text)) as { readonly one: JsonObject }, { one: document }).one as unknown as WorkflowFunction
}
