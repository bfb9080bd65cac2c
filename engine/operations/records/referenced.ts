/** What rules take from other records: read with the rights of who writes, in the unit that writes. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Ask, AskAnswer, FieldSetter, Model, RuledValues, SettingRule } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Call } from '../call.js'
import { comparableAt } from '../rights/rights.js'
import { everyField, selectionOf } from '../rights/selection.js'
import { idOf, type Rec } from './row.js'

/** A record that is about to be saved. */
interface Unruled {
  readonly before: Rec | null
  readonly record: JsonObject
}

/** Answers in the order of the questions. */
export type Read = (asks: readonly Ask[]) => Promise<readonly AskAnswer[]>

/** What the rules set in each record; what they take from others is read together, as often as one rule builds on another. */
export async function settledByRules(sets: FieldSetter, all: readonly Unruled[], at: Date, read: Read, uses: (rule: SettingRule) => boolean = () => true): Promise<readonly RuledValues[]> {
  const known = new Map<string, AskAnswer>()
  for (;;) {
    const settled = all.map(({ before, record }) => sets.apply(before, record, at, { uses, known: (ask) => known.get(nameOf(ask)) }))
    const asks = [...new Map(settled.flatMap((one) => one.asks.map((ask) => [nameOf(ask), ask] as const))).values()]
    if (asks.length === 0) return settled
    const answers = await read(asks)
    asks.forEach((ask, index) => known.set(nameOf(ask), answers[index] ?? 'hidden'))
  }
}

const nameOf = (ask: Ask): string => `${String(ask.id)} ${placeOf(ask)}`

/** With the caller's rights: what they may not read is hidden. A statement for each entity and path. */
export const readAs = (x: Executor, call: Call): Read => async (asks) => {
  const places = new Map(asks.map(({ entity, path }) => [placeOf({ entity, path }), { entity, path }]))
  const found = new Map<string, (id: number) => AskAnswer>()
  for (const [place, { entity, path }] of places) found.set(place, await readPath(x, call, entity, path, asks.filter((ask) => placeOf(ask) === place).map(({ id }) => id)))
  return asks.map((ask) => found.get(placeOf(ask))?.(ask.id) ?? 'hidden')
}

const placeOf = ({ entity, path }: Pick<Ask, 'entity' | 'path'>): string => `${entity} ${path.join('.')}`

async function readPath(x: Executor, call: Call, entity: string, path: readonly string[], ids: readonly number[]): Promise<(id: number) => AskAnswer> {
  const access = call.access.entity(entity)
  if (access === undefined || !seesPath(call, access, path)) return () => 'hidden'
  const selection = selectionOf(call.model, call.access, access, { fields: [path.join('.')] })
  const found = await records.getAll(x, { entity: access.entity, rows: access.rows, ids, archived: 'with', selection }, call.bindings)
  const byId = new Map(found.map((record) => [idOf(record), record]))
  return (id) => {
    const record = byId.get(id)
    return record === undefined ? 'hidden' : { value: valueAt(record, path) }
  }
}

function seesPath(call: Call, access: EntityAccess, path: readonly string[]): boolean {
  try {
    comparableAt(call, access, path.join('.'))
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** As the operator, from whom nothing is hidden. */
export const readAll = (x: Executor, model: Model, at: Date): Read => async (asks) => {
  const answers: AskAnswer[] = []
  for (const { entity, id, path } of asks) answers.push({ value: await follow(x, model, at, entity, id, path) })
  return answers
}

async function follow(x: Executor, model: Model, at: Date, name: string, id: number, [key = '', ...rest]: readonly string[]): Promise<Json> {
  const entity = model.entities.get(name)
  if (entity === undefined) return null
  const [record] = await records.getAll(x, { entity, rows: everything, ids: [id], archived: 'with', selection: everyField(entity) }, bindingsOf(systemActor, at))
  const value = record?.[key] ?? null
  const next = entity.fields.get(key)?.link?.to
  return rest.length === 0 || typeof value !== 'number' || next === undefined ? value : follow(x, model, at, next, value, rest)
}

/** At the end of a path over expanded references; an expanded one at the end is told by its id. */
function valueAt(record: Rec, path: readonly string[]): Json {
  let value: Json = record
  for (const key of path) value = isObject(value) ? (value[key] ?? null) : null
  return isObject(value) && typeof value.id === 'number' ? value.id : value
}
