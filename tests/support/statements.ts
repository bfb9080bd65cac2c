/** How many statements writes of records send to the database. */
import type { Engine } from '../../engine/operations/call.js'
import type { Executor } from '../../engine/storage/contract.js'

/**
 * Statements of those units that tell of a changed record, so that what the product notes in the background meanwhile
 * (a session's last use, looks at sensitive fields) is not among them.
 */
export async function statementsOf({ database }: Pick<Engine, 'database'>, work: () => Promise<unknown>): Promise<number> {
  const write = database.write.bind(database)
  let count = 0
  database.write = async (inside) => {
    const sent: string[] = []
    const noting = (tx: Executor): Executor => Object.assign(Object.create(tx) as Executor, {
      all: (...statement: Parameters<Executor['all']>) => { sent.push(statement[0]); return tx.all(...statement) },
      run: (...statement: Parameters<Executor['run']>) => { sent.push(statement[0]); return tx.run(...statement) },
    })
    const value = await write((tx) => {
      sent.length = 0 // a unit that the database refused for another one begins anew
      return inside(noting(tx))
    })
    if (sent.some((sql) => sql.includes('INTO tessera_change'))) count += sent.length
    return value
  }
  try {
    await work()
  } finally {
    database.write = write
  }
  if (count === 0) throw new Error('no record was changed')
  return count
}
