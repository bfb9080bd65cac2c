/**
 * Lines: rows of another entity that belong to a record and are saved with it. What is sent is the whole list as the
 * person sees it, in its order: rows with an id are changed, rows without one are new, rows that are missing are archived.
 * Rows that the caller cannot see stay as they are. A constant number of statements, however many rows.
 */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import type { Entity, Field } from '../../model/model.js'
import { pointer } from '../../model/paths.js'
import type { EntityAccess } from '../../permissions/access.js'
import { holdsOnReadable } from '../../permissions/rows.js'
import type { Executor } from '../../storage/contract.js'
import { hold } from '../../storage/derived.js'
import { ownedIds, place } from '../../storage/lines.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { accessTo, granted } from '../rights/rights.js'
import { archiveWithOwned } from './cascade.js'
import { Faults } from './faults.js'
import { prepareOwned, prepareUpdate } from './prepare.js'
import { idOf, versionOf, type PreparedRow, type Rec } from './row.js'

/** The lines that were sent for one field, checked as far as that goes without the database. */
export interface SentLines {
  readonly field: Field
  readonly access: EntityAccess
  /** The reference of a line to its owner. */
  readonly via: Field
  /** JSON Pointer of the list. */
  readonly at: string
  readonly rows: readonly SentLine[]
}

type SentLine =
  | { readonly kind: 'new'; readonly row: PreparedRow }
  | { readonly kind: 'known'; readonly id: number; readonly version: number | undefined; readonly row: PreparedRow }

/** How rows are saved with every check and all that follows. */
export interface Saving {
  insert(tx: Executor, call: Call, access: EntityAccess, rows: readonly PreparedRow[]): Promise<readonly Rec[]>
  update(tx: Executor, call: Call, access: EntityAccess, changes: readonly { readonly before: Rec; readonly row: PreparedRow }[]): Promise<readonly Rec[]>
}

/** Takes the lines out of a row and checks each. @throws Problem as saving each row by itself would, with its place in every finding */
export function withoutLines(call: Call, entity: Entity, row: PreparedRow): { readonly row: PreparedRow; readonly lines: readonly SentLines[] } {
  const fields = [...entity.fields.values()].filter((field) => field.lines !== null && Object.hasOwn(row.values, field.key))
  if (fields.length === 0) return { row, lines: [] }
  const values = { ...row.values }
  const lines = fields.map((field) => {
    delete values[field.key]
    return sentLines(call, field, row.values[field.key] ?? [], `${row.at}${pointer(field.key)}`)
  })
  return { row: { ...row, values }, lines }
}

function sentLines(call: Call, field: Field, value: Json, at: string): SentLines {
  const access = accessTo(call, field.lines?.entity ?? '')
  const via = access.entity.fields.get(field.lines?.field ?? '')
  if (via === undefined) throw new Problem('field.unknown', {}, { problems: [{ path: at, code: 'field.unknown', message: `${field.title} has no lines.` }] })
  const faults = new Faults()
  const rows: SentLine[] = []
  const seen = new Set<number>()
  for (const [index, line] of (Array.isArray(value) ? (value as readonly Json[]) : []).entries()) {
    const place = `${at}/${String(index)}`
    faults.collect(() => {
      const one = sentLine(access, via, isObject(line) ? line : {}, place)
      if (one.kind === 'known' && seen.has(one.id)) throw refused(`${place}/id`, 'This line stands here twice.')
      if (one.kind === 'known') seen.add(one.id)
      rows.push(one)
    })
  }
  faults.report()
  return { field, access, via, at, rows }
}

function sentLine(access: EntityAccess, via: Field, line: JsonObject, at: string): SentLine {
  // A line belongs to the record that it stands in, whatever it says itself.
  const { id, version, [via.key]: _owner, ...body } = line
  if (id === undefined || id === null) return { kind: 'new', row: prepareOwned(access, body, via.key, at) }
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw refused(`${at}/id`, 'The id of a line is a whole number; a new line has none.')
  if (version !== undefined && typeof version !== 'number') throw refused(`${at}/version`, 'A version is a whole number.')
  const row = Object.keys(body).length === 0 ? { at, keys: [], values: {} } : prepareUpdate(access, body, at)
  return { kind: 'known', id, version, row }
}

const refused = (path: string, message: string): Problem => new Problem('record.invalid', {}, { problems: [{ path, code: 'record.invalid', message }] })

/** Gives new records their lines; all records and their lines in the same order. */
export async function insertLines(tx: Executor, call: Call, owners: readonly { readonly record: Rec; readonly lines: readonly SentLines[] }[], saving: Saving): Promise<void> {
  const fields = new Set(owners.flatMap(({ lines }) => lines.map(({ field }) => field)))
  for (const field of fields) {
    const sent = owners.flatMap(({ record, lines }) => lines.filter((one) => one.field === field).map((one) => ({ owner: idOf(record), lines: one })))
    const [first] = sent
    if (first === undefined) continue
    const { access, via } = first.lines
    for (const { lines } of sent) for (const one of lines.rows) if (one.kind === 'known') throw unavailable(`${one.row.at}/id`)
    const rows = sent.flatMap(({ owner, lines }) => lines.rows.map(({ row }, index) => ({ row: owned(row, via, owner), position: index + 1 })))
    const saved = await saving.insert(tx, call, access, rows.map(({ row }) => row))
    await place(tx, access.entity, via, saved.map((record, index) => ({ id: idOf(record), position: rows[index]?.position ?? 0 })))
  }
}

const owned = (row: PreparedRow, via: Field, owner: number): PreparedRow => ({ ...row, values: { ...row.values, [via.key]: owner } })

/** Ids of the lines before and after, in their order. */
export interface LinesChange {
  readonly field: Field
  readonly before: readonly number[]
  readonly after: readonly number[]
  /** False when every line is as it was. */
  readonly differs: boolean
}

/** Makes the lines of a record what was sent. The record itself is held by the caller. */
export async function changeLines(tx: Executor, call: Call, owner: number, sent: SentLines, saving: Saving): Promise<LinesChange> {
  const { access, via, field } = sent
  const before = await ownedIds(tx, access.entity, via, owner, access.rows, call.bindings)
  const held = await hold(tx, access.entity, before, 'change')
  const known = sent.rows.flatMap((one) => (one.kind === 'known' ? [one] : []))
  assertKnown(known, (id) => held.get(id)?.record)
  const kept = new Set(known.map(({ id }) => id))
  await archiveLines(tx, call, sent, before.flatMap((id) => { const gone = kept.has(id) ? undefined : held.get(id); return gone === undefined ? [] : [gone.record] }))
  const changes = known.flatMap(({ id, row }) => {
    const record = held.get(id)?.record
    return record === undefined || row.keys.length === 0 ? [] : [{ before: record, row }]
  })
  const updated = changes.length === 0 ? [] : await saving.update(tx, call, access, changes)
  const fresh = sent.rows.flatMap(({ kind, row }) => (kind === 'new' ? [owned(row, via, owner)] : []))
  const created = (fresh.length === 0 ? [] : await saving.insert(tx, call, access, fresh)).map(idOf)
  let next = 0
  const after = sent.rows.map((one) => (one.kind === 'known' ? one.id : (created[next++] ?? 0)))
  const moved = after.join() !== before.join()
  if (moved) await place(tx, access.entity, via, after.map((id, index) => ({ id, position: index + 1 })))
  return { field, before, after, differs: moved || updated.some((record, index) => record !== changes[index]?.before) }
}

function assertKnown(known: readonly Extract<SentLine, { kind: 'known' }>[], record: (id: number) => Rec | undefined): void {
  const faults = new Faults()
  for (const { id, version, row } of known) {
    const there = record(id)
    if (there === undefined) faults.add(unavailable(`${row.at}/id`))
    else if (version !== undefined && versionOf(there) !== version) faults.add(new Problem('record.stale', {}, { problems: [finding(row.at, 'record.stale', 'Someone saved this line first.')] }))
  }
  faults.report()
}

/** Taking a line out needs the right to archive it. */
async function archiveLines(tx: Executor, call: Call, { access, at }: SentLines, gone: readonly Rec[]): Promise<void> {
  if (gone.length === 0) return
  const rows = granted(access.archive)
  if (!holdsOnReadable(access, rows)) {
    const allowed = await records.existing(tx, { entity: access.entity, rows, ids: gone.map(idOf) }, call.bindings)
    if (gone.some((record) => !allowed.has(idOf(record)))) throw new Problem('access.denied', {}, { problems: [finding(at, 'access.denied', 'You may not take out one of these lines.')] })
  }
  await archiveWithOwned(tx, call, access.entity, gone)
}

const unavailable = (path: string): Problem => new Problem('record.unavailable', {}, { problems: [finding(path, 'record.unavailable', 'There is no such line in this record for you.')] })

const finding = (path: string, code: string, message: string): Finding => ({ path, code, message })
