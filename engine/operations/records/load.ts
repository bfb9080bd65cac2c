/** The operator's own door for very many rows (sample data, command line): same validation and constraints, no rights to ask. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import type { Validated } from '../../model/model.js'
import * as changes from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { settleSearch } from '../../storage/tables/search.js'
import type { Engine } from '../call.js'
import { lookAnew } from '../duplicates/kept.js'
import * as derive from './derive.js'
import { readAll, settledByRules } from './referenced.js'
import { idOf } from './row.js'
import { assertInForce } from '../unit.js'

export interface LoadCommand {
  readonly entity: string
  readonly rows: readonly JsonObject[]
  /** False: nobody is told of the new records and their history begins empty. For data that was there before the system. */
  readonly announce: boolean
  readonly at?: Date
  /** True: values that other records compute from these are left to `recalculateAll`, at the end of a long load. */
  readonly computeLater?: boolean
  /** Done first in the same unit: notes how far a longer load has come. Throws to give the unit up. */
  note?(tx: Executor): Promise<void>
  /** Done last in the same unit, with the ids of the new records. */
  also?(tx: Executor, ids: readonly number[]): Promise<void>
}

/**
 * Inserts the rows in one unit and gives their ids in the same order. Use batches of some thousand rows.
 * @throws Problem record.invalid with findings at `/17/name`; whatever storage refuses (unique, missing targets)
 */
export async function load(engine: Engine, command: LoadCommand): Promise<readonly number[]> {
  const model = engine.current.get()
  const entity = model.entities.get(command.entity)
  if (entity === undefined) throw new Problem('request.path')
  const at = command.at ?? new Date()
  const findings: Finding[] = []
  const given = command.rows.map((row) => entity.validateCreate(row))
  const set = entity.sets === null ? [] : await settledByRules(entity.sets, given.map(({ values: record }) => ({ before: null, record })), at, readAll(engine.database.read, model, at))
  const values = given.map((checked, index) => {
    const byRules = set[index]
    const settled = checked.findings.length > 0 || byRules === undefined ? checked : withSet(checked, byRules)
    const faults = settled.findings.length > 0 || entity.rules.length === 0 ? settled.findings : entity.checkRules(settled.values)
    for (const { key, title } of entity.lacking(settled.values)) findings.push({ path: `/${index}/${key}`, code: 'value.required', message: `${title} is required.` })
    for (const fault of faults) findings.push({ ...fault, path: `/${index}${fault.path}` })
    return settled.values
  })
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings.slice(0, 100) })
  return engine.database.write(async (tx) => {
    await assertInForce(tx, model)
    await command.note?.(tx)
    const writing = { model, by: null, at, announce: command.announce }
    const saved = await records.insert(tx, entity, await derive.completed(tx, writing, entity, values, null), { by: null, at, owner: null }, (index) => `/${index}`)
    if (command.announce) await changes.append(tx, saved.map((record) => ({ entity, record, action: 'created' as const, by: null, at, changes: null })))
    if (command.computeLater !== true) await derive.settle(tx, writing, saved.map((after) => ({ entity, before: null, after })))
    const ids = saved.map(idOf)
    await command.also?.(tx, ids)
    return ids
  })
}

const withSet = (checked: Validated, set: Validated): Validated => ({ values: { ...checked.values, ...set.values }, findings: set.findings })

/** To be called when a long load of an entity is over: what its many units left in pieces becomes one. */
export async function settle(engine: Engine, entity: string): Promise<void> {
  const loaded = engine.current.get().entities.get(entity)
  if (loaded === undefined) return
  await settleSearch(engine.database, loaded)
  await engine.database.write((tx) => lookAnew(tx, engine.current.get(), entity))
}
