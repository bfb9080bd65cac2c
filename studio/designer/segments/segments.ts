/** Segments as the draft has them, and where their pages are. Pure. */
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import { parsePath } from '../../../metadata/contract/document-path.js'
import { textOf, translated } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { Titles } from '../words.js'

export interface SegmentDraft {
  readonly name: string
  readonly path: string
  readonly title: string
  readonly description: string
  /** API name; '' while none is chosen. */
  readonly entity: string
  readonly where: JsonObject
}

export const segmentsPath = '/studio/segments'
export const segmentDocument = (name: string): string => `segments/${name}.json`

/** By title. */
export function segmentsOf(documents: Documents, language: string): readonly SegmentDraft[] {
  const titles = new Titles(documents)
  return Object.entries(documents).flatMap(([path, document]): readonly SegmentDraft[] => {
    const parsed = parsePath(path)
    if (parsed?.kind !== 'segment') return []
    const description = translated(documents, language, path, '/description') || textOf(document['description'])
    return [{ name: parsed.name, path, title: titles.document(path), description, entity: textOf(document['entity']), where: isObject(document['where']) ? document['where'] : {} }]
  }).toSorted((a, b) => a.title.localeCompare(b.title, language))
}
