import { Client } from 'pg'
import sqlite3 from 'sqlite3'
import { describe, expect, test } from 'vitest'

import { clonedDatabase, databaseKinds, freshDatabase, type TestDatabase } from './databases.js'

describe.each(databaseKinds)('a test database on %s', (kind) => {
  test('starts empty, keeps what is written, and is gone after drop', async () => {
    const first = await freshDatabase(kind)
    const second = await freshDatabase(kind)
    await run(first, 'create table note (text varchar(20))', "insert into note values ('中文')")
    expect(await rows(first, 'select text from note')).toEqual([{ text: '中文' }])
    await expect(rows(second, 'select text from note')).rejects.toThrow(/note/)
    await first.drop()
    await second.drop()
    await expect(rows(first, 'select text from note')).rejects.toThrow()
  })

  test('is copied from a template that is prepared once, and copies do not see each other', async () => {
    let prepared = 0
    const prepare = async (url: string) => {
      prepared += 1
      await run({ kind, url }, 'create table note (text varchar(20))', "insert into note values ('one')")
    }
    const first = await clonedDatabase(kind, 'note', prepare)
    const second = await clonedDatabase(kind, 'note', prepare)
    await run(first, "insert into note values ('two')")
    expect(await rows(first, 'select text from note order by text')).toEqual([{ text: 'one' }, { text: 'two' }])
    expect(await rows(second, 'select text from note order by text')).toEqual([{ text: 'one' }])
    expect(prepared).toBe(1)
    await first.drop()
    await second.drop()
  })
})

type Place = Pick<TestDatabase, 'kind' | 'url'>

async function run(place: Place, ...statements: string[]): Promise<void> {
  for (const statement of statements) await rows(place, statement)
}

async function rows(place: Place, statement: string): Promise<unknown[]> {
  if (place.kind === 'postgres') {
    const client = new Client({ connectionString: place.url })
    await client.connect()
    try {
      return (await client.query(statement)).rows
    } finally {
      await client.end()
    }
  }
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(place.url.slice('sqlite:'.length), (error) => (error ? reject(error) : resolve(opened)))
  })
  try {
    return await new Promise((resolve, reject) => {
      database.all(statement, (error, found) => (error ? reject(error) : resolve(found)))
    })
  } finally {
    await new Promise((resolve) => database.close(resolve))
  }
}
