/** Records that may be the same as a draft that is being typed or imported, and what people decided of them. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { DuplicateRule, Field } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor, Selection } from '../../storage/contract.js'
import { addDistinct, distinctAmong, pairOf } from '../../storage/own/distinct.js'
import type { Call } from '../call.js'
import { accessTo } from '../rights/rights.js'
import { selectionOf } from '../rights/selection.js'
import { idOf, isId, type Rec } from '../records/row.js'
import { assertGranted } from '../records/prepare.js'
import { loadReadable } from '../records/write.js'
import { assertInForce, inForce } from '../unit.js'
import { agreeingWith } from './alike.js'
import { fieldsOf, keyOf, likenessBy, rulesFor, type Likeness } from './rules.js'

/** Duplicates that are told of one draft. */
const shownMax = 20

/** A record as it is typed or imported. `id`: it is stored already and is no duplicate of itself. */
export interface Draft {
  readonly id?: number
  readonly values: JsonObject
}

export interface Duplicate extends JsonObject {
  readonly id: number
  readonly title: string
  /** Keys of the fields that agree. */
  readonly fields: readonly string[]
  /** From 0.9 (names alike) to 1 (equal). */
  readonly score: number
  /** The values that were compared, as the caller reads them. */
  readonly values: JsonObject
}

/**
 * For each draft the records that the caller may read and that some rule makes the same, the most alike first. One
 * statement for each rule, however many drafts, unless they have very many candidates; import calls it chunk by chunk.
 */
export async function duplicatesOf(call: Call, access: EntityAccess, drafts: readonly Draft[], x: Executor = call.engine.database.read): Promise<readonly (readonly Duplicate[])[]> {
  const rules = rulesFor(access)
  const compared = { entity: access.entity, rows: access.rows, visibleOf: (field: Field) => access.field(field.key)?.visible, selection: comparedFields(call, access, rules), bindings: call.bindings }
  const byRule: { readonly rule: DuplicateRule; readonly candidates: ReadonlyMap<string, readonly Rec[]> }[] = []
  for (const rule of rules) byRule.push({ rule, candidates: await agreeingWith(x, compared, rule, drafts.map(({ values }) => values)) })
  const distinct = await distinctAmong(x, access.entity, drafts.flatMap(({ id }) => id ?? []))
  return drafts.map(({ id, values }) => {
    const candidates = new Map(byRule.flatMap(({ rule, candidates: found }) => (found.get(keyOf(rule, values) ?? '') ?? []).map((record) => [idOf(record), record])))
    return [...candidates.values()]
      .filter((other) => idOf(other) !== id && (id === undefined || !distinct.has(pairOf(id, idOf(other)).join('-'))))
      .flatMap((other) => described(access, other, likenessBy(rules, values, other)))
      .toSorted((a, b) => b.score - a.score || b.id - a.id)
      .slice(0, shownMax)
  })
}

/** The same for one draft by the entity's name. @throws Problem request.path */
export async function duplicatesOfDraft(call: Call, entity: string, draft: Draft): Promise<readonly Duplicate[]> {
  const [found = []] = await duplicatesOf(call, accessTo(call, entity), [draft])
  return found
}

const described = (access: EntityAccess, record: Rec, alike: Likeness | undefined): readonly Duplicate[] => (alike === undefined ? [] : [{ id: idOf(record), title: titleOf(access, record), ...alike, values: withoutSystem(record) }])

export const withoutSystem = ({ id: _id, version: _version, ...values }: Rec): JsonObject => values

export function titleOf(access: EntityAccess, record: Rec): string {
  const field = access.entity.fields.get(access.entity.display)
  const value = record[access.entity.display]
  return field === undefined || value === undefined || value === null ? String(idOf(record)) : field.type.format(value, field.options)
}

/** What the rules compare, and the name. */
export function comparedFields(call: Call, access: EntityAccess, rules: readonly DuplicateRule[]): Selection {
  const named = access.field(access.entity.display) === undefined ? [] : [access.entity.display]
  return selectionOf(call.model, call.access, access, { fields: [...new Set(['id', ...named, ...rules.flatMap((rule) => fieldsOf(rule).map(({ key }) => key))])] })
}

/**
 * Remembers that two records are not the same: the pair is not shown again.
 * @throws Problem request.path, request.invalid, access.denied, record.unavailable
 */
export const markDistinct = (call: Call, entity: string, ids: Json | undefined): Promise<void> =>
  inForce(call, (call) => {
    const access = accessTo(call, entity)
    assertGranted(access.update)
    const [a, b, more] = Array.isArray(ids) ? (ids as readonly Json[]) : []
    if (!isId(a) || !isId(b) || a === b || more !== undefined) throw new Problem('request.invalid', { reason: 'ids are two different records' })
    return call.engine.database.write(async (tx) => {
      await assertInForce(tx, call.model)
      for (const id of [a, b]) await loadReadable(tx, call, access, id)
      await addDistinct(tx, access.entity, pairOf(a, b), { by: call.actor.id, at: call.at })
    })
  })
