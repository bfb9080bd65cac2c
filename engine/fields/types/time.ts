/** A time on the wall clock, `HH:mm` or `HH:mm:ss`. It has no zone and never shifts. */
import type { Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { hasType, optionsSchema } from '../keywords.js'

type TimeOptions = Record<string, never>

export const time: FieldType<TimeOptions, string> = {
  name: 'time',
  options: optionsSchema({}),
  infer: (property, named) => (named || (hasType(property, 'string') && property.format === 'time') ? {} : undefined),
  schema: () => ({ type: 'string', maxLength: 20 }),
  canonical: (value: Json) => (typeof value === 'string' ? (read(value) ?? value) : value),
  columns: () => [{ suffix: '', kind: 'text' }],
  toColumns: (value) => [value],
  fromColumns: ([cell]) => (typeof cell === 'string' ? cell : null),
  operators: ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'],
  operand: (value) => (typeof value === 'string' ? read(value) : undefined),
  sortColumn: () => 0,
  measures: ['count', 'min', 'max'],
  buckets: [],
  check: (value) => (read(value) === value ? undefined : 'must be a time of day, such as 08:30 or 17:05:30'),
  parse: read,
  format: (value) => value,
  formula: 'text',
  examples: [
    { options: {}, value: '08:30', text: '08:30' },
    { options: {}, value: '00:00', text: '00:00' },
    { options: {}, value: '08:30:15', text: '08:30:15' },
    { options: {}, value: '23:59:59', text: '23:59:59' },
  ],
}

/**
 * The one spelling of a time: seconds stand there only when there are some, so that the order of the texts is the order
 * of the times. Understands `8:30`, `08:30:00`, `0830`, `8:30 pm` and `下午8:30`; undefined for anything else.
 */
function read(written: string): string | undefined {
  const text = written.normalize('NFKC').trim().toLowerCase()
  const [, before = '', hours = '', minutes = '', seconds = '00', after = ''] = /^(上午|下午)?\s*(\d{1,2})[:.]?(\d{2})(?:[:.](\d{2}))?\s*([ap]\.?m\.?)?$/.exec(text) ?? []
  if (hours === '' || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const half = before === '下午' || after.startsWith('p') ? 'pm' : before === '上午' || after.startsWith('a') ? 'am' : ''
  if (half === '' ? Number(hours) > 23 : Number(hours) < 1 || Number(hours) > 12) return undefined
  const hour = half === '' ? Number(hours) : (Number(hours) % 12) + (half === 'pm' ? 12 : 0)
  return `${String(hour).padStart(2, '0')}:${minutes}${seconds === '00' ? '' : `:${seconds}`}`
}
