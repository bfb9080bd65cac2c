/** The value of a field of the record that a reference leads to. */
import { formulaFault } from '../../../metadata/contract/formula-faults.js'
import { optionsSchema, picked } from '../keywords.js'
import { textIn, type ComputedType } from './contract.js'
import { copiedShape } from './shapes.js'

export const lookup: ComputedType = {
  name: 'lookup',
  options: optionsSchema(
    {
      via: { $comment: 'reference', type: 'string', minLength: 1, title: 'Over', description: 'The field of this record that refers to the other one, such as store.' },
      field: { $comment: 'target', type: 'string', minLength: 1, title: 'Field', description: 'The field of the other record whose value is shown here, or a part of one, such as address.city.' },
    },
    ['via', 'field'],
  ),
  settings: (crm) => picked(crm, ['via', 'field']),
  derive: (settings, _property, around) => {
    const path = [textIn(settings.via), ...textIn(settings.field).split('.')]
    const found = around.along(path)
    if ('problem' in found) return { at: 'field', problem: found.problem }
    if (found.type.columns(found.options).length === 0) return { at: 'field', problem: formulaFault('notStored', { found: path.join('.') }) }
    return { shape: copiedShape(found), derived: { kind: 'expression', as: 'lookup', cel: null, paths: [path], daily: false } }
  },
}
