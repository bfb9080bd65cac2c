/** Work on many rows at once in which a row that is refused harms no other one. */
import { Problem } from '../../errors.js'
import type { Executor } from '../../storage/contract.js'

/**
 * Does the work of all at once. When something in it is refused, each half by itself, down to the one that is to
 * blame: without a fault one statement does for all, with few faults it takes few more.
 */
export async function eachAlone<T, R>(tx: Executor, all: readonly T[], refuse: (one: T, problem: Problem) => void, write: (tx: Executor, some: readonly T[]) => Promise<readonly R[]>): Promise<readonly R[]> {
  const [first] = all
  if (first === undefined) return []
  if (tx.attempt === undefined) throw new Error('rows are written inside of a unit')
  try {
    return await tx.attempt((part) => write(part, all))
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (all.length === 1) {
      refuse(first, error)
      return []
    }
    const half = Math.ceil(all.length / 2)
    return [...(await eachAlone(tx, all.slice(0, half), refuse, write)), ...(await eachAlone(tx, all.slice(half), refuse, write))]
  }
}

/** A fault of the row, not of the system. */
export const isRefusal = (error: unknown): error is Problem => error instanceof Problem && error.status < 500
