/** Approvals as their readers see them: those who are asked, who stand in for them, and who asks; and only while they may read the record. */
import { isObject, type JsonObject } from '../../../metadata/contract/json.js'
import type { Approval } from '../../../metadata/contract/approval.js'
import { Problem } from '../../errors.js'
import { askedFields } from '../../forms/asked.js'
import { askedForm } from '../../model/workflows/asked-form.js'
import type { EntityAccess } from '../../permissions/access.js'
import * as approvals from '../../storage/own/approvals.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { titlesOf } from '../notifications/inbox.js'
import { namesOf } from '../people/names.js'
import { questionIn, seatsFor } from './decide.js'
import { formTexts, textIn } from './texts.js'

export interface ApprovalsCommand {
  /** Only what is not decided yet. */
  readonly open: boolean
  readonly record?: { readonly entity: string; readonly id: number }
  readonly before: number | null
  readonly limit: number
  readonly locale: string
}

/** One page, newest first. @throws Problem access.denied for who is no user */
export async function listApprovals(call: Call, { locale, record, ...question }: ApprovalsCommand): Promise<{ readonly approvals: readonly Approval[]; readonly next: number | null }> {
  const me = userOf(call)
  const x = call.engine.database.read
  const entity = record === undefined ? undefined : call.access.entity(record.entity)?.entity
  if (record !== undefined && entity === undefined) return { approvals: [], next: null }
  const absent = await approvals.absentAt(x, { delegate: me }, call.at)
  const rows = await approvals.approvalsOf(x, {
    ...question, asker: me, people: [me, ...absent.map(({ user }) => user)], limit: question.limit + 1, ...(record === undefined || entity === undefined ? {} : { record: { entity: entity.id, id: record.id } }),
  })
  const page = rows.slice(0, question.limit)
  return { approvals: await told(call, page, locale), next: rows.length > question.limit ? page.at(-1)?.id ?? null : null }
}

/** @throws Problem approval.unavailable */
export async function readApproval(call: Call, id: number, locale: string): Promise<Approval> {
  const [found] = await told(call, [await seenApproval(call, id)], locale)
  if (found === undefined) throw new Problem('approval.unavailable')
  return found
}

/** The approval, when it concerns the caller and they may read what it is about. @throws Problem approval.unavailable, access.denied */
export async function seenApproval(call: Call, id: number): Promise<approvals.StoredApproval> {
  const me = userOf(call)
  const x = call.engine.database.read
  const approval = await approvals.approvalById(x, id)
  if (approval === null || !(await readable(call, [approval])).has(id)) throw new Problem('approval.unavailable')
  const seats = (await approvals.seatsOf(x, [id])).get(id) ?? []
  const concerned = approval.asker === me || seats.some(({ user, votedBy, state }) => votedBy === me || (user === me && state !== 'waiting')) || (await seatsFor(x, me, approval, seats, call.at)).length > 0
  if (!concerned) throw new Problem('approval.unavailable')
  return approval
}

export function userOf(call: Call): number {
  if (call.actor.id === null) throw new Problem('access.denied')
  return call.actor.id
}

const accessOf = (call: Call, identity: string | null): EntityAccess | undefined => {
  const entity = identity === null ? undefined : [...call.model.entities.values()].find(({ id }) => id === identity)
  return entity === undefined ? undefined : call.access.entity(entity.name)
}

/** Ids of those whose record the caller may read; one that was put away, too. One statement for each entity. */
async function readable(call: Call, all: readonly approvals.StoredApproval[]): Promise<ReadonlySet<number>> {
  const found = new Set(all.filter(({ entity }) => entity === null).map(({ id }) => id))
  for (const identity of new Set(all.flatMap(({ entity }) => entity ?? []))) {
    const access = accessOf(call, identity)
    if (access === undefined) continue
    const of = all.filter(({ entity }) => entity === identity)
    const seen = await records.existing(call.engine.database.read, { entity: access.entity, rows: access.rows, ids: of.flatMap(({ recordId }) => recordId ?? []) }, call.bindings)
    for (const { id, recordId } of of) if (recordId !== null && seen.has(recordId)) found.add(id)
  }
  return found
}

async function told(call: Call, all: readonly approvals.StoredApproval[], locale: string): Promise<readonly Approval[]> {
  const x = call.engine.database.read
  const me = userOf(call)
  const visible = await readable(call, all)
  const seats = await approvals.seatsOf(x, [...visible])
  const names = await namesOf(call, all.flatMap(({ id, asker }) => [...(asker === null ? [] : [asker]), ...(seats.get(id) ?? []).flatMap(({ user, votedBy }) => [user, ...(votedBy === null ? [] : [votedBy])])]))
  const person = (id: number | null): Approval['asker'] => (id === null ? null : { id, name: names.get(id) ?? null })
  const found: Approval[] = []
  for (const approval of all.filter(({ id }) => visible.has(id))) {
    const question = questionIn(approval)
    const here = seats.get(approval.id) ?? []
    const mine = approval.state === 'open' ? await seatsFor(x, me, approval, here, call.at) : []
    const access = accessOf(call, approval.entity)
    const title = access === undefined || approval.recordId === null ? null : (await titlesOf(call, access, [approval.recordId])).get(approval.recordId) ?? null
    found.push({
      id: approval.id, title: textIn(call.model, question, 'title', locale), text: textIn(call.model, question, 'text', locale), state: approval.state, late: approval.document.late === true,
      entity: access?.entity.name ?? null, record: approval.recordId, recordTitle: title, asker: person(approval.asker), createdAt: approval.createdAt, dueAt: approval.dueAt, endedAt: approval.endedAt,
      need: question.need, share: question.share, inOrder: question.inOrder, comment: question.comment, mine: mine.length > 0, for: mine.filter((user) => user !== me).map((user) => ({ id: user, name: names.get(user) ?? null })),
      votes: here.map(({ user, votedBy, state, comment, given, votedAt }) => ({ user: { id: user, name: names.get(user) ?? null }, by: person(votedBy), state, comment, values: isObject(given) ? given : {}, at: votedAt })),
      form: question.form === null ? null : askedFields(askedForm(question.form), formTexts(call.model, question, locale), call.access) as unknown as readonly JsonObject[],
    })
  }
  return found
}
