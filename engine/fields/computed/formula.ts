/** A value that is computed from other fields, written in CEL. */
import { faultAt } from '../../../metadata/contract/formula-faults.js'
import { checkFormula } from '../../formulas/formula.js'
import { optionsSchema, picked } from '../keywords.js'
import { seenAs } from '../seen-as.js'
import { textIn, type ComputedType } from './contract.js'
import { formulaShape } from './shapes.js'

export const formula: ComputedType = {
  name: 'formula',
  options: optionsSchema(
    {
      cel: { $comment: 'cel', type: 'string', minLength: 1, maxLength: 2000, title: 'Formula', description: 'For example: spend90 * 4 + (tier == "gold" ? 100 : 0)' },
      format: { enum: ['number', 'percent'], default: 'number', title: 'Number format', description: 'How a number is shown.' },
      scale: { type: 'integer', minimum: 0, maximum: 9, default: 2, title: 'Digits after the point', description: 'A number is rounded to so many digits.' },
      currency: { type: 'string', pattern: '^[A-Z]{3}$', title: 'Currency', description: 'Makes a number an amount of money: three letters (ISO 4217), such as CNY or USD.' },
    },
    ['cel'],
  ),
  settings: (crm) => picked(crm, ['cel', 'format', 'scale', 'currency']),
  derive: (settings, property, around) => {
    const cel = textIn(settings.cel)
    const checked = checkFormula({
      cel,
      keys: around.keysOf(around.entity) ?? [],
      resolve: (path) => {
        const found = around.along(path)
        return 'problem' in found ? found : { kind: seenAs(found.type, found.options) }
      },
    })
    if (checked.fault !== undefined) {
      const { message, range } = checked.fault
      return { at: 'cel', problem: range === undefined || range.start === 0 && range.end >= cel.length || message.includes('at character') ? message : `${message}${faultAt(range.start + 1)}` }
    }
    const { kind, paths, daily } = checked.formula
    return { shape: formulaShape(kind, settings, property), derived: { kind: 'expression', as: 'formula', cel, paths, daily } }
  },
}
