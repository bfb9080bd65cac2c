/** What publishing a set of layers would do: merged, checked, compiled, compared with what is in force. */
import type { Plan, PlanAction, PlanStep } from '../../../metadata/contract/plan.js'
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import { changedDocuments, sharing } from '../../definitions/changes.js'
import type { Layer } from '../../definitions/layers.js'
import { referencesTo } from '../../definitions/references.js'
import { Problem, type Finding } from '../../errors.js'
import { sameDefinition } from '../../model/equal.js'
import type { Documents, Model } from '../../model/model.js'
import { reservedFolders } from '../../model/paths.js'
import { tokensInForce } from '../../storage/own/accounts.js'
import { measureImpact } from '../../storage/tables/impact.js'
import { plan as planStorage, type StoragePlan } from '../../storage/tables/plan.js'
import type { Engine } from '../call.js'
import { hasAdministrator } from '../people/last-administrator.js'
import { checkWithTests } from './access-tests.js'
import { withPrograms, withTime } from './effort.js'
import { withOutcome } from './outcome.js'
import { mergedDocuments } from './published.js'

/** A candidate for publishing; nothing has been changed. */
export interface Prepared {
  readonly base: Model
  readonly layers: readonly Layer[]
  readonly documents: Documents
  readonly findings: readonly Finding[]
  /** Absent when there are findings. */
  readonly candidate?: { readonly model: Model; readonly storage: StoragePlan; readonly steps: readonly PlanStep[] }
  /** True when not even a layer's text differs from what is in force. */
  readonly same: boolean
}

/** Everything up to the data: merge, check, compile, compare. Pure but for the compiled parts it keeps. */
export function prepare(base: Model, inForce: readonly Layer[], layers: readonly Layer[]): Prepared {
  const documents = sharing(base.documents, mergedDocuments(layers))
  const changed = changedDocuments(base.documents, documents)
  const same = changed.length === 0 && sameLayers(inForce, layers)
  const { findings, model } = checkWithTests(documents, base, base.version + 1)
  if (findings.length > 0) return { base, layers, documents, findings, same }
  const storage = planStorage(base, model)
  return { base, layers, documents, findings, same, candidate: { model, storage, steps: [...storage.steps.map((step) => withReferences(step, base)), ...documentSteps(changed, storage.steps, { before: base, after: model })] } }
}

const sameLayers = (a: readonly Layer[], b: readonly Layer[]): boolean =>
  a.length === b.length && a.every(({ name, documents }, i) => name === b[i]?.name && changedDocuments(documents as Documents, b[i].documents as Documents).length === 0)

/** The plan with the rows that each step touches and the values that would not fit. */
export async function planOf(engine: Engine, prepared: Prepared): Promise<Plan & { readonly problems: readonly Finding[] }> {
  const { base, candidate, findings } = prepared
  if (candidate === undefined) return { base: base.version, steps: [], problems: findings }
  const refused = await refusals(engine, prepared)
  if (refused.length > 0) return { base: base.version, steps: [], problems: refused }
  const steps = await measuredSteps(engine, prepared)
  const now = new Date()
  const [outcome, tokens] = await Promise.all([withOutcome(engine.database.long, base, candidate.model, steps, now), tokensInForce(engine.database.read, now)])
  return { base: base.version, steps: outcome.map((step) => withPrograms(withTime(step, engine.database.dialect), base, tokens, engine.log)), problems: [] }
}

/** What else stands in the way of a candidate: nobody could change the system any more, or a workflow's test fails. */
export async function refusals(engine: Engine, prepared: Prepared): Promise<readonly Finding[]> {
  const locked = await lockoutFindings(engine, prepared)
  return locked.length > 0 || prepared.candidate === undefined ? locked : engine.proveWorkflows(prepared.candidate.model, prepared.base)
}

/** Is there still somebody who signs in and may change the system? Asked where roles change. */
async function lockoutFindings({ database, log }: Engine, { base, candidate }: Prepared): Promise<readonly Finding[]> {
  if (candidate === undefined) return []
  const changed = [...base.roles.keys()].find((name) => base.documents[`roles/${name}.json`] !== candidate.model.documents[`roles/${name}.json`])
  if (changed === undefined || !(await hasAdministrator(database.read, base, base, log)) || (await hasAdministrator(database.read, base, candidate.model, log))) return []
  const { code, message } = new Problem('people.last')
  return [{ path: `roles/${changed}.json#`, code, message }]
}

/** The steps of a candidate, with their impact on data where there is any. */
export async function measuredSteps(engine: Engine, { base, candidate }: Prepared): Promise<readonly PlanStep[]> {
  if (candidate === undefined) return []
  const measured = await measureImpact(engine.database, base, candidate.model, candidate.storage)
  const byKey = new Map(measured.map((step) => [step.key, step]))
  return candidate.steps.map((step) => ({ ...step, ...byKey.get(step.key) }))
}

/** Steps for documents that change something other than storage. */
function documentSteps(changed: readonly string[], storage: readonly PlanStep[], models: { readonly before: Model; readonly after: Model }): readonly PlanStep[] {
  const touched = new Set(storage.flatMap((step) => step.entity ?? []))
  return changed.flatMap((path): readonly PlanStep[] => {
    const [folder = '', file] = path.split('/')
    const action = actionOf(folder, file)
    if (file === 'entity.json' && touched.has(folder)) return []
    if (path === layerPath) return layerSteps(models)
    const entity = file === undefined || reservedFolders.has(folder) ? {} : { entity: folder }
    return [{ key: `${action}:${path}`, action, ...entity, ...whatChanges(models.before.documents[path], models.after.documents[path]), safety: 'safe' }]
  })
}

/** Is the document new, gone, or which of its fields are others? */
function whatChanges(before: JsonObject | undefined, after: JsonObject | undefined): Pick<PlanStep, 'change' | 'fields'> {
  if (before === undefined || after === undefined) return { change: before === undefined ? 'added' : 'removed' }
  const [was, is] = [before.properties, after.properties].map((properties) => (isObject(properties) ? properties : {})) as [JsonObject, JsonObject]
  const fields = Object.keys(is).filter((key) => Object.hasOwn(was, key) && !sameDefinition(was[key], is[key]))
  return fields.length === 0 ? {} : { fields }
}

const layerPath = 'layer.json'

/** The retailer's zone by itself: values follow from it. Everything else about the layer is what people see. */
function layerSteps({ before, after }: { readonly before: Model; readonly after: Model }): readonly PlanStep[] {
  const rest = ({ documents }: Model): string => JSON.stringify({ ...documents[layerPath], timeZone: null })
  return [
    ...(before.timeZone === after.timeZone ? [] : [{ key: `changeTimeZone:${layerPath}`, action: 'changeTimeZone' as const, from: before.timeZone, to: after.timeZone, safety: 'safe' as const }]),
    ...(rest(before) === rest(after) ? [] : [{ key: `changeScreen:${layerPath}`, action: 'changeScreen' as const, safety: 'safe' as const }]),
  ]
}

const actionOf = (folder: string, file: string | undefined): PlanAction =>
  folder === 'roles' ? 'changeAccess' : folder === 'texts' ? 'changeText' : file === 'entity.json' || file === 'lifecycle.json' ? 'changeRule' : 'changeScreen'

/** Which documents name what changes: those that people should look at before they agree. */
function withReferences(step: PlanStep, base: Model): PlanStep {
  const { entity, field, from } = step
  if (entity === undefined || step.action === 'createEntity' || step.action === 'addField') return step
  const named = field === undefined ? { entity: from ?? entity } : { entity, field: step.action === 'renameField' ? (from ?? field) : field }
  const references = referencesTo(base.documents, named)
  return references.length === 0 ? step : { ...step, references }
}
