/**
 * Mistakes in formulas that people make who know spreadsheets, or type in another language: said by the engine in English, and
 * recognised by the studio, which says them in the reader's language (`formula.fault.<code>`).
 */
export const formulaFaults = {
  begins: 'A formula begins without “=”.',
  equals: 'Write “==” to compare two values.',
  sign: 'Write “{write}” instead of “{found}”.',
  join: 'Texts are joined with “+”; “and” is written “&&”.',
  comma: 'Numbers are written with a point, such as 0.19.',
  semicolon: 'Values are separated by commas, not by “;”.',
  percent: 'A share is written as a number: 10 % is 0.1.',
  choice: 'A choice is written: condition ? then : else.',
  otherwise: 'What holds otherwise is missing: condition ? then : else.',
  bracket: 'A bracket is not closed.',
  closing: 'A bracket is closed that was not opened.',
  quote: 'A text is not closed: its second quote is missing.',
  end: 'Something is missing at the end.',
  between: 'Something is missing before “{found}”, such as + or *, or quotes around a text.',
  unknown: 'Names, numbers, texts in quotes and signs such as + can be used; “{found}” is none of them.',
} as const
export type FormulaFaultCode = keyof typeof formulaFaults

/** What a sentence names. */
export type FaultWords = Readonly<Partial<Record<'found' | 'write', string>>>

export const formulaFault = (code: FormulaFaultCode, words: FaultWords = {}): string =>
  formulaFaults[code].replace(/\{(found|write)\}/g, (_whole, name: 'found' | 'write') => words[name] ?? '')

/** Where a fault stands: characters, from 1. */
export const faultAt = (character: number): string => ` (at character ${String(character)})`

export interface ReadFault {
  readonly code: FormulaFaultCode
  readonly words: FaultWords
  /** Character that it stands at, from 1; absent where it was not said. */
  readonly at?: string
}

/** Which mistake a message of the engine tells of; undefined when it is another one. */
export function readFault(message: string): ReadFault | undefined {
  const [, sentence = '', at] = /^(.*?)(?: \(at character (\d+)\))?$/s.exec(message) ?? []
  for (const { code, pattern } of patterns) {
    const words = pattern.exec(sentence)?.groups
    if (words !== undefined || pattern.test(sentence)) return { code, words: { ...words }, ...(at === undefined ? {} : { at }) }
  }
  return undefined
}

const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
const patterns = (Object.keys(formulaFaults) as FormulaFaultCode[]).map((code) => (
  { code, pattern: new RegExp(`^${escaped(formulaFaults[code]).replace(/\{(found|write)\}/g, '(?<$1>.*)')}$`, 's') }))
