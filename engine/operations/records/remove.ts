/** Archiving a record, bringing it back, and erasing it for good. */
import { Problem } from '../../errors.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { holdsOnReadable } from '../../permissions/rows.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { assertAdministratorRemains } from '../people/last-administrator.js'
import { forgetFilesOf } from '../rights/files.js'
import { presented } from '../rights/present.js'
import { holds } from '../rights/reach.js'
import { accessTo, granted } from '../rights/rights.js'
import { archiveWithOwned, restoreWithOwned, tellPurged } from './cascade.js'
import { holdTrees, settle, takenWith, writingOf } from './derive.js'
import { idOf, versionOf, type Rec } from './row.js'
import { staleness } from './stale.js'
import { assertInForce, inForce } from '../unit.js'
import { loadReadable } from './write.js'

export interface RecordCommand {
  readonly entity: string
  readonly id: number
  /** The version that the caller saw. */
  readonly ifVersion?: number
}

/** Takes a record out of sight; it keeps its data and can be restored. @throws Problem record.unavailable, access.denied, record.stale */
export const archive = (call: Call, command: RecordCommand): Promise<void> =>
  inForce(call, (call) => {
    const access = accessTo(call, command.entity)
    const rows = granted(access.archive)
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      await holdTrees(tx, call.model, access.entity, 'changes')
      const record = await reachable(tx, call, access, command, rows, false)
      await archiveWithOwned(tx, call, access.entity, [record])
    })
  })

/** Brings an archived record back. @throws Problem record.unavailable, access.denied, record.conflict when a unique value was taken meanwhile */
export const restore = (call: Call, command: RecordCommand): Promise<Rec> =>
  inForce(call, (call) => {
    const access = accessTo(call, command.entity)
    const rows = granted(access.archive)
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      await holdTrees(tx, call.model, access.entity, 'changes')
      const record = await reachable(tx, call, access, command, rows, true)
      const [saved = record] = await restoreWithOwned(tx, call, access.entity, [record])
      return presented(tx, call, access, saved, ['archivedAt'])
    })
  })

/** Erases a record, archived or not, with its data. @throws Problem record.unavailable, access.denied, record.inUse */
export const purge = (call: Call, command: RecordCommand): Promise<void> =>
  inForce(call, (call) => {
    const access = accessTo(call, command.entity)
    const rows = granted(access.purge)
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      await holdTrees(tx, call.model, access.entity, 'moves')
      const record = await forPurge(tx, call, access, command, rows)
      await purgeLoaded(tx, call, access, [record])
    })
  })

/** Erases records that were loaded in this unit, or archives those that the caller may not erase. @throws Problem access.denied, record.inUse */
export async function removeLoaded(tx: Executor, call: Call, access: EntityAccess, loaded: readonly Rec[]): Promise<void> {
  const erased = await covered(tx, call, access, access.purge, loaded)
  const gone = new Set(erased)
  const others = loaded.filter((record) => !gone.has(record))
  const archived = await covered(tx, call, access, access.archive, others)
  if (archived.length < others.length) throw new Problem('access.denied')
  if (erased.length > 0) await purgeLoaded(tx, call, access, erased)
  if (archived.length > 0) await archiveWithOwned(tx, call, access.entity, archived)
}

async function purgeLoaded(tx: Executor, call: Call, { entity }: EntityAccess, loaded: readonly Rec[]): Promise<void> {
  await tellPurged(tx, call, entity, loaded)
  const writing = writingOf(call)
  const ids = loaded.map(idOf)
  const taken = await takenWith(tx, writing, entity, ids)
  await records.purge(tx, entity, ids)
  await forgetFilesOf(tx, entity, ids)
  await assertAdministratorRemains(tx, call, entity, loaded)
  await settle(tx, writing, [...loaded.map((before) => ({ entity, before, after: null })), ...taken])
}

/** Those of the records on which a right holds. */
async function covered(tx: Executor, call: Call, access: EntityAccess, rows: Predicate | false, loaded: readonly Rec[]): Promise<readonly Rec[]> {
  if (rows === false || loaded.length === 0) return []
  if (holdsOnReadable(access, rows)) return loaded
  const ids = await records.existing(tx, { entity: access.entity, rows, ids: loaded.map(idOf) }, call.bindings)
  return loaded.filter((record) => ids.has(idOf(record)))
}

const covers = async (tx: Executor, call: Call, access: EntityAccess, rows: Predicate, record: Rec): Promise<boolean> =>
  holdsOnReadable(access, rows) || holds(tx, call, access, rows, idOf(record))

/** Only those who may archive know that an archived record is there. */
async function forPurge(tx: Executor, call: Call, access: EntityAccess, command: RecordCommand, rows: Predicate): Promise<Rec> {
  try {
    return await reachable(tx, call, access, command, rows, false)
  } catch (error) {
    if (access.archive === false || !(error instanceof Problem) || error.code !== 'record.unavailable') throw error
    return reachable(tx, call, access, command, rows, true)
  }
}

/** The record, when the caller may read it and `rows` hold on it. @throws Problem record.unavailable, record.stale, access.denied */
export async function reachable(tx: Executor, call: Call, access: EntityAccess, command: RecordCommand, rows: Predicate, archived: boolean): Promise<Rec> {
  const record = await loadReadable(tx, call, access, command.id, archived)
  if (command.ifVersion !== undefined && versionOf(record) !== command.ifVersion) throw await staleness(tx, call, access, record, {}, command.ifVersion)
  if (!(await covers(tx, call, access, rows, record))) throw new Problem('access.denied')
  return record
}
