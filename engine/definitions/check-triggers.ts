/** What begins a workflow, and with which rights it acts: that the entities, fields and roles exist, and that conditions and times can be read. */
import { Cron } from 'croner'
import type { WorkflowDefinition } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem, type Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import { buttonFindings } from '../model/workflows/buttons.js'
import type { Model } from '../model/model.js'
import { pointer } from '../model/paths.js'
import { segmentEventOf } from '../model/workflows/segment-events.js'
import { resolve, unrestricted } from '../model/conditions/resolve.js'
import { milliseconds } from '../model/workflows/duration.js'

export function triggerFindings(path: string, document: JsonObject, model: Model): readonly Finding[] {
  const { schedule, document: { metadata } } = document as unknown as WorkflowDefinition
  const found: Finding[] = []
  const tell = (place: string, problem: string): void => void found.push(finding(`${path}#${place}`, 'workflow.task', { problem }))
  const { role, start } = isObject(metadata) ? metadata : {}
  if (typeof role === 'string' && !model.roles.has(role)) tell('/document/metadata/role', `There is no role “${role}”`)
  if (Array.isArray(start)) textsIn(start).forEach((name, index) => {
    if (!model.roles.has(name)) tell(`/document/metadata/start/${String(index)}`, `There is no role “${name}”`)
  })
  found.push(...buttonFindings(path, document as unknown as WorkflowDefinition, model.entities))
  if (schedule === undefined) return found
  if (role === undefined) tell('/document/metadata', 'What begins by itself must say under “role” with which role it acts')
  if (schedule.cron !== undefined && !isCron(schedule.cron)) tell('/schedule/cron', 'This is no time table such as 0 8 * * 1')
  for (const member of ['every', 'after'] as const) if (schedule[member] !== undefined && (milliseconds(schedule[member]) ?? 0) < 1_000) tell(`/schedule/${member}`, 'This is no length of time of at least a second')
  const filters = schedule.on?.one === undefined ? (schedule.on?.any ?? []).map((filter, index) => ({ filter, at: `/schedule/on/any/${String(index)}/with` })) : [{ filter: schedule.on.one, at: '/schedule/on/one/with' }]
  for (const { filter: { with: wanted }, at } of filters) {
    if (typeof wanted.type !== 'string') tell(at, 'The event must say its type')
    else for (const [place, problem] of recordTrigger(wanted, model)) tell(`${at}${place}`, problem)
  }
  return found
}

/** What is wrong with waiting for what happens to records; other types of events come from workflows. */
function recordTrigger(wanted: JsonObject, model: Model): readonly (readonly [string, string])[] {
  const type = typeof wanted.type === 'string' ? wanted.type : ''
  const segment = segmentEventOf(wanted)
  if (segment !== undefined) return segmentProblems(wanted, segment, model)
  const [, name] = /^crm\.(\w+)\.(?:created|changed|transitioned|archived|restored)$/.exec(type) ?? []
  if (name === undefined) return type.startsWith('crm.') ? [['/type', 'Records are created, changed, transitioned, archived or restored, or have entered or left a segment: crm.member.created']] : []
  const entity = model.entities.get(name)
  if (entity === undefined) return [['/type', `There is no entity “${name}”`]]
  const fields = textsIn(wanted.fields)
  const unknown = fields.flatMap((field, index) => (entity.fields.has(field) ? [] : [[`/fields${pointer(index)}`, `There is no field “${field}” in ${name}`] as const]))
  if (wanted.where === undefined) return unknown
  try {
    resolve(model, name, wanted.where, unrestricted(model), '')
    return unknown
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [...unknown, ['/where', `The condition cannot be used: ${error.message}`]]
  }
}

/** The segment says itself which records are meant; fields and a condition beside it would be a second answer. */
function segmentProblems(wanted: JsonObject, { entity, segment }: { readonly entity: string; readonly segment: string }, { segments, entities }: Model): readonly (readonly [string, string])[] {
  if (!entities.has(entity)) return [['/type', `There is no entity “${entity}”`]]
  const known = segments.get(segment)
  const beside = (['fields', 'where'] as const).flatMap((key) => (wanted[key] === undefined ? [] : [[`/${key}`, `Who enters or leaves a segment is said by the segment: “${key}” does not go with it`] as const]))
  if (known === undefined) return [['/segment', segment === '' ? 'It must name a segment' : `There is no segment “${segment}”`], ...beside]
  return known.entity === entity ? beside : [['/segment', `The segment “${segment}” is about records of ${known.entity}`], ...beside]
}

const textsIn = (list: Json | undefined): readonly string[] => (Array.isArray(list) ? (list as readonly Json[]).filter((one) => typeof one === 'string') : [])

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun() !== null
  } catch {
    return false
  }
}
