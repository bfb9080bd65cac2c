/**
 * What a step in the designer does to the definitions: JSON Patch operations (RFC 6902) on the object of all documents,
 * and how each is taken back. Pure. `move` of a property or of an `entity.json` is a rename, as the engine reads it.
 */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'

export type Documents = Readonly<Record<string, JsonObject>>

export type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move'; readonly from: string; readonly path: string }

/** Keys → JSON Pointer (RFC 6901). */
export const pointer = (...keys: readonly (string | number)[]): string => keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export const keysOf = (path: string): readonly string[] => path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The value at the keys; undefined when there is none. */
export function valueAt(value: Json, keys: readonly string[]): Json | undefined {
  let current: Json | undefined = value
  for (const key of keys) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(key)]
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key]
    else return undefined
  }
  return current
}

/** Applies one operation to a new object. @throws Error when there is nothing at its place */
export function applyOperation(documents: Documents, operation: Operation): Documents {
  if (operation.op === 'move') return rename(documents, operation)
  // The outermost object stays an object of documents: operations reach inside it.
  return changeAt(documents, keysOf(operation.path), operation) as Documents
}

export const applyAll = (documents: Documents, operations: readonly Operation[]): Documents => operations.reduce(applyOperation, documents)

/** The operations that take `operation` back, seen from the documents before it. */
export function inverseOf(before: Documents, operation: Operation): readonly Operation[] {
  if (operation.op === 'move') return inverseOfRename(before, operation)
  const keys = keysOf(operation.path)
  const old = valueAt(before, keys)
  if (operation.op === 'remove') return old === undefined ? [] : [{ op: 'add', path: operation.path, value: old }]
  const container = valueAt(before, keys.slice(0, -1))
  if (operation.op === 'add' && Array.isArray(container)) {
    const place = keys.at(-1) === '-' ? pointer(...keys.slice(0, -1), container.length) : operation.path
    return [{ op: 'remove', path: place }]
  }
  return [old === undefined ? { op: 'remove', path: operation.path } : { op: 'replace', path: operation.path, value: old }]
}

type Placed = Exclude<Operation, { op: 'move' }>

function changeAt(value: Json, keys: readonly string[], operation: Placed): Json {
  const [key, ...rest] = keys
  if (key === undefined) throw new Error('An operation needs a place')
  if (Array.isArray(value)) return changeList(value as readonly Json[], key, rest, operation)
  if (!isObject(value)) throw new Error(`There is nothing at ${operation.path}`)
  const known = Object.hasOwn(value, key)
  if (rest.length > 0) {
    if (!known) throw new Error(`There is nothing at ${operation.path}`)
    return { ...value, [key]: changeAt(value[key] ?? null, rest, operation) }
  }
  if (operation.op === 'add') return { ...value, [key]: operation.value }
  if (!known) throw new Error(`There is nothing at ${operation.path}`)
  if (operation.op === 'replace') return { ...value, [key]: operation.value }
  const { [key]: _removed, ...kept } = value
  return kept
}

function changeList(list: readonly Json[], key: string, rest: readonly string[], operation: Placed): Json {
  const index = key === '-' ? list.length : Number(key)
  const last = operation.op === 'add' && rest.length === 0 ? list.length : list.length - 1
  if (!Number.isInteger(index) || index < 0 || index > last) throw new Error(`There is nothing at ${operation.path}`)
  if (rest.length > 0) return list.with(index, changeAt(list[index] ?? null, rest, operation))
  if (operation.op === 'add') return list.toSpliced(index, 0, operation.value)
  return operation.op === 'replace' ? list.with(index, operation.value) : list.toSpliced(index, 1)
}

type Move = Extract<Operation, { op: 'move' }>

const entityOf = (path: string): string => path.slice(0, path.indexOf('/'))

/** What this page shows until the engine has answered: the engine also rewrites views, forms, roles and texts. */
function rename(documents: Documents, operation: Move): Documents {
  const [path = '', , from] = keysOf(operation.from)
  const [newPath = '', , to] = keysOf(operation.path)
  if (from === undefined || to === undefined) return renameEntity(documents, entityOf(path), entityOf(newPath))
  const document = documents[path]
  const properties = document?.['properties']
  if (document === undefined || !isObject(properties) || !isObject(properties[from])) throw new Error(`There is nothing at ${operation.from}`)
  if (Object.hasOwn(properties, to)) throw new Error(`${to} exists already`)
  const renamed = Object.entries(properties).map(([key, value]) => (key === from && isObject(value) ? [to, withIdentity(value, from, to)] : [key, value]) as readonly [string, Json])
  return { ...documents, [path]: renameInEntity({ ...document, properties: Object.fromEntries(renamed) }, from, to) }
}

const inLists = (value: Json | undefined, from: string, to: string): Json | undefined =>
  Array.isArray(value) ? (value as readonly Json[]).map((item) => inLists(item, from, to) ?? item) : value === from ? to : value

/** The entity's own mentions of a field. */
function renameInEntity(document: JsonObject, from: string, to: string): JsonObject {
  const crm = isObject(document['crm']) ? document['crm'] : undefined
  const mentions = ['display', 'facts', 'unique', 'indexes'].flatMap((key) => (crm?.[key] === undefined ? [] : [[key, inLists(crm[key], from, to) ?? null] as const]))
  return {
    ...document,
    ...(document['required'] === undefined ? {} : { required: inLists(document['required'], from, to) ?? null }),
    ...(crm === undefined ? {} : { crm: { ...crm, ...Object.fromEntries(mentions) } }),
  }
}

/** The identity is the name it was first known by; it is written down only where it differs from the name. */
function withIdentity(definition: JsonObject, from: string, to: string): JsonObject {
  const { id, ...others } = isObject(definition['crm']) ? definition['crm'] : ({} as JsonObject)
  const identity = typeof id === 'string' ? id : from
  const crm = identity === to ? others : { ...others, id: identity }
  const { crm: _crm, ...rest } = definition
  return Object.keys(crm).length === 0 ? rest : { ...rest, crm }
}

function renameEntity(documents: Documents, from: string, to: string): Documents {
  if (documents[`${from}/entity.json`] === undefined) throw new Error(`There is no entity ${from}`)
  if (documents[`${to}/entity.json`] !== undefined) throw new Error(`${to} exists already`)
  return Object.fromEntries(Object.entries(documents).map(([path, document]) => {
    if (entityOf(path) !== from) return [path, document]
    return [`${to}/${path.slice(from.length + 1)}`, path === `${from}/entity.json` ? withIdentity(document, from, to) : document]
  }))
}

function inverseOfRename(before: Documents, { from, path }: Move): readonly Operation[] {
  const back: Operation = { op: 'move', from: path, path: from }
  const restored = applyOperation(applyOperation(before, { op: 'move', from, path }), back)
  // A redundant identity is dropped on the way: put exactly what was there.
  const [document = ''] = keysOf(from)
  const was = before[document]
  return was === undefined || JSON.stringify(restored[document]) === JSON.stringify(was) ? [back] : [back, { op: 'replace', path: pointer(document), value: was }]
}
