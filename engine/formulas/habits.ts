/** What somebody meant who writes formulas as in a spreadsheet, or with the signs of their keyboard: told instead of what the parser says. Pure. */
import { formulaFault } from '../../metadata/contract/formula-faults.js'

/** Signs of other places for the same: quotes, dots and lines that keyboards and text programs make. */
const signs: Readonly<Record<string, string>> = {
  '×': '*', '·': '*', '÷': '/', '≤': '<=', '≥': '>=', '≠': '!=', '|': '||', '–': '-', '—': '-', '−': '-',
  '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '‘': '"', '’': '"', '「': '"', '」': '"', '、': ',', '＝': '==',
}
const words: ReadonlyMap<string, string> = new Map([['and', '&&'], ['or', '||'], ['not', '!'], ['且', '&&'], ['或', '||']])

/** @param start where the parser stopped: characters of the source; @param reason what it says */
export function readingHabit(source: string, start: number, reason: string): string | undefined {
  const before = source.slice(0, start)
  const rest = source.slice(start)
  const [character = ''] = rest
  const word = /^[\p{L}\p{N}_]+/u.exec(rest)?.[0] ?? ''
  const said = words.get(word.toLowerCase())
  if (/\d\s*%\s*$/.test(before)) return formulaFault('percent')
  if (reason.startsWith('Unterminated')) return formulaFault('quote')
  if (/^Reserved identifier: (?:if|else)/.test(reason)) return formulaFault('choice')
  if (said !== undefined) return formulaFault('sign', { found: word, write: said })
  if (/\bnot\s+$/i.test(before)) return formulaFault('sign', { found: 'not', write: '!' })
  if (character === '=') return equalsHabit(before, rest)
  if (character === '>' && before.endsWith('<')) return formulaFault('sign', { found: '<>', write: '!=' })
  if (character === ',' && /\d$/.test(before) && /^,\d/.test(rest)) return formulaFault('comma')
  if (character === ';' || character === '；') return formulaFault('semicolon')
  if (character === '&') return formulaFault('join')
  const write = signs[character] ?? halfWidth(character)
  if (write !== undefined) return formulaFault('sign', { found: character, write })
  if (reason.startsWith('Expected COLON') && source.includes('?')) return formulaFault('otherwise')
  if (/^Expected R(?:PAREN|BRACKET)/.test(reason)) return formulaFault('bracket')
  if (character === ')' || character === ']') return formulaFault('closing')
  if (character === '') return formulaFault('end')
  if (!reason.startsWith('Unexpected character')) return undefined
  return word === '' ? formulaFault('unknown', { found: character }) : formulaFault('between', { found: word })
}

function equalsHabit(before: string, rest: string): string {
  if (before.trim() === '') return formulaFault('begins')
  const [next = ''] = rest.slice(1)
  return next === '<' || next === '>' ? formulaFault('sign', { found: `=${next}`, write: `${next}=` }) : formulaFault('equals')
}

/** `（` → `(`: what is twice as wide in Chinese and Japanese. */
function halfWidth(character: string): string | undefined {
  const narrow = character.normalize('NFKC')
  return character !== narrow && /^[!-~]$/.test(narrow) ? narrow : undefined
}

/** Functions of spreadsheets that are written otherwise here. */
export function callingHabit(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (lower === 'if' || lower === 'iif') return formulaFault('choice')
  if (lower === 'concat' || lower === 'concatenate') return formulaFault('join')
  const write = words.get(lower)
  return write === undefined ? undefined : formulaFault('sign', { found: name, write })
}
