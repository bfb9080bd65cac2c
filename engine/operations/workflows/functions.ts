/** What the functions of the product do, inside of the unit that keeps their result (both happen, or neither), and what they answer without one. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import { resolve, unrestricted } from '../../model/conditions/resolve.js'
import type { WorkflowAsking, WorkflowFunctionName, WorkflowQuestion, WorkflowSending } from '../../model/workflows/functions.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Executor } from '../../storage/contract.js'
import { idsWhere } from '../../storage/derived.js'
import { moveMark, noteChange, readMark } from '../../storage/own/runs.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor, type Call } from '../call.js'
import { notify } from '../notifications/tell.js'
import { archiveWithOwned } from '../records/cascade.js'
import { holdTrees } from '../records/derive.js'
import { prepareCreate, prepareUpdate } from '../records/prepare.js'
import { list, planList } from '../records/read.js'
import { reachable } from '../records/remove.js'
import { idOf, versionOf, type Rec } from '../records/row.js'
import { transitChecked } from '../records/transition.js'
import { insertChecked, loadReadable, updateChecked } from '../records/write.js'
import { presented, presentedNew } from '../rights/present.js'
import { accessTo, granted } from '../rights/rights.js'
import { assertInForce } from '../unit.js'
import { saidTo, type StepPlace } from './said.js'

/** The run and the step that ask. */
export interface Asking extends StepPlace {
  readonly run: number
  readonly seq: number
  readonly depth: number
}

type Work = (tx: Executor, call: Call, given: JsonObject, asking: Asking) => Promise<Json>
export type WorkflowEffect = Exclude<WorkflowFunctionName, WorkflowQuestion | WorkflowSending | WorkflowAsking>

const found = 500
/** More people with a role, or of a team, are not looked at. */
const peopleMost = 500
/** More records of one person are not counted. */
const loadMost = 10_000

/** @throws Problem as the same work asked for over the API */
export async function callFunction(tx: Executor, call: Call, name: WorkflowEffect, given: JsonObject, asking: Asking): Promise<Json> {
  await assertInForce(tx, call.model)
  return effects[name](tx, call, given, asking)
}

/** @throws Problem as the same question asked over the API */
export const answerQuestion = (call: Call, name: WorkflowQuestion, given: JsonObject): Promise<Json> => questions[name](call, given)

const questions: Readonly<Record<WorkflowQuestion, (call: Call, given: JsonObject) => Promise<Json>>> = {
  async 'crm.find'(call, { entity, filter = null, sort, limit = 50 }) {
    const keys = typeof sort === 'string' ? sort.split(',').map((key) => ({ key: key.replace(/^-/, ''), descending: key.startsWith('-') })) : []
    const plan = planList(call, { entity: textIn({ entity: entity ?? '' }, 'entity'), filter, sort: keys, limit: Math.min(found, Math.max(1, Number(limit) || 50)), archived: false })
    return [...(await list(call, plan)).records] as readonly Json[]
  },
}

const effects: Readonly<Record<WorkflowEffect, Work>> = {
  'crm.create': (tx, call, given, asking) => created(tx, call, { entity: textIn(given, 'entity'), values: objectIn(given, 'values'), asking }),
  async 'crm.update'(tx, call, given, asking) {
    const access = accessTo(call, textIn(given, 'entity'))
    const row = prepareUpdate(access, objectIn(given, 'values'), '/values')
    await holdTrees(tx, call.model, access.entity, 'moves')
    const before = await loadReadable(tx, call, access, idIn(given))
    return noted(tx, access, await updateChecked(tx, call, access, before, row), asking, call, row.keys)
  },
  async 'crm.transition'(tx, call, given, asking) {
    const access = accessTo(call, textIn(given, 'entity'))
    await holdTrees(tx, call.model, access.entity, 'changes')
    const before = await loadReadable(tx, call, access, idIn(given))
    const body = given.values === undefined ? {} : objectIn(given, 'values')
    return noted(tx, access, await transitChecked(tx, call, access, before, { name: textIn(given, 'name'), body, at: '/values' }), asking, call, Object.keys(body))
  },
  async 'crm.archive'(tx, call, given, asking) {
    const access = accessTo(call, textIn(given, 'entity'))
    const rows = granted(access.archive)
    await holdTrees(tx, call.model, access.entity, 'changes')
    const record = await reachable(tx, call, access, { entity: access.entity.name, id: idIn(given) }, rows, false)
    await archiveWithOwned(tx, call, access.entity, [record])
    await noteChange(tx, { entity: access.entity.id, record: idOf(record), version: versionOf(record) + 1, run: asking.run, depth: asking.depth })
    return { id: idOf(record) }
  },
  async 'crm.notify'(tx, call, given, asking) {
    const users = await peopleIn(tx, call, given)
    const texts = await saidTo(tx, call.model, asking, 'title', textIn(given, 'title'), users, call.at)
    const access = given.entity === undefined ? undefined : accessTo(call, textIn(given, 'entity'))
    const about = access === undefined ? undefined : { entity: access.entity, id: idOf(await loadReadable(tx, call, access, idIn(given))) }
    const told = await notify(tx, { texts, cause: `run ${String(asking.run)}-${String(asking.seq)}`, ...(about === undefined ? {} : { about }) }, call.actor.id, call.at)
    return { told }
  },
  async 'crm.assign'(tx, call, given, asking) {
    const access = accessTo(call, textIn(given, 'entity'))
    const field = textIn(given, 'field')
    const people = await peopleIn(tx, call, given)
    if (people.length === 0) throw wrong(given.role !== undefined ? 'nobody with the role can sign in' : given.team !== undefined ? 'nobody of the team can sign in' : 'to must be the ids of users')
    const person = given.by === 'load' ? await leastLoaded(tx, call, access, field, people, given.open ?? null) : await nextInTurn(tx, `${access.entity.id} ${field}`, people)
    const row = prepareUpdate(access, { [field]: person }, '/values')
    const before = await loadReadable(tx, call, access, idIn(given))
    return noted(tx, access, await updateChecked(tx, call, access, before, row), asking, call, row.keys)
  },
  'crm.task': (tx, call, given, asking) => created(tx, call, { ...taskIn(given), asking }),
}

function taskIn({ title = '', assignee, due, entity, id, values = {} }: JsonObject): Omit<Creation, 'asking'> {
  const about = entity === undefined || id === undefined ? {} : { about: { entity, id } }
  const task = { title, ...(assignee === undefined ? {} : { assignee }), ...(due === undefined ? {} : { due }), ...about, ...(isObject(values) ? values : {}) }
  return { entity: 'task', values: task, says: { key: 'title', to: Number(assignee ?? 0) } }
}

/** A record that a step creates. */
export interface Creation {
  readonly entity: string
  readonly values: JsonObject
  /** The field with a text of the step, and the user who reads it. */
  readonly says?: { readonly key: string; readonly to: number }
  readonly asking: Asking
}

/** What a function creates, where it does nothing else. */
export function creationIn(name: string, given: JsonObject): Omit<Creation, 'asking'> | undefined {
  if (name === 'crm.task') return taskIn(given)
  return name === 'crm.create' && typeof given.entity === 'string' && isObject(given.values) ? { entity: given.entity, values: given.values } : undefined
}

/** Records of one entity that several runs with the same rights create. @throws Problem as the same work asked for over the API */
export async function createTogether(tx: Executor, call: Call, creations: readonly Creation[]): Promise<readonly Json[]> {
  const [first] = creations
  if (first === undefined) return []
  await assertInForce(tx, call.model)
  const access = accessTo(call, first.entity)
  const rows: ReturnType<typeof prepareCreate>[] = []
  for (const creation of creations) rows.push(prepareCreate(access, await worded(tx, call, creation), '/values'))
  const saved = await insertChecked(tx, call, access, rows)
  for (const [index, record] of saved.entries()) await made(tx, access, record, creations[index]?.asking ?? first.asking)
  return presentedNew(tx, call, access, saved, rows.map(({ keys }) => keys))
}

/** The values, with what the step says in the language of who reads it. */
async function worded(tx: Executor, call: Call, { values, says, asking }: Creation): Promise<JsonObject> {
  const text = says === undefined ? undefined : values[says.key]
  if (says === undefined || typeof text !== 'string') return values
  return { ...values, [says.key]: (await saidTo(tx, call.model, asking, says.key, text, [says.to], call.at)).get(says.to) ?? text }
}

async function created(tx: Executor, call: Call, creation: Creation): Promise<Json> {
  const [told = null] = await createTogether(tx, call, [creation])
  return told
}

/** That the run made this version is kept, so that what follows counts as deeper. */
const made = (tx: Executor, { entity }: EntityAccess, saved: Rec, { run, depth }: Asking): Promise<void> => noteChange(tx, { entity: entity.id, record: idOf(saved), version: versionOf(saved), run, depth })

/** The record as the run may read it. */
async function noted(tx: Executor, access: EntityAccess, saved: Rec, asking: Asking, call: Call, keys: readonly string[]): Promise<Json> {
  await made(tx, access, saved, asking)
  return presented(tx, call, access, saved, keys)
}

/** Users by their ids; or those who can sign in and have a role or belong to a team, whoever asks: a workflow gives work to people whom its role need not know. */
async function peopleIn(tx: Executor, call: Call, { to = null, role, team }: JsonObject): Promise<readonly number[]> {
  const listed = role !== undefined ? { roles: { $contains: role } } : team !== undefined ? { teams: { $contains: Number(team) } } : null
  if (listed === null) return (Array.isArray(to) ? to as readonly Json[] : [to]).map(Number).filter((id) => Number.isSafeInteger(id) && id > 0)
  const user = call.model.entities.get('user')
  if (user === undefined || (role === undefined && !call.model.entities.has('team'))) throw wrong('there are no teams')
  const rows = resolve(call.model, user.name, { ...listed, active: true, archivedAt: null }, unrestricted(call.model), '')
  return idsWhere(tx, user, rows, peopleMost, bindingsOf(systemActor, call.at))
}

/** Whoever comes after the last one; the turn goes on from the same list only. */
async function nextInTurn(tx: Executor, of: string, people: readonly number[]): Promise<number> {
  const name = `turn ${of} ${people.join(',')}`
  for (;;) {
    const last = await readMark(tx, name)
    const next = last === null ? 0 : (Number(last) + 1) % people.length
    if (await moveMark(tx, name, last, String(next))) return people[next] ?? 0
  }
}

/** Who has the fewest records that the run may read and that meet the condition; among equals the first. */
async function leastLoaded(tx: Executor, call: Call, access: EntityAccess, field: string, people: readonly number[], open: Json): Promise<number> {
  const loads: { readonly person: number; readonly load: number }[] = []
  for (const person of people) {
    const plan = planList(call, { entity: access.entity.name, filter: open === null ? { [field]: person } : { $and: [{ [field]: person }, open] }, limit: 1, archived: false })
    loads.push({ person, load: await records.count(tx, plan, loadMost, call.bindings) })
  }
  return loads.reduce((least, one) => (one.load < least.load ? one : least)).person
}

const wrong = (reason: string): Problem => new Problem('request.invalid', { reason })

function textIn(given: JsonObject, key: string): string {
  const value = given[key]
  if (typeof value !== 'string' || value === '') throw wrong(`${key} must be a text`)
  return value
}

function objectIn(given: JsonObject, key: string): JsonObject {
  const value = given[key]
  if (!isObject(value)) throw wrong(`${key} must be an object`)
  return value
}

function idIn({ id }: JsonObject): number {
  const number = Number(id)
  if (!Number.isSafeInteger(number) || number < 1) throw wrong('id must be the id of a record')
  return number
}
