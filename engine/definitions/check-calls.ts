/** What workflows say about records: that the entities, fields, transitions and parts of conditions exist. What an expression gives is known only when it runs. */
import type { WorkflowDuration } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { askedFormFindings } from '../model/workflows/asked-form.js'
import { finding } from '../model/findings.js'
import type { Entity, Model } from '../model/model.js'
import { pointer } from '../model/paths.js'
import { milliseconds } from '../model/workflows/duration.js'
import { sendingChannels, workflowFunctions } from '../model/workflows/functions.js'
import { tasksIn } from './workflow-tasks.js'

const isExpression = (value: Json | undefined): boolean => typeof value === 'string' && /^\s*\$\{/.test(value)

export function callFindings(path: string, document: JsonObject, model: Model): readonly Finding[] {
  return tasksIn(document).flatMap(({ task, at }) => {
    const given = task.with
    if (typeof task.call !== 'string' || !task.call.startsWith('crm.') || !isObject(given)) return []
    return problemsOf(task.call, given, model).map(([place, problem]) => finding(`${path}#${at}/with${place}`, 'workflow.task', { problem }))
  })
}

type Problem = readonly [string, string]

function problemsOf(name: string, given: JsonObject, model: Model): readonly Problem[] {
  const found: Problem[] = []
  const { entity: named, values, filter, sort, name: transition } = given
  // A task is what `crm.task` makes; `entity` is what it is about.
  const about = typeof named === 'string' && !isExpression(named) ? model.entities.get(named) : undefined
  if (name === 'crm.send') found.push(...sendingProblems(given))
  if (name === 'crm.approve') found.push(...approvalProblems(given, model))
  if (typeof named === 'string' && !isExpression(named) && about === undefined) found.push(['/entity', `There is no entity “${named}”`])
  if (typeof given.role === 'string' && !isExpression(given.role) && !model.roles.has(given.role)) found.push(['/role', `There is no role “${given.role}”`])
  if (name === 'crm.task' && !model.entities.has('task')) found.push(['', 'There is no entity “task”, of which it makes a record'])
  const entity = name === 'crm.task' ? model.entities.get('task') : about
  if (entity === undefined) return found
  if (isObject(values)) for (const key of Object.keys(values)) if (!entity.fields.has(key)) found.push([`/values${pointer(key)}`, `There is no field “${key}” in ${entity.name}`])
  for (const key of ['field', 'consent'] as const) if (typeof given[key] === 'string' && !isExpression(given[key]) && !isPath(entity, given[key], model)) found.push([`/${key}`, `There is no field “${given[key]}” in ${entity.name}`])
  if (given.open !== undefined) found.push(...conditionProblems(entity, given.open, '/open', model))
  if (filter !== undefined) found.push(...conditionProblems(entity, filter, '/filter', model))
  if (typeof sort === 'string' && !isExpression(sort)) for (const key of sort.split(',')) if (!isPath(entity, key.trim().replace(/^-/, ''), model)) found.push(['/sort', `There is no field “${key.trim().replace(/^-/, '')}” in ${entity.name}`])
  if (name === 'crm.transition' && typeof transition === 'string' && !isExpression(transition) && !transitionsOf(entity).has(transition)) found.push(['/name', entity.lifecycle === null ? `${entity.name} has no lifecycle` : `There is no transition “${transition}” in the lifecycle of ${entity.name}`])
  return found
}

/** That the channel is one that there is, and a mail has a subject. */
function sendingProblems({ channel, subject }: JsonObject): readonly Problem[] {
  if (isExpression(channel)) return []
  if (channel !== undefined && channel !== 'mail') return typeof channel === 'string' && sendingChannels.has(channel) ? [] : [['/channel', `It must be one of ${['mail', ...sendingChannels.keys()].join(', ')}`]]
  return subject === undefined ? [['', '“subject” is missing']] : []
}

/** That somebody is asked, roles and calendars exist, times can be read, and the form can be drawn. */
function approvalProblems(given: JsonObject, model: Model): readonly Problem[] {
  const found: Problem[] = []
  const plain = (key: string): string | undefined => (typeof given[key] === 'string' && !isExpression(given[key]) ? given[key] : undefined)
  if (given.field !== undefined && (given.entity === undefined || given.id === undefined)) found.push(['/field', 'It needs entity and id of the record that names who decides'])
  if (given.managerOf !== undefined && model.entities.get('user')?.fields.get('manager') === undefined) found.push(['/managerOf', 'Users have no field “manager”'])
  for (const key of ['role', 'escalateRole']) if (plain(key) !== undefined && !model.roles.has(plain(key) ?? '')) found.push([`/${key}`, `There is no role “${plain(key) ?? ''}”`])
  if (plain('calendar') !== undefined && !model.calendars.has(plain('calendar') ?? '')) found.push(['/calendar', `There is no calendar “${plain('calendar') ?? ''}”`])
  if (given.within !== undefined && !isExpression(given.within) && (given.within === null ? 0 : milliseconds(given.within as WorkflowDuration) ?? 0) < 1_000) found.push(['/within', 'This is no length of time of at least a second, such as P2D or PT8H'])
  for (const [key, known] of Object.entries(approvalChoices)) if (plain(key) !== undefined && !known.includes(plain(key) ?? '')) found.push([`/${key}`, `It must be one of ${known.join(', ')}`])
  if (given.late === 'escalate' && given.escalateTo === undefined && given.escalateRole === undefined) found.push(['/late', 'It must say under escalateTo or escalateRole who is asked then'])
  if (given.late !== undefined && given.within === undefined) found.push(['/late', 'Without “within” the time is never up'])
  if (given.form !== undefined && !isExpression(given.form)) for (const { path, message } of askedFormFindings(given.form, '/form', model.entities)) found.push([path, message])
  return found
}

const approvalChoices: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(workflowFunctions['crm.approve'].with.properties).flatMap(([key, schema]) => ('enum' in schema ? [[key, schema.enum]] : [])),
)

const transitionsOf = ({ lifecycle }: Entity): ReadonlySet<string> => new Set([...(lifecycle?.states.values() ?? [])].flatMap(({ transitions }) => [...transitions.keys()]))

/** Names of fields and relations in a condition whose operands may be expressions. */
function conditionProblems(entity: Entity, condition: Json, at: string, model: Model): readonly Problem[] {
  if (Array.isArray(condition)) return (condition as readonly Json[]).flatMap((one, index) => conditionProblems(entity, one, `${at}/${String(index)}`, model))
  if (!isObject(condition)) return []
  return Object.entries(condition).flatMap(([key, operand]): readonly Problem[] => {
    if (key === '$segment' && typeof operand === 'string' && !isExpression(operand)) return model.segments.has(operand) ? [] : [[`${at}/$segment`, `There is no segment “${operand}”`]]
    if (key.startsWith('$')) return conditionProblems(entity, operand, `${at}${pointer(key)}`, model)
    return isPath(entity, key, model) ? [] : [[`${at}${pointer(key)}`, `There is no field “${key}” in ${entity.name}`]]
  })
}

/** A field, a relation, or a path to one through references. */
function isPath(entity: Entity, text: string, model: Model): boolean {
  let current: Entity | undefined = entity
  for (const key of text.replace(/~$/, '').split('.')) {
    if (current === undefined) return true // several targets, or parts of a value: known when it runs
    const field = current.fields.get(key)
    if (field === undefined && !current.relations.has(key)) return false
    const target: string | undefined = field?.link?.to ?? field?.links?.to ?? current.relations.get(key)?.entity
    current = target === undefined ? undefined : model.entities.get(target)
  }
  return true
}
