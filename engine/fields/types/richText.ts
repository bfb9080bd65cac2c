/** Text with headings, lists and links, kept as Markdown (CommonMark). HTML in it is text like any other and never runs. */
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'
import { foldedText } from '../text-column.js'

const keywords = ['minLength', 'maxLength'] as const
const defaultLength = 50_000

type RichTextOptions = { readonly minLength?: number; readonly maxLength?: number }

export const richText: FieldType<RichTextOptions, string> = {
  ...foldedText,
  name: 'richText',
  options: optionsSchema({
    minLength: keywordOptions.minLength,
    maxLength: { ...keywordOptions.maxLength, default: defaultLength, maximum: 500_000 },
  }),
  infer: (property, named) => (named || (hasType(property, 'string') && property.contentMediaType === 'text/markdown') ? optionsOf(property, keywords) : undefined),
  schema: (options) => ({ type: 'string', contentMediaType: 'text/markdown', maxLength: defaultLength, ...picked(options, keywords) }),
  // As for other long texts: nobody looks for a place in a sorted list of them.
  sortColumn: () => null,
  parse: (written) => (written === '' ? undefined : written.replaceAll('\r\n', '\n')),
  format: (value) => value,
  examples: [
    { options: {}, value: '# Care\n\n- wash at **30 °C**\n- see [our page](https://example.com)', text: '# Care\n\n- wash at **30 °C**\n- see [our page](https://example.com)' },
    { options: { maxLength: 4000 }, value: '会员说:*很满意*。<b>not bold</b>', text: '会员说:*很满意*。<b>not bold</b>' },
  ],
}
