/** What came in by hooks, by the mark of its signature: what was taken is not taken again. */
import type { Executor } from '../contract.js'
import { codec } from '../dialect.js'

/** False when it was taken before. */
export async function takeMark(tx: Executor, mark: string, forgottenAt: Date): Promise<boolean> {
  return (await tx.run('INSERT INTO tessera_hook_seen (mark, forgotten_at) VALUES (?, ?) ON CONFLICT (mark) DO NOTHING', [mark, codec(tx.dialect, { kind: 'instant' }).encode(forgottenAt.toISOString())])) === 1
}

/** Forgets marks that protect from nothing any more. */
export const forgetMarks = (tx: Executor, at: Date): Promise<number> =>
  tx.run('DELETE FROM tessera_hook_seen WHERE forgotten_at < ?', [codec(tx.dialect, { kind: 'instant' }).encode(at.toISOString())])
