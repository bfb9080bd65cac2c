/** What a new kind of record can begin with besides its own fields: each starter is fields, and what is said of the entity. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, listOf, objectOf, suggestName, textLanguages, textOf } from '../draft/definitions.js'
import { applyAll, pointer, type Documents, type Operation } from '../draft/operations.js'
import { addEntity, type AddEntity } from './add-entity.js'
import { addLifecycle } from './change-lifecycle.js'
import { sampleChoices } from '../entities/type-options.js'
import { setTranslation } from './set-field.js'
import { setValue } from './set-value.js'
import { newWorkflow, workflowName, workflowPath } from '../workflows/starters.js'

/** `tasks` and `log` are there for every entity: not asking for them takes them out. */
export const starterNames = ['lifecycle', 'assignee', 'approval', 'files', 'address', 'tasks', 'log'] as const
export type StarterName = (typeof starterNames)[number]
export const usualStarters: readonly StarterName[] = ['tasks', 'log']

/** A field of a starter. `texts`: language → place within the field → text. */
export interface StarterField {
  readonly key: string
  readonly property: JsonObject
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const status: StarterField = {
  key: 'status',
  property: { title: 'Status', enum: ['new', 'open', 'done'], crm: { options: { new: { title: 'New', color: 'blue' }, open: { title: 'In progress', color: 'amber' }, done: { title: 'Done', color: 'green' } }, index: true } },
  texts: { zh: { '/title': '状态', '/crm/options/new/title': '新建', '/crm/options/open/title': '处理中', '/crm/options/done/title': '完成' } },
}
const assignee: StarterField = { key: 'assignee', property: { title: 'Assignee', description: 'Who takes care of it.', crm: { type: 'user', onDelete: 'clear', index: true } }, texts: { zh: { '/title': '负责人', '/description': '由谁负责。' } } }
const team: StarterField = { key: 'team', property: { title: 'Team', crm: { type: 'reference', to: 'team', onDelete: 'clear' } }, texts: { zh: { '/title': '团队' } } }
const approval: StarterField = {
  key: 'approval',
  property: { title: 'Approval', enum: ['asked', 'approved', 'rejected'], crm: { options: { asked: { title: 'Asked for', color: 'amber' }, approved: { title: 'Approved', color: 'green' }, rejected: { title: 'Rejected', color: 'red' } }, index: true } },
  texts: { zh: { '/title': '审批', '/crm/options/asked/title': '审批中', '/crm/options/approved/title': '已批准', '/crm/options/rejected/title': '已拒绝' } },
}
const files: StarterField = { key: 'files', property: { title: 'Files', crm: { type: 'file', multiple: true } }, texts: { zh: { '/title': '文件' } } }
const address: StarterField = { key: 'address', property: { title: 'Address', crm: { type: 'address', search: true } }, texts: { zh: { '/title': '地址' } } }

const alone: Partial<Record<StarterName, readonly StarterField[]>> = { approval: [approval], files: [files], address: [address] }

/** The fields that a starter adds. `states`: the own choice that a lifecycle goes over; '' for the field of the starter. A team is offered where there are teams. */
export function starterFields(documents: Documents, starter: StarterName, states: string): readonly StarterField[] {
  if (starter === 'lifecycle') return states === '' ? [status] : []
  if (starter === 'assignee') return documents[entityPath('team')] === undefined ? [assignee] : [assignee, team]
  return alone[starter] ?? []
}

/** Keys of the own fields that could hold the states. */
export const choicesAmong = (own: AddEntity['fields']): readonly string[] => own.filter(([, property]) => Array.isArray(property['enum']) && property['type'] !== 'array').map(([key]) => key)

/** The own choice that is called as the field of the starter, in any language; '' where none is: an urgency is no state because it is a choice. */
export const statesAmong = (own: AddEntity['fields']): string =>
  choicesAmong(own).find((key) => statusNames.includes(textOf(own.find(([one]) => one === key)?.[1]['title']).toLowerCase())) ?? ''
const statusNames: readonly string[] = [textOf(status.property['title']), ...Object.values(status.texts).map((texts) => texts['/title'] ?? '')].map((name) => name.toLowerCase())

/** The field with the states of the starter: choices that nobody named are none that records go through. */
const withStates = (property: JsonObject): JsonObject => ({ ...property, enum: status.property['enum'] ?? [], crm: { ...objectOf(property['crm']), options: objectOf(status.property['crm'])['options'] ?? {} } })
const stateTexts: StarterField['texts'] = Object.fromEntries(Object.entries(status.texts).map(([tag, texts]) => [tag, Object.fromEntries(Object.entries(texts).filter(([place]) => place !== '/title'))]))

/** The entity with all that was ticked. @param states the own choice that a lifecycle goes over; '' for a field of its own */
export function startEntity(documents: Documents, made: AddEntity, starters: readonly StarterName[], states: string): readonly Operation[] {
  const taken = made.fields.map(([key]) => key)
  const added = starterNames.filter((name) => starters.includes(name)).flatMap((name) => starterFields(documents, name, states).map((field) => ({ ...field, key: suggestName(field.property['title'] as string, field.key, taken) })))
  const keyOf = (field: StarterField): string | undefined => added.find(({ property }) => property === field.property)?.key
  const isSample = (key: string, property: JsonObject): boolean => starters.includes('lifecycle') && key === states && JSON.stringify(property['enum']) === JSON.stringify(sampleChoices)
  const own = made.fields.map(([key, property]) => (isSample(key, property) ? ([key, withStates(property)] as const) : ([key, property] as const)))
  const whole: AddEntity = { ...made, fields: [...own, ...added.map(({ key, property }) => [key, property] as const)] }
  const speaking = [...added, ...made.fields.flatMap(([key, property]) => (isSample(key, property) ? [{ key, texts: stateTexts }] : []))]
  const steps: readonly ((now: Documents) => readonly Operation[])[] = [
    (now) => addEntity(now, whole),
    (now) => setSettings(now, made.name, starters, added.map(({ key }) => key)),
    (now) => textLanguages(now).flatMap((tag) => speaking.flatMap(({ key, texts }) => Object.entries(texts[tag] ?? {}).map(([place, text]) => [tag, `/properties/${key}${place}`, text] as const))).reduce<readonly Operation[]>(
      (done, [tag, place, text]) => [...done, ...setTranslation(applyAll(now, done), tag, entityPath(made.name), place, text)], []),
    (now) => (starters.includes('lifecycle') ? addLifecycle(now, made.name, states === '' ? (keyOf(status) ?? '') : states) : []),
    (now) => addApproval(now, made, keyOf(approval)),
    ...(starters.includes('tasks') ? [] : (['task', 'note'] as const).map((name) => (now: Documents) => without(now, name, made.name))),
  ]
  return steps.reduce<readonly Operation[]>((done, step) => [...done, ...step(applyAll(documents, done))], [])
}

/** What stands out on a record, who is told, and whether its changes are kept. */
function setSettings(documents: Documents, entity: string, starters: readonly StarterName[], keys: readonly string[]): readonly Operation[] {
  const facts = keys.filter((key) => key === 'status' || key === 'assignee' || key === 'approval')
  const crm: JsonObject = {
    ...objectOf(documents[entityPath(entity)]?.['crm']),
    ...(facts.length === 0 ? {} : { facts }),
    ...(keys.includes('assignee') ? { notify: { assigned: { to: 'assignee' } } } : {}),
    ...(starters.includes('log') ? {} : { history: false }),
  }
  return Object.keys(crm).length === 0 ? [] : setValue(documents, [entityPath(entity), 'crm'], crm)
}

/** A button on the records that asks for a decision and keeps it in the field. Administrators decide at first: nobody else may read a new kind of record. */
function addApproval(documents: Documents, { name: entity, title }: AddEntity, field: string | undefined): readonly Operation[] {
  if (field === undefined) return []
  const name = workflowName(`${entity} approval`, Object.keys(documents).flatMap((path) => /^workflows\/(.+)\.json$/.exec(path)?.[1] ?? []))
  const about = { entity, id: '${ workflow.input.id }' }
  const keep = (value: string): JsonObject => ({ call: 'crm.update', with: { ...about, values: { [field]: value } } })
  const workflow: JsonObject = {
    ...newWorkflow({ name, title: `Ask for approval: ${title}`, starter: 'hand', entity, field: '', role: 'admin' }),
    do: [
      { noteAsked: keep('asked') },
      { ask: { call: 'crm.approve', with: { title: `Approval: ${title}`, ...about, role: 'admin', comment: 'refusal' } } },
      { noteDecision: keep('${ data.approved ? "approved" : "rejected" }') },
    ],
  }
  const path = workflowPath(name)
  const texts = { '/document/title': `请求审批：${title}`, '/do/1/ask/with/title': `审批：${title}` }
  const added: readonly Operation[] = [{ op: 'add', path: pointer(path), value: { $schema: '/schemas/workflow.json', ...workflow } }]
  if (!textLanguages(documents).includes('zh')) return added
  return Object.entries(texts).reduce((done, [place, text]) => [...done, ...setTranslation(applyAll(documents, done), 'zh', path, place, text)], added)
}

/** Tasks and notes are about every entity but those that they except. */
function without(documents: Documents, path: 'task' | 'note', entity: string): readonly Operation[] {
  const about = objectOf(objectOf(objectOf(documents[entityPath(path)]?.['properties'])['about'])['crm'])
  if (!Array.isArray(about['except'])) return []
  return setValue(documents, [entityPath(path), 'properties', 'about', 'crm', 'except'], [...listOf(about['except']), entity])
}
