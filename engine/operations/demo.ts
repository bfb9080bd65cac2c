/**
 * The sample data: fills an empty deployment of the retail pack through the bulk path, entity by entity, in batches
 * that each note in their own unit how far the load has come. A load that was interrupted goes on where it stopped.
 */
import type { JsonObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import { everything } from '../model/conditions/predicate.js'
import type { Entity } from '../model/model.js'
import { advanceLoad, loadStates, type LoadState } from '../storage/own/loads.js'
import * as records from '../storage/records.js'
import { bindingsOf, systemActor, type Engine } from './call.js'
import { demoReport, type DemoReport } from './demo/report.js'
import { demoEntities, numberOf, stepsOf, type Step, type StoredIds } from './demo/steps.js'
import { survey } from './demo/survey.js'
import { addDemoUsers, type DemoUser } from './demo/users.js'
import { addDemoWork } from './demo/work.js'
import { recalculateAll } from './derived/recalculate.js'
import { load, settle } from './records/load.js'
import { idOf } from './records/row.js'
import { systemField } from './rights/rights.js'
import { everyField } from './rights/selection.js'
import { lookAnew } from './workflows/segments.js'

export interface DemoProgress {
  /** Records stored so far, of `total`. */
  readonly done: number
  readonly total: number
  /** Entity that is being loaded; '' before the first and after the last. */
  readonly entity: string
}

export interface DemoOptions {
  /** Folder of the files, `metadata/retail/data`. */
  readonly folder: string
  /** Told after each batch. */
  onProgress?(progress: DemoProgress): void
  /** For all demo users; without it a random one is made, which only the outcome tells. */
  readonly password?: string
  /** Records in one unit; 2,000 when absent. */
  readonly batchRows?: number
}

export interface DemoOutcome {
  /** False when everything was there already. */
  readonly loaded: boolean
  readonly report: DemoReport
  readonly users: readonly DemoUser[]
  readonly seconds: number
}

/** Name of the load, and of the part that is noted last. */
const loadName = 'demo'
const finishedPart = ''

/** Records in one unit: enough to share a commit's cost, few enough that other writers wait some 100 ms at most. */
const batchRowsUsual = 2_000

/**
 * True when a start should load the sample: an earlier load is unfinished, or the deployment has the retail pack and
 * not one record in it. Reads a few rows at most.
 */
export async function demoPending(engine: Engine): Promise<boolean> {
  const progress = await demoProgress(engine)
  if (progress !== null) return progress.done < progress.total
  const { entities } = engine.current.get()
  if (!demoEntities.every((name) => entities.has(name))) return false
  for (const name of demoEntities) if (await hasRecords(engine, name)) return false
  return true
}

/** What is loaded so far, read from the database: the same on every process. Null when no load ever began. */
export async function demoProgress(engine: Engine): Promise<DemoProgress | null> {
  const states = await loadStates(engine.database.read, loadName)
  const finished = states.get(finishedPart)
  if (finished !== undefined && finished.loaded === finished.total) return { done: finished.total, total: finished.total, entity: '' }
  if (finished === undefined) return null
  const parts = [...states].filter(([part]) => part !== finishedPart)
  const running = parts.find(([, state]) => state.loaded < state.total)
  return { done: parts.reduce((sum, [, state]) => sum + state.loaded, 0), total: finished.total, entity: running?.[0] ?? '' }
}

/**
 * Loads the sample, or what an earlier load left out.
 * @throws Problem request.invalid when the deployment lacks the retail pack's entities or has records of its own
 * @throws Error when the files are missing or damaged
 */
export async function loadDemo(engine: Engine, options: DemoOptions): Promise<DemoOutcome> {
  const started = Date.now()
  const states = await loadStates(engine.database.read, loadName)
  const finished = states.get(finishedPart)
  const found = await survey(options.folder)
  const steps = await stepsOf(options.folder, found)
  assertEntities(engine)
  if (finished === undefined) await assertEmpty(engine)
  const loaded = finished === undefined || finished.loaded < finished.total
  if (loaded) await loadSteps(engine, steps, states, options)
  const users = await addDemoUsers(engine, found.busiest, options.password)
  await addDemoWork(engine, users)
  return { loaded, report: await demoReport(engine), users, seconds: (Date.now() - started) / 1000 }
}

async function loadSteps(engine: Engine, steps: readonly Step[], states: ReadonlyMap<string, LoadState>, options: DemoOptions): Promise<void> {
  const total = steps.reduce((sum, step) => sum + step.total, 0)
  const ids = new Ids()
  let done = 0
  if (states.get(finishedPart) === undefined) await begin(engine, total)
  for (const step of steps) {
    const before = states.get(step.entity)?.loaded ?? 0
    const told = (stored: number): void => options.onProgress?.({ done: done + stored, total, entity: step.entity })
    if (before > 0 && step.number.length > 0) await ids.read(engine, step)
    if (before < step.total) await loadStep(engine, { step, before, batchRows: options.batchRows ?? batchRowsUsual, told }, ids)
    done += step.total
  }
  await recalculateAll(engine)
  await finish(engine, total)
  options.onProgress?.({ done, total, entity: '' })
}

interface StepLoad {
  readonly step: Step
  /** Records of the step that an earlier load stored. */
  readonly before: number
  readonly batchRows: number
  told(stored: number): void
}

async function loadStep(engine: Engine, { step, before, batchRows, told }: StepLoad, ids: Ids): Promise<void> {
  let position = 0
  let stored = before
  let batch: JsonObject[] = []
  const store = async (): Promise<void> => {
    const from = stored
    stored += batch.length
    const given = await load(engine, { entity: step.entity, rows: batch, announce: false, computeLater: true, note: (tx) => noted(advanceLoad(tx, loadName, step.entity, { from, to: stored, total: step.total })) })
    if (step.number.length > 0) ids.add(step, batch, given)
    batch = []
    told(stored)
  }
  told(stored)
  for await (const body of step.bodies(ids)) {
    if (body !== null) {
      position += 1
      if (position <= before) continue
      batch.push(body)
    }
    if (batch.length === batchRows || (body === null && batch.length > 0)) await store()
  }
  if (batch.length > 0) await store()
  await settle(engine, step.entity)
}

const begin = (engine: Engine, total: number): Promise<void> => engine.database.write((tx) => noted(advanceLoad(tx, loadName, finishedPart, { from: 0, to: 0, total })))
const finish = (engine: Engine, total: number): Promise<void> => engine.database.write(async (tx) => {
  await noted(advanceLoad(tx, loadName, finishedPart, { from: 0, to: total, total }))
  await lookAnew(tx)
})

/** Gives the unit up when another process is loading the same rows. */
async function noted(advanced: Promise<boolean>): Promise<void> {
  if (!(await advanced)) throw otherProcess()
}

const otherProcess = (): Problem => new Problem('request.invalid', { reason: 'the sample data is being loaded by another process' })

function assertEntities(engine: Engine): void {
  const { entities } = engine.current.get()
  const missing = demoEntities.filter((name) => !entities.has(name))
  if (missing.length > 0) throw new Problem('request.invalid', { reason: `the sample data needs the retail pack: there is no ${missing.join(', ')}` })
}

/** @throws Problem request.invalid when there is a record that the sample would stand beside, or another process loads it */
async function assertEmpty(engine: Engine): Promise<void> {
  for (const name of demoEntities) {
    if (!(await hasRecords(engine, name))) continue
    // They may be the first rows of a load that began just now.
    if ((await loadStates(engine.database.read, loadName)).size > 0) throw otherProcess()
    throw new Problem('request.invalid', { reason: `the sample data is only loaded into an empty deployment, and there are records of ${name}` })
  }
}

const hasRecords = async (engine: Engine, entity: string): Promise<boolean> =>
  (await records.count(engine.database.read, { entity: entityOf(engine, entity), rows: everything, archived: 'with' }, 1, operatorBindings())) > 0

function entityOf(engine: Engine, name: string): Entity {
  const entity = engine.current.get().entities.get(name)
  if (entity === undefined) throw new Problem('request.path')
  return entity
}

const operatorBindings = (): ReturnType<typeof bindingsOf> => bindingsOf(systemActor, new Date())

/** Ids of what is stored, by the records' own numbers: some 140,000 small entries, the only thing that grows with the data. */
class Ids implements StoredIds {
  private readonly byEntity = new Map<string, Map<string, number>>()

  get(entity: string, number: string): number | undefined {
    return this.byEntity.get(entity)?.get(number)
  }

  must(entity: string, number: string): number {
    const id = this.get(entity, number)
    if (id === undefined) throw new Error(`The sample data refers to ${entity} ${number}, which is not there`)
    return id
  }

  add(step: Step, bodies: readonly JsonObject[], ids: readonly number[]): void {
    const known = this.of(step.entity)
    for (const [index, body] of bodies.entries()) {
      const id = ids[index]
      if (id !== undefined) known.set(numberOf(step, body), id)
    }
  }

  /** What an earlier load stored, page by page. */
  async read(engine: Engine, step: Step): Promise<void> {
    const entity = entityOf(engine, step.entity)
    const known = this.of(step.entity)
    const selection = { ...everyField(entity), fields: everyField(entity).fields.filter(({ field }) => field.key === 'id' || step.number.includes(field.key)) }
    const query = { entity, rows: everything, selection, sort: [{ field: systemField(entity, 'id'), descending: false }], limit: 5000 }
    for (const archived of ['without', 'only'] as const) {
      for await (const page of records.stream(engine.database.long, { ...query, archived }, operatorBindings())) {
        for (const record of page) known.set(numberOf(step, record), idOf(record))
      }
    }
  }

  private of(entity: string): Map<string, number> {
    let known = this.byEntity.get(entity)
    if (known === undefined) this.byEntity.set(entity, (known = new Map()))
    return known
  }
}
