/** A number that the engine gives when a record is created, such as `M2026-000017`. */
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema } from '../keywords.js'
import { foldedText } from '../text-column.js'

type AutonumberOptions = { readonly format: string }

/** Dates are those of UTC, so that a number does not depend on where the server stands. */
const dateParts: Readonly<Record<string, (at: Date) => string>> = {
  yyyy: (at) => String(at.getUTCFullYear()).padStart(4, '0'),
  yy: (at) => String(at.getUTCFullYear() % 100).padStart(2, '0'),
  MM: (at) => String(at.getUTCMonth() + 1).padStart(2, '0'),
  dd: (at) => String(at.getUTCDate()).padStart(2, '0'),
}
const datePart = /\{(yyyy|yy|MM|dd)\}/g

export const autonumber: FieldType<AutonumberOptions, string> = {
  ...foldedText,
  name: 'autonumber',
  options: optionsSchema(
    {
      format: {
        type: 'string',
        maxLength: 60,
        pattern: '^([^{}]|\\{(yyyy|yy|MM|dd)\\})*\\{0{1,15}\\}([^{}]|\\{(yyyy|yy|MM|dd)\\})*$',
        default: '{000000}',
        title: 'Format',
        description: 'Text with {000000} where the number goes (as many digits as zeros) and {yyyy}, {yy}, {MM}, {dd} for the date. Numbers start again whenever the date parts change.',
      },
    },
    ['format'],
  ),
  infer: (property, named) => (named ? { format: '{000000}', ...optionsOf(property, [], ['format']) } : undefined),
  schema: () => ({ type: 'string', minLength: 1, maxLength: 100 }),
  parse: (written) => (written.trim() === '' ? undefined : written.trim()),
  format: (value) => value,
  numbering: {
    counter: (options, at) => [...options.format.matchAll(datePart)].map(([, part = '']) => dateParts[part]?.(at) ?? '').join('-'),
    value: (options, number, at) =>
      options.format
        .replace(datePart, (whole, part: string) => dateParts[part]?.(at) ?? whole)
        .replace(/\{(0+)\}/, (_whole, zeros: string) => String(number).padStart(zeros.length, '0')),
  },
  examples: [
    { options: { format: 'M{yyyy}-{000000}' }, value: 'M2026-000017', text: 'M2026-000017' },
    { options: { format: '{000}' }, value: '1234', text: '1234' },
  ],
}
