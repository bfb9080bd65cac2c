/** Whose rights a run has, and which document it follows. */
import type { WorkflowDefinition } from '../../../metadata/contract/definitions.gen.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { Model } from '../../model/model.js'
import { startersOf } from '../../model/workflows/buttons.js'
import type { Actor } from '../../permissions/actor.js'
import { callOf, type Call, type Engine } from '../call.js'
import { mergedDocuments, readLayers } from '../definitions/published.js'
import { userActor } from '../people/actor-of.js'

const metadataOf = ({ document }: WorkflowDefinition): Readonly<Record<string, Json>> => (isObject(document.metadata) ? document.metadata : {})

/** The role that runs of this workflow act with; null: with the rights of who started them. */
export function roleOf(definition: WorkflowDefinition): string | null {
  const { role } = metadataOf(definition)
  return typeof role === 'string' ? role : null
}

export const mayStart = (call: Call, definition: WorkflowDefinition): boolean => call.access.design || startersOf(definition).some((role) => call.access.roles.has(role))

/** Nobody in particular, with one role. `$user` means nothing to it, so rules that name it give it no rows. */
const actorWith = (role: string, model: Model): Actor => ({ id: null, name: 'Workflow', email: '', roles: [role], locale: 'en', timeZone: model.timeZone, attributes: new Map() })

/** A call of a run with its rights as they are now; null when the person it acts for is no longer there. */
export async function actingCall(engine: Engine, definition: WorkflowDefinition, starter: number | null, at: Date): Promise<Call | null> {
  const model = engine.current.get()
  const role = roleOf(definition)
  const actor = role !== null ? actorWith(role, model) : starter === null ? null : await userActor(engine, starter)
  return actor === null ? null : callOf(engine, actor, model, at)
}

/** Documents of earlier versions that runs still follow, by version and name. */
const kept = new Map<string, WorkflowDefinition>()
const keptMost = 200

/** The document of a workflow in a version of the definitions; null when there is none. */
export async function definitionAt(engine: Engine, version: number, name: string): Promise<WorkflowDefinition | null> {
  const model = engine.current.get()
  if (model.version === version) return model.workflows.get(name) ?? null
  const key = `${String(version)} ${name}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const document = mergedDocuments((await readLayers(engine.database.read, version)).layers)[`workflows/${name}.json`]
  if (document === undefined) return null
  if (kept.size >= keptMost) kept.delete(kept.keys().next().value ?? key)
  kept.set(key, document as unknown as WorkflowDefinition) // it was checked when it was published
  return document as unknown as WorkflowDefinition
}
