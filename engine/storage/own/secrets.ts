/** Random keys of the deployment, the same for every process of it. */
import { randomBytes } from 'node:crypto'
import type { Database } from '../contract.js'

const keyBytes = 32

/** The key with this name, made on first use. */
export async function secret(database: Database, name: string): Promise<Uint8Array> {
  const known = await database.read.all('SELECT value FROM tessera_secret WHERE name = ?', [name])
  const found = known[0] ?? (await database.write(async (tx) => {
    await tx.run('INSERT INTO tessera_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', [name, randomBytes(keyBytes).toString('base64')])
    return (await tx.all('SELECT value FROM tessera_secret WHERE name = ?', [name]))[0]
  }))
  return Buffer.from(String(found?.['value']), 'base64')
}
