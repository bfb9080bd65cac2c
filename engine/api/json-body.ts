/**
 * Text → JSON that is safe to walk: limited in depth and keys, without duplicate keys, without numbers that
 * would be rounded, and without names that reach an object's prototype. The common case is one pass over the text and
 * one over the value.
 */
import type { Json } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'

export const jsonLimits = { depthMax: 32, keysMax: 10_000, elementsMax: 100_000 } as const

const loneSurrogate = /[\uD800-\uDFFF]/u

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Only a text with such a run can have a number with more digits than a double holds. */
const manyDigits = /[\d.]{16}/

/**
 * @param keysMax keys allowed in all objects together
 * @throws Problem request.invalid with the JSON Pointer of the bad place where there is one
 */
export function parseJson(text: string, keysMax: number = jsonLimits.keysMax): Json {
  const { keys } = measure(text, keysMax)
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    throw new Problem('request.invalid', { reason: 'the body is not JSON' })
  }
  const found = walk(value, [])
  if (found !== keys) throw at(placeOf(text), 'has the same key twice')
  if (manyDigits.test(text)) refuseRounding(text)
  return value
}

/** A number is taken as it was written, or not at all. Only run on text that parsed. */
function refuseRounding(text: string): void {
  const token = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [written] = match
    if (written === '"') token.lastIndex = endOfString(text, match.index) + 1
    else if (written.length >= 16 && decimal(written) !== decimal(String(Number(written)))) throw at(placeOf(text, match.index), 'has more digits than a number can hold: send fewer')
  }
}

/** The value of a JSON number in one spelling: its digits without zeros around them, and the power of ten of the last. */
function decimal(written: string): string {
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  return significant === '' ? '0' : `${significant}e${String(Number(exponent) - fraction.length + digits.length - significant.length)}`
}

const quote = 34, comma = 44, colon = 58, openBracket = 91, backslash = 92, closeBracket = 93, openBrace = 123, closeBrace = 125

/** Counts before anything is built. Text that is no JSON gives some count; the parser refuses it afterwards. */
function measure(text: string, keysMax: number): { readonly keys: number } {
  let depth = 0
  let keys = 0
  let elements = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === quote) i = endOfString(text, i)
    else if (unit === colon) {
      if (++keys > keysMax) throw invalid(`more than ${keysMax} keys`, '')
    } else if (unit === comma) {
      if (++elements > jsonLimits.elementsMax) throw invalid(`more than ${jsonLimits.elementsMax} values`, '')
    } else if (unit === openBrace || unit === openBracket) {
      if (++depth > jsonLimits.depthMax) throw invalid(`nested deeper than ${jsonLimits.depthMax}`, '')
    } else if (unit === closeBrace || unit === closeBracket) depth--
  }
  return { keys }
}

/** Index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return text.length
}

/** Number of keys in a value; refuses what must not travel further. `trail` is the way to the value. */
function walk(value: Json, trail: (string | number)[]): number {
  if (typeof value === 'string') return checkText(value, trail)
  if (typeof value === 'number' && !Number.isFinite(value)) throw refused('is too large a number', trail)
  if (typeof value !== 'object' || value === null) return 0
  let keys = 0
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      trail.push(i)
      keys += walk(value[i] as Json, trail) // in range
      trail.pop()
    }
    return keys
  }
  for (const [key, member] of Object.entries(value)) {
    trail.push(key)
    if (forbidden.has(key)) throw refused('is not allowed as a key', trail)
    checkText(key, trail)
    keys += 1 + walk(member, trail)
    trail.pop()
  }
  return keys
}

/** Neither PostgreSQL nor XML nor a terminal takes these. */
function checkText(text: string, trail: readonly (string | number)[]): 0 {
  if (text.includes('\u0000') || loneSurrogate.test(text)) throw refused('has a character that cannot be stored', trail)
  return 0
}

function refused(what: string, trail: readonly (string | number)[]): Problem {
  const path = trail.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('').slice(0, 200)
  return invalid(`${path.replaceAll('\u0000', '').replaceAll(/[\uD800-\uDFFF]/gu, '') || 'it'} ${what}`, path)
}

const at = (path: string | undefined, what: string): Problem => invalid(`${path ?? 'it'} ${what}`, path ?? '')

/** JSON Pointer of the value that starts at `offset`; without it, of the first key that is there twice. Only run on text that parsed. */
function placeOf(text: string, offset?: number): string | undefined {
  let i = 0
  const space = (): void => {
    while (/\s/.test(text[i] ?? '')) i++
  }
  const string = (): string => {
    const end = endOfString(text, i)
    const found = JSON.parse(text.slice(i, end + 1)) as string // a string literal of a text that parsed
    i = end + 1
    return found
  }
  const value = (at: string): string | undefined => {
    space()
    if (i === offset) return at
    if (text[i] === '{') return object(at)
    if (text[i] === '[') return array(at)
    if (text[i] === '"') string()
    else while (i < text.length && !/[\s,\]}]/.test(text[i] ?? '')) i++
    return undefined
  }
  const object = (at: string): string | undefined => {
    const seen = new Set<string>()
    i++
    for (space(); text[i] !== '}'; space()) {
      if (text[i] === ',') i++
      space()
      const key = string()
      const path = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (seen.has(key) && offset === undefined) return path
      seen.add(key)
      space()
      i++ // the colon
      const inside = value(path)
      if (inside !== undefined) return inside
    }
    i++
    return undefined
  }
  const array = (at: string): string | undefined => {
    i++
    space()
    for (let index = 0; text[i] !== ']'; index++, space()) {
      if (text[i] === ',') i++
      const inside = value(`${at}/${index}`)
      if (inside !== undefined) return inside
    }
    i++
    return undefined
  }
  return value('')
}

const invalid = (reason: string, path: string): Problem => new Problem('request.invalid', { reason }, path === '' ? {} : { problems: [{ path, code: 'request.invalid', message: `This place is refused: ${reason}.` }] })
