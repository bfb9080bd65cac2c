/** How many statements some work sends to the database in its writing units. */
import type { Engine } from '../../engine/operations/call.js'
import type { Executor } from '../../engine/storage/contract.js'

/** What other units do meanwhile is counted too. */
export async function statementsOf({ database }: Pick<Engine, 'database'>, work: () => Promise<unknown>): Promise<number> {
  const write = database.write.bind(database)
  let count = 0
  const counting = (tx: Executor): Executor => Object.assign(Object.create(tx) as Executor, {
    all: (...sent: Parameters<Executor['all']>) => { count += 1; return tx.all(...sent) },
    run: (...sent: Parameters<Executor['run']>) => { count += 1; return tx.run(...sent) },
  })
  database.write = (inside) => write((tx) => inside(counting(tx)))
  try {
    await work()
  } finally {
    database.write = write
  }
  return count
}
