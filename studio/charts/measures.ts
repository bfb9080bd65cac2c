/** A measure in words: which field, and its value as that field shows it. */
import { measures, type Measure } from '../../metadata/contract/operators.js'
import type { UiEntity, UiField, UiMeasure } from '../../metadata/contract/ui-model.js'
import { number } from '../client/i18n.js'
import { fieldOf, partOf } from '../client/model.js'
import type { Surroundings } from '../fields/contract.js'
import { viewOf } from '../fields/index.js'

/** What is measured and of which own field; undefined where records are counted. */
export function measured(entity: UiEntity, definition: UiMeasure): { readonly measure: Measure; readonly field: UiField | undefined } {
  const measure = measures.find((one) => definition[one] !== undefined) ?? 'count'
  const path = definition[measure]
  const [key = '', part] = typeof path === 'string' ? path.split('.') : []
  const whole = fieldOf(entity, key)
  return { measure, field: whole === undefined || part === undefined ? whole : partOf(whole, part) }
}

/** The value of a measure as people read it. */
export function measureText(entity: UiEntity, definition: UiMeasure, value: number, surroundings: Surroundings): string {
  const { measure, field } = measured(entity, definition)
  if (field === undefined || measure === 'count') return number(value)
  const text = viewOf(field.type).text(value, { ...surroundings, field })
  // Fields of numbers write them at once; an average of others has no other form than a number.
  return typeof text === 'string' ? text : number(value)
}
