/** The workflows that the durable runs of `runs/` follow. */
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import escalate from '../../metadata/retail/workflows/escalate.json' with { type: 'json' }
import welcome from '../../metadata/retail/workflows/welcome.json' with { type: 'json' }
import type { Service } from './service.js'

export const workflow = (name: string, tasks: Json, more: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  document: { dsl: '1.0.3', namespace: 'test', name, version: '1.0.0', metadata }, evaluate: { language: 'cel' }, ...more, do: tasks,
})

export const definitions = (service: Service): Readonly<Record<string, JsonObject>> => ({
  hello: workflow('hello', [{ greet: { set: { hello: '${ data.name }' } } }, { again: { set: { hello: '${ data.hello + "!" }' } } }], {}, { start: ['manager'] }),
  // The steps of the pack's journey from the task on, with the rights that it has.
  called: workflow('called', welcome.do.filter((step) => 'callThem' in step), {}, { ...welcome.document.metadata }),
  // Late cases as the pack treats them, without the day that it waits.
  overdue: workflow('overdue', escalate.do.filter((step) => !('waitOneDay' in step)), {}, { ...escalate.document.metadata }),
  remind: workflow('remind', [{ note: { call: 'crm.task', with: { title: 'Call back', assignee: '${ data.who }' } } }], {}, { role: 'admin' }),
  made: workflow('made', [{ make: { call: 'crm.create', with: { entity: 'task', values: { title: '${ data.title }' } } } }, { change: { call: 'crm.update', with: { entity: 'task', id: '${ data.id }', values: { state: 'done' } } } }], {}, { role: 'admin' }),
  shop: workflow('shop', [{ note: { call: 'crm.task', with: { title: '${ "New shop " + workflow.input[0].data.record.name }' } } }], { schedule: { on: { one: { with: { type: 'crm.store.created', where: { name: { $startsWith: 'Trigger' } } } } } } }, { role: 'admin' }),
  steep: workflow('steep', [{ note: { set: { of: '${ workflow.input[0].data.version }' } } }], { schedule: { on: { one: { with: { type: 'crm.purchase.changed', where: { amount: { $gt: 20 }, number: { $startsWith: 'Quick' }, 'store.name': 'Steep Street', $not: { channel: 'online' } } } } } } }, { role: 'admin' }),
  circle: workflow('circle', [{ change: { call: 'crm.update', with: { entity: 'task', id: '${ workflow.input[0].data.id }', values: { title: '${ workflow.input[0].data.record.title + "x" }' } } } }], { schedule: { on: { one: { with: { type: 'crm.task.changed', fields: ['title'], where: { title: { $startsWith: 'circle' } } } } } } }, { role: 'admin' }),
  came: workflow('came', [{ note: { set: { was: '${ workflow.input[0].segment + " " + workflow.input[0].data.record.title }' } } }], { schedule: { on: { one: { with: { type: 'crm.task.entered', segment: 'urgent' } } } } }, { role: 'admin' }),
  went: workflow('went', [{ note: { set: { done: true } } }], { schedule: { on: { any: [{ with: { type: 'crm.task.left', segment: 'urgent' } }, { with: { type: 'crm.task.left', segment: 'new' } }] } } }, { role: 'admin' }),
  guard: workflow('guard', [{ listen: { listen: { to: { one: { with: { type: 'crm.task.entered', segment: 'new' } } } } } }]),
  patient: workflow('patient', [{ wait: { wait: 'P3D' } }, { after: { set: { done: true } } }]),
  ear: workflow('ear', [{ listen: { listen: { to: { one: { with: { type: 'test.called' } } } } } }]),
  mouth: workflow('mouth', [{ say: { emit: { event: { with: { source: 'urn:test', type: 'test.called', data: { said: '${ data.what }' } } } } } }]),
  spy: workflow('spy', [{ look: { call: 'crm.find', with: { entity: 'user', limit: 5 } } }], {}, { role: 'admin', start: ['clerk'] }),
  awaiting: workflow('awaiting', [{ listen: { listen: { to: { one: { with: { type: 'crm.task.created' } } } } } }]),
  outer: workflow('outer', [{ inner: { run: { workflow: { namespace: 'test', name: 'hello', version: '1.0.0', input: { name: 'inner' } } } } }]),
  scatter: workflow('scatter', [{ each: { for: { each: 'one', in: '${ data.all }' }, do: [{ one: { run: { workflow: { namespace: 'test', name: 'hello', version: '1.0.0', input: { name: '${ one }' } }, await: false } } }] } }]),
  house: workflow('house', [{ first: { set: '${ data }' } }, { nap: { listen: { to: { one: { with: { type: 'test.called' } } } } } }, { last: { set: { version: 1 } } }]),
  stuck: workflow('stuck', [{ before: { set: { kept: true } } }, { change: { call: 'crm.update', with: { entity: 'task', id: 999_999_999, values: { state: 'done' } } } }], {}, { role: 'admin' }),
  yearly: workflow('yearly', [{ done: { set: { done: true } } }], { schedule: { cron: '0 0 29 2 *' } }, { role: 'admin' }),
  told: workflow('told', [{ tell: { call: 'crm.webhook', with: { url: `${service.url}/pet/1`, type: 'test.told', data: '${ data.what }', secret: '${ data.secret }' } } }], {}, { role: 'admin' }),
  turn: workflow('turn', [{ give: { call: 'crm.assign', with: { entity: 'task', id: '${ data.id }', field: 'assignee', to: '${ data.to }', by: '${ data.by }', open: { state: 'open', title: '${ data.title }' } } } }], {}, { role: 'admin' }),
  squad: workflow('squad', [{ give: { call: 'crm.assign', with: { entity: 'task', id: '${ data.id }', field: 'assignee', team: '${ data.team }' } } }], {}, { role: 'admin' }),
  mail: workflow('mail', [{ send: { call: 'crm.send', with: { to: '${ data.to }', subject: { en: 'Hello {name}', zh: '您好 {name}' }, text: 'Dear {name}', values: { name: '${ data.name }' }, locale: '${ data.locale }' } } }], {}, { role: 'admin' }),
  message: workflow('message', [{ send: { call: 'sms.send', with: { to: '${ data.to }', text: '${ data.text }' } } }], {}, { role: 'admin' }),
  texted: workflow('texted', [{ send: { call: 'crm.send', with: { channel: 'sms', to: '${ data.to }', text: { en: 'Hello {name}', zh: '您好 {name}' }, values: { name: '${ data.name }' }, locale: 'zh', entity: 'member', id: '${ data.id }', consent: 'smsConsent' } } }], {}, { role: 'admin' }),
  agreed: workflow('agreed', [{ send: { call: 'crm.send', with: { to: 'member@example.com', subject: 'News', text: 'News', entity: 'member', id: '${ data.id }', consent: 'emailConsent' } } }], {}, { role: 'admin' }),
  stubborn: workflow('stubborn', [{ retried: {
    try: [{ send: { call: 'crm.send', with: { to: 'later@example.com', subject: 'Later', text: 'At last' } } }],
    catch: { errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication' } }, retry: { delay: { milliseconds: 30 }, limit: { attempt: { count: 3000 } } } },
  } }], {}, { role: 'admin' }),
  ask: workflow('ask', [{ get: { call: 'http', with: { method: 'get', endpoint: `${service.url}/pet/{id}` } } }, { name: { set: { name: '${ data.name }' } } }]),
  held: workflow('held', [{ get: { call: 'http', with: { method: 'get', endpoint: `${service.url}/held` } } }]),
  forbidden: workflow('forbidden', [{ make: { call: 'crm.create', with: { entity: 'store', values: { name: 'x' } } } }], {}, { start: ['clerk'] }),
})
