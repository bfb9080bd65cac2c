/** A hash of all that a database holds, so that "nothing was changed" can be seen. */
import { createHash } from 'node:crypto'

import type { Database } from '../../engine/storage/contract.js'

/** Sessions note their last use, pages what they show, looks for reminders how far they have come; the audit log tells of looks and attempts, and is sealed by itself. */
const volatile = new Set(['tessera_session', 'tessera_presence', 'tessera_reminded', 'tessera_event', 'tessera_chain', 'tessera_chain_head'])

/** Who follows for the others says again and again that they are still there. */
const beats = (name: string, row: Readonly<Record<string, unknown>>): boolean => name === 'tessera_meta' && row['name'] === 'workflows lead'

/** Of every row of every table but the volatile ones. */
export async function stateHash(database: Database): Promise<string> {
  const tables = database.dialect === 'sqlite'
    ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_\\_fts%' ESCAPE '\\' ORDER BY name"
    : "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
  const hash = createHash('sha256')
  for (const { name } of await database.read.all(tables, [])) {
    if (typeof name !== 'string' || volatile.has(name)) continue
    const rows = await database.read.all(`SELECT * FROM "${name}"`, [])
    hash.update(name).update(rows.filter((row) => !beats(name, row)).map((row) => JSON.stringify(row)).toSorted().join('\n'))
  }
  return hash.digest('hex')
}
