/** Which definition stands at which path of a layer. */

export type DocumentKind = 'entity' | 'form' | 'view' | 'lifecycle' | 'role' | 'dashboard' | 'calendar' | 'workflow' | 'segment' | 'texts' | 'layer'

export interface DocumentPath {
  readonly kind: DocumentKind
  /** API name of the entity, for entity, form, view and lifecycle; '' otherwise. */
  readonly entity: string
  /** Name of the form, view, role, dashboard, calendar, workflow or segment, tag of the texts; '' otherwise. */
  readonly name: string
}

/** Folders of a layer that are not entities. */
export const reservedFolders: ReadonlySet<string> = new Set(['roles', 'texts', 'workflows', 'dashboards', 'calendars', 'reports', 'segments', 'goals', 'data'])

const grammar = /^(?:(layer)\.json|roles\/([^/.]+)\.json|dashboards\/([^/.]+)\.json|calendars\/([^/.]+)\.json|workflows\/([^/.]+)\.json|segments\/([^/.]+)\.json|texts\/([^/.]+)\.json|([^/]+)\/(entity|lifecycle)\.json|([^/]+)\/(form|view)\.([^/.]+)\.json)$/

/** The kind and the names in a document path, or null when nothing is defined by a file of that name. */
export function parsePath(path: string): DocumentPath | null {
  const match = grammar.exec(path)
  if (match === null) return null
  const [, layer, role, dashboard, calendar, workflow, segment, tag, entity, single, owner, kind, name] = match
  if (layer !== undefined) return { kind: 'layer', entity: '', name: '' }
  if (role !== undefined) return { kind: 'role', entity: '', name: role }
  if (dashboard !== undefined) return { kind: 'dashboard', entity: '', name: dashboard }
  if (calendar !== undefined) return { kind: 'calendar', entity: '', name: calendar }
  if (workflow !== undefined) return { kind: 'workflow', entity: '', name: workflow }
  if (segment !== undefined) return { kind: 'segment', entity: '', name: segment }
  if (tag !== undefined) return { kind: 'texts', entity: '', name: tag }
  if (entity !== undefined) return reservedFolders.has(entity) ? null : { kind: single === 'entity' ? 'entity' : 'lifecycle', entity, name: '' }
  if (owner === undefined || name === undefined || reservedFolders.has(owner)) return null
  return { kind: kind === 'form' ? 'form' : 'view', entity: owner, name }
}
