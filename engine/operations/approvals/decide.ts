/** An approval is decided: by the last vote that was needed, or by the time that is up. The step that waits for it hears it in the same unit. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Model } from '../../model/model.js'
import * as approvals from '../../storage/own/approvals.js'
import { addToInbox, runById } from '../../storage/own/runs.js'
import type { Executor } from '../../storage/contract.js'
import { bindingsOf, systemActor, type Engine } from '../call.js'
import { announce } from '../changes/feed.js'
import * as records from '../../storage/records.js'
import { everything } from '../../model/conditions/predicate.js'
import { approversOf, type About } from './approvers.js'
import { dueAfter, outputOf, type Question } from './question.js'
import { tellAsked } from './tell-asked.js'

const second = 1_000
/** How late it may be noticed that the time is up. */
const lookMilliseconds = 2 * second
const pageSize = 100

export const questionIn = ({ document }: Pick<approvals.StoredApproval, 'document'>): Question => document as Question // written by `ask`

/** An approval with its run held, so that nobody ends either meanwhile; null when it is not open any more. */
export async function holdOpen(tx: Executor, { id, run }: { readonly id: number; readonly run: number }): Promise<approvals.StoredApproval | null> {
  const held = await runById(tx, run) // first, as whoever moves the run does
  const approval = await approvals.approvalById(tx, id)
  return approval === null || approval.state !== 'open' || held === null || held.endedAt !== null ? null : approval
}

/** Whose seats the caller may fill now: whoever asked fills none, where the step says so, not even for others. */
export async function seatsFor(x: Executor, me: number, approval: approvals.StoredApproval, seats: readonly approvals.Seat[], at: Date): Promise<readonly number[]> {
  if (questionIn(approval).exceptAsker && approval.asker === me) return []
  const open = seats.filter(({ state }) => state === 'asked').map(({ user }) => user)
  const others = open.some((user) => user !== me) ? (await approvals.absentAt(x, { delegate: me }, at)).map(({ user }) => user) : []
  return open.filter((user) => user === me || others.includes(user))
}

export async function settle(tx: Executor, approval: approvals.StoredApproval, decision: 'approved' | 'rejected', late: boolean, at: Date): Promise<void> {
  const seats = (await approvals.seatsOf(tx, [approval.id])).get(approval.id) ?? []
  await approvals.keepApproval(tx, { id: approval.id, state: decision, document: { ...approval.document, late }, due: null, ended: at })
  await addToInbox(tx, approval.run, { kind: 'result', seq: approval.seq, output: outputOf(decision, late, seats) } satisfies JsonObject, new Date()) // it goes on at once
}

/** Ends what nobody decided in time. Two processes that do it at once do it once. Gives how many it were. */
export async function endLate(engine: Engine, at: Date = new Date()): Promise<number> {
  let ended = 0
  for (;;) {
    const due = await approvals.approvalsDue(engine.database.read, at, pageSize)
    for (const one of due) {
      await engine.database.write((tx) => lateIn(tx, engine, one, at))
      ended += 1
    }
    if (due.length > 0) announce(engine.database)
    if (due.length < pageSize) return ended
  }
}

async function lateIn(tx: Executor, engine: Engine, one: Pick<approvals.StoredApproval, 'id' | 'run'>, at: Date): Promise<void> {
  const approval = await holdOpen(tx, one)
  if (approval === null) return approvals.withdrawAll(tx, one.run, at) // its run is over
  if (approval.dueAt === null || Date.parse(approval.dueAt) > at.getTime()) return
  const question = questionIn(approval)
  if (question.late === 'escalate' && !question.escalated && (await escalated(tx, engine, approval, question, at))) return
  await settle(tx, approval, question.late === 'approve' ? 'approved' : 'rejected', true, at)
}

/** Asks others in place of those who said nothing; false when there is nobody. */
async function escalated(tx: Executor, engine: Engine, approval: approvals.StoredApproval, question: Question, at: Date): Promise<boolean> {
  const model = engine.current.get()
  const people = await othersFor({ engine, model, at }, tx, approval, question).catch(() => []) // whoever cannot be asked any more decides nothing
  if (people.length === 0) return false
  const seats = (await approvals.seatsOf(tx, [approval.id])).get(approval.id) ?? []
  const silent = seats.filter(({ state }) => state === 'asked' || state === 'waiting').map(({ user }) => user)
  await approvals.moveSeats(tx, approval.id, silent, 'passed')
  await approvals.addSeats(tx, approval.id, people.map((user, index) => ({ user, place: seats.length + index, state: 'asked' as const })))
  const document: Question = { ...question, escalated: true, inOrder: false }
  await approvals.keepApproval(tx, { id: approval.id, state: 'open', document, due: dueAfter(question, at, model), ended: null })
  await tellAsked(tx, { engine, model, at }, { ...approval, question: document }, people)
  return true
}

async function othersFor(place: { readonly engine: Engine; readonly model: Model; readonly at: Date }, tx: Executor, approval: approvals.StoredApproval, question: Question): Promise<readonly number[]> {
  const entity = [...place.model.entities.values()].find(({ id }) => id === approval.entity)
  const record = entity === undefined || approval.recordId === null ? null : await records.load(tx, entity, approval.recordId, everything, bindingsOf(systemActor, place.at))
  const about: About | null = entity === undefined || record === null ? null : { entity, record }
  return approversOf(place, { users: question.escalateTo, role: question.escalateRole }, about, question.exceptAsker ? approval.asker : null)
}

/** Looks for what is late from now on; the returned function ends that, after the look that is going on. */
export function beginDeciding(engine: Engine): () => Promise<void> {
  let looking: Promise<unknown> | undefined
  const look = (): void => {
    looking ??= endLate(engine).catch((error: unknown) => engine.log.warn({ err: error }, 'approvals could not be looked for; they are looked for again')).finally(() => (looking = undefined))
  }
  const timer = setInterval(look, lookMilliseconds).unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}
