/** For which moment a value that moves with time is exact: the identity of the field → the moment. */
import type { Executor } from '../contract.js'

const prefix = 'moment '

export async function momentsOf(x: Executor): Promise<ReadonlyMap<string, Date>> {
  const rows = await x.all('SELECT name, value FROM tessera_meta WHERE name LIKE ?', [`${prefix}%`])
  return new Map(rows.map((row) => [String(row['name']).slice(prefix.length), new Date(String(row['value']))]))
}

export async function noteMoments(tx: Executor, names: readonly string[], at: Date): Promise<void> {
  for (const name of names) await tx.run('INSERT INTO tessera_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', [prefix + name, at.toISOString()])
}
