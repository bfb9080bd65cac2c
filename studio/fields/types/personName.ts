/** The name of a person, in the order of its culture. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { nameText } from '../../../metadata/contract/person-name.js'
import { language } from '../../client/i18n.js'
import { objectOf, partsGroup, type PartInput } from '../parts-group.js'
import { plain } from '../plain.js'
import type { FieldView } from '../contract.js'

const written = (value: Json): string => (isObject(value) ? nameText(value) : plain(value))

/** In Chinese the family comes first, also in the form. A name that was never taken apart keeps its one input. */
function inputs(value: Json | undefined, required: boolean): readonly PartInput[] {
  const { full, family, given } = objectOf(value)
  if (full !== undefined && family === undefined && given === undefined) return [{ name: 'full', type: 'text', width: 'full', required }]
  const names: readonly PartInput[] = [{ name: 'given', type: 'text', width: 'half' }, { name: 'family', type: 'text', width: 'half' }]
  const more: readonly PartInput[] = ['prefix', 'middle', 'suffix'].map((name) => ({ name, type: 'text', width: 'third' }))
  return [...(language.value === 'zh' ? names.toReversed() : names), ...more]
}

export const personName: FieldView = {
  type: 'personName',
  icon: 'user',
  align: 'start',
  columnPx: 170,
  wide: true,
  filters: [],
  input: (slot) => partsGroup(slot, inputs(slot.value, slot.required)),
  cell: written,
  text: written,
}
