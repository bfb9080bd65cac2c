/**
 * Renaming fields and entities: the identity stays (`crm.id`), so no column is touched, and every reference in the
 * definitions (views, forms, roles, rules, indexes, texts, navigation) follows. Works on plain merged documents, so
 * that it also works on a draft that does not compile.
 */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Documents } from '../model/model.js'
import { pointer } from '../model/paths.js'
import { applyOperation, PatchError, parsePointer, type PatchOperation } from './json-patch.js'
import { rewriteReferences } from './references.js'

/**
 * Applies JSON Patch operations to merged documents. One operation means more than in RFC 6902: `move` of a property
 * or of an `entity.json` to a new key of the same kind is a **rename**. It keeps the identity of what was published
 * (`crm.id`), keeps the place among its siblings, and rewrites every reference; for an entity its whole folder moves.
 * `published` tells which identities already have data. Throws `PatchError`.
 */
export function applyDraftOperations(documents: Documents, operations: readonly PatchOperation[], published: Documents): Documents {
  let current = documents
  operations.forEach((operation, index) => {
    const rename = readRename(operation, index)
    const changed = rename === null ? applyOperation(current, operation, index) : applyRename(current, rename, published, index)
    if (!isObject(changed)) throw new PatchError(index, 'the definitions are an object of documents')
    current = onlyDocuments(changed, index)
  })
  return current
}

type Rename =
  | { readonly kind: 'field'; readonly entity: string; readonly from: string; readonly to: string }
  | { readonly kind: 'entity'; readonly from: string; readonly to: string }

function readRename(operation: PatchOperation, index: number): Rename | null {
  if (operation.op !== 'move') return null
  const from = parsePointer(operation.from, index)
  const to = parsePointer(operation.path, index)
  const [fromEntity, toEntity] = [entityOf(from[0]), entityOf(to[0])]
  if (fromEntity === null || toEntity === null) return null
  if (from.length === 1 && to.length === 1) return { kind: 'entity', from: fromEntity, to: toEntity }
  const isProperty = (path: readonly string[]): boolean => path.length === 3 && path[1] === 'properties'
  const [fromKey, toKey] = [from[2], to[2]]
  if (fromEntity !== toEntity || !isProperty(from) || !isProperty(to) || fromKey === undefined || toKey === undefined) return null
  return { kind: 'field', entity: fromEntity, from: fromKey, to: toKey }
}

const entityOf = (path: string | undefined): string | null => /^([^/]+)\/entity\.json$/.exec(path ?? '')?.[1] ?? null

function applyRename(documents: Documents, rename: Rename, published: Documents, index: number): Documents {
  if (rename.from === rename.to) return documents
  return rename.kind === 'field' ? renameField(documents, rename, published, index) : renameEntity(documents, rename, published, index)
}

function renameField(documents: Documents, rename: Rename & { kind: 'field' }, published: Documents, index: number): Documents {
  const path = `${rename.entity}/entity.json`
  const properties = objectAt(documents[path], 'properties')
  const property = properties[rename.from]
  if (!isObject(property)) throw new PatchError(index, `there is no field ${rename.from} in ${rename.entity}`)
  if (Object.hasOwn(properties, rename.to)) throw new PatchError(index, `${rename.entity} already has a field ${rename.to}`)
  const identities = identitiesOf(objectAt(published[path], 'properties'))
  const prepared = { ...documents, [path]: { ...documents[path], properties: { ...properties, [rename.from]: withIdentity(property, rename.from, rename.to, identities) } } }
  const rewritten = rewriteReferences(prepared, {
    entity: (name) => name,
    field: (entity, key) => (entity === rename.entity && key === rename.from ? rename.to : key),
  })
  const entries = Object.entries(objectAt(rewritten[path], 'properties')).map(([key, value]) => [key === rename.from ? rename.to : key, value] as const)
  return { ...rewritten, [path]: { ...rewritten[path], properties: Object.fromEntries(entries) } }
}

function renameEntity(documents: Documents, rename: Rename & { kind: 'entity' }, published: Documents, index: number): Documents {
  const path = `${rename.from}/entity.json`
  const document = documents[path]
  if (document === undefined) throw new PatchError(index, `there is no entity ${rename.from}`)
  if (documents[`${rename.to}/entity.json`] !== undefined) throw new PatchError(index, `there already is an entity ${rename.to}`)
  const identities = new Set(Object.entries(published).flatMap(([file, content]) => {
    const name = entityOf(file)
    return name === null ? [] : [identity(content, name)]
  }))
  const references = rewriteReferences(
    { ...documents, [path]: withIdentity(document, rename.from, rename.to, identities) },
    { entity: (name) => (name === rename.from ? rename.to : name), field: (_entity, key) => key },
  )
  return Object.fromEntries(Object.entries(references).map(([file, content]) =>
    [file.startsWith(`${rename.from}/`) ? `${rename.to}${file.slice(rename.from.length)}` : file, content]))
}

/** The same definition under a new key: `crm.id` is set when data was published under another name than the new key. */
function withIdentity(definition: JsonObject, from: string, to: string, published: ReadonlySet<string>): JsonObject {
  const id = identity(definition, from)
  const crm = objectAt(definition, 'crm')
  const { id: _id, ...others } = crm
  const kept: JsonObject = id !== to && published.has(id) ? { ...others, id } : others
  const { crm: _crm, ...rest } = definition
  return Object.keys(kept).length === 0 ? rest : { ...rest, crm: kept }
}

/** What a definition was first published as: its own `crm.id`, else the name that it has. */
export const identity = (definition: JsonObject, key: string): string => {
  const id = objectAt(definition, 'crm')['id']
  return typeof id === 'string' ? id : key
}

const identitiesOf = (properties: JsonObject): ReadonlySet<string> =>
  new Set(Object.entries(properties).flatMap(([key, value]) => (isObject(value) ? [identity(value, key)] : [])))

const objectAt = (value: Json | undefined, key: string): JsonObject => {
  const inner = isObject(value) ? value[key] : undefined
  return isObject(inner) ? inner : {}
}

function onlyDocuments(value: JsonObject, index: number): Documents {
  for (const [path, content] of Object.entries(value)) if (!isObject(content)) throw new PatchError(index, `${pointer(path)} must be an object`)
  return value as Documents
}
