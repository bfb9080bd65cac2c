/** What a calendar of an entity can be made of, and what one that was chosen or defined is made of. Pure. */
import type { UiCalendar, UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import { boardFields } from '../boards/lanes.js'
import { fieldOf } from '../client/model.js'
import { viewOf } from '../fields/index.js'
import type { DayField, Days } from './placed.js'

/** Fields that records can stand by. */
export const dayFields = (entity: UiEntity): readonly UiField[] => entity.fields.filter((field) => !field.masked && field.sortable && viewOf(field.type).periods === true)

/** Fields whose values have colours. */
export const colorFields = (entity: UiEntity): readonly UiField[] => boardFields(entity)

/** What records stand by; undefined when the reader does not have it, or it has no days. */
export function daysOf(entity: UiEntity, { by, end }: UiCalendar, timeZone: string): Days | undefined {
  const known = (key: string): DayField | undefined => {
    const field = dayFields(entity).find((one) => one.key === key)
    return field === undefined ? undefined : { key, moment: viewOf(field.type).moment === true }
  }
  const [first, last] = [known(by), end === undefined ? undefined : known(end)]
  return first === undefined || (end !== undefined && last === undefined) ? undefined : { by: first, end: last, timeZone }
}

/** The field of the colours, where the reader has it. */
export const colorOf = (entity: UiEntity, { color }: UiCalendar): UiField | undefined => colorFields(entity).find(({ key }) => key === color)

/** True when the reader may give records another day. */
export const mayMove = (entity: UiEntity, { by, end }: UiCalendar): boolean => entity.may.update && [by, ...(end === undefined ? [] : [end])].every((key) => fieldOf(entity, key)?.updateable === true)

/** What a calendar begins with: a day that people set rather than one of the system's; undefined where the entity has none. */
export function usualCalendar(entity: UiEntity): UiCalendar | undefined {
  const [by] = dayFields(entity).toSorted((a, b) => Number(b.updateable) - Number(a.updateable))
  const [color] = colorFields(entity)
  return by === undefined ? undefined : { by: by.key, ...(color === undefined ? {} : { color: color.key }) }
}
