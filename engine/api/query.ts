/** The query part of an address → typed values. What is not known is refused, never dropped. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../metadata/contract/json.js'
import { isLanguage } from '../../metadata/contract/language.js'
import { Problem } from '../errors.js'
import { parseJson } from './json-body.js'

/** @throws Problem query.invalid for a parameter that is unknown here, given twice, or holds what no database takes */
export function onlyParameters(query: URLSearchParams, known: ReadonlySet<string>): void {
  const seen = new Set<string>()
  for (const [name, value] of query) {
    if (!known.has(name)) throw new Problem('query.invalid', { reason: `there is no parameter ${name.slice(0, 60)} here` })
    if (value.includes('\u0000')) throw new Problem('query.invalid', { reason: `${name} has a character that cannot be stored` })
    if (seen.has(name)) throw new Problem('query.invalid', { reason: `${name} is given twice` })
    seen.add(name)
  }
}

/** A whole number written as digits. @throws Problem query.invalid when it is something else or out of bounds */
export function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw new Problem('query.invalid', { reason: `${name} must be a whole number from ${min} to ${max}` })
  return value
}

/** `true` or `false`; absent is false. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  if (text === null || text === 'false') return false
  if (text !== 'true') throw new Problem('query.invalid', { reason: `${name} must be true or false` })
  return true
}

/** Names separated by commas; undefined when absent. */
export function names(query: URLSearchParams, name: string): readonly string[] | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const parts = text.split(',')
  if (parts.some((part) => part === '')) throw new Problem('query.invalid', { reason: `${name} has an empty name` })
  return parts
}

/** `-spend90,name`. */
export const sortKeys = (query: URLSearchParams): readonly { readonly key: string; readonly descending: boolean }[] =>
  (names(query, 'sort') ?? []).map((part) => (part.startsWith('-') ? { key: part.slice(1), descending: true } : { key: part, descending: false }))

/** A JSON value in one parameter. */
export function jsonParameter(query: URLSearchParams, name: string): Json | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof Problem) throw new Problem('query.invalid', { reason: `${name} is not the JSON that is expected here` }, { problems: error.problems })
    throw error
  }
}

/** The id of a record as it stands in an address: an ordinary missing record when it is no id at all. */
export function recordId(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,14}$/.test(text)) throw new Problem('record.unavailable')
  return Number(text)
}

/** A moment with its offset, as in RFC 3339; undefined when absent. */
export function instantParameter(query: URLSearchParams, name: string): Date | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : new Date(Number.NaN)
  // PostgreSQL knows no year 0, and neither do the fields.
  if (!(at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999)) throw new Problem('query.invalid', { reason: `${name} must be a moment such as 2026-03-01T08:00:00Z` })
  return at
}

/** The version in `If-Match: "7"`; undefined for any, `*` included. */
export function ifVersion({ 'if-match': header }: IncomingHttpHeaders): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim())?.[1]
  // A marker that we never gave cannot be the present one.
  return version === undefined ? 0 : Number(version)
}

/** The record that `member/7` names. @throws Problem query.invalid */
export function recordIn(text: string): { readonly entity: string; readonly id: number } {
  const [, entity = '', id = ''] = /^(\w{1,63})\/([1-9]\d{0,14})$/.exec(text) ?? []
  if (entity === '') throw new Problem('query.invalid', { reason: 'record names a record such as member/7' })
  return { entity, id: Number(id) }
}

/** A BCP 47 tag that was asked for, or `own`. @throws Problem request.invalid */
export function localeOf(asked: string | null, own: string): string {
  if (asked === null) return own
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/.test(asked) || !isLanguage(asked)) throw new Problem('request.invalid', { reason: 'locale must be a language tag such as en or zh' })
  return asked
}
