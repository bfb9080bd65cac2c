/** Views that people saved, with the roles that they are shared with, and which view a person begins with. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'

export interface NewView {
  /** Id of the user who saved it. */
  readonly owner: number
  /** Identity of the entity. */
  readonly entity: string
  readonly title: string
  /** As in `view.<name>.json`, with identities in place of keys. */
  readonly definition: JsonObject
  /** Names of the roles that see it too. */
  readonly roles: readonly string[]
}

export interface StoredView extends NewView {
  readonly id: number
  readonly version: number
  readonly deleted: boolean
}

/** Who asks: their own views, and those shared with one of `roles`; undefined: every shared one. */
export interface Reader {
  readonly user: number | null
  readonly roles: readonly string[] | undefined
}

const columns = 'id, version, owner, entity, title, definition, deleted_at'

/** Every view that the reader sees, by entity and title. */
export async function listViews(x: Executor, { user, roles }: Reader, limit: number): Promise<readonly StoredView[]> {
  const shared = roles === undefined ? '' : ` WHERE role ${listed(x)}`
  const rows = await x.all(
    `SELECT ${columns} FROM tessera_view WHERE deleted_at IS NULL AND (owner = ? OR id IN (SELECT view_id FROM tessera_view_role${shared})) ORDER BY entity, title, id LIMIT ${String(limit)}`,
    [user, ...(roles === undefined ? [] : [list(x, roles)])],
  )
  return withRoles(x, rows)
}

/** A view, deleted or not; null when there is none. */
export async function viewById(x: Executor, id: number): Promise<StoredView | null> {
  const [view] = await withRoles(x, await x.all(`SELECT ${columns} FROM tessera_view WHERE id = ?`, [id]))
  return view ?? null
}

async function withRoles(x: Executor, rows: readonly Row[]): Promise<readonly StoredView[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => Number(row['id']))
  const one = x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'
  const named = await x.all(`SELECT view_id, role FROM tessera_view_role WHERE view_id ${one} ORDER BY role`, [x.dialect === 'sqlite' ? JSON.stringify(ids) : ids])
  return rows.map((row) => ({
    id: Number(row['id']), version: Number(row['version']), owner: Number(row['owner']), entity: String(row['entity']), title: String(row['title']),
    definition: JSON.parse(String(row['definition'])) as JsonObject, // written below
    deleted: row['deleted_at'] !== null,
    roles: named.filter(({ view_id: id }) => Number(id) === Number(row['id'])).map(({ role }) => String(role)),
  }))
}

/** Gives the id of the new view. */
export async function addView(tx: Executor, view: NewView, at: Date): Promise<number> {
  const [row] = await tx.all('INSERT INTO tessera_view (version, owner, entity, title, definition, changed_at) VALUES (1, ?, ?, ?, ?, ?) RETURNING id', [view.owner, view.entity, view.title, JSON.stringify(view.definition), moment(tx, at)])
  const id = Number(row?.['id'])
  await share(tx, id, view.roles)
  return id
}

/** Saves what a view has become, with the next version. False when it is not at `view.version` any more. */
export async function changeView(tx: Executor, view: StoredView, at: Date): Promise<boolean> {
  const changed = await tx.run('UPDATE tessera_view SET version = version + 1, title = ?, definition = ?, deleted_at = ?, changed_at = ? WHERE id = ? AND version = ?', [view.title, JSON.stringify(view.definition), view.deleted ? moment(tx, at) : null, moment(tx, at), view.id, view.version])
  if (changed === 0) return false
  await tx.run('DELETE FROM tessera_view_role WHERE view_id = ?', [view.id])
  await share(tx, view.id, view.roles)
  return true
}

async function share(tx: Executor, id: number, roles: readonly string[]): Promise<void> {
  for (const role of roles) await tx.run('INSERT INTO tessera_view_role (view_id, role) VALUES (?, ?)', [id, role])
}

/** How many views a user has, those that were deleted not counted. */
export async function countViews(x: Executor, owner: number): Promise<number> {
  const [row] = await x.all('SELECT count(*) AS n FROM tessera_view WHERE owner = ? AND deleted_at IS NULL', [owner])
  return Number(row?.['n'])
}

/** Takes away for good what a user deleted before. */
export async function forgetDeleted(tx: Executor, owner: number, before: Date): Promise<void> {
  const gone = 'SELECT id FROM tessera_view WHERE owner = ? AND deleted_at < ?'
  await tx.run(`DELETE FROM tessera_view_role WHERE view_id IN (${gone})`, [owner, moment(tx, before)])
  await tx.run(`DELETE FROM tessera_view WHERE id IN (${gone})`, [owner, moment(tx, before)])
}

/** Identity of each entity → the view that the user begins with: the name of a defined one or the id of a saved one. */
export async function firstViews(x: Executor, user: number): Promise<ReadonlyMap<string, string>> {
  const rows = await x.all('SELECT entity, view FROM tessera_view_first WHERE user_id = ?', [user])
  return new Map(rows.map((row) => [String(row['entity']), String(row['view'])]))
}

/** `view` null: as everybody begins. */
export async function setFirstView(tx: Executor, user: number, entity: string, view: string | null): Promise<void> {
  await tx.run('DELETE FROM tessera_view_first WHERE user_id = ? AND entity = ?', [user, entity])
  if (view !== null) await tx.run('INSERT INTO tessera_view_first (user_id, entity, view) VALUES (?, ?, ?) ON CONFLICT (user_id, entity) DO UPDATE SET view = excluded.view', [user, entity, view])
}

const moment = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())
const listed = (x: Executor): string => (x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::text[])')
const list = (x: Executor, roles: readonly string[]): unknown => (x.dialect === 'sqlite' ? JSON.stringify(roles) : roles)
