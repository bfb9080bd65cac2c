/** The functions of the product that workflows call: what each does and what it is given. What they do is in `workflows/functions`. */
import type { JsonSchema } from '../../../metadata/contract/json.js'
import { plugins } from '../../../plugins/index.js'
import type { PluginFunction } from '../../plugins/contract.js'

interface WorkflowFunction {
  readonly description: string
  /**
   * Schema of `with`; any text in it may be an expression. The studio draws a panel from it. `format` says what a value names, where that is more
   * than a text: `entity`, `record` (an id in the entity beside it), `values` (field → value of that entity), `condition`, `order`, `transition`,
   * `field` (key of a field of that entity; `fits` says of which type it is, or where it leads), `named` (name → what stands for it in the texts beside), `user` (an id), `role` (its name), `calendar`, `duration`, `form` (a JSON Schema of what is asked), `moment`, `long` (a text of several lines). `rare`: it
   * stands behind the others. `languages`: one text, or one for each language. `several`: one value, or a list of them. `anyOf`: one of these has to be said, the usual one first.
   */
  readonly with: JsonSchema
  /** It only asks: nothing is changed, and asked again it harms nobody. */
  readonly question?: true
  /** What it does cannot be taken back: it is done outside of any unit, and after a crash nobody knows whether it was. */
  readonly outside?: true
  /** Of what is done outside: the other side takes it once however often it is sent, so that it is sent again after a crash. */
  readonly repeatable?: true
  /** It asks people: the answer comes later, when they have decided. */
  readonly asks?: true
}

const entity = { type: 'string', title: 'Entity', description: 'API name of the entity.', format: 'entity' }
const id = { title: 'Record', description: 'Id of the record.', format: 'record' }
const role = { type: 'string', title: 'Or a role', description: 'Name of a role: everybody who has it.', format: 'role' }
const oneOf = (...keys: readonly string[]): readonly JsonSchema[] => keys.map((key) => ({ required: [key] }))
const values = { type: 'object', title: 'Values', description: 'Field → value.', format: 'values' }

/** Functions of plugins, by the name in `call`: they are done outside. */
export const pluginFunctions: ReadonlyMap<string, PluginFunction & { readonly plugin: string }> = new Map(plugins.flatMap(({ name: plugin, functions }) => Object.entries(functions).map(([name, one]) => [name, { ...one, plugin }] as const)))

/** Channels of `crm.send` beside mail, with the function that sends so. */
export const sendingChannels: ReadonlyMap<string, string> = new Map([...pluginFunctions].flatMap(([name, { channel }]) => (channel === undefined ? [] : [[channel, name] as const])))

/** By the name in `call`. */
export const workflowFunctions = {
  'crm.create': { description: 'Creates a record and gives it.', with: { type: 'object', required: ['entity', 'values'], properties: { entity, values } } },
  'crm.update': { description: 'Changes fields of a record and gives it.', with: { type: 'object', required: ['entity', 'id', 'values'], properties: { entity, id, values } } },
  'crm.find': {
    question: true,
    description: 'Gives the records that a condition selects, as a list.',
    with: { type: 'object', required: ['entity'], properties: { entity, filter: { title: 'Condition', format: 'condition' }, sort: { type: 'string', title: 'Order', format: 'order' }, limit: { title: 'At most', type: 'integer', description: '50 when it is left out, at most 500.' } } },
  },
  'crm.transition': {
    description: 'Moves a record on in its lifecycle and gives it.',
    with: { type: 'object', required: ['entity', 'id', 'name'], properties: { entity, id, name: { type: 'string', title: 'Transition', format: 'transition' }, values } },
  },
  'crm.archive': { description: 'Archives a record.', with: { type: 'object', required: ['entity', 'id'], properties: { entity, id } } },
  'crm.notify': {
    description: 'Tells a person, or everybody with a role, something in their notifications.',
    with: { type: 'object', required: ['title'], anyOf: oneOf('to', 'role'), properties: { to: { title: 'Whom', description: 'Id of a user.', format: 'user' }, role, title: { type: 'string', title: 'What' }, entity, id } },
  },
  'crm.task': {
    description: 'Gives somebody a task about a record and gives that task.',
    with: { type: 'object', required: ['title'], properties: { title: { type: 'string', title: 'What is to be done' }, assignee: { title: 'Who', description: 'Id of a user.', format: 'user' }, due: { type: 'string', title: 'Until', format: 'moment' }, entity, id, values } },
  },
  'crm.assign': {
    description: 'Gives a record to one of several people, in turn or to who has the least to do, and gives that record.',
    with: {
      type: 'object', required: ['entity', 'id', 'field'], anyOf: oneOf('to', 'role', 'team'),
      properties: {
        entity, id, field: { type: 'string', title: 'Field', description: 'Key of the field that names who has it.', format: 'field', fits: 'user' }, to: { title: 'Whom', several: true, description: 'Ids of users; left out where a role or a team is named.' }, role,
        team: { title: 'Team', description: 'Id of a team: one of its members who can sign in.' },
        by: { enum: ['turn', 'load'], title: 'How', description: 'turn (when it is left out): one after the other; load: who has the fewest records.' },
        open: { title: 'What counts', description: 'With load: a condition that the counted records meet, for example that they are open.', format: 'condition' },
      },
    },
  },
  'crm.approve': {
    asks: true,
    description: 'Asks people to decide, waits for them, and gives what they decided.',
    with: {
      type: 'object', required: ['title'], anyOf: oneOf('users', 'role', 'field', 'managerOf'),
      properties: {
        title: { title: 'What is asked', description: 'One sentence.' },
        text: { title: 'What they should know', format: 'long' },
        entity, id,
        users: { title: 'Who decides', several: true, description: 'Id of a user, or a list of them.', format: 'user' },
        role: { type: 'string', title: 'Everybody with the role', description: 'Of those who may read the record.', format: 'role' },
        field: { rare: true, type: 'string', title: 'Whom the record names', description: 'Key of the field of the record that names who decides.', format: 'field', fits: 'user' },
        managerOf: { rare: true, title: 'Manager of', description: 'The person whose manager decides.', format: 'user' },
        need: { enum: ['one', 'all', 'share'], title: 'Decided when', description: 'one (when it is left out): whoever speaks first decides. all: all must approve. share: so many percent must approve.' },
        share: { rare: true, type: 'integer', title: 'Percent', description: 'With share: how many percent of those who are asked must approve.' },
        inOrder: { rare: true, type: 'boolean', title: 'One after the other', description: 'Everybody is asked once the person before has approved.' },
        within: { title: 'Time to decide', description: 'Such as P2D or PT8H.', format: 'duration' },
        calendar: { rare: true, type: 'string', title: 'Hours of work', description: 'Only these hours count.', format: 'calendar' },
        late: { rare: true, enum: ['reject', 'approve', 'escalate'], title: 'When the time is up', description: 'reject when it is left out. escalate: others are asked instead, once, with the same time.' },
        escalateTo: { rare: true, title: 'Who is asked then', several: true, description: 'Id of a user, or a list of them.', format: 'user' },
        escalateRole: { rare: true, type: 'string', title: 'Everybody with this role then', format: 'role' },
        asker: { rare: true, title: 'Who asks', description: 'When it is left out: who started the run, or whose change did.', format: 'user' },
        exceptAsker: { rare: true, type: 'boolean', title: 'Not who asks', description: 'Nobody decides on what they asked for themselves.' },
        comment: { rare: true, enum: ['optional', 'required', 'refusal'], title: 'A comment', description: 'optional when it is left out. refusal: whoever says no must say why.' },
        form: { rare: true, type: 'object', title: 'Further questions', description: 'A JSON Schema of what those who approve fill in.', format: 'form' },
      },
    },
  },
  'crm.send': {
    outside: true,
    description: 'Sends a mail, or a message by another channel. With a consent, only when the record gives it.',
    with: {
      type: 'object', required: ['to', 'text'],
      properties: {
        channel: { enum: ['mail', ...sendingChannels.keys()], title: 'By', description: 'mail when it is left out.' },
        to: { title: 'To', several: true, description: 'An address, or a list of them; by other channels a receiver, such as a phone number, or a list.' },
        subject: { title: 'Subject', languages: true, description: 'Of a mail: one text, or one for each language.' },
        text: { title: 'Text', format: 'long', languages: true, description: 'Plain text, or one for each language. {name} stands for a value.' },
        values: { type: 'object', title: 'Values', description: 'Name → what stands for it in subject and text.', format: 'named' },
        locale: { type: 'string', title: 'Language', description: 'en when it is left out, or when there is no text in it.' },
        entity, id, consent: { type: 'string', title: 'Consent', description: 'Key of the field of the record that must be granted; otherwise nothing is sent.', format: 'field', fits: 'consent' },
      },
    },
  },
  'crm.webhook': {
    outside: true,
    repeatable: true,
    description: 'Tells another system what happened, signed as in Standard Webhooks.',
    with: {
      type: 'object', required: ['url', 'type', 'secret'],
      properties: {
        url: { type: 'string', title: 'Address' }, type: { type: 'string', title: 'What happened', description: 'For example member.welcomed.' }, data: { title: 'Data', description: 'What is told of it.' },
        secret: { type: 'string', title: 'Secret', description: 'Name of the secret that both sides know; the operator keeps it in TESSERA_SECRET_<NAME>.' },
      },
    },
  },
} as const satisfies Readonly<Record<string, WorkflowFunction>>

export type WorkflowFunctionName = keyof typeof workflowFunctions
export type WorkflowQuestion = { [Name in WorkflowFunctionName]: (typeof workflowFunctions)[Name] extends { readonly question: true } ? Name : never }[WorkflowFunctionName]

export type WorkflowSending = { [Name in WorkflowFunctionName]: (typeof workflowFunctions)[Name] extends { readonly outside: true } ? Name : never }[WorkflowFunctionName]

export type WorkflowAsking = { [Name in WorkflowFunctionName]: (typeof workflowFunctions)[Name] extends { readonly asks: true } ? Name : never }[WorkflowFunctionName]

export const isWorkflowFunction = (name: string): name is WorkflowFunctionName => Object.hasOwn(workflowFunctions, name)
export const isWorkflowQuestion = (name: WorkflowFunctionName): name is WorkflowQuestion => Object.hasOwn(workflowFunctions[name], 'question')
export const isWorkflowSending = (name: WorkflowFunctionName): name is WorkflowSending => Object.hasOwn(workflowFunctions[name], 'outside')
export const isWorkflowAsking = (name: string): name is WorkflowAsking => isWorkflowFunction(name) && Object.hasOwn(workflowFunctions[name], 'asks')
export const isRepeatableSending = (name: string): boolean => (isWorkflowFunction(name) ? Object.hasOwn(workflowFunctions[name], 'repeatable') : pluginFunctions.get(name)?.repeatable === true)

/** What a function is given, of the product or of a plugin; undefined: there is none of that name. */
export const givenTo = (name: string): JsonSchema | undefined => (isWorkflowFunction(name) ? workflowFunctions[name].with : pluginFunctions.get(name)?.with)
