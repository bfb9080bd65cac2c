/** Where workflows name entities and fields: what begins them, their calls, and the record of what began them in expressions. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { mapTasks } from './workflow-tasks.js'

/** The rewriting of each kind of reference, as `references.ts` makes it. */
interface Names {
  entityName(name: string): string
  match(entity: string, key: string): string
  path(entity: string, text: string): string
  signed(entity: string, part: string): string
  condition(entity: string, tree: Json): Json
}

export function rewriteWorkflow(document: JsonObject, names: Names): JsonObject {
  const subject = subjectOf(document)
  const calls = mapTasks(document, (task) => rewriteCall(task, names))
  const { schedule } = calls
  const rewritten = isObject(schedule) && isObject(schedule.on) ? { ...calls, schedule: { ...schedule, on: rewriteOn(schedule.on, names) } } : calls
  const whole = withTests(rewritten, subject, names)
  return subject === undefined ? whole : (inTexts(whole, (text) => rewriteRecord(text, subject, names)) as JsonObject)
}

/** Tests follow in what they begin with and in what they expect calls to be given. */
function withTests(workflow: JsonObject, subject: string | undefined, names: Names): JsonObject {
  const { document } = workflow
  if (!isObject(document) || !isObject(document.metadata) || !isObject(document.metadata.tests)) return workflow
  const tests = Object.entries(document.metadata.tests).map(([name, test]) => [name, isObject(test) ? rewriteTest(test, subject, names) : test])
  return { ...workflow, document: { ...document, metadata: { ...document.metadata, tests: Object.fromEntries(tests) as JsonObject } } }
}

function rewriteTest(test: JsonObject, subject: string | undefined, names: Names): JsonObject {
  const { input, expect } = test
  const event = (one: Json): Json => (isObject(one) && isObject(one.data) ? { ...rewriteWanted(one, names), data: rewriteBeginning(one.data, subject, names) } : one)
  const begun = Array.isArray(input) ? (input as readonly Json[]).map(event) : isObject(input) ? rewriteBeginning(input, subject, names) : input
  const steps = isObject(expect) && Array.isArray(expect.steps) ? { steps: (expect.steps as readonly Json[]).map((step) => (isObject(step) ? rewriteCall(step, names) : step)) } : {}
  return { ...test, ...(begun === undefined ? {} : { input: begun }), ...(isObject(expect) ? { expect: { ...expect, ...steps } } : {}) }
}

/** `{ "entity", "fields", "record" }` of what began a run. */
function rewriteBeginning(begun: JsonObject, subject: string | undefined, names: Names): JsonObject {
  const entity = typeof begun.entity === 'string' ? begun.entity : subject
  if (entity === undefined) return begun
  const { fields, record } = begun
  return {
    ...begun,
    ...(typeof begun.entity === 'string' ? { entity: names.entityName(entity) } : {}),
    ...(Array.isArray(fields) ? { fields: (fields as readonly Json[]).map((key) => (typeof key === 'string' ? names.match(entity, key) : key)) } : {}),
    ...(isObject(record) ? { record: Object.fromEntries(Object.entries(record).map(([key, value]) => [names.match(entity, key), value])) } : {}),
  }
}

function rewriteCall(task: JsonObject, names: Names): JsonObject {
  const { call, with: given } = task
  if (typeof call !== 'string' || !call.startsWith('crm.') || !isObject(given)) return task
  const entity = call === 'crm.task' ? 'task' : given.entity
  const named = typeof given.entity === 'string' ? { ...given, entity: names.entityName(given.entity) } : given
  if (typeof entity !== 'string') return { ...task, with: named }
  const { values, filter, sort, open, field, consent } = named
  const key = (name: string, value: Json | undefined): JsonObject => (typeof value === 'string' && !value.includes('${') ? { [name]: names.match(entity, value) } : {})
  return {
    ...task,
    with: {
      ...named,
      ...(isObject(values) ? { values: Object.fromEntries(Object.entries(values).map(([key, value]) => [names.match(entity, key), value])) } : {}),
      ...key('field', field),
      ...key('consent', consent),
      ...(open === undefined ? {} : { open: names.condition(entity, open) }),
      ...(filter === undefined ? {} : { filter: names.condition(entity, filter) }),
      ...(typeof sort === 'string' && !sort.includes('${') ? { sort: sort.split(',').map((part) => names.signed(entity, part)).join(',') } : {}),
    },
  }
}

const eventType = /^crm\.(\w+)\.(\w+)$/

function rewriteOn(on: JsonObject, names: Names): JsonObject {
  const filter = (one: Json): Json => (isObject(one) && isObject(one.with) ? { ...one, with: rewriteWanted(one.with, names) } : one)
  return { ...on, ...(on.one === undefined ? {} : { one: filter(on.one) }), ...(Array.isArray(on.any) ? { any: (on.any as readonly Json[]).map(filter) } : {}) }
}

function rewriteWanted(wanted: JsonObject, names: Names): JsonObject {
  const [, entity, verb] = typeof wanted.type === 'string' ? eventType.exec(wanted.type) ?? [] : []
  if (entity === undefined || verb === undefined) return wanted
  const { fields, where } = wanted
  return {
    ...wanted,
    type: `crm.${names.entityName(entity)}.${verb}`,
    ...(Array.isArray(fields) ? { fields: (fields as readonly Json[]).map((key) => (typeof key === 'string' ? names.match(entity, key) : key)) } : {}),
    ...(where === undefined ? {} : { where: names.condition(entity, where) }),
  }
}

/** The entity whose records begin the workflow, when it is always the same one: only then it is known what `record` means. */
function subjectOf({ schedule }: JsonObject): string | undefined {
  const on = isObject(schedule) && isObject(schedule.on) ? schedule.on : {}
  const filters = on.one === undefined ? (Array.isArray(on.any) ? on.any as readonly Json[] : []) : [on.one]
  const entities = new Set(filters.map((one) => (isObject(one) && isObject(one.with) && typeof one.with.type === 'string' ? eventType.exec(one.with.type)?.[1] : undefined)))
  const [entity] = entities
  return entities.size === 1 ? entity : undefined
}

/** `data.record.name` in the texts of a workflow that one entity begins. */
const rewriteRecord = (text: string, entity: string, names: Names): string =>
  text.replace(/(\bdata\.record\.)([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/g, (_all, before: string, path: string) => before + names.path(entity, path))

const inTexts = (value: Json, rewrite: (text: string) => string): Json => {
  if (typeof value === 'string') return rewrite(value)
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => inTexts(one, rewrite))
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inTexts(one, rewrite)])) : value
}
