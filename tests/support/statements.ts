/** How many statements writes of records send to the database. */
import type { Engine } from '../../engine/operations/call.js'
import type { Executor } from '../../engine/storage/contract.js'

/**
 * Statements of those units that touch the entity's table, so that what the product notes in the background meanwhile
 * (a session's last use, looks at sensitive fields) is not among them.
 */
export async function statementsOf({ database, current }: Pick<Engine, 'database' | 'current'>, entity: string, work: () => Promise<unknown>): Promise<number> {
  const table = current.get().entities.get(entity)?.table
  if (table === undefined) throw new Error(`there is no entity ${entity}`)
  const write = database.write.bind(database)
  let count = 0
  database.write = async (inside) => {
    let sent: string[] = []
    const noting = (tx: Executor): Executor => Object.assign(Object.create(tx) as Executor, {
      all: (...statement: Parameters<Executor['all']>) => { sent.push(statement[0]); return tx.all(...statement) },
      run: (...statement: Parameters<Executor['run']>) => { sent.push(statement[0]); return tx.run(...statement) },
    })
    const value = await write((tx) => {
      sent = [] // a unit that gave way to another one begins anew
      return inside(noting(tx))
    })
    if (sent.some((sql) => sql.includes(`"${table}"`))) count += sent.length
    return value
  }
  try {
    await work()
  } finally {
    database.write = write
  }
  if (count === 0) throw new Error(`no unit touched ${entity}`)
  return count
}
