/** What a new kind of record can begin with besides its own fields: each starter is fields, and what is said of the entity. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { entityPath, listOf, objectOf, suggestName, textLanguages } from '../draft/definitions.js'
import { applyAll, type Documents, type Operation } from '../draft/operations.js'
import { addEntity, type AddEntity } from './add-entity.js'
import { addLifecycle } from './change-lifecycle.js'
import { setTranslation } from './set-field.js'
import { setValue } from './set-value.js'

/** `tasks` and `log` are there for every entity: not asking for them takes them out. */
export const starterNames = ['lifecycle', 'assignee', 'files', 'address', 'tasks', 'log'] as const
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
const files: StarterField = { key: 'files', property: { title: 'Files', crm: { type: 'file', multiple: true } }, texts: { zh: { '/title': '文件' } } }
const address: StarterField = { key: 'address', property: { title: 'Address', crm: { type: 'address', search: true } }, texts: { zh: { '/title': '地址' } } }

const alone: Partial<Record<StarterName, readonly StarterField[]>> = { files: [files], address: [address] }

/** The fields that a starter adds. A choice among the own fields is what a lifecycle goes over; a team is offered where there are teams. */
export function starterFields(documents: Documents, starter: StarterName, own: AddEntity['fields']): readonly StarterField[] {
  if (starter === 'lifecycle') return stateAmong(own) === undefined ? [status] : []
  if (starter === 'assignee') return documents[entityPath('team')] === undefined ? [assignee] : [assignee, team]
  return alone[starter] ?? []
}

const stateAmong = (own: AddEntity['fields']): string | undefined => own.find(([, property]) => Array.isArray(property['enum']) && property['type'] !== 'array')?.[0]

/** The entity with all that was ticked. */
export function startEntity(documents: Documents, made: AddEntity, starters: readonly StarterName[]): readonly Operation[] {
  const taken = made.fields.map(([key]) => key)
  const added = starterNames.filter((name) => starters.includes(name)).flatMap((name) => starterFields(documents, name, made.fields).map((field) => ({ ...field, key: suggestName(field.property['title'] as string, field.key, taken) })))
  const whole: AddEntity = { ...made, fields: [...made.fields, ...added.map(({ key, property }) => [key, property] as const)] }
  const steps: readonly ((now: Documents) => readonly Operation[])[] = [
    (now) => addEntity(now, whole),
    (now) => setSettings(now, made.name, starters, added.map(({ key }) => key)),
    (now) => textLanguages(now).flatMap((tag) => added.flatMap(({ key, texts }) => Object.entries(texts[tag] ?? {}).map(([place, text]) => [tag, `/properties/${key}${place}`, text] as const))).reduce<readonly Operation[]>(
      (done, [tag, place, text]) => [...done, ...setTranslation(applyAll(now, done), tag, entityPath(made.name), place, text)], []),
    (now) => (starters.includes('lifecycle') ? addLifecycle(now, made.name, stateAmong(whole.fields) ?? '') : []),
    ...(starters.includes('tasks') ? [] : (['task', 'note'] as const).map((name) => (now: Documents) => without(now, name, made.name))),
  ]
  return steps.reduce<readonly Operation[]>((done, step) => [...done, ...step(applyAll(documents, done))], [])
}

/** What stands out on a record, who is told, and whether its changes are kept. */
function setSettings(documents: Documents, entity: string, starters: readonly StarterName[], keys: readonly string[]): readonly Operation[] {
  const facts = keys.filter((key) => key === 'status' || key === 'assignee')
  const crm: JsonObject = {
    ...objectOf(documents[entityPath(entity)]?.['crm']),
    ...(facts.length === 0 ? {} : { facts }),
    ...(keys.includes('assignee') ? { notify: { assigned: { to: 'assignee' } } } : {}),
    ...(starters.includes('log') ? {} : { history: false }),
  }
  return Object.keys(crm).length === 0 ? [] : setValue(documents, [entityPath(entity), 'crm'], crm)
}

/** Tasks and notes are about every entity but those that they except. */
function without(documents: Documents, path: 'task' | 'note', entity: string): readonly Operation[] {
  const about = objectOf(objectOf(objectOf(documents[entityPath(path)]?.['properties'])['about'])['crm'])
  if (!Array.isArray(about['except'])) return []
  return setValue(documents, [entityPath(path), 'properties', 'about', 'crm', 'except'], [...listOf(about['except']), entity])
}
