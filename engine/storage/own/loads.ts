/** How far a long load has come: kept in the unit of its rows, so that an interrupted load goes on and never doubles. */
import type { Executor } from '../contract.js'

export interface LoadState {
  /** Rows of the part that are stored. */
  readonly loaded: number
  /** Rows that the part has in all. */
  readonly total: number
}

/** All parts of a load, by name; empty when it never began. */
export async function loadStates(x: Executor, load: string): Promise<ReadonlyMap<string, LoadState>> {
  const rows = await x.all('SELECT part, loaded, total FROM tessera_load WHERE name = ?', [load])
  return new Map(rows.map((row) => [String(row['part']), { loaded: Number(row['loaded']), total: Number(row['total']) }]))
}

/** Whether a load is not complete: it is going on, or goes on when the engine starts again. */
export const isLoading = async (x: Executor): Promise<boolean> => (await x.all('SELECT 1 AS found FROM tessera_load WHERE loaded < total LIMIT 1', [])).length > 0

/**
 * Notes that a part went from `from` to `to` rows. False when it stands elsewhere: somebody else is loading it, and the
 * unit must be given up.
 */
export async function advanceLoad(tx: Executor, load: string, part: string, step: { from: number; to: number; total: number }): Promise<boolean> {
  if (step.from === 0) await tx.run('INSERT INTO tessera_load (name, part, loaded, total) VALUES (?, ?, 0, ?) ON CONFLICT (name, part) DO NOTHING', [load, part, step.total])
  const changed = await tx.run('UPDATE tessera_load SET loaded = ? WHERE name = ? AND part = ? AND loaded = ?', [step.to, load, part, step.from])
  return changed === 1
}
