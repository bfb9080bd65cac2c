/** Work for the people of the sample: notes and tasks about members of the clerk's stores, cases, and pictures of products, so that a first look has something to do. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { accountByEmail } from '../../storage/own/accounts.js'
import { callOf, type Call, type Engine } from '../call.js'
import { userActor } from '../people/actor-of.js'
import { list, planList } from '../records/read.js'
import { idOf } from '../records/row.js'
import { create } from '../records/write.js'
import { addDemoCases } from './cases.js'
import { addDemoPictures } from './pictures.js'
import type { DemoUser } from './users.js'

const day = 86_400_000

/** Adds it when the clerk was added just now; somebody who works with the sample already keeps what there is. */
export async function addDemoWork(engine: Engine, users: readonly DemoUser[]): Promise<void> {
  const [clerk, manager, agent] = await Promise.all(['clerk', 'manager', 'agent'].map((role) => callOfUser(engine, users.find((user) => user.role === role))))
  if (clerk === undefined || manager === undefined || !['note', 'task'].every((name) => engine.current.get().entities.has(name))) return
  if (agent !== undefined && engine.current.get().entities.has('case')) await addDemoCases(agent, clerk)
  await addDemoPictures(manager)
  const plan = planList(clerk, { entity: 'member', sort: [{ key: 'spent', descending: true }], fields: ['id'], limit: 4, archived: false })
  const members = (await list(clerk, plan)).records.map(idOf)
  for (const [index, [call, entity, body]] of workOf(clerk, manager).entries()) {
    const id = members[index % Math.max(members.length, 1)]
    if (id !== undefined) await create(call, { entity, body: { ...body, about: { entity: 'member', id } } })
  }
}

async function callOfUser(engine: Engine, user: DemoUser | undefined): Promise<Call | undefined> {
  const account = user === undefined || user.password === null ? null : await accountByEmail(engine.database.read, engine.current.get(), user.email)
  const actor = account === null ? null : await userActor(engine, account.userId)
  return actor === null ? undefined : callOf(engine, actor)
}

/** In turn about the members who bought most. */
function workOf(clerk: Call, manager: Call): readonly (readonly [Call, 'note' | 'task', JsonObject])[] {
  const due = (days: number): string => new Date(clerk.at.getTime() + days * day).toISOString().slice(0, 10)
  const assignee = clerk.actor.id
  const me = { id: assignee, name: clerk.actor.name }
  return [
    [manager, 'note', { text: `Prefers to be called in the **morning**. @${me.name} please note.`, ...(me.id !== null && { mentions: [me.id] }) }],
    [manager, 'task', { title: 'Call back about the missing points', due: due(-1), assignee, priority: 'high', kind: 'call' }],
    [clerk, 'note', { text: '常买有机食品；下次到店时介绍新品。' }],
    [clerk, 'task', { title: '确认新的收货地址', due: due(0), assignee }],
    [manager, 'task', { title: 'Invite to the tasting on Saturday', due: due(3), assignee, kind: 'followUp' }],
    [clerk, 'task', { title: '上门送新年礼盒', due: due(5), assignee, kind: 'visit' }],
    [clerk, 'task', { title: '核对会员卡号', due: due(9), assignee, priority: 'low' }],
    [manager, 'note', { text: 'Asked for a *paper receipt* every time.' }],
  ]
}
