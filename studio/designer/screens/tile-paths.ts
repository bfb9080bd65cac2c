/** Which paths of an entity a tile or its page can be about. */
import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt } from '../../client/model.js'
import { viewOf } from '../../fields/index.js'

/** Dates and moments that the period of the page can be about. */
export const momentsOf = (model: UiModel, entity: UiEntity, choices: readonly { readonly path: string; readonly label: string }[]): readonly (readonly [string, string])[] =>
  choices.flatMap(({ path, label }) => {
    const field = fieldAt(model, entity, path)
    return field !== undefined && !field.masked && viewOf(field.type).periods === true ? [[path, label] as const] : []
  })
