/**
 * The seal over everything that was appended: a chain of numbered entries, one for each change and each event, each with
 * the SHA-256 of itself and of the hash before. It is added after the commit of what it seals, by whoever holds the one
 * row of `tessera_chain_head`; writers of records never wait for it. See decision 23.
 */
import { createHash } from 'node:crypto'
import type { Database, Executor, Row } from '../contract.js'
import { codec, quote } from '../dialect.js'
import { rowsParameter, rowsSource } from '../queries/rows.js'
import { passed, tail, type AppendOnly } from '../tail.js'

export type EntryKind = 'change' | 'event'

/** Where the chain ends. */
export interface Head {
  /** 0 before the first entry. */
  readonly number: number
  /** Hexadecimal. */
  readonly hash: string
}

export const beforeFirst = '0'.repeat(64)
/** Entries of each kind that one unit seals. */
export const sealedTogether = 500
/** Links that are read together when the chain is verified. */
const verifiedTogether = 500

const sources: Readonly<Record<EntryKind, { readonly table: AppendOnly; readonly columns: string; readonly sealed: readonly string[]; readonly at: string; readonly by: string }>> = {
  change: {
    table: 'tessera_change', at: 'changed_at', by: 'changed_by',
    columns: 'seq, entity, record_id, version, action, changed_by, changed_at, changes',
    sealed: ['seq', 'entity', 'record_id', 'version', 'action', 'changed_by', 'changed_at', 'changes'],
  },
  event: {
    table: 'tessera_event', at: 'at', by: 'event_by',
    columns: 'seq, action, event_by, at, entity, records, detail',
    sealed: ['seq', 'action', 'event_by', 'at', 'entity', 'records', 'detail'],
  },
}
const kindsOfEntries: readonly EntryKind[] = ['change', 'event']

/** An entry to be sealed: its cells as JSON, the same on both databases. */
interface Entry {
  readonly kind: EntryKind
  readonly seq: number
  readonly at: string
  /** User id. */
  readonly by: number | null
  /** Identity. */
  readonly entity: string | null
  readonly content: string
}

function entryOf(x: Executor, kind: EntryKind, row: Row): Entry {
  const { sealed, at, by } = sources[kind]
  const moment = codec(x.dialect, { kind: 'instant' }).decode(row[at]) as string
  const cells = sealed.map((name) => (name === at ? moment : (row[name] ?? null)))
  return { kind, seq: Number(row['seq']), at: moment, by: row[by] === null ? null : Number(row[by]), entity: (row['entity'] ?? null) as string | null, content: JSON.stringify([kind, ...cells]) }
}

const hashOf = (before: string, number: number, content: string): string => createHash('sha256').update(`${before}\n${String(number)}\n${content}`).digest('hex')

/**
 * Seals what was committed since the last time, at most some hundred entries. Gives how many; 0 when there is nothing,
 * or when another process is at it.
 */
export const seal = (database: Database): Promise<number> => database.write((tx) => sealInto(tx, ' FOR UPDATE SKIP LOCKED'))

/** The same, after whoever is at it: then what was committed before the call is sealed. */
export const sealAfter = (database: Database): Promise<number> => database.write((tx) => sealInto(tx, ' FOR UPDATE'))

/** True when something waits for its seal. A cheap look, so that an idle system writes nothing. */
export async function waiting(x: Executor): Promise<boolean> {
  const head = await headRow(x, '')
  for (const kind of kindsOfEntries) if ((await tail(x, sources[kind].table, 'seq', positionIn(head, kind), 1)).rows.length > 0) return true
  return false
}

async function sealInto(tx: Executor, lock: ' FOR UPDATE' | ' FOR UPDATE SKIP LOCKED'): Promise<number> {
  const head = await headRow(tx, tx.dialect === 'postgres' ? lock : '')
  if (head === undefined) return 0
  const entries: Entry[] = []
  const positions: string[] = []
  for (const kind of kindsOfEntries) {
    const { table, columns } = sources[kind]
    const read = await tail(tx, table, columns, positionIn(head, kind), sealedTogether)
    const known = await sealedAlready(tx, kind, read.rows.map((row) => Number(row['seq'])))
    entries.push(...read.rows.filter((row) => !known.has(Number(row['seq']))).map((row) => entryOf(tx, kind, row)))
    positions.push(read.position)
  }
  let { number, hash } = headOf(head)
  const instant = codec(tx.dialect, { kind: 'instant' })
  const links = entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ kind, seq, at, by, entity, content }) => {
    number += 1
    hash = hashOf(hash, number, content)
    return [number, kind, seq, hash, by, instant.encode(at), entity]
  })
  const { cells, from } = rowsSource(tx.dialect, ['integer', 'text', 'integer', 'text', 'integer', 'instant', 'text'])
  if (links.length > 0) await tx.run(`INSERT INTO tessera_chain (id, kind, entry, hash, entry_by, entry_at, entry_entity) SELECT ${cells.join(', ')} FROM ${from} WHERE TRUE`, [rowsParameter(links)])
  await tx.run('UPDATE tessera_chain_head SET number = ?, hash = ?, change_position = ?, event_position = ?', [number, hash, ...positions])
  return links.length
}

/** After a restore positions mean nothing, and everything is read again: what is in the chain stays where it is. */
async function sealedAlready(x: Executor, kind: EntryKind, numbers: readonly number[]): Promise<ReadonlySet<number>> {
  if (numbers.length === 0) return new Set()
  const list = x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])'
  const rows = await x.all(`SELECT entry FROM tessera_chain WHERE kind = ? AND entry ${list}`, [kind, x.dialect === 'sqlite' ? JSON.stringify(numbers) : numbers])
  return new Set(rows.map((row) => Number(row['entry'])))
}

/** To be called in the unit of a restore: the copy numbers its units anew. */
export const forgetPositions = (tx: Executor): Promise<number> => tx.run("UPDATE tessera_chain_head SET change_position = '', event_position = ''", [])

async function headRow(x: Executor, lock: '' | ' FOR UPDATE' | ' FOR UPDATE SKIP LOCKED'): Promise<Row | undefined> {
  const [row] = await x.all(`SELECT number, hash, change_position, event_position FROM tessera_chain_head${lock}`, [])
  return row
}

const headOf = (row: Row | undefined): Head => ({ number: Number(row?.['number'] ?? 0), hash: (row?.['hash'] as string | undefined) ?? beforeFirst })
const positionIn = (row: Row | undefined, kind: EntryKind): string => (row?.[`${kind}_position`] as string | undefined) ?? ''

// ── verifying ──

export interface Verdict {
  readonly head: Head
  /** Entries in the tables that are not sealed yet. */
  readonly unsealed: number
  /** The first thing that is wrong, in words; null when nothing is. */
  readonly fault: string | null
}

/**
 * Recomputes the whole chain from the tables. To be called in a snapshot.
 * @param known an earlier head that was written down elsewhere: what was sealed then must still be there
 */
export async function verify(x: Executor, known?: Head): Promise<Verdict> {
  const head = await headRow(x, '')
  const { last, fault } = await verifyLinks(x, known)
  const end = headOf(head)
  const unsealed = (await count(x, 'tessera_change')) + (await count(x, 'tessera_event')) - last.number
  const verdict = { head: end, unsealed: Math.max(0, unsealed) }
  if (fault !== null) return { ...verdict, fault }
  if (head === undefined) return { ...verdict, fault: 'The row that tells where the chain ends is missing.' }
  if (end.number !== last.number || end.hash !== last.hash) return { ...verdict, fault: `The chain should end with entry ${String(end.number)} and ends with ${String(last.number)}: the newest entries were cut off.` }
  if (known !== undefined && known.number > last.number) return { ...verdict, fault: `Entry ${String(known.number)}, which you name, is not there any more: the newest entries were cut off.` }
  for (const kind of kindsOfEntries) {
    const stranger = await unsealedBehind(x, kind, positionIn(head, kind))
    if (stranger !== null) return { ...verdict, fault: `The ${kind} ${String(stranger)} was put in behind the seal: no entry of the chain is about it.` }
  }
  return { ...verdict, fault: null }
}

async function verifyLinks(x: Executor, known: Head | undefined): Promise<{ readonly last: Head; readonly fault: string | null }> {
  let last: Head = { number: 0, hash: beforeFirst }
  for (;;) {
    const links = await x.all(`SELECT id, kind, entry, hash FROM tessera_chain WHERE id > ? ORDER BY id LIMIT ${String(verifiedTogether)}`, [last.number])
    if (links.length === 0) return { last, fault: null }
    const contents = await contentsOf(x, links)
    for (const link of links) {
      const number = Number(link['id'])
      const name = `Entry ${String(number)}`
      if (number !== last.number + 1) return { last, fault: `Entry ${String(last.number + 1)} of the chain is missing.` }
      const content = contents.get(`${String(link['kind'])} ${String(link['entry'])}`)
      if (content === undefined) return { last, fault: `${name}: the ${String(link['kind'])} ${String(link['entry'])} was deleted.` }
      const hash = hashOf(last.hash, number, content)
      if (hash !== link['hash']) return { last, fault: `${name} was altered, or is not in its place: ${content.slice(0, 120)}` }
      if (known?.number === number && known.hash !== hash) return { last, fault: `${name} is another one than the one that you name: the chain was written anew up to here.` }
      last = { number, hash }
    }
  }
}

async function contentsOf(x: Executor, links: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>()
  for (const kind of kindsOfEntries) {
    const { table, columns } = sources[kind]
    const numbers = links.filter((link) => link['kind'] === kind).map((link) => Number(link['entry']))
    for (const row of await rowsOf(x, table, columns, numbers)) {
      const entry = entryOf(x, kind, row)
      contents.set(`${kind} ${String(entry.seq)}`, entry.content)
    }
  }
  return contents
}

const rowsOf = (x: Executor, table: AppendOnly, columns: string, numbers: readonly number[]): Promise<readonly Row[]> =>
  x.dialect === 'sqlite'
    ? x.all(`SELECT ${columns} FROM ${quote(table)} WHERE seq IN (SELECT value FROM json_each(?))`, [JSON.stringify(numbers)])
    : x.all(`SELECT ${columns} FROM ${quote(table)} WHERE seq = ANY(?::bigint[])`, [numbers])

async function count(x: Executor, table: AppendOnly): Promise<number> {
  const [row] = await x.all(`SELECT count(*) AS n FROM ${quote(table)}`, [])
  return Number(row?.['n'] ?? 0)
}

async function unsealedBehind(x: Executor, kind: EntryKind, position: string): Promise<number | null> {
  const { sql, bindings } = passed(x, position)
  const [row] = await x.all(
    `SELECT min(h.seq) AS seq FROM ${quote(sources[kind].table)} h WHERE ${sql} AND NOT EXISTS (SELECT 1 FROM tessera_chain c WHERE c.kind = ? AND c.entry = h.seq)`,
    [...bindings, kind],
  )
  return row === undefined || row['seq'] === null ? null : Number(row['seq'])
}
