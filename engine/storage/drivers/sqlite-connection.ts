/** One SQLite connection: prepared statements by text, one statement at a time, errors in our own words. */
import sqlite3 from 'sqlite3'
import { Problem } from '../../errors.js'
import type { Row } from '../contract.js'
import { ConstraintError } from '../failure.js'

/** Statements kept per connection; the least recently used one is finalised first. */
const statementLimit = 300
/** How long a connection waits for another process's lock. Milliseconds. */
const busyTimeout = 5_000

export class SqliteConnection {
  /** Set while a statement runs: `performance.now()` of its start, so that a watchdog can stop it. */
  startedAt: number | null = null
  private readonly statements = new Map<string, sqlite3.Statement>()

  private constructor(private readonly handle: sqlite3.Database) {}

  static async open(path: string, mode: 'write' | 'read', cacheKibibytes: number): Promise<SqliteConnection> {
    const flags = mode === 'write' ? sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE : sqlite3.OPEN_READONLY
    const handle = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(path, flags, (error) => {
        if (error === null) resolve(opened)
        else reject(translate(error))
      })
    })
    handle.configure('busyTimeout', busyTimeout)
    const connection = new SqliteConnection(handle)
    const settings = mode === 'write' ? writeSettings : readSettings
    await connection.exec([...settings, `PRAGMA cache_size=-${String(cacheKibibytes)}`].join(';'))
    return connection
  }

  /** Rows of one statement. `.all()` leaves the statement reset; `.get()` would pin its snapshot. */
  all(sql: string, bindings: readonly unknown[]): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      this.startedAt = performance.now()
      this.prepared(sql, reject, (statement) => {
        statement.all(bindings, (error: Error | null, rows: Row[]) => {
          this.startedAt = null
          if (error === null) resolve(rows)
          else reject(translate(error, sql))
        })
      })
    })
  }

  run(sql: string, bindings: readonly unknown[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        this.startedAt = null
      }
      this.startedAt = performance.now()
      this.prepared(sql, reject, (statement) => {
        statement.run(bindings, function (this: sqlite3.RunResult, error: Error | null) {
          ended()
          if (error === null) resolve(this.changes)
          else reject(translate(error, sql))
        })
      })
    })
  }

  /** Several statements without bindings, e.g. settings. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.handle.exec(sql, (error) => {
        if (error === null) resolve()
        else reject(translate(error))
      })
    })
  }

  interrupt(): void {
    this.handle.interrupt()
  }

  async close(): Promise<void> {
    for (const statement of this.statements.values()) statement.finalize()
    this.statements.clear()
    await new Promise<void>((resolve, reject) => {
      this.handle.close((error) => {
        if (error === null) resolve()
        else reject(error)
      })
    })
  }

  /** Calls `use` with the prepared statement: at once when it is kept. A text that does not compile is not kept. */
  private prepared(sql: string, reject: (reason: unknown) => void, use: (statement: sqlite3.Statement) => void): void {
    const known = this.statements.get(sql)
    if (known !== undefined) {
      this.statements.delete(sql)
      this.statements.set(sql, known)
      use(known)
      return
    }
    const made = this.handle.prepare(sql, (error: Error | null) => {
      if (error !== null) {
        this.startedAt = null
        reject(translate(error, sql))
        return
      }
      this.keep(sql, made)
      use(made)
    })
  }

  private keep(sql: string, statement: sqlite3.Statement): void {
    this.statements.set(sql, statement)
    const [oldest] = this.statements
    if (this.statements.size <= statementLimit || oldest === undefined) return
    this.statements.delete(oldest[0])
    oldest[1].finalize()
  }
}

const common = ['PRAGMA trusted_schema=OFF', 'PRAGMA temp_store=DEFAULT']
/** Rows that lie apart are found without asking the system for each page (decision 91). */
const mappedBytes = 256 * 2 ** 20
const readSettings = [...common, 'PRAGMA query_only=ON', `PRAGMA mmap_size=${String(mappedBytes)}`]
const writeSettings = [
  ...common,
  'PRAGMA journal_mode=WAL',
  // A commit is on the disk before its promise resolves: committed data survives a power cut.
  'PRAGMA synchronous=FULL',
  'PRAGMA foreign_keys=ON',
  'PRAGMA journal_size_limit=67108864',
]

/** The driver's error in our words: a Problem, a ConstraintError, or the error itself with the statement as its cause. */
function translate(error: Error, sql?: string): Error {
  const code = (error as Error & { code?: string }).code
  if (code === 'SQLITE_CONSTRAINT') return constraint(error)
  if (code === 'SQLITE_FULL') return new Problem('storage.full', {}, { cause: error })
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') return new Problem('storage.busy', {}, { cause: error })
  if (code === 'SQLITE_INTERRUPT') return new Problem('query.timeout', {}, { cause: error })
  if (/integer overflow/.test(error.message)) return new Problem('query.invalid', { reason: 'the sum is too large' }, { cause: error })
  return new Error(sql === undefined ? error.message : `${error.message} in: ${sql.slice(0, 500)}`, { cause: error })
}

function constraint(error: Error): ConstraintError {
  const unique = /UNIQUE constraint failed: (.+)$/.exec(error.message)
  if (unique?.[1] !== undefined) {
    const names = unique[1].split(', ').map((name) => name.split('.'))
    return new ConstraintError('unique', names[0]?.[0], names.map((name) => name[1] ?? ''), undefined, error)
  }
  const foreignKey = /FOREIGN KEY constraint failed/.test(error.message)
  return new ConstraintError(foreignKey ? 'foreignKey' : 'other', undefined, [], undefined, error)
}
