/** One line of text. */
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, optionsSchema, picked } from '../keywords.js'
import { foldedText } from '../text-column.js'

/** Formats that are checked but stored as plain text; the others have a type of their own. The last two are ours: their values are chosen by name. */
const formats = ['uuid', 'time', 'duration', 'hostname', 'ipv4', 'ipv6', 'uri-reference', 'uri-template', 'iri', 'iri-reference', 'idn-hostname', 'json-pointer', 'relative-json-pointer', 'regex', 'time-zone', 'language']

const keywords = ['minLength', 'maxLength', 'pattern', 'format', 'const'] as const

type TextOptions = {
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly const?: string
}

export const text: FieldType<TextOptions, string> = {
  ...foldedText,
  name: 'text',
  options: optionsSchema({
    minLength: keywordOptions.minLength,
    maxLength: { ...keywordOptions.maxLength, default: 255, maximum: 4000 },
    pattern: keywordOptions.pattern,
    format: { $comment: 'keyword', enum: formats, title: 'Format', description: 'A standard form that the text must have.' },
    const: { ...keywordOptions.const, type: 'string' },
  }),
  infer: (property, named) => {
    if (!named && !hasType(property, 'string')) return undefined
    const options: TextOptions = optionsOf(property, keywords)
    if (options.format === undefined || formats.includes(options.format)) return options
    // A format that we do not know is an annotation, as JSON Schema says.
    const { format: _unknown, ...known } = options
    return known
  },
  schema: (options) => ({ type: 'string', maxLength: 255, ...picked(options, keywords) }),
  parse: (written) => (written === '' ? undefined : written),
  format: (value) => value,
  examples: [
    { options: {}, value: 'Wang Fang', text: 'Wang Fang' },
    { options: { maxLength: 20 }, value: '成都 Straße İI ﬁ', text: '成都 Straße İI ﬁ' },
    { options: { maxLength: 1 }, value: '😀', text: '😀' },
    { options: {}, value: ' 100% _sure_ \\ "it\'s" ', text: ' 100% _sure_ \\ "it\'s" ' },
    { options: { pattern: '^[A-Z]{2}-\\d+$', minLength: 4 }, value: 'AB-17', text: 'AB-17' },
    { options: { format: 'time-zone' }, value: 'Asia/Shanghai', text: 'Asia/Shanghai' },
    { options: { format: 'language' }, value: 'zh-CN', text: 'zh-CN' },
    { options: { format: 'uuid' }, value: '0190a6f4-8f1e-7c3b-9d2a-1b2c3d4e5f60', text: '0190a6f4-8f1e-7c3b-9d2a-1b2c3d4e5f60' },
  ],
}
