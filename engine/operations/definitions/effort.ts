/** What a step of a plan costs beside the data that it touches: how long it takes, who waits meanwhile, and which programs call by a name what is to change. */
import type { PlanAction, PlanStep } from '../../../metadata/contract/plan.js'
import type { Model } from '../../model/model.js'
import { accessFor, type FaultLog } from '../../permissions/compile.js'
import type { DialectName } from '../../storage/contract.js'
import type { ApiToken } from '../../storage/own/accounts.js'

/**
 * Microseconds for a record, measured by publishing each on SQLite with 100,000 members on two cores. Machines differ by a factor of two or three: enough to tell
 * a moment from a coffee break.
 */
const microseconds: Readonly<Partial<Record<PlanAction, number>>> = { addIndex: 1, changeSearch: 7, convertField: 8, relinkField: 8, addField: 70, restoreField: 70, recomputeField: 70 }

/** What is computed is computed behind the publish. */
const behind: ReadonlySet<PlanAction> = new Set(['addField', 'restoreField', 'recomputeField'])
/** PostgreSQL keeps everybody from a table whose columns change; an index and SQLite's only writer keep others from saving. */
const closing: ReadonlySet<PlanAction> = new Set(['convertField', 'relinkField'])
/** Nobody notices less. */
const noticedMilliseconds = 100

export function withTime(step: PlanStep, dialect: DialectName): PlanStep {
  const milliseconds = Math.round(((microseconds[step.action] ?? 0) * (step.rows ?? 0)) / 1_000)
  if (milliseconds < noticedMilliseconds) return step
  const waits = behind.has(step.action) ? 'nobody' : dialect === 'postgres' && closing.has(step.action) ? 'opening' : 'saving'
  return { ...step, takes: { milliseconds, waits } }
}

/** Programs use these names, and values of this type. */
const breaking: ReadonlySet<PlanAction> = new Set(['renameEntity', 'archiveEntity', 'renameField', 'archiveField', 'convertField'])

/** @param tokens those in force */
export function withPrograms(step: PlanStep, base: Model, tokens: readonly ApiToken[], log: FaultLog): PlanStep {
  const entity = base.entities.get(step.action === 'renameEntity' ? (step.from ?? '') : (step.entity ?? ''))
  if (entity === undefined || !breaking.has(step.action)) return step
  const programs = tokens.filter(({ roles }) => accessFor(base, roles, log).entity(entity.name) !== undefined).map(({ name }) => name)
  return programs.length === 0 ? step : { ...step, programs: [...new Set(programs)] }
}
