/** What a timeline of an entity can be made of, and what one that was chosen is made of. Pure. */
import type { UiEntity, UiField, UiTimeline } from '../../metadata/contract/ui-model.js'
import { boardFields } from '../boards/lanes.js'
import { usualCalendar } from '../calendars/calendar-fields.js'
import { fieldOf } from '../client/model.js'

/** Fields that there can be rows for: those that list their values, and references. */
export const rowFields = (entity: UiEntity): readonly UiField[] =>
  entity.fields.filter((field) => boardFields(entity).includes(field) || (!field.masked && field.sortable && field.to !== undefined))

/** The field of the rows, where the reader has it. */
export const rowFieldOf = (entity: UiEntity, { group }: UiTimeline): UiField | undefined => rowFields(entity).find(({ key }) => key === group)

/** What a timeline begins with: the days of a view of the entity that has some, as it knows which two belong together; otherwise a day that people set. */
export function usualTimeline(entity: UiEntity): UiTimeline | undefined {
  const defined = entity.lists.find(({ timeline }) => timeline !== undefined)?.timeline
  return defined ?? entity.lists.find(({ calendar }) => calendar?.end !== undefined)?.calendar ?? usualCalendar(entity)
}

/** Which of its days the reader may change. */
export function mayDraw(entity: UiEntity, { by, end }: UiTimeline): { readonly first: boolean; readonly last: boolean } {
  const may = (key: string | undefined): boolean => key !== undefined && entity.may.update && fieldOf(entity, key)?.updateable === true
  return { first: may(by), last: may(end) }
}
