/** Units are all or nothing, alone or in company; long reads end; failures say what to do. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../engine/storage/contract.js'
import { openDatabase } from '../../engine/storage/database.js'
import { databaseKinds, freshDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js'

let database: TestDatabase
let db: Database

const add = (id: number, body = `b${String(id)}`) => db.write((tx) => tx.run('INSERT INTO note (id, body) VALUES (?, ?)', [id, body]))
const ids = async () => (await db.read.all('SELECT id FROM note ORDER BY id', [])).map((row) => row['id'])

/** A fresh database with one table, emptied before each test. */
function onDatabase(kind: DatabaseKind): void {
  beforeAll(async () => {
    database = await freshDatabase(kind)
    db = await openDatabase(database.url, { longMilliseconds: 300 })
    await db.change((tx) => tx.run('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT UNIQUE, n INTEGER NOT NULL DEFAULT 0)', []))
  })
  beforeEach(() => db.write((tx) => tx.run('DELETE FROM note', [])))
  afterAll(async () => {
    await db.close()
    await database.drop()
  })
}

describe.each(databaseKinds)('%s', (kind) => {
  onDatabase(kind)

  test('a unit that fails is undone alone; those beside it are kept', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) =>
        db.write(async (tx) => {
          await tx.run('INSERT INTO note (id, body) VALUES (?, ?)', [i, `b${String(i)}`])
          if (i % 3 === 0) throw new Error('no')
          if (i % 3 === 1) await tx.run('UPDATE note SET n = n + 1 WHERE id = ?', [i])
          return i
        }),
      ),
    )
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(Array.from({ length: 30 }, (_, i) => i % 3 !== 0))
    expect(await ids()).toEqual(Array.from({ length: 30 }, (_, i) => i).filter((i) => i % 3 !== 0))
  })

  test('what is resolved is there for every other reader', async () => {
    for (let i = 0; i < 20; i++) {
      await add(i)
      expect(await ids()).toContain(i)
    }
  })

  test('a unit whose statement failed is refused even if it looked away', async () => {
    await add(1)
    const unit = db.write(async (tx) => {
      await tx.run('INSERT INTO note (id, body) VALUES (?, ?)', [2, 'two'])
      await tx.run('INSERT INTO note (id, body) VALUES (?, ?)', [3, 'b1']).catch(() => undefined)
    })
    await expect(unit).rejects.toMatchObject({ name: 'ConstraintError', kind: 'unique', columns: ['body'] })
    expect(await ids()).toEqual([1])
  })

  test('a statement that outlives its unit is refused', async () => {
    let late: (() => Promise<number>) | undefined
    await db.write((tx) => {
      late = () => tx.run('INSERT INTO note (id, body) VALUES (?, ?)', [9, 'late'])
      return Promise.resolve()
    })
    await expect(late?.()).rejects.toThrow(/unit is over/)
    expect(await ids()).toEqual([])
  })

  test('A-111 a long read that takes too long ends, and short reads do not wait for it', async () => {
    const endless = kind === 'sqlite' ? 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n' : 'SELECT count(*) FROM generate_series(1, 100000000000)'
    const long = { ended: false }
    const outcome = db.long.all(endless, []).catch((error: unknown) => {
      long.ended = true
      return error
    })
    let short = 0
    while (!long.ended) {
      await ids()
      short++
    }
    expect(await outcome).toMatchObject({ code: 'query.timeout' })
    expect(short).toBeGreaterThan(20)
    expect(await db.long.all('SELECT 1 AS one', [])).toEqual([{ one: 1 }])
  })

  test('a change of tables runs alone between units', async () => {
    const before = Array.from({ length: 5 }, (_, i) => add(i))
    const change = db.change((tx) => tx.run('ALTER TABLE note ADD COLUMN extra TEXT', []))
    await Promise.all([...before, change])
    await db.write((tx) => tx.run('INSERT INTO note (id, body, extra) VALUES (7, ?, ?)', ['x', 'y']))
    await expect(db.change(async (tx) => {
      await tx.run('ALTER TABLE note ADD COLUMN other TEXT', [])
      throw new Error('no')
    })).rejects.toThrow('no')
    await expect(db.read.all('SELECT other FROM note', [])).rejects.toThrow()
    expect(await db.read.all('SELECT extra FROM note WHERE id = 7', [])).toEqual([{ extra: 'y' }])
  })

  test('units wait for none that have already failed to close', async () => {
    const other = await openDatabase(database.url)
    const unit = other.write((tx) => tx.run('INSERT INTO note (id, body) VALUES (50, ?)', ['closing']))
    await Promise.all([unit, other.close()])
    expect(await ids()).toEqual([50])
  })
})

describe.each(databaseKinds.filter((kind) => kind === 'sqlite'))('%s alone', (kind) => {
  onDatabase(kind)

  test('A-152 no space: the unit is refused, its neighbours and readers go on, and later all is well', async () => {
    const [{ pages } = { pages: 0 }] = await db.write((tx) => tx.all('SELECT page_count AS pages FROM pragma_page_count()', []))
    await db.write((tx) => tx.all(`PRAGMA max_page_count=${String(Number(pages) + 8)}`, []))
    const outcomes = await Promise.allSettled([add(1), add(2, 'x'.repeat(1_000_000)), add(3)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { code: 'storage.full', status: 507 } })
    // A part that may be taken back by itself, as rows of an import are: the reason stays the same.
    const part = db.write((tx) => tx.attempt?.((inner) => inner.run('INSERT INTO note (id, body) VALUES (?, ?)', [4, 'x'.repeat(1_000_000)])) ?? Promise.resolve(0))
    await expect(part).rejects.toMatchObject({ code: 'storage.full' })
    expect(await ids()).toEqual([1, 3])
    await db.write((tx) => tx.all('PRAGMA max_page_count=1073741823', []))
    await add(2, 'x'.repeat(1_000_000))
    expect(await ids()).toEqual([1, 2, 3])
    expect(await db.read.all('PRAGMA integrity_check', [])).toEqual([{ integrity_check: 'ok' }])
  })

  test('A-155 A-066 the settings that durability and safety rest on are in force', async () => {
    const database = await freshDatabase('sqlite')
    const db = await openDatabase(database.url)
    try {
      const setting = async (name: string) => Object.values((await db.write((tx) => tx.all(`PRAGMA ${name}`, [])))[0] ?? {})[0]
      expect(await setting('journal_mode')).toBe('wal')
      expect(await setting('synchronous')).toBe(2)
      expect(await setting('foreign_keys')).toBe(1)
      expect(await setting('trusted_schema')).toBe(0)
      await expect(db.read.all('CREATE TABLE intruder (id INTEGER)', [])).rejects.toThrow(/readonly/)
      await expect(db.read.all("SELECT load_extension('x')", [])).rejects.toThrow(/not authorized|no such function/)
    } finally {
      await db.close()
      await database.drop()
    }
  })
})

describe.each(databaseKinds.filter((kind) => kind === 'postgres'))('%s alone', (kind) => {
  onDatabase(kind)

  test('A-158 units that lock each other out both happen, each once', async () => {
    await add(1)
    await add(2)
    const arrived: (() => void)[] = []
    const meet = () => new Promise<void>((resolve) => {
      arrived.push(resolve)
      if (arrived.length >= 2) for (const go of arrived) go()
    })
    let runs = 0
    const cross = (first: number, second: number) => db.write(async (tx) => {
      runs++
      await tx.run('UPDATE note SET n = n + 1 WHERE id = ?', [first])
      if (runs <= 2) await meet()
      await tx.run('UPDATE note SET n = n + 1 WHERE id = ?', [second])
    })
    await Promise.all([cross(1, 2), cross(2, 1)])
    expect(runs).toBe(3)
    expect(await db.read.all('SELECT n FROM note ORDER BY id', [])).toEqual([{ n: 2 }, { n: 2 }])
  })

  test('A-144 a change of tables that cannot get its lock gives up and says so', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let locked: () => void = () => undefined
    const hasLock = new Promise<void>((resolve) => (locked = resolve))
    const holder = db.write(async (tx) => {
      await tx.run('INSERT INTO note (id, body) VALUES (1, ?)', ['held'])
      locked()
      await held
    })
    await hasLock
    await expect(db.change((tx) => tx.run('ALTER TABLE note ADD COLUMN never TEXT', []))).rejects.toMatchObject({ code: 'storage.busy' })
    release()
    await holder
    expect(await ids()).toEqual([1])
  })
})
