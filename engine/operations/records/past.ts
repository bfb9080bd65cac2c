/** A record as it was: what is there now, with the changes since then undone, as far as the caller may read it today. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Entity, Field } from '../../model/model.js'
import * as changes from '../../storage/changes.js'
import { looked } from '../audit/looks.js'
import type { Call } from '../call.js'
import { readableChanges } from '../rights/links.js'
import { selectedField } from '../rights/selection.js'
import { assertHistory, historyFields, readableNow } from './history.js'

export interface PastCommand {
  readonly entity: string
  readonly id: number
  /** The last moment that counts, or the version. */
  readonly when: { readonly at: Date } | { readonly version: number }
}

export interface PastRecord {
  /** The version that was in force; 0 when the record was not there yet. */
  readonly version: number
  readonly archived: boolean
  /** Field key → value then. Empty when the record was not there yet. */
  readonly values: Readonly<Record<string, Json>>
  /** Keys of values that the field cannot hold any more, because its type was changed: to be read, not to be restored. */
  readonly unfit: readonly string[]
}

/**
 * Fields that were renamed are found by their identity; a value of an earlier type is read with the type of today where
 * it can be.
 * @throws Problem request.path, access.denied, record.unavailable
 */
export async function past(call: Call, command: PastCommand): Promise<PastRecord> {
  const access = assertHistory(call, command.entity)
  const fields = historyFields(access)
  const selection = { fields: fields.map((field) => selectedField(field, { how: 'full' }, call.access)), toOne: [], toMany: [] }
  const now = await readableNow(call, access, command.id, selection)
  const reader = call.engine.database.read
  const all = await changes.historyOf(reader, access.entity, command.id, { derived: true })
  const later = await readableChanges(reader, call, access.entity, all.filter((change) => isLater(change, command.when)))
  const oldest = later.findLast(({ action }) => action !== 'derived')
  const createdAt = now['createdAt']
  const wasThere = oldest?.action !== 'created' && !('at' in command.when && typeof createdAt === 'string' && Date.parse(createdAt) > command.when.at.getTime())
  if (!wasThere) return { version: 0, archived: false, values: {}, unfit: [] }
  const values: Record<string, Json> = { ...now }
  const unfit = new Set<string>()
  for (const field of fields) {
    const change = later.findLast((one) => one.changes?.[field.id] !== undefined)
    const before = change?.changes?.[field.id]?.[0]
    if (before === undefined) continue
    const fitting = asOfToday(access.entity, field, before)
    values[field.key] = fitting ?? before
    if (fitting === undefined) unfit.add(field.key)
  }
  looked(call, 'history', access.entity, selection, [values])
  const turned = later.findLast(({ action }) => action === 'archived' || action === 'restored')
  const version = oldest === undefined ? Number(now['version']) : oldest.version - 1
  return { version, archived: turned === undefined ? now['archivedAt'] !== null : turned.action === 'restored', values: metadataOnly(fields, values), unfit: [...unfit] }
}

const isLater = (change: changes.Change, when: PastCommand['when']): boolean =>
  'version' in when ? change.version > when.version : Date.parse(change.at) > when.at.getTime()

const metadataOnly = (fields: readonly Field[], values: Readonly<Record<string, Json>>): Record<string, Json> =>
  Object.fromEntries(fields.flatMap((field) => (field.system ? [] : [[field.key, values[field.key] ?? null]])))

/** The value when the field takes it as it is, or reads it from its text; undefined when neither. */
function asOfToday(entity: Entity, field: Field, value: Json): Json | undefined {
  if (value === null || field.readOnly) return value
  const read = typeof value === 'object' ? undefined : field.type.parse(String(value), field.options)
  return [value, read].find((candidate) => candidate !== undefined && candidate !== null && entity.validatePatch({ [field.key]: candidate }).findings.length === 0) ?? undefined
}
