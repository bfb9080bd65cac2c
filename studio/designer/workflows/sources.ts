/** What a step can look at: the record that began the run, what the step before gave, the items of loops. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { questionField, questionsOf } from '../commands/asked-form.js'
import { objectOf, textOf, type EntityDefinition, type FieldDefinition } from '../draft/definitions.js'
import { valueAt } from '../draft/operations.js'
import { subjectOf, subjectPath } from './begin.js'
import { bare } from '../steps/tests.js'
import { entriesOf, languageOf, placeOf, type Keys } from './workflow-tree.js'

export interface Source {
  /** As it stands in an expression of the workflow's language. */
  readonly path: string
  readonly title: string
  /** Where it comes from, e.g. "The member". */
  readonly group: string
  /** Entity whose id it is; '' when it is none. */
  readonly record: string
  /** Entity and field whose value it is; null when it is none. */
  readonly entity: string
  readonly field: FieldDefinition | null
  /** True for a list of records. */
  readonly list: boolean
}

/** CEL names a part of what there is; jq writes the data as a dot and everything else with a dollar. */
export const inLanguage = (language: 'cel' | 'jq', path: string): string =>
  language === 'cel' ? path : path === 'data' ? '.' : path.startsWith('data.') || path.startsWith('data[') ? path.slice(4) : `$${path}`

export function sourcesFor(workflow: JsonObject, keys: Keys, entities: readonly EntityDefinition[]): readonly Source[] {
  const language = languageOf(workflow)
  const named = (name: string): EntityDefinition | undefined => entities.find((entity) => entity.name === name)
  const written = (sources: readonly Source[]): readonly Source[] => sources.map((source) => ({ ...source, path: inLanguage(language, source.path) }))
  const subject = named(subjectOf(workflow))
  const about = subjectPath(workflow)
  return written([
    ...(subject === undefined ? [] : recordSources(subject, t('process.source.subject', { entity: subject.title }), `${about}.record`, `${about}.id`)),
    ...askedSources(workflow),
    ...beforeSources(workflow, keys, named),
    ...loopSources(workflow, keys, named),
  ])
}

function recordSources(entity: EntityDefinition, group: string, record: string, id: string): readonly Source[] {
  const common = { group, list: false }
  return [
    { ...common, path: id, title: t('process.source.itself', { entity: entity.title }), record: entity.name, entity: '', field: null },
    ...entity.fields.filter(({ archived }) => !archived).map((field): Source => ({ ...common, path: `${record}.${field.key}`, title: field.title, record: field.to, entity: entity.name, field })),
  ]
}

/** What was filled in before it started. */
function askedSources(workflow: JsonObject): readonly Source[] {
  const form = objectOf(objectOf(objectOf(workflow['document'])['metadata'])['form'])
  return workflow['schedule'] === undefined ? questionSources(form, t('process.source.form'), 'workflow.input') : []
}

const questionSources = (form: JsonObject, group: string, base: string): readonly Source[] =>
  questionsOf(form).map((question) => {
    const field = questionField(question)
    return { path: `${base}.${field.key}`, title: field.title, group, record: field.to, entity: '', field, list: false }
  })

/** What an approval gives. */
function decisionSources(form: JsonObject, group: string): readonly Source[] {
  const said = (part: 'approved' | 'comment' | 'by', type: string): Source =>
    ({ path: `data.${part}`, title: t(`process.source.${part}`), group, record: part === 'by' ? 'user' : '', entity: '', field: questionField({ key: part, property: { title: t(`process.source.${part}`), crm: { type, ...(part === 'by' ? { to: 'user' } : {}) } }, required: false }), list: false })
  return [said('approved', 'boolean'), said('comment', 'text'), said('by', 'reference'), ...questionSources(form, group, 'data.values')]
}

/** Functions that give the record that they are about, or that they made. */
const givesRecord: ReadonlySet<string> = new Set(['crm.create', 'crm.update', 'crm.transition', 'crm.task', 'crm.assign'])

/** What the step before gives. Steps that only decide or wait hand on what they were given. */
function beforeSources(workflow: JsonObject, keys: Keys, named: (name: string) => EntityDefinition | undefined): readonly Source[] {
  const found = callBefore(workflow, keys)
  if (found === null) return []
  const entity = named(found.call === 'crm.task' ? 'task' : textOf(found.given['entity']))
  const group = t('process.source.before')
  if (found.call === 'crm.approve') return decisionSources(objectOf(found.given['form']), group)
  if (entity === undefined) return []
  if (found.call === 'crm.find') return [{ path: 'data', title: t('process.source.found', { entity: entity.plural }), group, record: '', entity: entity.name, field: null, list: true }]
  return givesRecord.has(found.call) ? recordSources(entity, group, 'data', 'data.id') : []
}

const handsOn: ReadonlySet<string> = new Set(['wait', 'switch'])

function callBefore(workflow: JsonObject, keys: Keys): { readonly call: string; readonly given: JsonObject } | null {
  const place = placeOf(keys)
  if (place === null) return null
  const before = entriesOf(valueAt(workflow, place.list)).slice(0, place.index).map(([, task]) => task)
  for (const task of before.toReversed()) {
    if (task['output'] !== undefined) return null
    if (typeof task['call'] === 'string' && task['if'] === undefined) return { call: task['call'], given: objectOf(task['with']) }
    if (!Object.keys(task).some((key) => handsOn.has(key))) return null
  }
  // The first of a list is given what its parent was given; a loop hands its own data on.
  const parent = parentOf(workflow, place.list)
  return parent === null || objectOf(valueAt(workflow, parent))['input'] !== undefined ? null : callBefore(workflow, parent)
}

/** The task that a list lies in; null at the top. */
function parentOf(workflow: JsonObject, list: Keys): Keys | null {
  for (let length = list.length - 1; length > 1; length -= 1) {
    const keys = list.slice(0, length)
    if (placeOf(keys) !== null && Array.isArray(valueAt(workflow, keys.slice(0, -2)))) return keys
  }
  return null
}

function loopSources(workflow: JsonObject, keys: Keys, named: (name: string) => EntityDefinition | undefined): readonly Source[] {
  const found: Source[] = []
  for (let at = parentOf(workflow, placeOf(keys)?.list ?? []); at !== null; at = parentOf(workflow, placeOf(at)?.list ?? [])) {
    const task = objectOf(valueAt(workflow, at))
    if (task['for'] === undefined) continue
    const item = textOf(objectOf(task['for'])['each']) || 'item'
    const before = callBefore(workflow, at)
    const isFound = bare(textOf(objectOf(task['for'])['in'])) === inLanguage(languageOf(workflow), 'data') && before?.call === 'crm.find'
    const entity = isFound ? named(textOf(before.given['entity'])) : undefined
    const group = t('process.source.item', { name: item })
    found.push(...(entity === undefined ? [{ path: item, title: t('process.source.item', { name: item }), group, record: '', entity: '', field: null, list: false }] : recordSources(entity, group, item, `${item}.id`)))
  }
  return found
}
