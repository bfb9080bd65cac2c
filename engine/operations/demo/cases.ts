/** Cases of the sample: what customers asked for in both languages, brought to where they stand by the transitions that people make. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Call } from '../call.js'
import { list, planList } from '../records/read.js'
import { idOf } from '../records/row.js'
import { transition } from '../records/transition.js'
import { create } from '../records/write.js'

const day = 86_400_000

/** What somebody says, and what they are told; without an answer it is not solved. */
interface Story {
  readonly language: 'en' | 'zh'
  readonly kind: 'question' | 'complaint' | 'return' | 'points' | 'praise'
  readonly subject: string
  readonly description: string
  readonly answer: string
}

/** How far a case has come, and how. */
const courses: readonly (readonly string[])[] = [[], [], ['take'], ['take'], ['assign'], ['take', 'wait'], ['take', 'solve'], ['assign', 'solve', 'close'], ['take', 'wait', 'solve', 'close'], ['take', 'solve', 'reopen']]

/**
 * Adds them as the people of the sample would: the agent writes down what comes in, assigns some cases to the clerk, waits, answers, closes.
 * Every story is told twice, by different members.
 */
export async function addDemoCases(agent: Call, clerk: Call): Promise<void> {
  const told = [...stories, ...stories]
  const members = { en: await membersOf(agent, 'en', told.length), zh: await membersOf(agent, 'zh', told.length) }
  for (const [index, story] of told.entries()) {
    const member = members[story.language][index % Math.max(members[story.language].length, 1)]
    if (member === undefined) continue
    const { kind, subject, description } = story
    const opened = new Date(agent.at.getTime() - ((index * 7) % 20) * day - index * 600_000)
    const made = await create(agent, { entity: 'case', body: {
      ...member, kind, subject, description, channel: channels[index % channels.length] ?? 'phone', priority: kind === 'complaint' ? 'high' : index % 5 === 0 ? 'low' : 'normal',
      openedAt: opened.toISOString(), due: new Date(opened.getTime() + (2 + (index % 6) * 3) * day).toISOString().slice(0, 10),
    } })
    for (const name of courses[index % courses.length] ?? []) await transition(agent, { entity: 'case', id: idOf(made), name, body: given(name, story, clerk) })
  }
}

const channels = ['phone', 'mail', 'web', 'counter', 'app'] as const

const given = (name: string, { answer }: Story, clerk: Call): JsonObject => (name === 'solve' ? { answer } : name === 'assign' ? { assignee: clerk.actor.id } : {})

async function membersOf(call: Call, language: string, limit: number): Promise<readonly { readonly member: number; readonly store: number }[]> {
  const plan = planList(call, { entity: 'member', filter: { language, store: { $ne: null } }, sort: [{ key: 'spent', descending: true }], fields: ['store'], limit, archived: false })
  return (await list(call, plan)).records.flatMap((record) => (typeof record['store'] === 'number' ? [{ member: idOf(record), store: record['store'] }] : []))
}

const stories: readonly Story[] = [
  { language: 'en', kind: 'points', subject: 'Points of last Saturday are missing', description: 'I paid with my card, and the receipt shows my number. The points are not on my account.', answer: 'The points of that receipt have been added. They count for your tier at once.' },
  { language: 'zh', kind: 'points', subject: '上周六的积分没有到账', description: '结账时出示了会员卡，小票上也有卡号，但积分没有增加。', answer: '该笔消费的积分已补录，并立即计入会员等级。' },
  { language: 'en', kind: 'return', subject: 'Coffee machine leaks', description: 'Bought two weeks ago, drips since the first day. I have the receipt.', answer: 'Please bring it to any of our stores: it is exchanged, and the filter set is ours.' },
  { language: 'zh', kind: 'return', subject: '咖啡机漏水', description: '两周前购买，第一天起就漏水，小票还在。', answer: '请带到任一门店换新，并赠送一套滤芯。' },
  { language: 'en', kind: 'complaint', subject: 'Charged twice at the self-checkout', description: 'My bank shows the amount of $38.40 twice on the same day.', answer: 'The second amount was a reservation; the bank releases it within three days.' },
  { language: 'zh', kind: 'complaint', subject: '自助收银重复扣款', description: '银行账单显示同一天扣了两次 38.40 元。', answer: '第二笔是预授权，银行将在三天内退回。' },
  { language: 'en', kind: 'question', subject: 'Is the oat bread free of nuts?', description: 'My son is allergic. The label names traces only.', answer: 'It is baked on a line of its own; the full list of ingredients is attached to this mail.' },
  { language: 'zh', kind: 'question', subject: '燕麦面包含坚果吗？', description: '孩子对坚果过敏，标签只写了“可能含微量”。', answer: '该面包由专用生产线制作，完整配料表已发到您的邮箱。' },
  { language: 'en', kind: 'complaint', subject: 'Coupon was not accepted', description: 'The coupon for detergent is valid until Sunday. The till said it is unknown.', answer: 'The coupon is repaired. We have sent a second one for the trouble.' },
  { language: 'zh', kind: 'complaint', subject: '优惠券无法使用', description: '洗衣液优惠券有效期到周日，收银台却提示无效。', answer: '优惠券已修复，并补发一张作为补偿。' },
  { language: 'en', kind: 'question', subject: 'Delivery to the second floor?', description: 'The lift is out of order, and I cannot carry water.', answer: 'Our drivers carry up to the third floor. Write it into the order.' },
  { language: 'zh', kind: 'question', subject: '能送货上二楼吗？', description: '电梯坏了，我提不动整箱水。', answer: '配送员可送至三楼，请在订单备注中说明。' },
  { language: 'en', kind: 'return', subject: 'Wrong size of the rain jacket', description: 'Ordered 42, got 46. The price tag is still on it.', answer: 'The right one is on its way; give the other to the driver.' },
  { language: 'zh', kind: 'return', subject: '雨衣尺码不对', description: '订的是 42 码，收到 46 码，吊牌未拆。', answer: '正确尺码已发出，旧件交给配送员即可。' },
  { language: 'en', kind: 'praise', subject: 'Thank you to the lady at the cheese counter', description: 'She called me when the cheese that I had asked for came in.', answer: 'We have told her, and her team. Thank you.' },
  { language: 'zh', kind: 'praise', subject: '感谢奶酪柜台的店员', description: '我问过的奶酪到货后，她特地打电话通知我。', answer: '已转达给她和同事，谢谢您！' },
  { language: 'en', kind: 'points', subject: 'Join two cards of one household', description: 'My husband and I have a card each. We would like one account.', answer: 'Both cards now collect for the same account; the points are added up.' },
  { language: 'zh', kind: 'points', subject: '合并一家人的两张卡', description: '我和先生各有一张卡，希望合并为一个账户。', answer: '两张卡已归入同一账户，积分合并计算。' },
]
