/** What the rules of an entity set before a record is saved, for every writer alike. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem, type Finding } from '../../errors.js'
import { mayFollow } from '../../forms/visible.js'
import type { EntityAccess } from '../../permissions/access.js'
import { assertSettable } from '../../permissions/fields.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { accessTo, readableRows } from '../rights/rights.js'
import { assertLinks } from '../rights/links.js'
import { readAs, settledByRules } from './referenced.js'
import type { Rec } from './row.js'

type Values = Readonly<Record<string, Json>>

/** What is to be saved, and the identities of the fields in which a rule has the last word. */
export interface Ruled {
  readonly values: Values
  readonly byRule: readonly string[]
}

/** What is about to be saved. */
export interface Unruled {
  /** The record as it is stored; null for a new one. */
  readonly before: Rec | null
  readonly values: Values
  readonly at: string
}

/**
 * The values of each record that are to be saved with what rules set; of one that is there only those that differ from it. Rules set
 * what the caller may not, as a definition says; but whom a record belongs to is a matter of the caller's rights: what a rule takes from other
 * records they can read, and what it refers to they may link to.
 * @throws Problem record.invalid when a rule cannot be computed, gives a value that its field does not take, or leaves a required field empty
 */
export async function ruled(tx: Executor, call: Call, access: EntityAccess, all: readonly Unruled[]): Promise<readonly Ruled[]> {
  const { sets } = access.entity
  if (sets === null) return all.map(({ values }) => ({ values, byRule: [] }))
  const settled = await settledByRules(sets, all.map(({ before, values }) => ({ before, record: { ...before, ...values } })), call.at, readAs(tx, call))
  const findings = all.flatMap(({ at }, index) => (settled[index]?.findings ?? []).map((finding) => placed(finding, at, access.field(finding.path.slice(1)) !== undefined)))
  if (findings.length > 0) throw new Problem('record.invalid', {}, { problems: findings })
  const set = all.map(({ at }, index) => ({ at, keys: [], values: settled[index]?.values ?? {} }))
  if (sets.links.size > 0) await assertLinks(tx, call, access.entity, set)
  return all.map(({ before, values }, index) => finished(access, before, values, set[index]?.values ?? {}))
}

function finished({ entity }: EntityAccess, before: Rec | null, values: Values, set: Values): Ruled {
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
  const { read } = call.engine.database
  const [settled] = await settledByRules(sets, [{ before, record: { ...before, ...fitting } }], call.at, readAs(read, call), (rule) => mayFollow(access, rule))
  return settled?.values ?? {}
}
