/** SQLite: one writing connection whose units share commits, short readers, long readers with connections of their own. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database, DatabaseOptions, Executor } from '../contract.js'
import { SqliteConnection } from './sqlite-connection.js'
import { GroupCommit } from './group-commit.js'

/** Kibibytes, used as needed: the pages of all indexes that a large unit touches, so that none is written before the unit ends. */
const writerCache = 32_768
const readerCache = 8_192

/** Opens (and creates) the file at `path`. Fails when it is not a database or the folder cannot be written. */
export async function openSqlite(path: string, options: Required<DatabaseOptions>): Promise<Database> {
  await mkdir(dirname(path), { recursive: true })
  const writer = await SqliteConnection.open(path, 'write', writerCache)
  const openReader = (): Promise<SqliteConnection> => SqliteConnection.open(path, 'read', readerCache)
  const short = new ReadPool(options.readers, openReader, options.readMilliseconds)
  const long = new ReadPool(options.longReaders, openReader, options.longMilliseconds)
  const commits = new GroupCommit(writer)
  return {
    dialect: 'sqlite',
    commits: () => commits.count,
    read: short,
    long,
    write: (work) => commits.write(work),
    change: (work, change = {}) => commits.change(work, change.foreignKeysOff ?? false),
    snapshot: async (work) => {
      const connection = await openReader()
      try {
        await connection.run('BEGIN', [])
        return await work({ dialect: 'sqlite', writing: false, all: (sql, bindings) => connection.all(sql, bindings), run: (sql, bindings) => connection.run(sql, bindings) })
      } finally {
        await connection.close()
      }
    },
    close: async () => {
      await commits.close()
      await Promise.all([short.close(), long.close()])
      // Last of all, so that the log is folded into the file.
      await writer.close()
    },
  }
}

/** Connections that read; each runs one statement at a time, waiting statements queue in order. Opened when first needed. */
class ReadPool implements Executor {
  readonly dialect = 'sqlite'
  readonly writing = false
  private readonly idle: SqliteConnection[] = []
  private readonly open = new Set<SqliteConnection>()
  private readonly waiting: ((connection: SqliteConnection) => void)[] = []
  private opening = 0
  private watchdog: NodeJS.Timeout | null = null

  constructor(
    private readonly size: number,
    private readonly connect: () => Promise<SqliteConnection>,
    private readonly limitMilliseconds: number,
  ) {}

  async all(sql: string, bindings: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
    const connection = this.idle.pop() ?? (await this.acquire())
    try {
      return await connection.all(sql, bindings)
    } finally {
      this.release(connection)
    }
  }

  async run(sql: string, bindings: readonly unknown[]): Promise<number> {
    const connection = this.idle.pop() ?? (await this.acquire())
    try {
      return await connection.run(sql, bindings)
    } finally {
      this.release(connection)
    }
  }

  async close(): Promise<void> {
    if (this.watchdog !== null) clearInterval(this.watchdog)
    await Promise.all([...this.open].map((connection) => connection.close()))
    this.open.clear()
    this.idle.length = 0
  }

  private async acquire(): Promise<SqliteConnection> {
    if (this.open.size + this.opening < this.size) {
      this.opening++
      try {
        const connection = await this.connect()
        this.open.add(connection)
        this.watch()
        return connection
      } finally {
        this.opening--
      }
    }
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private release(connection: SqliteConnection): void {
    const next = this.waiting.shift()
    if (next !== undefined) next(connection)
    else this.idle.push(connection)
  }

  /** Stops statements that run over the limit; one look per tenth of the limit costs less than a timer per statement. */
  private watch(): void {
    if (this.watchdog !== null) return
    const look = (): void => {
      const now = performance.now()
      for (const connection of this.open) {
        if (connection.startedAt !== null && now - connection.startedAt > this.limitMilliseconds) connection.interrupt()
      }
    }
    this.watchdog = setInterval(look, Math.max(10, this.limitMilliseconds / 10)).unref()
  }
}
