/** Text of several lines. */
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'
import { foldedText } from '../text-column.js'

const keywords = ['minLength', 'maxLength', 'pattern'] as const
const defaultLength = 20_000

type LongTextOptions = { readonly minLength?: number; readonly maxLength?: number; readonly pattern?: string }

export const longText: FieldType<LongTextOptions, string> = {
  ...foldedText,
  name: 'longText',
  options: optionsSchema({
    minLength: keywordOptions.minLength,
    maxLength: { ...keywordOptions.maxLength, default: defaultLength, maximum: 500_000 },
    pattern: keywordOptions.pattern,
  }),
  infer: (property, named) => {
    const long = hasType(property, 'string') && (property.format === 'textarea' || (typeof property.maxLength === 'number' && property.maxLength > 255))
    return named || long ? optionsOf(property, keywords) : undefined
  },
  schema: (options) => ({ type: 'string', maxLength: defaultLength, ...picked(options, keywords) }),
  // Nobody looks for a place in a sorted list of paragraphs, and an index over them would be large.
  sortColumn: () => null,
  parse: (written) => (written === '' ? undefined : written.replaceAll('\r\n', '\n')),
  format: (value) => value,
  examples: [
    { options: {}, value: 'First line\nsecond line\n\nthe end', text: 'First line\nsecond line\n\nthe end' },
    { options: { maxLength: 4000 }, value: '会员说:很满意。\n\tTab "quoted" 100%', text: '会员说:很满意。\n\tTab "quoted" 100%' },
  ],
}
