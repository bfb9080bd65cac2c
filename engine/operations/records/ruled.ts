/** What the rules of an entity set before a record is saved, for every writer alike. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import { mayFollow } from '../../forms/visible.js'
import type { EntityAccess } from '../../permissions/access.js'
import { assertSettable } from '../../permissions/fields.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { accessTo, readableRows } from '../rights/rights.js'
import type { Rec } from './row.js'

type Values = Readonly<Record<string, Json>>

/** What is to be saved, and the identities of the fields in which a rule has the last word. */
export interface Ruled {
  readonly values: Values
  readonly byRule: readonly string[]
}

/**
 * The values that are to be saved with what rules set; of a record that is there only those that differ from it. Rules set
 * what the caller may not, as a definition says.
 * @throws Problem record.invalid when a rule cannot be computed or gives a value that its field does not take
 */
export function ruled({ entity, field }: EntityAccess, { before, values, at }: { readonly before: Rec | null; readonly values: Values; readonly at: string }, now: Date): Ruled {
  if (entity.sets === null) return { values, byRule: [] }
  const { values: set, findings } = entity.sets.apply(before, { ...before, ...values }, now)
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings.map((finding) => placed(finding, at, field(finding.path.slice(1)) !== undefined)) })
  const all = Object.entries({ ...values, ...set })
  return {
    values: Object.fromEntries(before === null ? all : all.filter(([key, value]) => JSON.stringify(before[key] ?? null) !== JSON.stringify(value))),
    byRule: Object.keys(set).flatMap((key) => entity.fields.get(key)?.id ?? []),
  }
}

/** Of a field that the caller does not know nothing is told but that it stands in the way. */
const placed = (finding: Finding, at: string, known: boolean): Finding =>
  known ? { ...finding, path: `${at}${finding.path}` } : { path: at, code: 'value.ruleSets', message: 'A rule of these records cannot fill a field that you may not see.' }

/** A record while it is typed. `id`: it is stored already, and only what differs is sent. */
export interface Typed {
  readonly id?: number
  readonly values: JsonObject
}

/**
 * What rules would set if the record were saved as it is typed; values that do not fit yet are left out. Only rules of which
 * the caller sees every field are asked.
 * @throws Problem request.path, record.unavailable, field.*, access.field
 */
export async function wouldSet(call: Call, name: string, { id, values }: Typed): Promise<JsonObject> {
  const access = accessTo(call, name)
  assertSettable(access, id === undefined ? access.create : access.update, Object.keys(values), '/values')
  const before = id === undefined ? null : await records.load(call.engine.database.read, access.entity, id, readableRows(access, false), call.bindings)
  if (id !== undefined && before === null) throw new Problem('record.unavailable')
  const { sets } = access.entity
  if (sets === null) return {}
  const fitting = access.entity.validatePatch(values).values
  return sets.apply(before, { ...before, ...fitting }, call.at, (rule) => mayFollow(access, rule)).values
}
