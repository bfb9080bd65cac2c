/** Secrets that people set in the studio, sealed: nothing here can be read without a key that is not in the database. */
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'

export interface KeptSecret {
  readonly name: string
  readonly sealed: string
  readonly changedBy: number | null
  /** RFC 3339. */
  readonly changedAt: string
}

export async function keptSecrets(x: Executor): Promise<readonly KeptSecret[]> {
  const rows = await x.all('SELECT name, sealed, changed_by, changed_at FROM tessera_kept_secret ORDER BY name', [])
  return rows.map((row) => ({
    name: String(row['name']), sealed: String(row['sealed']), changedBy: row['changed_by'] === null ? null : Number(row['changed_by']),
    changedAt: codec(x.dialect, { kind: 'instant' }).decode(row['changed_at']) as string,
  }))
}

/** One of them, sealed; null when there is none. */
export async function keptSecret(x: Executor, name: string): Promise<string | null> {
  const [row] = await x.all('SELECT sealed FROM tessera_kept_secret WHERE name = ?', [name])
  return row === undefined ? null : String(row['sealed'])
}

export async function keepSecret(tx: Executor, { name, sealed, by, at }: { name: string; sealed: string; by: number | null; at: Date }): Promise<void> {
  await tx.run(
    `INSERT INTO tessera_kept_secret (name, sealed, changed_by, changed_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [name, sealed, by, codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString())],
  )
}

/** The same secret under another key. Nothing happens when it was changed meanwhile. */
export const sealAnew = (tx: Executor, name: string, before: string, sealed: string): Promise<number> =>
  tx.run('UPDATE tessera_kept_secret SET sealed = ? WHERE name = ? AND sealed = ?', [sealed, name, before])

/** False when there is none. */
export const dropSecret = async (tx: Executor, name: string): Promise<boolean> => (await tx.run('DELETE FROM tessera_kept_secret WHERE name = ?', [name])) === 1
