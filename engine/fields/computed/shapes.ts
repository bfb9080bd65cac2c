/** Which type the values of a computed field have. */
import type { Json, JsonObject, JsonSchema } from '../../../metadata/contract/json.js'
import type { ResultKind } from '../../formulas/formula.js'
import { listedValues, picked } from '../keywords.js'
import { boolean } from '../types/boolean.js'
import { date } from '../types/date.js'
import { decimal } from '../types/decimal.js'
import { instant } from '../types/instant.js'
import { integer } from '../types/integer.js'
import { money } from '../types/money.js'
import { percent } from '../types/percent.js'
import { select } from '../types/select.js'
import { text } from '../types/text.js'
import type { FieldType } from '../contract.js'
import type { RollupMeasure, Shape } from './contract.js'

/** A type with options of its own as one of many. */
const shape = (type: unknown, options: JsonObject): Shape => ({ type: type as FieldType, options }) // each type takes exactly its own options

/** Digits after the point where nobody said how many. */
const defaultScale = 2

/** The type of what a formula gives. `property` may list the texts that it gives, as a select does. */
export function formulaShape(kind: ResultKind, settings: JsonObject, property: JsonSchema): Shape {
  switch (kind) {
    case 'number':
      return numberShape(settings)
    case 'text': {
      const choices = listedValues(property) === undefined ? undefined : select.infer(property, true)
      return choices === undefined ? shape(text, { maxLength: 4000 }) : shape(select, choices)
    }
    case 'boolean':
      return shape(boolean, {})
    case 'date':
      return shape(date, {})
    case 'instant':
      return shape(instant, {})
  }
}

function numberShape(settings: JsonObject): Shape {
  if (typeof settings.currency === 'string') return shape(money, { currency: settings.currency })
  const scale = typeof settings.scale === 'number' ? settings.scale : defaultScale
  return settings.format === 'percent' ? shape(percent, { scale }) : shape(decimal, { scale })
}

/** Options that say which values are accepted, not what they are: a sum of small numbers may be large. */
const limits: ReadonlySet<string> = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'const', 'multipleOf', 'default'])

/** The type of a rollup of values of type `source`; undefined when they cannot be measured so. */
export function rollupShape(measure: RollupMeasure, source: Shape | undefined, scale: Json | undefined): Shape | undefined {
  if (measure === 'count') return shape(integer, {})
  if (source === undefined) return undefined
  if (measure === 'first' || measure === 'last') return copiedShape(source)
  if (!source.type.measures.includes(measure)) return undefined
  const whole = source.type.columns(source.options)[0]?.kind === 'integer' && typeof source.type.fromColumns([0], source.options) === 'number'
  if (measure === 'avg' && whole) return shape(decimal, { scale: typeof scale === 'number' ? scale : defaultScale })
  return unlimited(source)
}

/** The same type without limits of its values, with as many digits. */
function unlimited({ type, options }: Shape): Shape {
  const kept = picked(options, Object.keys(options).filter((name) => !limits.has(name)))
  const [column] = type.columns(options)
  const scale = column?.scale !== undefined && type.columns(kept)[0]?.scale !== column.scale ? { scale: column.scale } : {}
  return { type, options: { ...kept, ...scale } }
}

/** The type of values that are taken from another field as they are. A number that was given there is text here. */
export function copiedShape({ type, options }: Shape): Shape {
  if (type.numbering !== undefined) return shape(text, {})
  if (type.link === undefined) return unlimited({ type, options })
  const { inverse: _inverse, ...rest } = options
  return { type, options: { ...rest, ...(options.onDelete === undefined ? {} : { onDelete: 'clear' }) } }
}
