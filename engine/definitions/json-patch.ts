/**
 * JSON Patch (RFC 6902) on plain JSON values, without changing the value that was given. Own code because the
 * published libraries change their input and differ on prototype keys; the whole standard is these few functions.
 */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { sameJson } from '../model/equal.js'
import { pointer } from '../model/paths.js'

export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string }

/** An operation that cannot be applied; `index` is its place in the list, `reason` is safe to show. */
export class PatchError extends Error {
  constructor(readonly index: number, readonly reason: string) {
    super(`operation ${index}: ${reason}`)
    this.name = 'PatchError'
  }
}

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const operationNames: ReadonlySet<string> = new Set(['add', 'replace', 'test', 'remove', 'move', 'copy'])
const maxOperations = 1000

/** Reads operations from a request body. Throws `PatchError` for anything that is not a list of RFC 6902 operations. */
export function readOperations(body: unknown): readonly PatchOperation[] {
  if (!Array.isArray(body)) throw new PatchError(0, 'the body must be a list of JSON Patch operations')
  if (body.length > maxOperations) throw new PatchError(maxOperations, `at most ${maxOperations} operations are accepted at once`)
  return body.map((item: unknown, index) => readOperation(item, index))
}

function readOperation(item: unknown, index: number): PatchOperation {
  if (!isObject(item)) throw new PatchError(index, 'an operation is an object')
  const { op, path, from } = item
  if (typeof op !== 'string' || !operationNames.has(op)) throw new PatchError(index, '"op" must be add, remove, replace, move, copy or test')
  if (typeof path !== 'string') throw new PatchError(index, '"path" must be a JSON Pointer')
  if (op === 'remove') return { op, path }
  if (op === 'move' || op === 'copy') {
    if (typeof from !== 'string') throw new PatchError(index, '"from" must be a JSON Pointer')
    return { op, from, path }
  }
  if (!Object.hasOwn(item, 'value') || item['value'] === undefined) throw new PatchError(index, '"value" is missing')
  return { op: op as 'add' | 'replace' | 'test', path, value: item['value'] }
}

/** Applies the operations in order, all or nothing; unchanged parts of the value are shared with the input. */
export function applyPatch(value: Json, operations: readonly PatchOperation[]): Json {
  return operations.reduce((current, operation, index) => applyOperation(current, operation, index), value)
}

/** Applies one operation; `index` is its place in the list, for the message. */
export function applyOperation(value: Json, operation: PatchOperation, index: number): Json {
  const path = parsePointer(operation.path, index)
  switch (operation.op) {
    case 'add':
      return add(value, path, operation.value, index)
    case 'replace':
      return replace(value, path, operation.value, index)
    case 'remove':
      return remove(value, path, index)
    case 'copy':
      return add(value, path, read(value, parsePointer(operation.from, index), index), index)
    case 'move': {
      const from = parsePointer(operation.from, index)
      const moved = read(value, from, index)
      if (operation.from === operation.path) return value
      if (operation.path.startsWith(`${operation.from}/`)) throw new PatchError(index, 'a value cannot be moved into itself')
      return add(remove(value, from, index), path, moved, index)
    }
    case 'test':
      if (!sameJson(read(value, path, index), operation.value)) throw new PatchError(index, `the value at ${operation.path} is another one`)
      return value
  }
}

/** JSON Pointer (RFC 6901) → keys. Refuses keys that reach the prototype. */
export function parsePointer(pointer: string, index = 0): readonly string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new PatchError(index, `${pointer} is not a JSON Pointer`)
  const keys = pointer.slice(1).split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const forbidden = keys.find((key) => forbiddenKeys.has(key))
  if (forbidden !== undefined) throw new PatchError(index, `the name ${forbidden} is not accepted`)
  return keys
}

function read(value: Json, path: readonly string[], index: number): Json {
  let current: Json = value
  for (const key of path) {
    const next: Json | undefined = Array.isArray(current) ? current[arrayIndex(key, current.length - 1, index)] : isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined
    if (next === undefined) throw new PatchError(index, `there is nothing at ${pointer(...path)}`)
    current = next
  }
  return current
}

/** Copies the containers along `path` and lets `leaf` change the innermost one. */
function change(value: Json, path: readonly string[], index: number, leaf: (container: readonly Json[] | JsonObject, key: string) => Json): Json {
  const [key, ...rest] = path
  if (key === undefined) throw new PatchError(index, 'the whole of the definitions cannot be removed')
  if (!Array.isArray(value) && !isObject(value)) throw new PatchError(index, `there is no object that could have ${pointer(...path)}`)
  if (rest.length === 0) return leaf(value as readonly Json[] | JsonObject, key)
  const inner = change(read(value, [key], index), rest, index, leaf)
  return Array.isArray(value) ? (value.with(arrayIndex(key, value.length - 1, index), inner) as readonly Json[]) : { ...value, [key]: inner }
}

const add = (value: Json, path: readonly string[], added: Json, index: number): Json =>
  path.length === 0
    ? added
    : change(value, path, index, (container, key) =>
        isList(container) ? container.toSpliced(key === '-' ? container.length : arrayIndex(key, container.length, index), 0, added) : { ...container, [key]: added })

/** The key keeps its place among its siblings. */
const replace = (value: Json, path: readonly string[], by: Json, index: number): Json => {
  read(value, path, index)
  return path.length === 0
    ? by
    : change(value, path, index, (container, key) => (isList(container) ? container.with(Number(key), by) : { ...container, [key]: by }))
}

const remove = (value: Json, path: readonly string[], index: number): Json => {
  read(value, path, index)
  return change(value, path, index, (container, key) => {
    if (isList(container)) return container.toSpliced(Number(key), 1)
    const { [key]: _removed, ...kept } = container
    return kept
  })
}

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value)

function arrayIndex(key: string, last: number, index: number): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(key) || Number(key) > last) throw new PatchError(index, `${key} is not a place in the list`)
  return Number(key)
}
