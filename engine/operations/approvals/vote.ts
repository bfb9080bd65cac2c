/** Somebody decides, for themselves and for those for whom they stand in. */
import type { Json } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import * as approvals from '../../storage/own/approvals.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { announce } from '../changes/feed.js'
import { acceptedValues } from '../rights/asked-values.js'
import { holdOpen, questionIn, seatsFor, settle } from './decide.js'
import { needsComment, outcomeOf, type Question } from './question.js'
import { seenApproval, userOf } from './read.js'
import { tellAsked } from './tell-asked.js'

export interface VoteCommand {
  readonly decision: 'approved' | 'rejected'
  readonly comment: string | null
  readonly values: Json
}

/**
 * Keeps a vote; said once more it changes nothing. What decides is told to the run in the same unit.
 * @throws Problem approval.unavailable, approval.closed, record.invalid
 */
export async function vote(call: Call, id: number, command: VoteCommand): Promise<void> {
  const me = userOf(call)
  const seen = await seenApproval(call, id)
  await call.engine.database.write(async (tx) => {
    const approval = await holdOpen(tx, seen)
    const seats = (await approvals.seatsOf(tx, [id])).get(id) ?? []
    const mine = await seatsFor(tx, me, seen, seats, call.at)
    if (approval === null || mine.length === 0) return assertSaid(me, seats, command)
    const question = questionIn(approval)
    const given = await accepted(tx, call, question, command)
    await approvals.keepVote(tx, id, mine, { state: command.decision, by: me, comment: command.comment, given }, call.at)
    const after = seats.map((seat) => (mine.includes(seat.user) ? { ...seat, state: command.decision } : seat))
    const outcome = outcomeOf(question, after)
    if (outcome !== null) return settle(tx, approval, outcome, false, call.at)
    const next = question.inOrder && !after.some(({ state }) => state === 'asked') ? after.find(({ state }) => state === 'waiting') : undefined
    if (next === undefined) return
    await approvals.moveSeats(tx, id, [next.user], 'asked')
    await tellAsked(tx, { engine: call.engine, model: call.model, at: call.at }, { ...approval, question }, [next.user])
  })
  announce(call.engine.database)
}

/** Nothing is left to say: fine for whoever said the same before. */
function assertSaid(me: number, seats: readonly approvals.Seat[], { decision }: VoteCommand): void {
  const said = seats.filter(({ votedBy }) => votedBy === me)
  if (said.some(({ state }) => state === decision)) return
  if (said.length > 0 || seats.some(({ user, state }) => user === me && state !== 'waiting')) throw new Problem('approval.closed')
  throw new Problem('approval.unavailable')
}

async function accepted(tx: Executor, call: Call, question: Question, { decision, comment, values }: VoteCommand): ReturnType<typeof acceptedValues> {
  if (needsComment(question, decision) && comment === null) throw new Problem('record.invalid', {}, { problems: [{ path: '/comment', code: 'value.required', message: 'Say why you decide so.' }] })
  if (question.form === null || decision === 'rejected') return {}
  return acceptedValues(tx, call, question.form, values, '/values')
}
