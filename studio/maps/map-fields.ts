/** What a map of an entity can be made of. Pure. */
import type { UiEntity, UiField, UiMap } from '../../metadata/contract/ui-model.js'
import { boardFields } from '../boards/lanes.js'
import { viewOf } from '../fields/index.js'

/** Fields that records can stand by. */
export const placeFields = (entity: UiEntity): readonly UiField[] => entity.fields.filter((field) => !field.masked && viewOf(field.type).places === true)

/** The field of the colours, where the reader has it. */
export const colorOf = (entity: UiEntity, { color }: UiMap): UiField | undefined => boardFields(entity).find(({ key }) => key === color)

/** What a map begins with; undefined where the entity has no places. */
export function usualMap(entity: UiEntity): UiMap | undefined {
  const [at] = placeFields(entity)
  const [color] = boardFields(entity)
  return at === undefined ? undefined : { at: at.key, ...(color === undefined ? {} : { color: color.key }) }
}
