/** Addresses of the product: text → route and back. Pure, so that links and tests need no browser. */

import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'

export type Route =
  /** The first dashboard, narrowed by `query`; without one an overview. */
  | { readonly page: 'home'; readonly query: string }
  | { readonly page: 'dashboard'; readonly name: string; readonly query: string }
  | { readonly page: 'search'; readonly q: string }
  | { readonly page: 'list'; readonly entity: string; readonly query: string }
  | { readonly page: 'create'; readonly entity: string; readonly values: JsonObject }
  | { readonly page: 'record'; readonly entity: string; readonly id: number }
  /** A file that becomes records; `id` once it was sent. */
  | { readonly page: 'import'; readonly entity: string; readonly id: number | null }
  | { readonly page: 'duplicates'; readonly entity: string }
  /** The records of a tree, unfolded. */
  | { readonly page: 'tree'; readonly entity: string }
  | { readonly page: 'merge'; readonly entity: string; readonly ids: readonly number[] }
  /** The designer owns everything below `/studio`; `path` are the parts after it. */
  | { readonly page: 'studio'; readonly path: readonly string[]; readonly query: string }
  /** A page of the documentation; `query` says at which heading it begins. */
  | { readonly page: 'help'; readonly name: string; readonly query: string }
  /** The audit log; `query` says what is looked for. */
  | { readonly page: 'audit'; readonly query: string }
  /** What the reader was told. */
  | { readonly page: 'inbox' }
  /** What there is to do; `query` says whose. */
  | { readonly page: 'tasks'; readonly query: string }
  | { readonly page: 'missing' }

/** A record that is looked into beside the page. */
export interface Peek {
  readonly entity: string
  readonly id: number
}

const peekStart = '#look='

/** What stands behind the address of a page while a record is looked into beside it. */
export const peekHash = ({ entity, id }: Peek): string => `${peekStart}${encodeURIComponent(entity)}/${id}`

/** Reads what stands behind an address; null when it names no record. */
export function parsePeek(hash: string): Peek | null {
  const [entity, text, ...rest] = hash.startsWith(peekStart) ? (decode(hash.slice(peekStart.length)) ?? []) : []
  const id = Number(text)
  return entity !== undefined && rest.length === 0 && Number.isSafeInteger(id) && id > 0 ? { entity, id } : null
}

/** Reads an address. `search` includes its question mark. */
export function parseRoute(pathname: string, search: string): Route {
  const parts = decode(pathname)
  if (parts === null) return { page: 'missing' }
  const [first, second, third, ...rest] = parts
  if (first === undefined) return { page: 'home', query: search }
  if (first === 'help' && second !== undefined && third === undefined) return { page: 'help', name: second, query: search }
  if (first === 'studio') return { page: 'studio', path: parts.slice(1), query: search }
  if (first === 'search' && second === undefined) return { page: 'search', q: new URLSearchParams(search).get('q') ?? '' }
  if (first === 'dashboards' && second !== undefined && third === undefined) return { page: 'dashboard', name: second, query: search }
  if (first === 'notifications' && second === undefined) return { page: 'inbox' }
  if (first === 'tasks' && second === undefined) return { page: 'tasks', query: search }
  if (first === 'audit' && second === undefined) return { page: 'audit', query: search }
  if (first === 'records' && second !== undefined && third === 'import') return readImport(second, rest)
  if (first !== 'records' || second === undefined || rest.length > 0) return { page: 'missing' }
  if (third === undefined) return { page: 'list', entity: second, query: search }
  if (third === 'new') return { page: 'create', entity: second, values: readValues(new URLSearchParams(search).get('values') ?? '') }
  if (third === 'tree') return { page: 'tree', entity: second }
  if (third === 'duplicates') return { page: 'duplicates', entity: second }
  if (third === 'merge') return { page: 'merge', entity: second, ids: readIds(new URLSearchParams(search).get('ids') ?? '') }
  const id = Number(third)
  return Number.isSafeInteger(id) && id > 0 ? { page: 'record', entity: second, id } : { page: 'missing' }
}

function readImport(entity: string, [text, ...rest]: readonly string[]): Route {
  if (text === undefined) return { page: 'import', entity, id: null }
  const id = Number(text)
  return Number.isSafeInteger(id) && id > 0 && rest.length === 0 ? { page: 'import', entity, id } : { page: 'missing' }
}

function decode(pathname: string): readonly string[] | null {
  try {
    return pathname.split('/').filter((part) => part !== '').map(decodeURIComponent)
  } catch {
    return null
  }
}

/** Address of what the reader was told. */
export const inboxPath = '/notifications'
/** Address of what the reader has to do. */
export const tasksPath = '/tasks'

/** Address of an entity's list, optionally with the state of the list. */
export const listPath = (entity: string, query = ''): string => `/records/${encodeURIComponent(entity)}${query}`

/** Where a dashboard is changed. */
export const dashboardDesignPath = (name: string): string => `/studio/screens/dashboards/${encodeURIComponent(name)}`

/** Where a dashboard is shown. */
export const dashboardPath = (name: string): string => `/dashboards/${encodeURIComponent(name)}`

/** Address of the audit log, about one record when given. */
export const auditPath = (about?: { readonly entity: string; readonly id: number }): string =>
  about === undefined ? '/audit' : `/audit?${new URLSearchParams({ entity: about.entity, record: String(about.id) }).toString()}`
/** Address of importing into an entity: of a new import, or of one that was begun. */
export const importPath = (entity: string, id: number | null = null): string => `${listPath(entity)}/import${id === null ? '' : `/${id}`}`

/** Address of the designer's page for an entity. */
export const designPath = (entity: string): string => `/studio/entities/${encodeURIComponent(entity)}`

/** Address of the designer of an entity's form; with a record, that is what it is looked at with. */
export const formDesignPath = (entity: string, record: number | null = null, form = 'default'): string =>
  `${designPath(entity)}/form${form === 'default' ? '' : `/${encodeURIComponent(form)}`}${record === null ? '' : `?record=${String(record)}`}`

/** Address of the designer of an entity's lists, or of one of them. */
export const viewDesignPath = (entity: string, view = ''): string => `${designPath(entity)}/views${view === '' ? '' : `/${encodeURIComponent(view)}`}`

/** A segment in the studio. */
export const segmentDesignPath = (name: string): string => `/studio/segments/${encodeURIComponent(name)}`

/** Address of a definition's text; `at` is a JSON Pointer into it. */
export const textPath = (path: string, at = ''): string => `/studio/text?${new URLSearchParams({ path, ...(at !== '' && { at }) }).toString()}`

export const recordPath = (entity: string, id: number): string => `${listPath(entity)}/${id}`

/** Address of the list of records that may be the same. */
export const duplicatesPath = (entity: string): string => `${listPath(entity)}/duplicates`

/** Address of an entity's tree. */
export const treePath = (entity: string): string => `${listPath(entity)}/tree`

/** Address of the page that makes one of several records. */
export const mergePath = (entity: string, ids: readonly number[]): string => `${listPath(entity)}/merge?ids=${ids.join(',')}`

const readIds = (text: string): readonly number[] => [...new Set(text.split(',').map(Number))].filter((id) => Number.isSafeInteger(id) && id > 0)

/** Address of an empty form; `values` fill fields beforehand. */
export function createPath(entity: string, values: JsonObject = {}): string {
  const query = Object.keys(values).length === 0 ? '' : `?${new URLSearchParams({ values: JSON.stringify(values) }).toString()}`
  return `${listPath(entity)}/new${query}`
}

function readValues(text: string): JsonObject {
  try {
    const values = JSON.parse(text) as Json
    return isObject(values) ? values : {}
  } catch {
    return {}
  }
}
