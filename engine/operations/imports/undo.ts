/** Takes an import back: what it made goes, what it changed is as before, except for what somebody has changed since. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Entity } from '../../model/model.js'
import { all } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import { historiesOf, type Change as Recorded } from '../../storage/changes.js'
import type { Executor } from '../../storage/contract.js'
import * as imports from '../../storage/own/imports.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import type { JobKind } from '../jobs/contract.js'
import { ownerCall } from '../jobs/jobs.js'
import { removeLoaded } from '../records/remove.js'
import { idOf, versionOf, type PreparedRow, type Rec } from '../records/row.js'
import { updateAllChecked, type Change } from '../records/write.js'
import { accessTo, idIn, systemField } from '../rights/rights.js'
import { everyField } from '../rights/selection.js'
import { assertInForce } from '../unit.js'
import { eachAlone } from './alone.js'
import type { ImportInput } from './run.js'

/** Sums so far, and the first row of the last chunk that is in them: chunks are undone from the end. */
export interface UndoCounts extends JsonObject {
  readonly row: number
  readonly removed: number
  readonly restored: number
  /** Have their old values, except in fields that somebody changed since. */
  readonly partly: number
  /** Some of them. */
  readonly partlyIds: readonly number[]
  /** Left alone, because somebody changed them since or other records need them. */
  readonly kept: number
  /** Some of them. */
  readonly keptIds: readonly number[]
}

const none: UndoCounts = { row: Number.MAX_SAFE_INTEGER, removed: 0, restored: 0, partly: 0, partlyIds: [], kept: 0, keptIds: [] }
const idsShown = 100

export const importUndoJob: JobKind<ImportInput, UndoCounts> = {
  kind: 'import.undo',
  async *chunks({ engine, input, owner }, state) {
    const imported = await imports.importById(engine.database.read, input.import)
    if (imported === null) throw new Problem('import.unavailable')
    const total = Number(imported.result?.['created'] ?? 0) + Number(imported.result?.['updated'] ?? 0)
    let counts: UndoCounts = { ...none, ...state } // one that an earlier engine left lacks `partly`
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
          partly: before.partly + undone.partly.length,
          partlyIds: [...before.partlyIds, ...undone.partly].slice(0, idsShown),
          kept: before.kept + undone.kept.length,
          keptIds: [...before.keptIds, ...undone.kept].slice(0, idsShown),
        }
        await imports.keepUndone(tx, imported.id, chunk.fromRow, undone.kept, after, false)
        return { checkpoint: after, done: after.removed + after.restored + after.partly + after.kept, total }
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
  readonly removed: number
  readonly restored: number
  readonly partly: readonly number[]
  readonly kept: readonly number[]
}

async function undoChunk(tx: Executor, call: Call, access: EntityAccess, chunk: imports.ImportedChunk): Promise<Undone> {
  const made = spansOf(chunk)
  const now = await readable(tx, call, access, [...made.keys()])
  const history = await histories(tx, access.entity, made, now)
  const kept = new Set<number>()
  const removed: Rec[] = []
  const restored: (Change & { readonly partly: boolean })[] = []
  for (const [id, span] of made) {
    const record = now.get(id)
    const changes = history.get(id) ?? []
    const touched = record === undefined ? nothing : touchedSince(record, span, changes)
    if (record === undefined || (span.created && touched.size > 0)) kept.add(id)
    else if (span.created) removed.push(record)
    else {
      const before = valuesBefore(changes.filter(({ version }) => version <= span.last))
      const row = rowOf(access.entity, before, touched)
      if (row.keys.length === 0) kept.add(id)
      else restored.push({ before: record, row, partly: [...before.keys()].some((field) => touched.has(field)) })
    }
  }
  // What was made last goes first: it may belong to what was made before it.
  await eachAlone(tx, removed.toReversed(), (record) => kept.add(idOf(record)), async (part, some) => {
    await removeLoaded(part, call, access, some)
    return []
  })
  await eachAlone(tx, restored, ({ before }) => kept.add(idOf(before)), (part, some) => updateAllChecked(part, call, access, some))
  const left = restored.filter(({ before }) => !kept.has(idOf(before)))
  const partly = left.filter((one) => one.partly).map(({ before }) => idOf(before))
  return { removed: removed.filter((record) => !kept.has(idOf(record))).length, restored: left.length - partly.length, partly, kept: [...kept] }
}

/** Versions of one record that the chunk made. */
interface Span {
  readonly created: boolean
  readonly first: number
  readonly last: number
}

function spansOf(chunk: imports.ImportedChunk): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>()
  for (const [from, to] of chunk.created) for (let id = from; id <= to; id++) spans.set(id, { created: true, first: 1, last: 1 })
  for (const [id, version] of chunk.updated) spans.set(id, { created: false, first: version, ...spans.get(id), last: version })
  return spans
}

/** What happened to the records from the chunk on; new ones that are as they were made have no more than that. */
async function histories(tx: Executor, entity: Entity, made: ReadonlyMap<number, Span>, now: ReadonlyMap<number, Rec>): Promise<ReadonlyMap<number, readonly Recorded[]>> {
  const asked = [...made].flatMap(([id, { created, first, last }]): readonly (readonly [number, number])[] => {
    const record = now.get(id)
    return record === undefined || (created && versionOf(record) === last) ? [] : [[id, first]]
  })
  const found = new Map<number, Recorded[]>(asked.map(([id]) => [id, []]))
  for (const change of await historiesOf(tx, entity, asked)) found.get(change.recordId)?.push(change)
  return found
}

const nothing: ReadonlySet<string> = new Set()

/** Identities of fields that somebody changed since. What has come to nothing, such as the undoing of a later chunk, is no change. */
function touchedSince(record: Rec, { last }: Span, changes: readonly Recorded[]): ReadonlySet<string> {
  if (versionOf(record) === last) return nothing
  const later = changes.filter(({ version }) => version > last)
  const after = new Map(later.flatMap(({ changes }) => Object.entries(changes ?? {}).map(([field, [, value]]) => [field, value] as const)))
  return new Set([...valuesBefore(later)].flatMap(([field, value]) => (JSON.stringify(value) === JSON.stringify(after.get(field)) ? [] : [field])))
}

/** The values from before of fields that nobody touched since. */
function rowOf(entity: Entity, before: ReadonlyMap<string, Json>, touched: ReadonlySet<string>): PreparedRow {
  const values = Object.fromEntries([...entity.fields.values()].flatMap((field) => (before.has(field.id) && !touched.has(field.id) && !field.readOnly ? [[field.key, before.get(field.id) ?? null] as const] : [])))
  return { at: '', keys: Object.keys(values), values }
}

/** Field identity → value before the first of the changes. */
function valuesBefore(changes: readonly Recorded[]): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>()
  for (const { changes: pairs } of changes) for (const [field, [before]] of Object.entries(pairs ?? {})) if (!values.has(field)) values.set(field, before)
  return values
}

async function readable(tx: Executor, call: Call, access: EntityAccess, ids: readonly number[]): Promise<ReadonlyMap<number, Rec>> {
  if (ids.length === 0) return new Map()
  const sort = [{ field: systemField(access.entity, 'id'), descending: false }]
  const page = await records.list(tx, { entity: access.entity, rows: all(access.rows, idIn(access.entity, ids)), archived: 'without', selection: everyField(access.entity), sort, limit: ids.length }, call.bindings)
  return new Map(page.records.map((record) => [idOf(record), record]))
}
