/** The kinds of steps that can be added: what each is called, how it looks, what it starts as. Functions of the product come from the catalogue. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { hasText, t } from '../../client/i18n.js'
import type { IconName } from '../../ui/icon.js'
import { listOf, objectOf, textOf, titleFrom, type WorkflowFunction } from '../draft/definitions.js'
import { inLanguage } from './sources.js'
import { expression } from '../steps/tests.js'
import { going, nothingTask, type Step, type StepKind } from './workflow-tree.js'

const icons: Readonly<Record<StepKind, IconName>> = {
  call: 'spark', wait: 'clock', choice: 'links', switch: 'links', for: 'refresh', fork: 'columns', try: 'shield', do: 'list', set: 'pencil', emit: 'megaphone', listen: 'bell', raise: 'warning', run: 'layers', nothing: 'minus', unknown: 'braces',
}

/** Functions that have an icon of their own; others look like any call. */
const functionIcons: Readonly<Record<string, IconName>> = {
  'crm.create': 'plus', 'crm.update': 'pencil', 'crm.find': 'search', 'crm.transition': 'arrowRight', 'crm.archive': 'archive', 'crm.notify': 'bell', 'crm.task': 'checkSquare', 'crm.send': 'mail', 'crm.approve': 'check', 'crm.assign': 'users', 'crm.webhook': 'upload', http: 'globe', openapi: 'globe',
}

export const iconOf = ({ kind, task }: Pick<Step, 'kind' | 'task'>): IconName => (kind === 'call' ? functionIcons[textOf(task['call'])] ?? icons.call : icons[kind])

/** Something that can be added. */
export interface Offer {
  /** `call crm.task`, `wait`, ... */
  readonly id: string
  readonly title: string
  readonly help: string
  readonly icon: IconName
  readonly group: 'do' | 'decide' | 'more'
  /** The task's first name. */
  readonly name: string
  readonly task: JsonObject
}

/** The record that a workflow is about: new steps that name a record begin with it. */
export interface Subject {
  readonly entity: string
  /** Expression of its id. */
  readonly id: string
}

export function offersFor(functions: readonly WorkflowFunction[], language: 'cel' | 'jq', subject: Subject | null): readonly Offer[] {
  return [...functions.map((one) => functionOffer(one, subject)), ...plainOffers(language)]
}

export const functionTitle = (name: string): string => (hasText(`process.function.${name}`) ? t(`process.function.${name}` as 'process.function.crm.task') : titleFrom(name.replace(/^\w+\./, '')))

function functionOffer({ name, title, description, with: schema }: WorkflowFunction, subject: Subject | null): Offer {
  const required = listOf(schema['required']).filter((key): key is string => typeof key === 'string')
  const isAbout = (format: string): boolean => Object.values(objectOf(schema['properties'])).some((one) => objectOf(one)['format'] === format)
  const about: JsonObject = subject !== null && isAbout('entity') && isAbout('record') ? { entity: subject.entity, id: expression(subject.id) } : {}
  const given: JsonObject = { ...Object.fromEntries(required.map((key) => [key, objectOf(objectOf(schema['properties'])[key])['type'] === 'object' ? {} : ''])), ...about }
  const help = `process.functionHelp.${name}`
  return { id: `call ${name}`, title: title ?? functionTitle(name), help: hasText(help) ? t(help) : description, icon: functionIcons[name] ?? icons.call, group: 'do', name: titleName(name), task: { call: name, with: given } }
}

/** `crm.create` → `create`. */
const titleName = (name: string): string => name.split('.').at(-1) ?? name

function plainOffers(language: 'cel' | 'jq'): readonly Offer[] {
  const filler = { nothing: nothingTask(language) }
  const data = expression(inLanguage(language, 'data'))
  const never = language === 'cel' ? 'false' : expression('false')
  const offer = (group: Offer['group'], kind: StepKind, name: string, task: JsonObject): Offer =>
    ({ id: kind, title: t(`process.kind.${kind as 'wait'}`), help: t(`process.kindHelp.${kind as 'wait'}`), icon: icons[kind], group, name, task })
  return [
    offer('decide', 'choice', 'choice', {
      do: [
        { choose: { switch: [{ yes: going({ when: never }, 'yes') }, { otherwise: going({}, 'otherwise') }] } },
        { yes: going({ do: [filler] }, 'exit') },
        { otherwise: going({ do: [filler] }, 'exit') },
      ],
    }),
    offer('decide', 'wait', 'wait', { wait: { days: 1 } }),
    offer('decide', 'for', 'forEach', { for: { each: 'item', in: data }, do: [filler] }),
    offer('decide', 'fork', 'together', { fork: { branches: [{ branch1: { do: [filler] } }, { branch2: { do: [filler] } }] } }),
    offer('decide', 'try', 'attempt', { try: [filler], catch: { do: [filler] } }),
    { id: 'call http', title: t('process.kind.http'), help: t('process.kindHelp.http'), icon: 'globe', group: 'more', name: 'ask', task: { call: 'http', with: { method: 'get', endpoint: 'https://example.com' } } },
    offer('more', 'set', 'remember', { set: {} }),
    offer('more', 'listen', 'listen', { listen: { to: { one: { with: { type: 'crm.member.changed' } } } } }),
    offer('more', 'emit', 'tell', { emit: { event: { with: { source: '/workflows', type: 'something.happened' } } } }),
    offer('more', 'run', 'workflow', { run: { workflow: { namespace: 'default', name: '' } } }),
    offer('more', 'do', 'block', { do: [filler] }),
    offer('more', 'raise', 'fail', { raise: { error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/runtime', status: 500, title: '' } } }),
  ]
}
