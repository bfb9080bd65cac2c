/**
 * Pairs of records that a duplicate rule makes alike, whoever may see them, and how far the search for each rule has come.
 * A rule is known by a name of its own (`operations/duplicates/kept.ts`), of its entity and of what it compares.
 */
import type { Json } from '../../../metadata/contract/json.js'
import type { Cell } from '../../fields/contract.js'
import type { Entity } from '../../model/model.js'
import type { Executor } from '../contract.js'
import type { Pair } from './distinct.js'
import { rowsMost, rowsParameter, rowsSource } from '../queries/rows.js'

/** Two records that are alike. `score`: hundredths, from 90 (names alike) to 100 (equal). */
export interface Candidate {
  readonly pair: Pair
  readonly score: number
}

const list = (x: Executor): string => (x.dialect === 'sqlite' ? 'IN (SELECT value FROM json_each(?))' : '= ANY(?::bigint[])')
const listed = (x: Executor, ids: readonly number[]): unknown => (x.dialect === 'sqlite' ? JSON.stringify(ids) : ids)

/** The best first, among equals the newest; those that somebody took apart are left out. `after`: the last one of the page before. */
export async function candidatesOf(x: Executor, rule: string, entity: Entity, limit: number, after?: Candidate): Promise<readonly Candidate[]> {
  const behind = after === undefined ? '' : 'AND (score, low_id, high_id) < (?, ?, ?)'
  const rows = await x.all(
    `SELECT low_id, high_id, score FROM tessera_candidate c WHERE rule = ? ${behind}
       AND NOT EXISTS (SELECT 1 FROM tessera_distinct d WHERE d.entity = ? AND d.low_id = c.low_id AND d.high_id = c.high_id)
     ORDER BY score DESC, low_id DESC, high_id DESC LIMIT ${String(limit)}`,
    [rule, ...(after === undefined ? [] : [after.score, ...after.pair]), entity.id],
  )
  return rows.map((row) => ({ pair: [Number(row['low_id']), Number(row['high_id'])], score: Number(row['score']) }))
}

export async function addCandidates(tx: Executor, rule: string, candidates: readonly Candidate[]): Promise<void> {
  const { cells, from } = rowsSource(tx.dialect, ['text', 'integer', 'integer', 'integer'])
  // `WHERE true`: without it SQLite takes ON for the condition of a join.
  const sql = `INSERT INTO tessera_candidate (rule, low_id, high_id, score) SELECT ${cells.join(', ')} FROM ${from} WHERE true ON CONFLICT (rule, low_id, high_id) DO UPDATE SET score = excluded.score`
  for (let start = 0; start < candidates.length; start += rowsMost) {
    await tx.run(sql, [rowsParameter(candidates.slice(start, start + rowsMost).map(({ pair, score }) => [rule, ...pair, score]))])
  }
}

/** Forgets the pairs of these records. */
export async function dropCandidates(tx: Executor, rule: string, ids: readonly number[]): Promise<void> {
  await tx.run(`DELETE FROM tessera_candidate WHERE rule = ? AND low_id ${list(tx)}`, [rule, listed(tx, ids)])
  await tx.run(`DELETE FROM tessera_candidate WHERE rule = ? AND high_id ${list(tx)}`, [rule, listed(tx, ids)])
}

// ── how far the search has come ──

/** The search through all records for one rule. */
export interface Search {
  readonly rule: string
  /** Counts the searches; another one has begun since when it differs. */
  readonly round: number
  /** Where it goes on in the order of what the rule compares; empty at the beginning, null when it is over. */
  readonly place: readonly Cell[] | null
  /** Records looked at so far. */
  readonly looked: number
}

export const searches = (x: Executor): Promise<readonly Search[]> => searchesWhere(x, '')

/** Those that are not over. */
export const searchesGoing = (x: Executor): Promise<readonly Search[]> => searchesWhere(x, " WHERE place <> 'null'")

async function searchesWhere(x: Executor, condition: string): Promise<readonly Search[]> {
  const rows = await x.all(`SELECT rule, round, place, looked FROM tessera_candidate_search${condition}`, [])
  return rows.map((row) => ({ rule: String(row['rule']), round: Number(row['round']), place: JSON.parse(String(row['place'])) as Cell[] | null, looked: Number(row['looked']) }))
}

/** Begins the search for rules that have none. */
export async function beginSearches(tx: Executor, rules: readonly string[]): Promise<void> {
  for (const rule of rules) await tx.run("INSERT INTO tessera_candidate_search (rule, round, place, looked) VALUES (?, 1, '[]', 0) ON CONFLICT (rule) DO NOTHING", [rule])
}

/** Begins again and keeps the pairs that are known. */
export async function searchAgain(tx: Executor, rules: readonly string[]): Promise<void> {
  for (const rule of rules) await tx.run("UPDATE tessera_candidate_search SET round = round + 1, place = '[]', looked = 0 WHERE rule = ?", [rule])
}

/** Begins anew, for records that changed without a trace. */
export async function searchAnew(tx: Executor, rules: readonly string[]): Promise<void> {
  await searchAgain(tx, rules)
  for (const rule of rules) await tx.run('DELETE FROM tessera_candidate WHERE rule = ?', [rule])
}

/** Forgets rules that are no more. */
export async function endSearches(tx: Executor, rules: readonly string[]): Promise<void> {
  for (const rule of rules) {
    await tx.run('DELETE FROM tessera_candidate_search WHERE rule = ?', [rule])
    await tx.run('DELETE FROM tessera_candidate WHERE rule = ?', [rule])
  }
}

/** False when somebody else went on meanwhile. */
export async function advanceSearch(tx: Executor, { rule, round, looked }: Search, next: Pick<Search, 'place' | 'looked'>): Promise<boolean> {
  const place: Json = next.place === null ? null : [...next.place]
  return (await tx.run('UPDATE tessera_candidate_search SET place = ?, looked = ? WHERE rule = ? AND round = ? AND looked = ?', [JSON.stringify(place), next.looked, rule, round, looked])) > 0
}

// ── which changes were followed ──

const followed = 'candidates'

/** Position in the changes up to which pairs follow them; null before anybody looked. */
export async function followedTo(x: Executor): Promise<string | null> {
  const [row] = await x.all('SELECT value FROM tessera_meta WHERE name = ?', [followed])
  return row === undefined ? null : String(row['value'])
}

/** False when somebody else went on meanwhile. */
export async function followTo(tx: Executor, from: string | null, position: string): Promise<boolean> {
  if (from === null) return (await tx.run('INSERT INTO tessera_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', [followed, position])) > 0
  return (await tx.run('UPDATE tessera_meta SET value = ? WHERE name = ? AND value = ?', [position, followed, from])) > 0
}
