/** Changes what is asked before a workflow starts, or of those who approve: a JSON Schema of type object, wherever it stands. What a question is called in other languages goes with it. */
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import { fieldsOf } from '../../fields/json-shape.js'
import { targetOf } from '../../fields/targets.js'
import { listOf, objectOf, textLanguages, textOf, titleFrom, type FieldDefinition } from '../draft/definitions.js'
import { applyAll, pointer, valueAt, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

/** Where a form stands: the document, and the keys within it. */
export interface FormPlace {
  readonly path: string
  readonly keys: readonly string[]
}

export interface AskedQuestion {
  readonly key: string
  readonly property: JsonObject
  readonly required: boolean
}

const schemaAt = (documents: Documents, { path, keys }: FormPlace): JsonObject => objectOf(valueAt(documents, [path, ...keys]))

/** The questions in their order. */
export function questionsOf(schema: JsonObject): readonly AskedQuestion[] {
  const required = listOf(schema['required'])
  return Object.entries(objectOf(schema['properties'])).map(([key, property]) => ({ key, property: objectOf(property), required: required.includes(key) }))
}

/** A question as a field that steps compare and take values from. */
export function questionField({ key, property, required }: AskedQuestion): FieldDefinition {
  const [drawn] = fieldsOf({ properties: { [key]: property } })
  const { type: named, to } = objectOf(property['crm'])
  const type = textOf(named) || (drawn?.type ?? 'text')
  return { key, id: key, title: textOf(property['title']) || titleFrom(key), type, to: targetOf(type, textOf(to)), property, required, archived: false, inferred: false }
}

/** Puts `questions` in place of those that are there; without any, nothing is asked. */
export function setQuestions(documents: Documents, place: FormPlace, questions: readonly AskedQuestion[]): readonly Operation[] {
  const { required: _required, properties, ...others } = schemaAt(documents, place)
  const needed = questions.filter(({ required }) => required).map(({ key }) => key)
  const schema: JsonObject = { ...others, type: 'object', ...(needed.length === 0 ? {} : { required: needed }), properties: Object.fromEntries(questions.map(({ key, property }): [string, Json] => [key, property])) }
  const gone = Object.keys(objectOf(properties)).filter((key) => questions.every((question) => question.key !== key))
  const set = setValue(documents, [place.path, ...place.keys], questions.length === 0 ? undefined : schema)
  return [...set, ...withoutTexts(applyAll(documents, set), place, gone)]
}

/** Place of a text about a question, among the translations of its document. */
export const questionText = ({ keys }: FormPlace, key: string, ...inside: readonly string[]): string => pointer(...keys, 'properties', key, ...inside)

function withoutTexts(documents: Documents, place: FormPlace, gone: readonly string[]): readonly Operation[] {
  return textLanguages(documents).flatMap((tag) =>
    Object.keys(objectOf(documents[`texts/${tag}.json`]?.[place.path])).filter((at) => gone.some((key) => at.startsWith(`${questionText(place, key)}/`))).flatMap((at): readonly Operation[] => [{ op: 'remove', path: pointer(`texts/${tag}.json`, place.path, at) }]))
}
