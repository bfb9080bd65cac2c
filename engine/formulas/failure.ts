/** Why an expression gave nothing on some record, as somebody who wrote it understands it. */

export const failureCodes = ['divides', 'tooLarge', 'unfit', 'other'] as const
export type FailureCode = (typeof failureCodes)[number]

export interface Failure {
  readonly code: FailureCode
  /** In English; for `other` in the words of the formula language. */
  readonly message: string
}

const known: readonly (readonly [RegExp, FailureCode, string])[] = [
  [/division by zero|modulo by zero/i, 'divides', 'It divides by zero.'],
  [/overflow|out of range|too (large|long)|infin/i, 'tooLarge', 'The result is too large.'],
  [/does not fit|cannot be kept/i, 'unfit', 'The result does not fit the field.'],
]

/** @param reason what the computation threw */
export function failureOf(reason: string): Failure {
  const [, code = 'other', message = reason] = known.find(([pattern]) => pattern.test(reason)) ?? []
  return { code, message }
}
