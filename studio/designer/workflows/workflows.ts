/** The workflows of a draft, as lists and pages show them. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { entitiesOf, objectOf, textOf, titleFrom, translated } from '../draft/definitions.js'
import type { Design } from '../draft/draft-store.js'
import type { Wording } from './sentences.js'
import { functionsIn } from './functions.js'

export interface WorkflowSummary {
  readonly name: string
  /** Document path. */
  readonly path: string
  readonly workflow: JsonObject
  readonly title: string
  /** Layer that brought it; '' for what exists only in the draft. */
  readonly layer: string
  /** It is not published yet. */
  readonly isNew: boolean
}

const folder = 'workflows/'

export function workflowsOf(design: Design, language: string): readonly WorkflowSummary[] {
  const { draft: { documents }, published } = design
  return Object.entries(documents).filter(([path]) => path.startsWith(folder)).map(([path, workflow]): WorkflowSummary => {
    const name = path.slice(folder.length, -'.json'.length)
    const marks = published.provenance[path] ?? {}
    return {
      name, path, workflow, title: translated(documents, language, path, '/document/title') || textOf(objectOf(workflow['document'])['title']) || titleFrom(name),
      layer: marks['/do'] ?? marks['/document'] ?? '', isNew: published.documents[path] === undefined,
    }
  }).toSorted((a, b) => a.title.localeCompare(b.title, language))
}

export const wordingFor = (design: Design, { path, workflow }: Pick<WorkflowSummary, 'path' | 'workflow'>, language: string): Wording =>
  ({ documents: design.draft.documents, path, workflow, entities: entitiesOf(design.draft.documents, design.types, language, design.inferred), functions: functionsIn(design.published, language) })

/** Roles by name and title. */
export function rolesOf(design: Design, language: string): readonly (readonly [name: string, title: string])[] {
  const { documents } = design.draft
  return Object.entries(documents).filter(([path]) => path.startsWith('roles/')).map(([path, role]) => {
    const name = path.slice('roles/'.length, -'.json'.length)
    return [name, translated(documents, language, path, '/title') || textOf(role['title']) || titleFrom(name)] as const
  })
}
