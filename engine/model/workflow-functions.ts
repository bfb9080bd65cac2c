/** The functions of the product that workflows call: what each does and what it is given. What they do is in `workflows/functions`. */
import type { JsonSchema } from '../../metadata/contract/json.js'

interface WorkflowFunction {
  readonly description: string
  /**
   * Schema of `with`; any text in it may be an expression. The studio draws a panel from it. `format` says what a value names, where that is more
   * than a text: `entity`, `record` (an id in the entity beside it), `values` (field → value of that entity), `condition`, `order`, `transition`,
   * `user` (an id), `role` (its name), `moment`, `long` (a text of several lines).
   */
  readonly with: JsonSchema
  /** It only asks: nothing is changed, and asked again it harms nobody. */
  readonly question?: true
  /** What it does cannot be taken back: it is done outside of any unit, and after a crash nobody knows whether it was. */
  readonly outside?: true
  /** Of what is done outside: the other side takes it once however often it is sent, so that it is sent again after a crash. */
  readonly repeatable?: true
}

const entity = { type: 'string', title: 'Entity', description: 'API name of the entity.', format: 'entity' }
const id = { title: 'Record', description: 'Id of the record.', format: 'record' }
const role = { type: 'string', title: 'Or a role', description: 'Name of a role: everybody who has it.', format: 'role' }
const values = { type: 'object', title: 'Values', description: 'Field → value.', format: 'values' }

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
    with: { type: 'object', required: ['title'], properties: { to: { title: 'Whom', description: 'Id of a user.', format: 'user' }, role, title: { type: 'string', title: 'What' }, entity, id } },
  },
  'crm.task': {
    description: 'Gives somebody a task about a record and gives that task.',
    with: { type: 'object', required: ['title'], properties: { title: { type: 'string', title: 'What is to be done' }, assignee: { title: 'Who', description: 'Id of a user.', format: 'user' }, due: { type: 'string', title: 'Until', format: 'moment' }, entity, id, values } },
  },
  'crm.assign': {
    description: 'Gives a record to one of several people, in turn or to who has the least to do, and gives that record.',
    with: {
      type: 'object', required: ['entity', 'id', 'field'],
      properties: {
        entity, id, field: { type: 'string', title: 'Field', description: 'Key of the field that names who has it.' }, to: { title: 'Whom', description: 'Ids of users; left out where a role or a team is named.' }, role,
        team: { title: 'Team', description: 'Id of a team: one of its members who can sign in.' },
        by: { enum: ['turn', 'load'], title: 'How', description: 'turn (when it is left out): one after the other; load: who has the fewest records.' },
        open: { title: 'What counts', description: 'With load: a condition that the counted records meet, for example that they are open.', format: 'condition' },
      },
    },
  },
  'crm.send': {
    outside: true,
    description: 'Sends a mail. With a consent, only when the record gives it.',
    with: {
      type: 'object', required: ['to', 'subject', 'text'],
      properties: {
        to: { title: 'To', description: 'An address, or a list of them.' },
        subject: { title: 'Subject', description: 'A text, or one for each language: { "en": "...", "zh": "..." }.' },
        text: { title: 'Text', format: 'long', description: 'Plain text, or one for each language. {name} stands for a value.' },
        values: { type: 'object', title: 'Values', description: 'Name → what stands for it in subject and text.' },
        locale: { type: 'string', title: 'Language', description: 'en when it is left out, or when there is no text in it.' },
        entity, id, consent: { type: 'string', title: 'Consent', description: 'Key of the field of the record that must be granted; otherwise nothing is sent.' },
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

export const isWorkflowFunction = (name: string): name is WorkflowFunctionName => Object.hasOwn(workflowFunctions, name)
export const isWorkflowQuestion = (name: WorkflowFunctionName): name is WorkflowQuestion => Object.hasOwn(workflowFunctions[name], 'question')
export const isWorkflowSending = (name: WorkflowFunctionName): name is WorkflowSending => Object.hasOwn(workflowFunctions[name], 'outside')
export const isRepeatableSending = (name: string): boolean => isWorkflowFunction(name) && Object.hasOwn(workflowFunctions[name], 'repeatable')
