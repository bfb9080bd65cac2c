/** What a definition names, and what names it: asked of the caller's draft. */
import { referencesFrom, referencesTo, roleReferences, segmentReferences, workflowReferences } from '../../definitions/references.js'
import { parsePath } from '../../model/paths.js'
import type { Call } from '../call.js'
import { readDraft } from './draft.js'

export interface Uses {
  /** Paths of the definitions that name it. */
  readonly usedBy: readonly string[]
  /** Paths of the definitions that it names. */
  readonly uses: readonly string[]
}

/** @param field only this field of the entity that `path` is of */
export async function usesOfDefinition(call: Call, path: string, field?: string): Promise<Uses> {
  const { documents } = await readDraft(call)
  const parsed = parsePath(path)
  if (parsed === null || documents[path] === undefined) return { usedBy: [], uses: [] }
  const uses = field === undefined ? referencesFrom(documents, path) : []
  if (parsed.kind === 'role') return { usedBy: roleReferences(documents, parsed.name), uses }
  if (parsed.kind === 'workflow') return { usedBy: workflowReferences(documents, parsed.name), uses }
  if (parsed.kind === 'segment') return { usedBy: segmentReferences(documents, parsed.name), uses }
  if (parsed.kind !== 'entity') return { usedBy: [], uses }
  // Translations name everything; what belongs to the entity itself is no use of it.
  const named = referencesTo(documents, { entity: parsed.entity, ...(field === undefined ? {} : { field }) }).filter((user) => !user.startsWith('texts/'))
  return { usedBy: field === undefined ? named.filter((user) => !user.startsWith(`${parsed.entity}/`)) : named, uses }
}
