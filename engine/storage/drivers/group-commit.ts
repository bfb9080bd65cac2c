/**
 * Writing units on the one writing connection of SQLite. A commit waits for the disk, so units that wait at the same
 * time share one; a unit that fails is undone alone and harms no neighbour.
 */
import { Problem } from '../../errors.js'
import type { Executor, Flush, Row } from '../contract.js'
import { leave, type Left } from './left.js'
import type { SqliteConnection } from './sqlite-connection.js'

/** Most units in one commit, so that the first does not wait for ever. */
const groupLimit = 64

interface Unit {
  /** Absent for ordinary units, which may share a commit. */
  readonly change?: { readonly foreignKeysOff: boolean }
  readonly work: (tx: Executor) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

type Outcome = { readonly unit: Unit; readonly value: unknown; readonly left: Left } | { readonly unit: Unit; readonly error: unknown }

export class GroupCommit {
  private waiting: Unit[] = []
  private running: Promise<void> | null = null
  private closed = false
  /** Commits so far. */
  count = 0

  constructor(private readonly connection: SqliteConnection) {}

  write<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    return this.enqueue(work)
  }

  /** A unit alone, optionally with foreign keys off: the setting can only change outside of a transaction. */
  change<T>(work: (tx: Executor) => Promise<T>, foreignKeysOff: boolean): Promise<T> {
    return this.enqueue(work, { foreignKeysOff })
  }

  /** Waits for the units that were accepted; later ones are refused. */
  async close(): Promise<void> {
    this.closed = true
    while (this.running !== null) await this.running
  }

  private enqueue<T>(work: (tx: Executor) => Promise<T>, change?: { readonly foreignKeysOff: boolean }): Promise<T> {
    if (this.closed) return Promise.reject(new Problem('server.stopping'))
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject, ...(change === undefined ? {} : { change }) })
      this.running ??= this.drain()
    })
  }

  private async drain(): Promise<void> {
    // Units that were asked for in the same turn of the event loop wait here for each other.
    await Promise.resolve()
    while (this.waiting.length > 0) {
      const firstChange = this.waiting.findIndex((unit) => unit.change !== undefined)
      const size = firstChange === -1 ? groupLimit : Math.max(1, Math.min(firstChange, groupLimit))
      const group = this.waiting.splice(0, size)
      const [first] = group
      if (first !== undefined && group.length === 1) await this.settle(first)
      else await this.together(group)
    }
    this.running = null
  }

  private async settle(unit: Unit): Promise<void> {
    const off = unit.change?.foreignKeysOff === true
    try {
      if (off) await this.connection.exec('PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON')
      unit.resolve(await this.alone(unit.work))
    } catch (error) {
      unit.reject(error)
    } finally {
      if (off) await this.connection.exec('PRAGMA legacy_alter_table=OFF; PRAGMA foreign_keys=ON')
    }
  }

  private async alone<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    await this.connection.run('BEGIN IMMEDIATE', [])
    try {
      const { value, left } = await inUnit(this.connection, {}, work)
      await this.commit([left])
      return value
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  /** Writes what the units left, each kind in one statement, and commits. */
  private async commit(lefts: readonly Left[]): Promise<void> {
    const together: Left = new Map()
    for (const left of lefts) for (const [flush, rows] of left) leave(together, flush, rows)
    for (const [flush, rows] of together) await flush(executor(this.connection), rows)
    await this.connection.run('COMMIT', [])
    this.count += 1
  }

  /** Some failures (no space, an I/O error) have already ended the transaction: then there is nothing to roll back. */
  private async rollback(): Promise<void> {
    try {
      await this.connection.run('ROLLBACK', [])
    } catch {
      // Already rolled back by the database itself.
    }
  }

  /**
   * First without savepoints, which cost as much as a statement each; when a unit fails, all run again, each in its
   * savepoint, so that only the failing ones are undone.
   */
  private async together(group: readonly Unit[]): Promise<void> {
    const done: { readonly value: unknown; readonly left: Left }[] = []
    try {
      await this.connection.run('BEGIN IMMEDIATE', [])
    } catch (error) {
      for (const unit of group) unit.reject(error)
      return
    }
    const commit = {}
    try {
      for (const unit of group) done.push(await inUnit(this.connection, commit, unit.work))
      await this.commit(done.map(({ left }) => left))
    } catch {
      await this.rollback()
      await this.separately(group)
      return
    }
    group.forEach((unit, i) => unit.resolve(done[i]?.value))
  }

  private async separately(group: readonly Unit[]): Promise<void> {
    const outcomes: Outcome[] = []
    const commit = {}
    try {
      await this.connection.run('BEGIN IMMEDIATE', [])
      for (const unit of group) outcomes.push(await this.inSavepoint(commit, unit))
      await this.commit(outcomes.flatMap((outcome) => ('left' in outcome ? [outcome.left] : [])))
    } catch {
      await this.rollback()
      // The shared transaction is gone, with the work of units that did nothing wrong: each runs again by itself.
      const failed = new Set(outcomes.filter((outcome) => 'error' in outcome).map((outcome) => outcome.unit))
      finish(outcomes.filter((outcome) => 'error' in outcome))
      for (const unit of group) if (!failed.has(unit)) await this.settle(unit)
      return
    }
    finish(outcomes)
  }

  /** Throws only when the whole transaction is lost. */
  private async inSavepoint(commit: object, unit: Unit): Promise<Outcome> {
    await this.connection.run('SAVEPOINT unit', [])
    try {
      const { value, left } = await inUnit(this.connection, commit, unit.work)
      await this.connection.run('RELEASE unit', [])
      return { unit, value, left }
    } catch (error) {
      await this.connection.run('ROLLBACK TO unit', [])
      await this.connection.run('RELEASE unit', [])
      return { unit, error }
    }
  }
}

function finish(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if ('error' in outcome) outcome.unit.reject(outcome.error)
    else outcome.unit.resolve(outcome.value)
  }
}

const executor = (connection: SqliteConnection): Executor => ({
  dialect: 'sqlite',
  writing: true,
  all: (sql, bindings) => connection.all(sql, bindings),
  run: (sql, bindings) => connection.run(sql, bindings),
})

/** Runs `work` with an executor that ends with it: a statement that comes later would land in somebody else's unit. */
async function inUnit<T>(connection: SqliteConnection, commit: object, work: (tx: Executor) => Promise<T>): Promise<{ readonly value: T; readonly left: Left }> {
  let over = false
  let failure: unknown
  const left: Left = new Map()
  const inTime = (): void => {
    if (over) throw new Error('The unit is over: a statement was not awaited inside it')
  }
  const guarded = async <R>(run: () => Promise<R>): Promise<R> => {
    inTime()
    try {
      return await run()
    } catch (error) {
      failure ??= error
      throw error
    }
  }
  const tx: Executor = {
    dialect: 'sqlite',
    writing: true,
    commit,
    attempt: async (part) => {
      inTime()
      await connection.run('SAVEPOINT part', [])
      try {
        const done = await inUnit(connection, commit, part)
        for (const [flush, rows] of done.left) leave(left, flush, rows)
        await connection.run('RELEASE part', [])
        return done.value
      } catch (error) {
        try {
          await connection.run('ROLLBACK TO part', [])
          await connection.run('RELEASE part', [])
        } catch (lost) {
          // Without space the database may have ended the whole transaction itself: then that is the reason.
          throw error instanceof Problem && error.code === 'storage.full' ? error : lost
        }
        throw error
      }
    },
    later: (flush, rows) => {
      inTime()
      leave(left, flush as Flush<unknown>, rows) // the rows come back to the function that they were left with
    },
    all: (sql, bindings) => guarded<readonly Row[]>(() => connection.all(sql, bindings)),
    run: (sql, bindings) => guarded(() => connection.run(sql, bindings)),
  }
  try {
    const value = await work(tx)
    if (failure !== undefined) throw failure as Error
    return { value, left }
  } finally {
    over = true
  }
}
