/** Who has which record open: one row for each page of a browser, good until a moment. */
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'

export interface OpenPage {
  /** Chosen by the page itself. */
  readonly page: string
  readonly user: number
  /** Identity of the entity. */
  readonly entity: string
  readonly recordId: number
  /** Something is typed there that is not saved. */
  readonly editing: boolean
}

const columns = 'page, user_id, entity, record_id, editing'

/** What a page of a user shows, also when its time is over; null when nothing is known of it. */
export async function openPage(x: Executor, page: string, user: number): Promise<OpenPage | null> {
  const [row] = await x.all(`SELECT ${columns} FROM tessera_presence WHERE page = ? AND user_id = ?`, [page, user])
  return row === undefined ? null : toPage(row)
}

/** Pages that show a record at a moment. */
export async function pagesAt(x: Executor, entity: string, recordId: number, at: Date): Promise<readonly OpenPage[]> {
  return (await x.all(`SELECT ${columns} FROM tessera_presence WHERE entity = ? AND record_id = ? AND until > ? ORDER BY user_id, page`, [entity, recordId, instant(x, at)])).map(toPage)
}

/** Notes what a page shows. A page of somebody else stays theirs. */
export async function keepPage(tx: Executor, { page, user, entity, recordId, editing }: OpenPage, until: Date): Promise<void> {
  await tx.run(
    `INSERT INTO tessera_presence (page, user_id, entity, record_id, editing, until) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (page) DO UPDATE SET entity = excluded.entity, record_id = excluded.record_id, editing = excluded.editing, until = excluded.until WHERE tessera_presence.user_id = excluded.user_id`,
    [page, user, entity, recordId, codec(tx.dialect, { kind: 'boolean' }).encode(editing), instant(tx, until)],
  )
}

export async function closePage(tx: Executor, page: string, user: number): Promise<void> {
  await tx.run('DELETE FROM tessera_presence WHERE page = ? AND user_id = ?', [page, user])
}

/** Forgets pages that have been silent. */
export async function forgetPages(tx: Executor, at: Date): Promise<void> {
  await tx.run('DELETE FROM tessera_presence WHERE until < ?', [instant(tx, at)])
}

const instant = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())

const toPage = (row: Row): OpenPage => ({ page: String(row['page']), user: Number(row['user_id']), entity: String(row['entity']), recordId: Number(row['record_id']), editing: Boolean(row['editing']) })
