/** Databases of a PostgreSQL server: made and removed outside of any unit. */
import pg from 'pg'
import { quote } from '../dialect.js'

/** Makes an empty database on the server that `url` names. */
export const createBeside = (url: string, name: string): Promise<void> => administer(url, `CREATE DATABASE ${quote(name)} TEMPLATE template0`)

/** Removes it, whoever is still connected. */
export const dropBeside = (url: string, name: string): Promise<void> => administer(url, `DROP DATABASE IF EXISTS ${quote(name)} WITH (FORCE)`)

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
