/** A web or mail address. Other schemes are refused: `javascript:` and `data:` would run when someone follows the link. */
import { fold } from '../../../metadata/contract/text.js'
import type { FieldType } from '../contract.js'
import { hasType, keywordOptions, optionsOf, ownPattern, optionsSchema } from '../keywords.js'
import { foldedText } from '../text-column.js'

type UrlOptions = { readonly maxLength?: number }

const defaultLength = 2048
/** What an index takes. Addresses are nearly all ASCII, so this bounds hardly one of the usual length. */
const leastBytes = 2560
const longestBytes = ({ maxLength = defaultLength }: UrlOptions): number => Math.max(leastBytes, maxLength)

const pattern = ownPattern('^(https?://[^\\s/?#\\x00-\\x1f\\x7f][^\\s\\x00-\\x1f\\x7f]*|mailto:[^\\s@\\x00-\\x1f\\x7f]+@[^\\s\\x00-\\x1f\\x7f]+)$')
const accepted = new RegExp(pattern)

/** Schemes are written in any case, but stored in lower case. */
const canonical = (address: string): string => address.trim().replace(/^[a-z]+(?=:)/i, (scheme) => scheme.toLowerCase())

export const url: FieldType<UrlOptions, string> = {
  ...foldedText,
  name: 'url',
  options: optionsSchema({ maxLength: { ...keywordOptions.maxLength, default: defaultLength, maximum: 4000 } }),
  infer: (property, named) => (named || (hasType(property, 'string') && (property.format === 'uri' || property.format === 'url')) ? optionsOf(property, ['maxLength']) : undefined),
  schema: (options) => ({ type: 'string', maxLength: options.maxLength ?? defaultLength, pattern }),
  canonical: (value) => (typeof value === 'string' ? canonical(value) : value),
  operand: (value, operator) => foldedText.operand(typeof value === 'string' ? canonical(value) : value, operator),
  parse: (written) => {
    const address = /^www\./i.test(written.trim()) ? `https://${written.trim()}` : canonical(written)
    return accepted.test(address) ? address : undefined
  },
  format: (value) => value,
  longestBytes,
  check: (value, options) => foldedText.check(value) ?? (Math.max(Buffer.byteLength(value), Buffer.byteLength(fold(value))) > longestBytes(options) ? `is longer than ${String(longestBytes(options))} bytes` : undefined),
  examples: [
    { options: {}, value: 'https://example.com/a?b=c#d', text: 'https://example.com/a?b=c#d' },
    { options: {}, value: 'http://例子.测试/路径', text: 'http://例子.测试/路径' },
    { options: {}, value: 'mailto:hello@example.com', text: 'mailto:hello@example.com' },
  ],
}
