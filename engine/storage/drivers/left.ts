/** What units leave for a statement at the end of their commit. */
import type { Flush } from '../contract.js'

/** Rows by the function that writes them. */
export type Left = Map<Flush<unknown>, unknown[]>

export function leave(left: Left, flush: Flush<unknown>, rows: readonly unknown[]): void {
  const known = left.get(flush)
  if (known === undefined) left.set(flush, [...rows])
  else for (const row of rows) known.push(row)
}
