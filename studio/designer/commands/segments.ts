/** What is done to segments: made, changed, removed. */
import type { Json } from '../../../metadata/contract/json.js'
import { pointer, type Documents, type Operation } from '../draft/operations.js'
import { segmentDocument } from '../segments/segments.js'
import { setValue } from './set-value.js'

export interface NewSegment {
  readonly name: string
  readonly title: string
  readonly entity: string
}

export const addSegment = (documents: Documents, { name, title, entity }: NewSegment): readonly Operation[] =>
  documents[segmentDocument(name)] !== undefined ? [] : [{ op: 'add', path: pointer(segmentDocument(name)), value: { $schema: '/schemas/segment.json', title, entity, where: {} } }]

/** `value` undefined removes the member. */
export const setSegment = (documents: Documents, name: string, member: 'title' | 'description' | 'where', value: Json | undefined): readonly Operation[] => setValue(documents, [segmentDocument(name), member], value)

/** With its translations, which would be left behind. */
export function removeSegment(documents: Documents, name: string): readonly Operation[] {
  const path = segmentDocument(name)
  const texts = Object.keys(documents).flatMap((document) => (document.startsWith('texts/') ? setValue(documents, [document, path], undefined) : []))
  return documents[path] === undefined ? [] : [...texts, { op: 'remove', path: pointer(path) }]
}
