/** A step, a condition, a beginning as plain sentences in the reader's language. Names of entities and fields are their titles. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { hasText, instant, listed, number, t, type TextKey } from '../../client/i18n.js'
import { listOf, objectOf, textOf, titleFrom, translated, type EntityDefinition, type WorkflowFunction } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { language } from '../../client/i18n.js'
import { choicesOf } from '../entities/type-options.js'
import { beginsOf, simpleCron, type Begin } from './begin.js'
import { sourcesFor, type Source } from './sources.js'
import { segmentDocument } from '../segments/segments.js'
import { Titles } from '../words.js'
import { stillToSay } from '../steps/parameters.js'
import { bare, isExpression, readTests, type DataTest } from '../steps/tests.js'
import { entriesOf, languageOf, type Keys, type Lane, type Step } from './workflow-tree.js'

/** What sentences are made with. */
export interface Wording {
  readonly documents: Documents
  /** Document path of the workflow. */
  readonly path: string
  readonly workflow: JsonObject
  readonly entities: readonly EntityDefinition[]
  readonly functions: readonly WorkflowFunction[]
}

const entityIn = ({ entities }: Wording, name: Json | undefined): EntityDefinition | undefined => entities.find((entity) => entity.name === name)
const fieldTitle = (entity: EntityDefinition | undefined, key: string): string => entity?.fields.find((field) => field.key === key)?.title ?? titleFrom(key)
const quoted = (text: string): string => t('process.say.quoted', { text })

/** The sentence of a step, without what it is done only if. */
export function stepSentence(wording: Wording, step: Step): string {
  const own = sayers[step.kind]?.(wording, step) ?? ''
  return own === '' ? t('process.say.other', { name: titleFrom(step.name) }) : own
}

type Say = (wording: Wording, step: Step) => string

const sayers: Partial<Record<Step['kind'], Say>> = {
  call: (wording, step) => callSentence(wording, step),
  wait: (_wording, { task }) => t('process.say.wait', { time: durationWords(task['wait']) }),
  choice: () => t('process.say.choice'),
  switch: () => t('process.say.switch'),
  for: (wording, { task, keys }) => t('process.say.for', { list: valueWords(wording, keys, textOf(objectOf(task['for'])['in']), true) }),
  fork: (_wording, { task }) => t(objectOf(task['fork'])['compete'] === true ? 'process.say.race' : 'process.say.fork'),
  try: (_wording, { task }) => (objectOf(task['catch'])['retry'] === undefined ? t('process.say.try') : t('process.say.tryAgain')),
  do: (_wording, { name }) => t('process.say.block', { name: titleFrom(name) }),
  set: (_wording, { task }) => (isObject(task['set']) ? t('process.say.set', { names: listed(Object.keys(task['set'])) }) : t('process.say.setAll')),
  emit: (_wording, { task }) => t('process.say.emit', { type: textOf(objectOf(objectOf(objectOf(task['emit'])['event'])['with'])['type']) }),
  listen: (wording, { task }) => t('process.say.listen', { event: listenWords(wording, objectOf(objectOf(task['listen'])['to'])) }),
  raise: (_wording, { task }) => t('process.say.raise', { error: errorWords(objectOf(task['raise'])['error']) }),
  run: (wording, { task }) => t('process.say.run', { workflow: workflowTitle(wording.documents, textOf(objectOf(objectOf(task['run'])['workflow'])['name'])) }),
  nothing: () => t('process.say.nothing'),
}

// ── calls ──

/** What a call lacks, in words; '' for nothing. */
export function missingWords({ functions }: Wording, { task }: Step): string {
  const known = functions.find(({ name }) => name === task['call'])
  const missing = known === undefined ? [] : stillToSay(known, objectOf(task['with']))
  return missing.length === 0 ? '' : t('process.stillToSay', { what: listed(missing.map(quoted)) })
}

function callSentence(wording: Wording, step: Step): string {
  const { task, keys, path } = step
  const call = textOf(task['call'])
  const given = objectOf(task['with'])
  if (missingWords(wording, step) !== '') return otherCall(wording, call, '')
  if (call === 'http') return httpSentence(given)
  const entity = entityIn(wording, given['entity'])
  const records = entity?.title ?? ''
  const title = (): string => titleWords(wording, keys, given['title'], `${path}/with/title`)
  const record = (): string => recordWords(wording, keys, given['id'], records)
  const values = (): string => valuesWords(wording, keys, entity, objectOf(given['values']))
  if (call === 'crm.create' && entity !== undefined) return t('process.say.create', { entity: records, values: values() })
  if (call === 'crm.update' && entity !== undefined) return t('process.say.update', { record: record(), values: values() })
  if (call === 'crm.find' && entity !== undefined) return findSentence(wording, keys, entity, given)
  if (call === 'crm.archive' && entity !== undefined) return t('process.say.archive', { record: record() })
  if (call === 'crm.transition' && entity !== undefined) return t('process.say.transition', { record: record(), name: transitionTitle(wording.documents, entity.name, textOf(given['name'])) })
  if (call === 'crm.notify') return t('process.say.notify', { to: given['to'] === undefined ? roleTitle(wording, textOf(given['role'])) : valueWords(wording, keys, given['to']), title: title() })
  if (call === 'crm.send') return t('process.say.send', { what: titleWords(wording, keys, given['subject'] ?? given['text'], `${path}/with/${given['subject'] === undefined ? 'text' : 'subject'}`) })
  if (call === 'crm.task') return given['assignee'] === undefined ? t('process.say.task', { title: title() }) : t('process.say.taskFor', { title: title(), who: valueWords(wording, keys, given['assignee']) })
  if (call === 'crm.approve') return t('process.say.approve', { who: approverWords(wording, keys, given, entity), title: title() })
  return otherCall(wording, call, records)
}

/** A title in the reader's language, in quotes; a formula as it is. */
function titleWords(wording: Wording, keys: Keys, title: Json | undefined, at: string): string {
  if (isExpression(title)) return valueWords(wording, keys, title)
  const said = isObject(title) ? title[language.value] ?? Object.values(title)[0] : translated(wording.documents, language.value, wording.path, at) || title
  return quoted(textOf(said))
}

const roleTitle = ({ documents }: Wording, name: string): string => translated(documents, language.value, `roles/${name}.json`, '/title') || textOf(objectOf(documents[`roles/${name}.json`])['title']) || name

/** Everybody whom an approval asks. */
function approverWords(wording: Wording, keys: Keys, given: JsonObject, entity: EntityDefinition | undefined): string {
  const role = textOf(given['role'])
  const said = [
    ...(given['users'] === undefined || given['users'] === null ? [] : [valueWords(wording, keys, given['users'])]),
    ...(role === '' ? [] : [t('process.say.roleOf', { role: roleTitle(wording, role) })]),
    ...(given['field'] === undefined ? [] : [fieldTitle(entity, textOf(given['field']))]),
    ...(given['managerOf'] === undefined ? [] : [t('process.say.managerOf', { who: valueWords(wording, keys, given['managerOf']) })]),
  ]
  return said.join(t('process.say.and'))
}

/** A function that has no sentence of its own says what the catalogue says of it. */
function otherCall({ functions, workflow }: Wording, call: string, entity: string): string {
  const key = `process.function.${call}`
  if (hasText(key)) return t(key) + (entity === '' ? '' : ` (${entity})`)
  const known = functions.find(({ name }) => name === call)
  if (known !== undefined) return known.title ?? known.description.replace(/\.$/, '')
  return objectOf(objectOf(workflow['use'])['functions'])[call] === undefined ? t('process.say.call', { name: call }) : t('process.say.named', { name: titleFrom(call) })
}

function httpSentence(given: JsonObject): string {
  const endpoint = given['endpoint']
  const uri = textOf(endpoint) || textOf(objectOf(endpoint)['uri'])
  return t('process.say.http', { method: textOf(given['method']).toUpperCase() || 'GET', address: uri.replace(/^https?:\/\//, '') })
}

function findSentence(wording: Wording, keys: Keys, entity: EntityDefinition, given: JsonObject): string {
  const filter = objectOf(given['filter'])
  if (Object.keys(filter).length === 0) return t('process.say.findAll', { entities: entity.plural })
  return t('process.say.find', { entities: entity.plural, condition: conditionWords(wording, keys, entity, filter) })
}

/** `{ "tier": "gold" }` → `Tier: Gold, ...`. */
function valuesWords(wording: Wording, keys: Keys, entity: EntityDefinition | undefined, values: JsonObject): string {
  const said = Object.entries(values).map(([key, value]) => t('process.say.value', { field: fieldTitle(entity, key), value: shownValue(wording, keys, entity, key, value) }))
  return said.length === 0 ? '' : said.slice(0, 4).join(t('process.say.comma')) + (said.length > 4 ? '…' : '')
}

function shownValue(wording: Wording, keys: Keys, entity: EntityDefinition | undefined, key: string, value: Json): string {
  const field = entity?.fields.find((one) => one.key === key)
  const choice = field === undefined ? undefined : choicesOf(field.property).find((one) => one.value === value)
  if (entity !== undefined && choice !== undefined) return optionTitle(wording.documents, entity, key, String(choice.value), choice.title)
  return valueWords(wording, keys, value)
}

export const optionTitle = (documents: Documents, entity: EntityDefinition, key: string, value: string, title: string): string =>
  translated(documents, language.value, entity.path, `/properties/${key}/crm/options/${value}/title`) || title || titleFrom(value)

/** `crm.find` of a record by its number: the record itself. */
function recordWords(wording: Wording, keys: Keys, id: Json | undefined, entity: string): string {
  const source = isExpression(id) ? sourceOf(wording, keys, bare(id)) : undefined
  if (source !== undefined && source.field === null && source.record !== '') return t('process.say.theRecord', { entity: source.title })
  return t('process.say.oneRecord', { entity, id: valueWords(wording, keys, id) })
}

// ── conditions ──

const operatorWords: Readonly<Record<string, TextKey>> = {
  $eq: 'process.is.eq', $ne: 'process.is.ne', $gt: 'process.is.gt', $gte: 'process.is.gte', $lt: 'process.is.lt', $lte: 'process.is.lte',
}

/** A condition on records: what is more than plain comparisons is only counted. */
export function conditionWords(wording: Wording, keys: Keys, entity: EntityDefinition | undefined, condition: JsonObject): string {
  const parts = Object.entries(condition).flatMap(([key, test]): readonly string[] => {
    if (key === '$and' || key === '$or') {
      const inner = listOf(test).map((one) => conditionWords(wording, keys, entity, objectOf(one)))
      return [key === '$and' ? inner.join(t('process.say.and')) : inner.join(t('process.say.or'))]
    }
    return (isObject(test) ? Object.entries(test) : [['$eq', test] as const]).map(([operator, value]) => comparisonWords(wording, keys, entity, key, operator, value))
  })
  return parts.join(t('process.say.and'))
}

function comparisonWords(wording: Wording, keys: Keys, entity: EntityDefinition | undefined, key: string, operator: string, value: Json): string {
  if (key === '$segment' || operator === '$segment') return t('process.is.segment', { field: key === 'id' || key === '$segment' ? (entity?.title ?? '') : fieldTitle(entity, key), segment: segmentTitle(wording.documents, textOf(value)) })
  const field = fieldTitle(entity, key)
  const words = operatorWords[operator]
  if (value === null && (operator === '$eq' || operator === '$ne')) return t(operator === '$eq' ? 'process.is.empty' : 'process.is.filled', { field })
  if (operator === '$in') return t('process.is.eq', { field, value: listOf(value).map((one) => shownValue(wording, keys, entity, key, one)).join(t('process.say.or')) })
  return words === undefined ? t('process.is.other', { field }) : t(words, { field, value: shownValue(wording, keys, entity, key, value) })
}

const testKeys: Readonly<Record<DataTest['comparison'], TextKey>> = {
  '==': 'process.is.eq', '!=': 'process.is.ne', '>': 'process.is.gt', '>=': 'process.is.gte', '<': 'process.is.lt', '<=': 'process.is.lte', empty: 'process.is.empty', filled: 'process.is.filled',
}

/** A condition on the data of a run; as it is written where it cannot be said. */
export function testWords(wording: Wording, keys: Keys, source: string): string {
  const tests = languageOf(wording.workflow) === 'cel' ? readTests(source) : null
  if (tests === null) return bare(source)
  if (tests.length === 0) return t('process.say.notSaid')
  return tests.map(({ path, comparison, value }) => {
    const found = sourceOf(wording, keys, path)
    const entity = entityIn(wording, found?.entity)
    if (found?.list === true && (comparison === 'empty' || comparison === 'filled')) return t(comparison === 'empty' ? 'process.is.noneFound' : 'process.is.someFound', { entities: entity?.plural ?? found.title })
    const shown = found?.field === undefined || found.field === null ? valueWords(wording, keys, value) : shownValue(wording, keys, entity, found.field.key, value)
    return t(testKeys[comparison], { field: found?.title ?? path, value: shown })
  }).join(t('process.say.and'))
}

const sourceOf = ({ workflow, entities }: Wording, keys: Keys, path: string): Source | undefined => sourcesFor(workflow, keys, entities).find((source) => source.path === path)

/** A value in a step: what it is computed from, or itself. @param code true for a text that is always an expression */
export function valueWords(wording: Wording, keys: Keys, value: Json | undefined, code = false): string {
  if (value === undefined || value === null) return t('process.say.empty')
  if (typeof value === 'string' && (code || isExpression(value))) return expressionWords(wording, keys, bare(value))
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (Array.isArray(value)) return listed((value as readonly Json[]).map((one) => valueWords(wording, keys, one)))
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function expressionWords(wording: Wording, keys: Keys, source: string): string {
  const found = sourceOf(wording, keys, source)
  if (found === undefined) return source
  return found.list || found.field === null ? found.title : t('process.say.of', { field: found.title, group: found.group })
}

// ── lanes, beginnings, times ──

export function laneTitle(wording: Wording, step: Step, lane: Lane): string {
  if (lane.role === 'case') return lane.when === undefined ? t('process.lane.otherwise') : t('process.lane.if', { condition: testWords(wording, step.keys, lane.when) })
  if (lane.role === 'branch') return titleFrom(lane.name)
  if (lane.role === 'try') return t('process.lane.try')
  if (lane.role === 'catch') return t('process.lane.catch')
  return step.kind === 'for' ? t('process.lane.each') : ''
}

/** A jump of a switch: `If ...: go on with ...`. */
export function jumpWords(wording: Wording, step: Step): readonly { readonly condition: string; readonly leads: string; readonly to: string }[] {
  return entriesOf(step.task['switch']).map(([, one]) => {
    const when = textOf(one['when'])
    const to = textOf(one['then'])
    return { condition: when === '' ? t('process.lane.otherwise') : t('process.lane.if', { condition: testWords(wording, step.keys, when) }), leads: leadsWords(to), to }
  })
}

export function leadsWords(then: string): string {
  if (then === 'end') return t('process.leads.end')
  if (then === 'exit') return t('process.leads.exit')
  return then === '' || then === 'continue' ? t('process.leads.on') : t('process.leads.to', { name: titleFrom(then) })
}

export const beginSentence = (wording: Wording): string => beginsOf(wording.workflow).map((begin) => oneBegin(wording, begin)).join(t('process.say.orBegin'))

function oneBegin(wording: Wording, begin: Begin): string {
  if (begin.kind === 'record') return recordBegin(wording, begin)
  if (begin.kind === 'segment') return t(`process.begin.${begin.verb}`, { entity: entityIn(wording, begin.entity)?.title ?? titleFrom(begin.entity), segment: segmentTitle(wording.documents, begin.segment) })
  if (begin.kind === 'event') return t('process.begin.event', { type: begin.type })
  if (begin.kind === 'every') return t('process.begin.every', { time: durationWords(begin.every) })
  if (begin.kind === 'after') return t('process.begin.after', { time: durationWords(begin.after) })
  if (begin.kind === 'hook') return t('process.begin.hook')
  if (begin.kind === 'hand') return begin.entity === '' ? t('process.begin.hand') : t('process.begin.handOn', { entity: entityIn(wording, begin.entity)?.title ?? titleFrom(begin.entity) })
  return cronWords(begin.cron)
}

const segmentTitle = (documents: Wording['documents'], name: string): string => new Titles(documents).document(segmentDocument(name))

function recordBegin(wording: Wording, begin: Extract<Begin, { kind: 'record' }>): string {
  const entity = entityIn(wording, begin.entity)
  const title = entity?.title ?? titleFrom(begin.entity)
  const fields = listed(begin.fields.map((key) => fieldTitle(entity, key)))
  const what = begin.verb === 'changed' && fields !== '' ? t('process.begin.fields', { entity: title, fields }) : t(`process.begin.${begin.verb}`, { entity: title })
  return begin.where === null || Object.keys(begin.where).length === 0 ? what : t('process.begin.where', { what, condition: conditionWords(wording, [], entity, begin.where) })
}

function cronWords(cron: string): string {
  const simple = simpleCron(cron)
  if (simple === null) return t('process.begin.cron', { cron })
  const time = instant(Date.UTC(2024, 0, 7, simple.hour, simple.minute), 'UTC', { timeStyle: 'short' })
  if (simple.weekday === null) return t(simple.hour < 5 || simple.hour > 21 ? 'process.begin.night' : 'process.begin.day', { time })
  return t('process.begin.week', { time, day: weekdayName(simple.weekday) })
}

/** 0 is Sunday, as in time tables. */
export const weekdayName = (weekday: number): string => instant(Date.UTC(2024, 0, 7 + weekday), 'UTC', { weekday: 'long' })

const units = ['days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const

/** `{ "days": 3 }` → `3 days`; ISO texts and expressions as they are. */
export function durationWords(duration: Json | undefined): string {
  const parts = isObject(duration) ? duration : typeof duration === 'string' ? isoParts(duration) : null
  if (parts === null) return typeof duration === 'string' ? bare(duration) : ''
  const said = units.flatMap((unit) => (typeof parts[unit] === 'number' && parts[unit] > 0 ? [t(`process.time.${unit}`, { count: parts[unit] })] : []))
  return said.length === 0 ? t('process.time.none') : listed(said)
}

/** `P3DT4H` → its parts; null for what is no such text. */
export function isoParts(text: string): JsonObject | null {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text.trim())
  if (found === null || text.trim() === 'P') return null
  return Object.fromEntries(units.slice(0, 4).flatMap((unit, index) => (found[index + 1] === undefined ? [] : [[unit, Number(found[index + 1])]])))
}

function listenWords(wording: Wording, to: JsonObject): string {
  const filters = [to['one'], ...listOf(to['any']), ...listOf(to['all'])].filter(isObject)
  const said = filters.map((filter) => {
    const type = textOf(objectOf(filter['with'])['type'])
    const [, entity, verb] = /^crm\.(\w+)\.(created|changed|transitioned|archived|restored)$/.exec(type) ?? []
    return entity === undefined ? type : t(`process.event.${verb as 'created'}`, { entity: entityIn(wording, entity)?.title ?? titleFrom(entity) })
  })
  return said.join(t(to['all'] === undefined ? 'process.say.or' : 'process.say.and'))
}

const errorWords = (error: Json | undefined): string => (typeof error === 'string' ? error : textOf(objectOf(error)['title']) || textOf(objectOf(error)['type']).split('/').at(-1) || '')

/** By the name in the document, as `run` gives it. */
export function workflowTitle(documents: Documents, name: string): string {
  const [path, document] = Object.entries(documents).find(([at, one]) => at.startsWith('workflows/') && objectOf(one['document'])['name'] === name) ?? []
  return path === undefined || document === undefined ? titleFrom(name) : translated(documents, language.value, path, '/document/title') || textOf(objectOf(document['document'])['title']) || titleFrom(name)
}

export function transitionTitle(documents: Documents, entity: string, name: string): string {
  const path = `${entity}/lifecycle.json`
  for (const [state, one] of Object.entries(objectOf(documents[path]?.['states']))) {
    const transition = objectOf(objectOf(one)['on'])[name]
    if (transition !== undefined) return translated(documents, language.value, path, `/states/${state}/on/${name}/title`) || textOf(objectOf(transition)['title']) || titleFrom(name)
  }
  return titleFrom(name)
}
