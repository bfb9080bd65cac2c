/** A computed field while it is being written: what is wrong with it, what it gives, and its value for a record that is there. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { check } from '../../definitions/check.js'
import { Problem } from '../../errors.js'
import { offeredFunctions } from '../../formulas/functions.js'
import { computedTypes } from '../../fields/computed/index.js'
import { derivationsOf } from '../../model/computed/derivations.js'
import type { Documents, Entity, Field, Model } from '../../model/model.js'
import { everything } from '../../model/conditions/predicate.js'
import { sourcesOf } from '../../model/computed/sources.js'
import { recount } from '../../storage/derived.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { widening } from '../derived/related.js'
import { computed } from '../derived/values.js'
import { systemField } from '../rights/rights.js'
import { everyField } from '../rights/selection.js'
import { bindingsAt } from '../derived/writing.js'
import { designer, readDraft } from './draft.js'

export interface TrialCommand {
  readonly entity: string
  readonly key: string
  readonly property: JsonObject
}

/** `problems`: with the setting that each is about. `samples`: of the newest records; none where nothing can be computed yet, or not all of it may be read. */
export interface Trial {
  readonly problems: readonly { readonly at: string; readonly message: string }[]
  readonly type: string | null
  readonly options: JsonObject
  readonly samples: readonly Sample[]
}

interface Sample {
  readonly id: number
  readonly name: string
  readonly value: Json
}

/** One record may be an empty one. */
const sampleCount = 3

/** What can be computed: the kinds of fields with their settings, and the functions of formulas. */
export const computedLanguage = (): JsonObject => ({
  computedTypes: computedTypes.map(({ name, options }) => ({ name, options })),
  functions: offeredFunctions.map(({ name, usage }) => ({ name, usage })),
})

/** Tries a computed field in the caller's draft; nothing is changed. @throws Problem access.denied, request.invalid */
export async function tryComputed(call: Call, { entity: name, key, property }: TrialCommand): Promise<Trial> {
  designer(call)
  const { documents, published } = await readDraft(call)
  if (!Object.hasOwn(documents, `${name}/entity.json`)) throw new Problem('request.invalid', { reason: 'there is no such entity in the draft' })
  const { findings, model } = check(withField(documents, name, key, property), call.model)
  const place = `${name}/entity.json#/properties/${key}`
  const problems = findings.flatMap(({ path, message }) => (path === place || path.startsWith(`${place}/`) ? [{ at: path.slice(place.length).replace(/^\/crm\//, '/').slice(1), message }] : []))
  const field = model.entities.get(name)?.fields.get(key)
  if (problems.length > 0 || field === undefined || field.derived === null) return { problems, type: null, options: {}, samples: [] }
  return { problems, type: field.type.name, options: field.options, samples: await samplesOf(call, withField(published, name, key, property), name, key) }
}

function withField(documents: Documents, name: string, key: string, property: JsonObject): Documents {
  const path = `${name}/entity.json`
  const document = documents[path] ?? {}
  return { ...documents, [path]: { ...document, properties: { ...(isObject(document['properties']) ? document['properties'] : {}), [key]: property } } }
}

/** The newest records, for callers who may read all that the value comes from: the tables are those of the published definitions. */
async function samplesOf(call: Call, documents: Documents, name: string, key: string): Promise<readonly Sample[]> {
  const stored = call.model.entities.get(name)
  const { model } = check(documents, call.model)
  const entity = model.entities.get(name)
  const field = entity?.fields.get(key)
  if (stored === undefined || entity === undefined || field === undefined || !mayReadAll(call, model, entity, field)) return []
  const query = { entity: stored, rows: everything, archived: 'without' as const, selection: everyField(stored), sort: [{ field: systemField(stored, 'id'), descending: true }], limit: sampleCount }
  const newest = (await records.list(call.engine.database.read, query, call.bindings)).records
  return Promise.all(newest.map(async (record) => ({ id: Number(record['id']), name: nameOf(record[stored.display], Number(record['id'])), value: await valueFor(call, model, entity, field, record) })))
}

const nameOf = (display: Json | undefined, id: number): string => (typeof display === 'string' || typeof display === 'number' ? String(display) : `#${String(id)}`)

async function valueFor(call: Call, model: Model, entity: Entity, field: Field, record: JsonObject): Promise<Json> {
  const reader = call.engine.database.read
  const derivations = derivationsOf(model).get(entity.name)
  const rollup = derivations?.rollups.find((one) => one.field.key === field.key)
  if (rollup !== undefined) {
    const source = model.entities.get(rollup.derived.entity)
    return source === undefined ? null : ((await recount(reader, entity, source, rollup, [Number(record['id'])], bindingsAt(call.model, call.at))).get(Number(record['id']))?.value ?? null)
  }
  const expression = derivations?.expressions.find((one) => one.field.key === field.key)
  if (expression === undefined) return null
  const widen = await widening(reader, { model: call.model, by: call.actor.id, at: call.at, announce: false }, entity, [record], expression.derived.paths)
  return computed(expression, widen(record), call.at).value
}

/** Every source is there in the tables, and the caller reads it in full on every record. */
function mayReadAll(call: Call, model: Model, entity: Entity, field: Field): boolean {
  const owners = [[entity, undefined] as const, ...sourcesOf(model, entity, field)]
  return owners.every(([owner, source]) => {
    const access = call.access.entity(owner.name)
    if (access === undefined || access.rows !== everything) return false
    const how = source === undefined ? access.field(access.entity.display) : access.field(source.key)
    return how?.how === 'full' && how.visible === undefined
  })
}
