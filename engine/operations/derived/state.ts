/** What people must know of computed values that they look at: for when they are exact, that they are being computed anew, and why one is missing. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { failureOf } from '../../formulas/failure.js'
import { derivationsOf } from '../../model/computed/derivations.js'
import type { Entity, Field } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import { activeJobs, type Job } from '../../storage/own/jobs.js'
import { momentsOf } from '../../storage/own/moments.js'
import type { Call } from '../call.js'
import { loadReadable } from '../records/write.js'
import { accessTo } from '../rights/rights.js'
import { momentName } from './moving.js'
import { recalculationKind, type Recalculation } from './pending.js'
import { widening } from './related.js'
import { computed } from './values.js'

/** Of one field; a field of which nothing is to be told has none. */
export interface FieldState extends JsonObject {
  /** RFC 3339: the values are exact for this moment at least. */
  readonly asOf?: string
  /** Values are being computed anew: until it is over some are missing or old. */
  readonly progress?: { readonly done: number; readonly total: number | null }
  /** Why the value of the record that was asked about is missing; the message for those who may design only. */
  readonly failed?: { readonly code: string; readonly message?: string }
}

/** The states of the fields that the caller may read, by key. @param record id, to be told of its missing values too @throws Problem request.path, record.unavailable */
export async function computedStates(call: Call, entity: string, record?: number): Promise<Readonly<Record<string, FieldState>>> {
  const access = accessTo(call, entity)
  const fields = [...access.entity.fields.values()].filter((field) => field.derived !== null && access.field(field.key) !== undefined)
  if (fields.length === 0) return {}
  const { read } = call.engine.database
  const [moments, jobs] = [await momentsOf(read), await activeJobs(read, recalculationKind)]
  const failed = record === undefined ? new Map<string, NonNullable<FieldState['failed']>>() : await failures(call, access, fields, record)
  const states = fields.flatMap((field): readonly (readonly [string, FieldState])[] => {
    const asOf = moves(field) ? moments.get(momentName(access.entity, field)) : undefined
    const job = jobs.find((one) => isAhead(one, access.entity, field))
    const why = failed.get(field.key)
    if (asOf === undefined && job === undefined && why === undefined) return []
    return [[field.key, { ...(asOf === undefined ? {} : { asOf: asOf.toISOString() }), ...(job === undefined ? {} : { progress: { done: job.done, total: job.total } }), ...(why === undefined ? {} : { failed: why }) }]]
  })
  return Object.fromEntries(states)
}

const moves = ({ derived }: Field): boolean => (derived?.kind === 'rollup' ? derived.moving : (derived?.daily ?? false))

/** True when the job has not come to the end of a field yet. */
function isAhead({ input, checkpoint }: Job, entity: Entity, field: Field): boolean {
  const { steps } = input as Recalculation // written by addRecalculation
  const step = Number(checkpoint?.['step'] ?? 0)
  return steps.some((one, index) => index >= step && one.entity === entity.name && one.fields.includes(field.key))
}

/** Expressions that give nothing on the record because they fail there. */
async function failures(call: Call, access: EntityAccess, fields: readonly Field[], id: number): Promise<ReadonlyMap<string, NonNullable<FieldState['failed']>>> {
  const { read } = call.engine.database
  const record = await loadReadable(read, call, access, id)
  const expressions = (derivationsOf(call.model).get(access.entity.name)?.expressions ?? []).filter(({ field }) => fields.includes(field) && access.field(field.key)?.how === 'full' && (record[field.key] ?? null) === null)
  if (expressions.length === 0) return new Map()
  const widen = await widening(read, { model: call.model, by: call.actor.id, at: call.at, announce: false }, access.entity, [record], expressions.flatMap(({ derived }) => derived.paths))
  return new Map(expressions.flatMap((expression) => {
    const { failed } = computed(expression, widen(record), call.at)
    if (failed === undefined) return []
    const { code, message } = failureOf(failed)
    return [[expression.field.key, { code, ...(call.access.design ? { message } : {}) }] as const]
  }))
}
