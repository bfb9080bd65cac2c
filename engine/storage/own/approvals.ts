/** Approvals: what is asked, who is asked, what they said, and who decides for people who are away. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Executor, Row } from '../contract.js'
import { codec } from '../dialect.js'
import { rowsParameter, rowsSource } from '../queries/rows.js'

/** `withdrawn`: nobody waits for it any more. */
export type ApprovalState = 'open' | 'approved' | 'rejected' | 'withdrawn'
/** `waiting`: their turn has not come; `passed`: others were asked instead. */
export type SeatState = 'waiting' | 'asked' | 'approved' | 'rejected' | 'passed'

export interface NewApproval {
  readonly run: number
  readonly seq: number
  /** Identity of the entity. */
  readonly entity: string | null
  readonly recordId: number | null
  /** Who asks; null: nobody in particular. */
  readonly asker: number | null
  /** What is asked and how it is decided (`operations/approvals/question.ts`). */
  readonly document: JsonObject
  readonly due: Date | null
}

export interface StoredApproval extends Omit<NewApproval, 'due'> {
  readonly id: number
  readonly state: ApprovalState
  /** RFC 3339, as all moments here. */
  readonly createdAt: string
  readonly dueAt: string | null
  readonly endedAt: string | null
}

export interface Seat {
  readonly user: number
  readonly place: number
  readonly state: SeatState
  /** Who spoke: the person, or whoever stands in for them. */
  readonly votedBy: number | null
  readonly votedAt: string | null
  readonly comment: string | null
  readonly given: JsonObject
}

const columns = 'id, run_id, seq, entity, record_id, asker, state, document, created_at, due_at, ended_at'

export async function addApproval(tx: Executor, { run, seq, entity, recordId, asker, document, due }: NewApproval, at: Date): Promise<number> {
  const [row] = await tx.all(
    "INSERT INTO tessera_approval (run_id, seq, entity, record_id, asker, state, document, created_at, due_at) VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?) RETURNING id",
    [run, seq, entity, recordId, asker, JSON.stringify(document), instant(tx, at), due === null ? null : instant(tx, due)],
  )
  return Number(row?.['id'])
}

/** In a writing unit the approval stays as it is until the unit ends; whoever also writes its run holds that first. */
export async function approvalById(x: Executor, id: number): Promise<StoredApproval | null> {
  const lock = x.writing && x.dialect === 'postgres' ? ' FOR UPDATE' : ''
  const [row] = await x.all(`SELECT ${columns} FROM tessera_approval WHERE id = ?${lock}`, [id])
  return row === undefined ? null : toApproval(x, row)
}

export interface ApprovalQuestion {
  /** Whose: asked in a seat of one of these people whose turn has come, or asking themselves. */
  readonly people: readonly number[]
  readonly asker: number
  readonly open: boolean
  readonly record?: { readonly entity: string; readonly id: number }
  readonly before: number | null
  readonly limit: number
}

/** Newest first. */
export async function approvalsOf(x: Executor, { people, asker, open, record, before, limit }: ApprovalQuestion): Promise<readonly StoredApproval[]> {
  const rows = await x.all(
    `SELECT ${columns} FROM tessera_approval WHERE state ${open ? "= 'open'" : "<> 'withdrawn'"}${record === undefined ? '' : ' AND entity = ? AND record_id = ?'}${before === null ? '' : ' AND id < ?'}
     AND (asker = ? OR id IN (SELECT approval_id FROM tessera_approval_seat WHERE user_id ${among(x)} AND state <> 'waiting') OR id IN (SELECT s.approval_id FROM tessera_approval_seat s WHERE s.voted_by = ?)) ORDER BY id DESC LIMIT ${String(limit)}`,
    [...(record === undefined ? [] : [record.entity, record.id]), ...(before === null ? [] : [before]), asker, listed(x, people), asker],
  )
  return rows.map((row) => toApproval(x, row))
}

/** Open ones whose time is up. */
export async function approvalsDue(x: Executor, at: Date, limit: number): Promise<readonly Pick<StoredApproval, 'id' | 'run'>[]> {
  const rows = await x.all(`SELECT id, run_id FROM tessera_approval WHERE state = 'open' AND due_at <= ? ORDER BY due_at, id LIMIT ${String(limit)}`, [instant(x, at)])
  return rows.map((row) => ({ id: Number(row['id']), run: Number(row['run_id']) }))
}

export async function keepApproval(tx: Executor, { id, state, document, due, ended }: Pick<StoredApproval, 'id' | 'state' | 'document'> & { readonly due: Date | null; readonly ended: Date | null }): Promise<void> {
  await tx.run('UPDATE tessera_approval SET state = ?, document = ?, due_at = ?, ended_at = ? WHERE id = ?', [state, JSON.stringify(document), due === null ? null : instant(tx, due), ended === null ? null : instant(tx, ended), id])
}

/** Steps that do not wait any more: what they asked is not asked any more. */
export async function withdrawApprovals(tx: Executor, steps: readonly { readonly run: number; readonly seq: number }[], at: Date): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer'])
  await tx.run(`UPDATE tessera_approval SET state = 'withdrawn', ended_at = ${typedMoment(tx)} WHERE state = 'open' AND (run_id, seq) IN (SELECT ${cells.join(', ')} FROM ${from})`, [instant(tx, at), rowsParameter(steps.map(({ run, seq }) => [run, seq]))])
}

/** Nothing of a run is asked any more. */
export const withdrawAll = async (tx: Executor, run: number, at: Date): Promise<void> =>
  void (await tx.run("UPDATE tessera_approval SET state = 'withdrawn', ended_at = ? WHERE state = 'open' AND run_id = ?", [instant(tx, at), run]))

/** Those whose seats are there already keep what they said. */
export async function addSeats(tx: Executor, approval: number, seats: readonly Pick<Seat, 'user' | 'place' | 'state'>[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'integer', 'integer', 'text'])
  await tx.run(
    `INSERT INTO tessera_approval_seat (approval_id, user_id, place, state) SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE
     ON CONFLICT (approval_id, user_id) DO UPDATE SET state = CASE WHEN tessera_approval_seat.state IN ('approved', 'rejected') THEN tessera_approval_seat.state ELSE excluded.state END`,
    [rowsParameter(seats.map(({ user, place, state }) => [approval, user, place, state]))],
  )
}

/** By approval, in their places. */
export async function seatsOf(x: Executor, approvals: readonly number[]): Promise<ReadonlyMap<number, readonly Seat[]>> {
  const found = new Map<number, Seat[]>()
  for (const row of await x.all(`SELECT approval_id, user_id, place, state, voted_by, voted_at, comment, given FROM tessera_approval_seat WHERE approval_id ${among(x)} ORDER BY approval_id, place, user_id`, [listed(x, approvals)])) {
    const id = Number(row['approval_id'])
    found.set(id, [...(found.get(id) ?? []), toSeat(x, row)])
  }
  return found
}

/** Moves seats of these people on. */
export async function moveSeats(tx: Executor, approval: number, users: readonly number[], state: SeatState): Promise<void> {
  await tx.run(`UPDATE tessera_approval_seat SET state = ? WHERE approval_id = ? AND user_id ${among(tx)}`, [state, approval, listed(tx, users)])
}

/** What somebody says, in their own seat and in those of people for whom they stand in. */
export async function keepVote(tx: Executor, approval: number, users: readonly number[], vote: { readonly state: 'approved' | 'rejected'; readonly by: number; readonly comment: string | null; readonly given: JsonObject }, at: Date): Promise<void> {
  await tx.run(
    `UPDATE tessera_approval_seat SET state = ?, voted_by = ?, comment = ?, given = ?, voted_at = ? WHERE approval_id = ? AND user_id ${among(tx)}`,
    [vote.state, vote.by, vote.comment, JSON.stringify(vote.given), instant(tx, at), approval, listed(tx, users)],
  )
}

export interface Absence {
  readonly user: number
  readonly delegate: number
  readonly from: string
  readonly until: string
}

export async function absenceOf(x: Executor, user: number): Promise<Absence | null> {
  const [row] = await x.all('SELECT user_id, delegate_id, from_at, until_at FROM tessera_absence WHERE user_id = ?', [user])
  return row === undefined ? null : toAbsence(x, row)
}

/** Who is away at a moment: those for whom `delegate` stands in, or those among `users`. */
export async function absentAt(x: Executor, of: { readonly delegate: number } | { readonly users: readonly number[] }, at: Date): Promise<readonly Absence[]> {
  const whose = 'delegate' in of ? 'delegate_id = ?' : `user_id ${among(x)}`
  const rows = await x.all(`SELECT user_id, delegate_id, from_at, until_at FROM tessera_absence WHERE ${whose} AND from_at <= ? AND until_at > ? ORDER BY user_id`, ['delegate' in of ? of.delegate : listed(x, of.users), instant(x, at), instant(x, at)])
  return rows.map((row) => toAbsence(x, row))
}

export async function keepAbsence(tx: Executor, user: number, delegate: number, from: Date, until: Date): Promise<void> {
  await tx.run(
    'INSERT INTO tessera_absence (user_id, delegate_id, from_at, until_at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET delegate_id = excluded.delegate_id, from_at = excluded.from_at, until_at = excluded.until_at',
    [user, delegate, instant(tx, from), instant(tx, until)],
  )
}

export const endAbsence = async (tx: Executor, user: number): Promise<void> => void (await tx.run('DELETE FROM tessera_absence WHERE user_id = ?', [user]))

/** One parameter for any number of ids. */
const among = (x: Executor): string => (x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])')
const listed = (x: Executor, ids: readonly number[]): unknown => (x.dialect === 'sqlite' ? JSON.stringify(ids) : ids)

const typedMoment = (x: Executor): string => (x.dialect === 'postgres' ? '?::timestamptz' : '?')
const instant = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())
const moment = (x: Executor, value: unknown): string | null => codec(x.dialect, { kind: 'instant' }).decode(value) as string | null // what the codec gives for an instant
const numberOf = (value: unknown): number | null => (value === null ? null : Number(value))
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function toApproval(x: Executor, row: Row): StoredApproval {
  return {
    id: Number(row['id']), run: Number(row['run_id']), seq: Number(row['seq']), entity: textOf(row['entity']), recordId: numberOf(row['record_id']), asker: numberOf(row['asker']),
    state: row['state'] as ApprovalState, document: JSON.parse(String(row['document'])) as JsonObject, // written here only
    createdAt: moment(x, row['created_at']) ?? '', dueAt: moment(x, row['due_at']), endedAt: moment(x, row['ended_at']),
  }
}

function toSeat(x: Executor, row: Row): Seat {
  const given = textOf(row['given'])
  return {
    user: Number(row['user_id']), place: Number(row['place']), state: row['state'] as SeatState, votedBy: numberOf(row['voted_by']), votedAt: moment(x, row['voted_at']), comment: textOf(row['comment']),
    given: given === null ? {} : JSON.parse(given) as JsonObject, // written here only
  }
}

const toAbsence = (x: Executor, row: Row): Absence => ({ user: Number(row['user_id']), delegate: Number(row['delegate_id']), from: moment(x, row['from_at']) ?? '', until: moment(x, row['until_at']) ?? '' })
