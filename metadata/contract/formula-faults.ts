/**
 * Mistakes in formulas, in conditions of rules and in other computed fields: said by the engine in English, and recognised by the
 * studio, which says them in the reader's language (`formula.fault.<code>`). Those up to `unknown` are of people who know
 * spreadsheets, or type in another language.
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

  unread: 'It cannot be read from here on.',
  unusable: 'It cannot be used as it stands here.',
  number: '“{found}” is no number that can be read.',
  newline: 'A text ends on the line on which it begins; write \\n for a new line in it.',
  reserved: '“{found}” is a word that formulas keep for themselves.',
  long: 'It is too long or nested too deeply; split it over several fields.',
  loops: 'Loops over lists are nested too deeply.',
  instead: '“{found}” is not offered here; use {write} instead.',
  gives: 'It gives {kind}, but it must give {wanted}.',
  branches: 'Both ends of “condition ? … : …” must give the same kind of value.',
  asks: 'Before “?” stands a condition that is true or false; this is {kind}.',
  asksEach: 'For each entry of a list a condition is asked that is true or false; this is {kind}.',
  joins: '“&&”, “||” and “!” take conditions that are true or false; this is {kind}.',
  each: 'Only the entries of a list can be gone through; this is {kind}.',
  parts: 'Values have no parts that can be named with a dot.',
  place: 'A place in a list is a whole number that is written out or counted with size().',
  noPlaces: 'Only a list has places to ask for; this is {kind}.',
  operation: '“{left} {sign} {right}” is not possible.',
  opposite: '“{sign}{right}” is not possible.',
  link: '“{found}” is a link to another record: it can be compared with == and !=, but not computed with.',
  linkFields: '“{found}” is a link to another record and has no value of its own. Write {found}.<field> for a value of that record.',
  call: '“{found}({kinds})” is not possible: write {write}.',
  noFunction: 'There is no function “{found}”.',
  noFunctionNear: 'There is no function “{found}”. Did you mean “{near}”?',
  noName: 'There is no field “{found}” that an expression can use.',
  noNameNear: 'There is no field “{found}” that an expression can use. Did you mean “{near}”?',
  noField: 'There is no field “{found}”.',
  noFieldNear: 'There is no field “{found}”. Did you mean “{near}”?',
  noFieldIn: 'There is no field “{found}” in {entity}.',
  noFieldInNear: 'There is no field “{found}” in {entity}. Did you mean “{near}”?',
  noEntity: 'There is no entity “{found}”.',
  noKind: '“{found}” has values that a formula cannot use.',
  now: 'A formula is stored, so it cannot use “now”, which changes all the time. Use “today”: such a formula is computed anew every day.',
  division: 'Dividing whole numbers drops what is behind the point: write one of them with a point, such as 1.0.',
  unclear: 'It is not clear what kind of value this gives: the parts of a condition must all give the same kind.',
  result: 'A formula gives a number, a text, yes or no, a date or a time.',
  circle: 'It is computed from itself: {found}.',
  broken: '“{found}” cannot be used as it is.',
  brokenSettings: '“{found}” cannot be computed: its own settings are to be corrected first.',
  brokenItself: '“{found}” cannot be computed itself: {reason}',
  hops: '“{found}” goes over more than {most} references.',
  noReference: '“{found}” is no reference, so it has no parts that can be named with a dot.',
  notStored: '“{found}” has values that are not stored.',

  computed: '“{found}” is computed from what rules set; name the fields that it is computed from.',
  numbered: '“{found}” is given when the record is saved, after rules have set.',
  mustGive: 'It must give {wanted}, because “{found}” holds one.',
  referencesOnly: '“{found}” is no reference: of other records, a rule takes references only.',
  mustRefer: 'It must give a reference to {entity}, such as a field of the record or of one that it refers to.',

  counts: 'It must say what is counted.',
  noTree: 'The records of {entity} form no tree: nothing stands below them.',
  leadsElsewhere: '“{found}” does not lead to {entity}.',
  noMeasure: 'There is no {write} of “{found}”: its values are not of such a kind.',
  noOrder: '“{found}” has no order.',
  everybody: 'The value is the same for everybody, so its condition cannot name $user.',
  ownFields: 'The condition may ask fields of {entity} itself only; for “{found}” add a field there that looks it up.',
  asksTree: 'The condition cannot ask where a record stands in a tree; that changes without the record. Count with “subtree” instead.',
  asksSegment: 'The condition cannot ask for a segment; who is in it changes without the record.',
} as const
export type FormulaFaultCode = keyof typeof formulaFaults

/** What a sentence names: as it is written in the formula, the names of definitions, or a kind of value (`kind` and the others of `kindWords`). */
const wordNames = ['found', 'write', 'near', 'entity', 'sign', 'most', 'reason', 'kind', 'kinds', 'wanted', 'left', 'right'] as const
type FaultWord = (typeof wordNames)[number]
export type FaultWords = Readonly<Partial<Record<FaultWord, string>>>

/** The words of a sentence that are kinds of values, e.g. `a number`, `text`; of `kinds`: several, separated by commas. */
export const kindWords: ReadonlySet<string> = new Set<FaultWord>(['kind', 'kinds', 'wanted', 'left', 'right'])

const wordPattern = new RegExp(String.raw`\{(${wordNames.join('|')})\}`, 'g')

export const formulaFault = (code: FormulaFaultCode, words: FaultWords = {}): string =>
  formulaFaults[code].replace(wordPattern, (_whole, name: FaultWord) => words[name] ?? '')

/** What a finding says of a rule before it says what is wrong. */
export const ruleLead = 'The rule cannot be used: '

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
  const [, sentence = '', at] = /^(.*?)(?: \(at character (\d+)\))?$/s.exec(message.startsWith(ruleLead) ? message.slice(ruleLead.length) : message) ?? []
  for (const { code, pattern } of patterns) {
    const words = pattern.exec(sentence)?.groups
    if (words !== undefined || pattern.test(sentence)) return { code, words: { ...words }, ...(at === undefined ? {} : { at }) }
  }
  return undefined
}

/** A word that is named twice is the same both times. */
function patternOf(sentence: string): string {
  const named = new Set<string>()
  return escaped(sentence).replace(wordPattern, (_whole, name: FaultWord) => {
    if (named.has(name)) return String.raw`\k<${name}>`
    named.add(name)
    return `(?<${name}>${shapes[name] ?? '.*'})`
  })
}
const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
/** The sign of an operator: never letters, so that it is told apart from the kinds beside it. */
const shapes: Readonly<Partial<Record<FaultWord, string>>> = { sign: String.raw`[^\s\w]+|in`, kinds: String.raw`[^()]*` }
const patterns = (Object.keys(formulaFaults) as FormulaFaultCode[]).map((code) => (
  { code, pattern: new RegExp(`^${patternOf(formulaFaults[code])}$`, 's') }))
