/** Tells people, and those who stand in for them, that they are asked; in their languages. */
import type { ApprovalState } from '../../storage/own/approvals.js'
import { absentAt } from '../../storage/own/approvals.js'
import type { Executor } from '../../storage/contract.js'
import { addNotifications } from '../../storage/own/notifications.js'
import type { Model } from '../../model/model.js'
import type { Engine } from '../call.js'
import { userActor } from '../people/actor-of.js'
import type { Question } from './question.js'
import { textIn } from './texts.js'

export interface AskedAbout {
  readonly id: number
  readonly question: Question
  readonly asker: number | null
  readonly entity: string | null
  readonly recordId: number | null
  readonly state?: ApprovalState
}

/** In the unit that asks them: nobody is told of what was not asked. */
export async function tellAsked(tx: Executor, { engine, model, at }: { readonly engine: Engine; readonly model: Model; readonly at: Date }, { id, question, asker, entity, recordId }: AskedAbout, users: readonly number[]): Promise<void> {
  const standIns = (await absentAt(tx, { users }, at)).map(({ delegate }) => delegate).filter((delegate) => !(question.exceptAsker && delegate === asker))
  const told: Parameters<typeof addNotifications>[1][number][] = []
  for (const user of new Set([...users, ...standIns])) {
    const actor = await userActor(engine, user)
    if (actor === null) continue
    told.push({ user, kind: 'approval', entity, recordId, by: asker, text: textIn(model, question, 'title', actor.locale), count: 1, cause: `approval ${String(id)} ${question.escalated ? 'late' : ''}` })
  }
  await addNotifications(tx, told, at)
}
