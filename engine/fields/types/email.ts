/** An e-mail address, kept in lower case so that one address has one spelling. */
import type { FieldType } from '../contract.js'
import { hasType, optionsSchema } from '../keywords.js'
import { foldedText } from '../text-column.js'

type EmailOptions = Record<string, never>

const canonical = (address: string): string => address.trim().toLowerCase()

export const email: FieldType<EmailOptions, string> = {
  ...foldedText,
  name: 'email',
  options: optionsSchema({}),
  infer: (property, named) => (named || (hasType(property, 'string') && (property.format === 'email' || property.format === 'idn-email')) ? {} : undefined),
  // 254 octets is the longest address that SMTP can carry (RFC 5321, erratum 1690).
  schema: () => ({ type: 'string', format: 'email', maxLength: 254 }),
  canonical: (value) => (typeof value === 'string' ? canonical(value) : value),
  operand: (value, operator) => foldedText.operand(typeof value === 'string' ? canonical(value) : value, operator),
  parse: (written) => {
    const address = canonical(written)
    return /^[^\s@]+@[^\s@]+$/.test(address) ? address : undefined
  },
  format: (value) => value,
  mask: (value) => value.replace(/^(.).*(?=@)/u, '$1***'),
  examples: [
    { options: {}, value: 'wang.fang@example.com', text: 'wang.fang@example.com' },
    { options: {}, value: "o'neil+news@mail.example.co.uk", text: "o'neil+news@mail.example.co.uk" },
  ],
}
