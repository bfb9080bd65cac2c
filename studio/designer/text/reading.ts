/** Text ⇄ definition: what is wrong with a text and where, and where a place of the definition stands in it. Pure. */
import { parseTree, type Node, type ParseError } from 'jsonc-parser'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { isWhole } from '../../../metadata/contract/whole-values.js'
import { keysOf } from '../draft/operations.js'

/** A part of a text: UTF-16 units from its beginning. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/** Why a text is no definition. */
export interface Fault extends Span {
  /** Name of the sentence that says so: `text.fault.<reason>`. */
  readonly reason: string
  /** What the sentence names, e.g. the key that stands twice. */
  readonly name: string
}

export type Reading = { readonly value: JsonObject; readonly fault: null } | { readonly value: null; readonly fault: Fault }

/** How deep definitions may be nested; the engine refuses more. */
const deepest = 40
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** By the numbers of the parser; what it does not name is simply not JSON. */
const reasons: Readonly<Record<number, string>> = {
  1: 'symbol', 2: 'number', 3: 'key', 4: 'value', 5: 'colon', 6: 'comma', 7: 'brace', 8: 'bracket', 9: 'end', 10: 'comment', 11: 'comment', 12: 'quote', 13: 'number', 14: 'escape', 15: 'escape', 16: 'character',
}

/** How a definition is written. */
export const writeText = (document: JsonObject): string => `${JSON.stringify(document, null, 2)}\n`

/** Reads a text; the first thing that is wrong counts. Refused is also what JSON allows and a definition cannot keep: a key that stands twice, and `null`. */
export function readText(text: string): Reading {
  if (isDeep(text)) return wrong('deep', { offset: 0, length: 1 })
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  const [error] = errors
  if (error !== undefined) return wrong(reasons[error.error] ?? 'symbol', error)
  if (tree?.type !== 'object') return wrong('object', tree ?? { offset: 0, length: 1 })
  const fault = faultIn(tree, '', '')
  if (fault !== null) return { value: null, fault }
  const value = JSON.parse(text) as Json
  return isObject(value) ? { value, fault: null } : wrong('object', tree)
}

const wrong = (reason: string, { offset, length }: Span, name = ''): Reading => ({ value: null, fault: { reason, offset, length, name } })

/** Looked at before the text is parsed: brackets in strings count too, and no definition has so many in a row. */
function isDeep(text: string): boolean {
  let depth = 0
  for (const letter of text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""')) {
    if (letter === '{' || letter === '[') depth += 1
    if (letter === '}' || letter === ']') depth -= 1
    if (depth > deepest) return true
  }
  return false
}

function faultIn(node: Node, key: string, parent: string): Fault | null {
  const seen = new Set<string>()
  for (const child of node.children ?? []) {
    const [name, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child]
    const own = typeof name?.value === 'string' ? name.value : ''
    if (name !== undefined && (seen.has(own) || forbiddenKeys.has(own))) return { reason: seen.has(own) ? 'twice' : 'forbidden', offset: name.offset, length: name.length, name: own }
    seen.add(own)
    if (value === undefined || (name !== undefined && isWhole(own, key))) continue
    if (name !== undefined && value.type === 'null') return { reason: 'null', offset: value.offset, length: value.length, name: own }
    const inner = faultIn(value, name === undefined ? key : own, name === undefined ? parent : key)
    if (inner !== null) return inner
  }
  return null
}

/** Where the place of a JSON Pointer stands in the text: its key when it has one, else the nearest around it. */
export function spanOf(text: string, place: string): Span {
  let node = parseTree(text)
  let span: Span = { offset: 0, length: 1 }
  for (const key of keysOf(place)) {
    const found = node?.type === 'array' ? node.children?.[Number(key)] : node?.children?.find(({ children }) => children?.[0]?.value === key)
    if (found === undefined) break
    const [name, value] = found.type === 'property' ? (found.children ?? []) : [found, found]
    if (name !== undefined) span = { offset: name.offset, length: name.length }
    node = value
  }
  return span
}

/** Where people look for it. */
export interface Line {
  readonly line: number
  readonly column: number
}

/** Line and column of an offset, both from 1. */
export function lineAt(text: string, offset: number): Line {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
