/** Takes an import back: what it made goes, what it changed is as before, unless somebody has changed it since. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity } from '../../model/model.js'
import { all } from '../../model/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { historyOf } from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as imports from '../../storage/own/imports.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import type { JobKind } from '../jobs/contract.js'
import { ownerCall } from '../jobs/jobs.js'
import { removeLoaded } from '../records/remove.js'
import { idOf, versionOf, type Rec } from '../records/row.js'
import { updateChecked } from '../records/write.js'
import { accessTo, idIn, systemField } from '../rights/rights.js'
import { everyField } from '../rights/selection.js'
import { assertInForce } from '../unit.js'
import type { ImportInput } from './run.js'

/** Sums so far, and the first row of the last chunk that is in them: chunks are undone from the end. */
export interface UndoCounts extends JsonObject {
  readonly row: number
  readonly removed: number
  readonly restored: number
  /** Left alone, because somebody changed them since or other records need them. */
  readonly kept: number
  /** Some of them. */
  readonly keptIds: readonly number[]
}

const keptShown = 100

export const importUndoJob: JobKind<ImportInput, UndoCounts> = {
  kind: 'import.undo',
  async *chunks({ engine, input, owner }, state) {
    const imported = await imports.importById(engine.database.read, input.import)
    if (imported === null) throw new Problem('import.unavailable')
    const total = Number(imported.result?.['created'] ?? 0) + Number(imported.result?.['updated'] ?? 0)
    let counts: UndoCounts = state ?? { row: Number.MAX_SAFE_INTEGER, removed: 0, restored: 0, kept: 0, keptIds: [] }
    for (;;) {
      const chunk = await imports.chunkBefore(engine.database.read, imported.id, counts.row)
      if (chunk === null) break
      const before = counts
      let after = counts
      const call = await ownerCall(engine, owner)
      const access = accessOf(call, imported.entity)
      yield async (tx) => {
        await assertInForce(tx, call.model)
        const undone = await undoChunk(tx, call, access, chunk)
        after = {
          row: chunk.fromRow,
          removed: before.removed + undone.removed,
          restored: before.restored + undone.restored,
          kept: before.kept + undone.kept.length,
          keptIds: [...before.keptIds, ...undone.kept].slice(0, keptShown),
        }
        await imports.keepUndone(tx, imported.id, chunk.fromRow, undone.kept, after, false)
        return { checkpoint: after, done: after.removed + after.restored + after.kept, total }
      }
      counts = after
    }
    const last = counts
    yield async (tx) => {
      await imports.keepUndone(tx, imported.id, 0, [], last, true)
      return { checkpoint: last, done: total, total }
    }
  },
}

function accessOf(call: Call, identity: string): EntityAccess {
  const entity = [...call.model.entities.values()].find(({ id }) => id === identity)
  if (entity === undefined) throw new Problem('request.path')
  return accessTo(call, entity.name)
}

interface Undone {
  removed: number
  restored: number
  readonly kept: number[]
}

async function undoChunk(tx: Executor, call: Call, access: EntityAccess, chunk: imports.ImportedChunk): Promise<Undone> {
  const undone: Undone = { removed: 0, restored: 0, kept: [] }
  const made = new Map([...chunk.created.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i): [number, number] => [from + i, 1])), ...chunk.updated])
  const changed = new Map(chunk.updated)
  const now = await readable(tx, call, access, [...made.keys()])
  for (const [id, version] of made) {
    const record = now.get(id)
    if (record === undefined || versionOf(record) !== version || !(await undoRecord(tx, call, access, record, changed.has(id)))) undone.kept.push(id)
    else if (changed.has(id)) undone.restored += 1
    else undone.removed += 1
  }
  return undone
}

/** False when the record has to stay as it is. */
async function undoRecord(tx: Executor, call: Call, access: EntityAccess, record: Rec, wasThere: boolean): Promise<boolean> {
  if (tx.attempt === undefined) throw new Error('records are changed inside of a unit')
  try {
    await tx.attempt(async (part) => {
      if (!wasThere) return removeLoaded(part, call, access, record)
      const values = await valuesBefore(part, access.entity, record)
      await updateChecked(part, call, access, record, { at: '', keys: Object.keys(values), values })
    })
    return true
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return false
    throw error
  }
}

/** What the fields were before the version that the record has now. */
async function valuesBefore(tx: Executor, entity: Entity, record: Rec): Promise<Readonly<Record<string, Json>>> {
  const [change] = await historyOf(tx, entity, idOf(record), { sinceVersion: versionOf(record) - 1, limit: 1 })
  const values: Record<string, Json> = {}
  for (const field of entity.fields.values()) {
    const pair = change?.changes?.[field.id]
    if (pair !== undefined && !field.readOnly) values[field.key] = pair[0]
  }
  return values
}

async function readable(tx: Executor, call: Call, access: EntityAccess, ids: readonly number[]): Promise<ReadonlyMap<number, Rec>> {
  if (ids.length === 0) return new Map()
  const sort = [{ field: systemField(access.entity, 'id'), descending: false }]
  const page = await records.list(tx, { entity: access.entity, rows: all(access.rows, idIn(access.entity, ids)), archived: 'without', selection: everyField(access.entity), sort, limit: ids.length }, call.bindings)
  return new Map(page.records.map((record) => [idOf(record), record]))
}
