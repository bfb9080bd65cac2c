/** `crm.approve`: puts a question to people, in the unit that keeps that the run waits for them. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { askedFormFindings } from '../../model/workflows/asked-form.js'
import * as approvals from '../../storage/own/approvals.js'
import type { StoredRun } from '../../storage/own/runs.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { loadReadable } from '../records/write.js'
import { idOf } from '../records/row.js'
import { accessTo } from '../rights/rights.js'
import { assertInForce } from '../unit.js'
import { approversOf, wantedIn, type About } from './approvers.js'
import { dueAfter, questionOf, wrong } from './question.js'
import { tellAsked } from './tell-asked.js'

/** @throws Problem request.invalid, record.unavailable, request.path */
export async function ask(tx: Executor, call: Call, given: JsonObject, { run, seq, path }: { readonly run: StoredRun; readonly seq: number; readonly path: string }): Promise<void> {
  await assertInForce(tx, call.model)
  const question = questionOf(given, { workflow: run.workflow, path }, call.model)
  const [unusable] = question.form === null ? [] : askedFormFindings(question.form, '/form', call.model.entities)
  if (unusable !== undefined) throw wrong(`the form cannot be used: ${unusable.message}`)
  const about = await aboutOf(tx, call, given)
  const asker = askerOf(given, run)
  const place = { engine: call.engine, model: call.model, at: call.at }
  const without = question.exceptAsker ? asker : null
  const first = await approversOf(place, wantedIn(given), about, without)
  // Where nobody is left, who would be asked when the time is up is asked at once.
  const escalated = first.length === 0 && question.late === 'escalate'
  const people = escalated ? await approversOf(place, { users: question.escalateTo, role: question.escalateRole }, about, without) : first
  if (people.length === 0) throw wrong('there is nobody who could decide this')
  const id = await approvals.addApproval(tx, { run: run.id, seq, entity: about?.entity.id ?? null, recordId: about === null ? null : idOf(about.record), asker, document: { ...question, escalated }, due: dueAfter(question, call.at, call.model) }, call.at)
  const seats = people.map((user, place) => ({ user, place, state: question.inOrder && place > 0 ? 'waiting' as const : 'asked' as const }))
  await approvals.addSeats(tx, id, seats)
  await tellAsked(tx, place, { id, question, asker, entity: about?.entity.id ?? null, recordId: about === null ? null : idOf(about.record) }, seats.filter(({ state }) => state === 'asked').map(({ user }) => user))
}

async function aboutOf(tx: Executor, call: Call, { entity, id }: JsonObject): Promise<About | null> {
  if (entity === undefined && id === undefined) return null
  if (typeof entity !== 'string' || !Number.isSafeInteger(Number(id))) throw wrong('entity and id must name the record')
  const access = accessTo(call, entity)
  return { entity: access.entity, record: await loadReadable(tx, call, access, Number(id)) }
}

/** As the step says; else who started the run, or whose change began it. */
function askerOf({ asker }: JsonObject, run: StoredRun): number | null {
  if (asker !== undefined && asker !== null) return whole(asker) ?? null
  const [event] = Array.isArray(run.input) ? (run.input as readonly Json[]) : []
  const by = isObject(event) && isObject(event.data) ? event.data.by : undefined
  return run.starter ?? whole(by ?? null) ?? null
}

const whole = (value: Json): number | undefined => (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined)
