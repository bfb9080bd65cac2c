/** A length of time, typed and shown as people write it: `1h 30m`. */
import { durationText, secondsIn } from '../../../metadata/contract/duration.js'
import type { Json } from '../../../metadata/contract/json.js'
import { number } from '../../client/i18n.js'
import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

const units = { h: 'hour', m: 'minute', s: 'second' } as const

/** Each part with the short word of the reader's language: `1h 30m`, `1小时 30分钟`. Sums and averages are seconds; what is no duration stays as it is. */
function written(value: Json): string {
  const seconds = typeof value === 'number' ? Math.round(value) : secondsIn(plain(value))
  if (seconds === undefined) return plain(value)
  return durationText(seconds).replaceAll(/(\d+)([hms])/g, (_, amount: string, unit: keyof typeof units) =>
    number(Number(amount), { style: 'unit', unit: units[unit], unitDisplay: 'narrow', useGrouping: false }))
}

export const duration: FieldView = {
  type: 'duration',
  icon: 'hourglass',
  align: 'end',
  columnPx: 110,
  wide: false,
  filters: ['$gte', '$lte', '$eq', '$gt', '$lt', '$ne'],
  // What is typed goes to the engine as it is, which reads it and gives it one spelling.
  input: (slot) => textInput({ ...slot, value: written(slot.value ?? null) }, 'text', written('PT1H30M')),
  cell: written,
  text: written,
}
