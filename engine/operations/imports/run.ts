/** The two jobs that go through a whole file: one writes what is in it, the other one only tells what would be written. */
import { access as exists } from 'node:fs/promises'
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { addSeen, forgetSeen, importById, keepChunk, setChecked, type RejectedRow, type StoredImport } from '../../storage/own/imports.js'
import type { Call, Engine } from '../call.js'
import { assertInForce, DryRun, ModelMoved } from '../unit.js'
import type { Chunk, JobKind, JobRun, Progress } from '../jobs/contract.js'
import { ownerCall } from '../jobs/jobs.js'
import { earlierIn, marksOf } from './earlier.js'
import { openSource } from './files/open.js'
import type { Source, SourceRow } from './files/reading.js'
import type { AlikeRow, Outcome } from './outcome.js'
import { planImport, readRow, type ImportPlan, type ReadRow } from './plan.js'
import { runsOf, versions, writeRows, type Earlier } from './rows.js'
import type { ImportSettings } from './settings.js'
import { forget, pathOf } from './upload.js'

/**
 * Rows in one unit. The more there are the less each costs, since an index writes every page that a unit touched once; but
 * on SQLite others wait for it, so as many are taken as are written in about so long.
 */
const chunk = { least: 1_000, most: 5_000, milliseconds: 500 } as const
/** An import that is refused this often was set up wrongly. */
const rejectedMax = 100_000
/** Rejected rows that a check shows. */
const shownMax = 200

export interface ImportInput extends JsonObject {
  readonly import: number
}

/** Sums so far, and the last row that is in them. */
export interface ImportCounts extends JsonObject {
  readonly row: number
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** New rows that look like a record; of an import only when it does something about them. */
  readonly alike: number
  /** Those that were set aside for it. */
  readonly skipped: number
  readonly rejected: number
}

const noCounts: ImportCounts = { row: 0, rows: 0, created: 0, updated: 0, unchanged: 0, alike: 0, skipped: 0, rejected: 0 }

interface Imported extends ImportCounts {
  /** All rows are in: what is left is to put the file away, which may have happened before a process was killed. */
  readonly whole: boolean
}

/** Writes the rows of a file. */
export const importJob: JobKind<ImportInput, Imported> = {
  kind: 'import',
  async *chunks(run, state) {
    const imported = await stored(run.engine, run.input)
    if (state?.whole !== true) yield* rowsOf(run, imported, state ?? noCounts)
    await forget(run.engine, imported.file)
  },
}

async function* rowsOf({ engine, owner }: JobRun<ImportInput>, imported: StoredImport, from: ImportCounts): AsyncGenerator<Chunk<Imported>, void, undefined> {
  await assertThere(engine, imported)
  const pace = new Pace()
  let counts = from
  for await (const { call, plan, read, total } of ahead(understood(engine, owner, imported, counts, pace))) {
    const before = counts
    let after = counts
    let began = 0
    yield async (tx): Promise<Progress<Imported>> => {
      began = performance.now()
      await assertInForce(tx, call.model)
      const outcome = await writeRows(tx, call, plan, read)
      after = added(before, read, outcome)
      await keepChunk(tx, imported.id, { fromRow: read[0]?.row ?? 0, created: runsOf(outcome.created), updated: versions(outcome.updated), rejected: [...outcome.rejected, ...outcome.skipped].toSorted((a, b) => a.row - b.row) }, after)
      return { checkpoint: { ...after, whole: false }, done: after.rows, total: total(after.rows) }
    }
    counts = after
    pace.took(read.length, performance.now() - began)
    if (counts.rejected > rejectedMax) throw new Problem('import.rejected', { limit: rejectedMax })
  }
  const result = { ...counts, whole: true }
  yield () => Promise.resolve({ checkpoint: result, done: result.rows, total: result.rows })
}

/** Rows as they are understood with the rights that the owner has when it is their turn to be read. */
async function* understood(engine: Engine, owner: number | null, imported: StoredImport, from: ImportCounts, pace: Pace) {
  for await (const { rows, total } of batches(engine, imported, from, pace)) {
    const { call, plan: asked } = await planned(engine, owner, imported)
    // Where new rows are made whatever they look like, nobody needs to look.
    const plan = asked.alike === 'create' ? { ...asked, rules: [] } : asked
    yield { call, plan, read: rows.map((row) => readRow(plan, row)), total }
  }
  return undefined
}

interface Checked extends ImportCounts {
  readonly shown: readonly RejectedRow[]
  readonly shownAlike: readonly AlikeRow[]
}

/** Does everything that an import does, and keeps nothing of it but what it tells. */
export const importCheckJob: JobKind<ImportInput, Checked> = {
  kind: 'import.check',
  async *chunks({ engine, input, owner }, state) {
    const imported = await stored(engine, input)
    await assertThere(engine, imported)
    let checked: Checked = state ?? { ...noCounts, shown: [], shownAlike: [] }
    if (state === null) yield* forgetting(imported.id, checked)
    for await (const { rows, total } of batches(engine, imported, checked, new Pace())) {
      const { call, plan } = await planned(engine, owner, imported)
      const read = rows.map((row) => readRow(plan, row))
      const outcome = await tried(engine, call, plan, read, earlierIn(plan, imported.id))
      const marks = marksOf(plan, outcome)
      checked = { ...added(checked, read, outcome), shown: [...checked.shown, ...outcome.rejected].slice(0, shownMax), shownAlike: [...checked.shownAlike, ...outcome.alike].slice(0, shownMax) }
      const after = checked
      yield async (tx) => {
        await addSeen(tx, imported.id, marks)
        return { checkpoint: after, done: after.rows, total: total(after.rows) }
      }
    }
    const result = checked
    yield* forgetting(imported.id, result)
    yield async (tx) => {
      await setChecked(tx, imported.id, result)
      return { checkpoint: result, done: result.rows, total: result.rows }
    }
  },
}

/** Takes away what a check remembered of the file, some of it at a time. */
function* forgetting(id: number, checked: Checked): Generator<Chunk<Checked>, void, undefined> {
  const left = { some: true }
  while (left.some) {
    yield async (tx) => {
      left.some = await forgetSeen(tx, id)
      return { checkpoint: checked, done: checked.rows, total: checked.rows }
    }
  }
}

/** What writing rows would come to; nothing of it is kept. */
export async function tried(engine: Engine, call: Call, plan: ImportPlan, rows: readonly ReadRow[], earlier?: Earlier): Promise<Outcome> {
  try {
    return await engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      throw new DryRun(await writeRows(tx, call, plan, rows, earlier))
    })
  } catch (error) {
    if (error instanceof DryRun && !(error instanceof ModelMoved)) return error.outcome as Outcome // thrown above, with this outcome
    throw error
  }
}

const added = (counts: ImportCounts, rows: readonly ReadRow[], outcome: Outcome): ImportCounts => ({
  row: rows.at(-1)?.row ?? counts.row,
  rows: counts.rows + rows.length,
  created: counts.created + outcome.created.length,
  updated: counts.updated + outcome.updated.length,
  unchanged: counts.unchanged + outcome.unchanged,
  alike: counts.alike + outcome.alike.length,
  skipped: counts.skipped + outcome.skipped.length,
  rejected: counts.rejected + outcome.rejected.length,
})

async function stored(engine: Engine, input: ImportInput): Promise<StoredImport> {
  const found = await importById(engine.database.read, input.import)
  if (found === null) throw new Problem('import.unavailable')
  return found
}

async function assertThere(engine: Engine, { file }: StoredImport): Promise<void> {
  if (!(await exists(pathOf(engine, file)).then(() => true, () => false))) throw new Problem('import.fileGone')
}

/** The plan with the rights that the owner has at this moment. */
async function planned(engine: Engine, owner: number | null, imported: StoredImport): Promise<{ readonly call: Call; readonly plan: ImportPlan }> {
  const call = await ownerCall(engine, owner)
  const entity = [...call.model.entities.values()].find(({ id }) => id === imported.entity)
  if (entity === undefined) throw new Problem('request.path')
  return { call, plan: planImport(call, entity.name, imported.settings as ImportSettings, titlesOf(imported)) }
}

/** Names of the columns as the file has them. */
export const titlesOf = (imported: Pick<StoredImport, 'analysis'>): readonly string[] => imported.analysis['titles'] as readonly string[] // written by imports.ts

interface Batch {
  readonly rows: readonly SourceRow[]
  /** How many rows there are in all, from how many there were so far and how much of the file that was. */
  total(done: number): number
}

/** Rows behind the checkpoint in pieces. */
function batches(engine: Engine, imported: StoredImport, { row: after }: ImportCounts, pace: Pace): AsyncGenerator<Batch> {
  const { reading } = imported.settings as ImportSettings
  const source = openSource(pathOf(engine, imported.file), imported.bytes, reading)
  return ahead(batched(source, Math.max(after, reading.header), pace))
}

/** How many rows go into one unit, by how long those before took. */
class Pace {
  rows: number = chunk.least

  /** A unit of so many rows took so long. */
  took(rows: number, milliseconds: number): void {
    const fitting = Math.round((rows * chunk.milliseconds) / Math.max(milliseconds, 1))
    this.rows = Math.max(chunk.least, Math.min(chunk.most, fitting))
  }
}

/** The same, read one ahead: while one is being used the next one is made. */
async function* ahead<T>(pieces: AsyncGenerator<T, undefined>): AsyncGenerator<T, undefined> {
  let next = pieces.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done === true) return undefined
      next = pieces.next()
      next.catch(() => undefined) // thrown where it is awaited
      yield value
    }
  } finally {
    await pieces.return(undefined)
  }
}

async function* batched(source: Source, after: number, pace: Pace): AsyncGenerator<Batch, undefined> {
  let rows: SourceRow[] = []
  let seen = 0
  for await (const row of source.rows) {
    if (row.row <= after) continue
    seen += 1
    if (rows.push(row) < pace.rows) continue
    yield batch(rows, seen, source.position())
    rows = []
  }
  if (rows.length > 0) yield batch(rows, seen, 1)
  return undefined
}

const batch = (rows: readonly SourceRow[], seen: number, position: number): Batch => ({ rows, total: (done) => Math.max(done, Math.round(done - seen + seen / Math.max(position, 0.001))) })
