/** PostgreSQL: pools for short reads, long reads and writing units; repeated texts run as prepared statements, but for those whose best way depends on a value. */
import pg from 'pg'
import { Problem } from '../../errors.js'
import type { Database, DatabaseOptions, Executor, Flush, Row } from '../contract.js'
import { numbered } from '../dialect.js'
import { ConstraintError } from '../failure.js'
import { leave, type Left } from './left.js'

/** A change of tables gives up waiting for locks after this, so that nobody queues up behind it. */
const lockTimeout = '2s'
/** Whole units that lost against another one run again, at most this often. */
const attempts = 6
/** A server that says nothing is given up after so long, and so is waiting for a connection that others use. */
const connectMilliseconds = 30_000
/** Texts that are prepared on each connection; others are parsed each time. */
const preparedLimit = 500

/** Opens pools for the database at `url`; connects on first use. */
export function openPostgres(url: string, options: Required<DatabaseOptions>): Database {
  const pool = (max: number, timeout: number): pg.Pool => {
    const made = new pg.Pool({ connectionString: url, max, types, statement_timeout: timeout, connectionTimeoutMillis: connectMilliseconds, keepAlive: true, options: '-c TimeZone=UTC -c DateStyle=ISO' })
    // An idle connection that the server closed is replaced by the pool; the next statement just opens another.
    made.on('error', nothing)
    return made
  }
  const read = pool(options.readers, options.readMilliseconds)
  const long = pool(options.longReaders, options.longMilliseconds)
  const writers = pool(options.writers, 0)
  return {
    dialect: 'postgres',
    read: new PoolExecutor(read),
    long: new PoolExecutor(long),
    write: (work) => retrying(() => unit(writers, work, ['BEGIN'], true)),
    change: (work) => unit(writers, work, ['BEGIN', `SET LOCAL lock_timeout='${lockTimeout}'`], false),
    snapshot: (work) => unit(writers, (tx) => work({ ...tx, writing: false }), ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'], false),
    apart: (signal, work) => apart(writers, signal, work),
    close: async () => {
      await Promise.all([read.end(), long.end(), writers.end()])
    },
  }
}

const nothing = (): void => {}

class PoolExecutor implements Executor {
  readonly dialect = 'postgres'
  readonly writing = false
  constructor(private readonly pool: pg.Pool) {}

  async all(sql: string, bindings: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.query(sql, bindings)).rows
  }

  async run(sql: string, bindings: readonly unknown[]): Promise<number> {
    return (await this.query(sql, bindings)).rowCount ?? 0
  }

  private async query(sql: string, bindings: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    try {
      return await this.pool.query<Row>(statement(sql, bindings))
    } catch (error) {
      // A read has no effect, so it may simply run again: on a new connection, or with a fresh plan after a publish.
      if (!isLost(error) && !isOutdatedPlan(error)) throw translate(error, sql)
      if (isOutdatedPlan(error)) forget(sql)
      return this.pool.query<Row>(statement(sql, bindings)).catch((again: unknown) => {
        throw translate(again, sql)
      })
    }
  }
}

async function unit<T>(pool: pg.Pool, work: (tx: Executor) => Promise<T>, opening: readonly string[], prepared: boolean): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translate(error)
  })
  let broken = false
  // The pool listens only while a connection is idle; one that is lost between two statements would end the process. The next statement fails.
  client.on('error', nothing)
  try {
    for (const sql of opening) await client.query(sql)
    const { value, left } = await guarded(client, work, prepared)
    for (const [flush, rows] of left) await guarded(client, (tx) => flush(tx, rows), prepared)
    await client.query('COMMIT')
    return value
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true
    })
    throw translate(error)
  } finally {
    client.off('error', nothing)
    client.release(broken)
  }
}

async function apart<T>(pool: pg.Pool, signal: AbortSignal, work: (x: Executor) => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const client = await pool.connect().catch((error: unknown) => {
    throw translate(error)
  })
  client.on('error', nothing)
  let open = true
  const end = (): void => {
    if (open) client.release(true)
    open = false
  }
  signal.addEventListener('abort', end, { once: true })
  const query = async (sql: string, values: readonly unknown[]): Promise<pg.QueryResult<Row>> => {
    try {
      return await client.query<Row>({ text: numbered(sql), values: [...values] })
    } catch (error) {
      throw translate(error, sql)
    }
  }
  try {
    signal.throwIfAborted()
    return await work({ dialect: 'postgres', writing: true, all: async (sql, bindings) => (await query(sql, bindings)).rows, run: async (sql, bindings) => (await query(sql, bindings)).rowCount ?? 0 })
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/**
 * Runs `work` with an executor that ends with it; a unit in which a statement failed is refused even if the error was
 * caught. A unit that changes tables prepares nothing: its plans would not outlive its own changes. A part that is taken back gives
 * up its locks, so what it read is not known to the rest (`commit`).
 */
async function guarded<T>(client: pg.PoolClient, work: (tx: Executor) => Promise<T>, prepared: boolean): Promise<{ readonly value: T; readonly left: Left }> {
  let over = false
  let failure: unknown
  const left: Left = new Map()
  const query = async (sql: string, bindings: readonly unknown[]): Promise<pg.QueryResult<Row>> => {
    if (over) throw new Error('The unit is over: a statement was not awaited inside it')
    try {
      return await client.query<Row>(prepared ? statement(sql, bindings) : { text: numbered(sql), values: [...bindings] })
    } catch (error) {
      if (isOutdatedPlan(error)) forget(sql)
      failure ??= translate(error, sql)
      throw failure as Error
    }
  }
  const tx: Executor = {
    dialect: 'postgres',
    writing: true,
    commit: {},
    later: (flush, rows) => leave(left, flush as Flush<unknown>, rows), // the rows come back to the function that they were left with
    attempt: async (part) => {
      await query('SAVEPOINT part', [])
      try {
        const done = await guarded(client, part, prepared)
        await query('RELEASE SAVEPOINT part', [])
        for (const [flush, rows] of done.left) leave(left, flush, rows)
        return done.value
      } catch (error) {
        // Undone and forgotten together: a lost race still ends the unit, whose transaction the server has given up.
        if (error instanceof LostRace) failure ??= error
        await query('ROLLBACK TO SAVEPOINT part', [])
        await query('RELEASE SAVEPOINT part', [])
        throw error
      }
    },
    all: async (sql, bindings) => (await query(sql, bindings)).rows,
    run: async (sql, bindings) => (await query(sql, bindings)).rowCount ?? 0,
  }
  try {
    const value = await work(tx)
    if (failure !== undefined) throw failure as Error
    return { value, left }
  } finally {
    over = true
  }
}

async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof LostRace)) throw error
      if (attempt === attempts) throw new Problem('storage.busy', {}, { cause: error })
      const pause = Math.random() * 5 * 2 ** attempt
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** Another unit won (deadlock, serialization, a plan that a publish outdated): the unit may run again from its start. */
class LostRace extends Problem {
  constructor(cause: unknown) {
    super('storage.busy', {}, { cause })
  }
}

// ── texts and prepared names ──

const texts = new Map<string, { readonly text: string; readonly name: string | undefined }>()
let names = 0

function statement(sql: string, bindings: readonly unknown[]): pg.QueryConfig {
  let known = texts.get(sql)
  if (known === undefined) {
    if (texts.size >= preparedLimit * 4) texts.clear()
    known = { text: numbered(sql), name: names < preparedLimit && !dependsOnValues.test(sql) ? `t${String(++names)}` : undefined }
    texts.set(sql, known)
  }
  return { text: known.text, values: bindings as unknown[], ...(known.name === undefined ? {} : { name: known.name }) }
}

/** Which way is best for a pattern or an element depends on how many rows have it: the server plans anew for each, which it stops for a prepared statement after some runs. */
const dependsOnValues = / (?:LIKE|@>) /

/** The next run gets a new name, so that the server plans it anew. */
function forget(sql: string): void {
  const known = texts.get(sql)
  if (known?.name !== undefined) texts.set(sql, { text: known.text, name: `${known.name}_` })
}

// ── values: exact numbers, days that never shift ──

const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.DATE, (text) => text],
  [pg.types.builtins.TIMESTAMPTZ, instant],
])

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => parsers.get(oid) ?? (pg.types.getTypeParser as (id: number, f?: 'text' | 'binary') => unknown)(oid, format)) as typeof pg.types.getTypeParser,
}

/** `2024-02-29 10:00:00.5+00` → `2024-02-29T10:00:00.500Z`. The session's zone is UTC. */
function instant(text: string): string {
  const [day = '', rest = ''] = text.split(' ')
  const [clock = '', fraction = ''] = rest.replace(/\+00$/, '').split('.')
  return `${day}T${clock}.${fraction.padEnd(3, '0')}Z`
}

// ── errors ──

const isOutdatedPlan = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '0A000' && /cached plan/.test(error.message)

/** The connection is gone, or the server is going away. */
function isLost(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code ?? ''
  return /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|57P0[123]|0800[036])$/.test(code) || (error instanceof Error && /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(error.message))
}

function translate(error: unknown, sql?: string): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (isLost(error)) return new Problem('storage.busy', {}, { cause: error })
  if (!(error instanceof pg.DatabaseError)) return error
  const code = error.code ?? ''
  if (code === '40001' || code === '40P01' || isOutdatedPlan(error)) return new LostRace(error)
  if (code === '23505') return new ConstraintError('unique', error.table, keyColumns(error.detail), error.constraint, error)
  if (code === '23503' || code === '23001') return new ConstraintError('foreignKey', error.table, keyColumns(error.detail), error.constraint, error)
  if (code === '54000' && error.constraint !== undefined) return new ConstraintError('size', error.table, [], error.constraint, error)
  if (code.startsWith('23')) return new ConstraintError('other', error.table, [], error.constraint, error)
  if (code === '57014') return new Problem('query.timeout', {}, { cause: error })
  if (code === '55P03' || code === '53300') return new Problem('storage.busy', {}, { cause: error })
  if (code === '53100') return new Problem('storage.full', {}, { cause: error })
  return new Error(sql === undefined ? error.message : `${error.message} in: ${sql.slice(0, 500)}`, { cause: error })
}

/** `Key (name, store)=(...) already exists.` → the columns. */
const keyColumns = (detail: string | undefined): readonly string[] =>
  (/^Key \(([^)]*)\)=/.exec(detail ?? '')?.[1] ?? '').split(', ').map((name) => name.replaceAll('"', '')).filter((name) => name !== '')
