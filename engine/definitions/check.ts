/** Everything that is wrong with a set of definitions, at once, each with its place. Pure. */
import { isObject, type JsonObject } from '../../metadata/contract/json.js'
import { isLanguage } from '../../metadata/contract/language.js'
import { isTimeZone } from '../../metadata/contract/time.js'
import { Problem, type Finding } from '../errors.js'
import { compile } from '../model/compile.js'
import { finding } from '../model/findings.js'
import { listsKeptWhole } from '../model/inferred.js'
import type { Documents, Entity, Model } from '../model/model.js'
import { momentKind } from '../model/moment.js'
import { documentName } from '../model/names.js'
import { parsePath, pointer, type DocumentPath } from '../model/paths.js'
import { fieldFindings } from '../model/proof.js'
import { resolve, unrestricted } from '../model/conditions/resolve.js'
import { noticeFindings } from './check-notices.js'
import { lifecycleFindings } from './check-lifecycle.js'
import { calendarFindings } from './check-limits.js'
import { dashboardFindings } from './check-dashboards.js'
import { publicFindings } from './check-public.js'
import { requiredFindings } from './check-required.js'
import { formFindings, viewFindings } from './check-screens.js'
import { roleFindings } from './check-roles.js'
import { knows, ownFields, ruleFindings } from './check-rules.js'
import { segmentFindings } from './check-segments.js'
import { textFindings } from './check-texts.js'
import { triggerFindings } from './check-triggers.js'
import { callFindings } from './check-calls.js'
import { workflowFindings } from './check-workflows.js'
import { shapeFindings } from './shape.js'

export interface Checked {
  /** Empty: these definitions can be published. */
  readonly findings: readonly Finding[]
  /** What can be published, and is hardly meant. */
  readonly hints: readonly Finding[]
  /** What could be compiled; version as given. */
  readonly model: Model
}

/** Checks merged documents. `previous` makes it quick when little has changed; `version` is that of the compiled model. */
export function check(documents: Documents, previous?: Model, version = 0): Checked {
  const model = compile(documents, version, previous)
  const findings = Object.entries(documents).flatMap(([path, document]) => documentFindings(path, document, model))
  return { findings: distinct([...findings, ...model.quarantined]), hints: listsKeptWhole(documents), model }
}

function documentFindings(path: string, document: JsonObject, model: Model): readonly Finding[] {
  const parsed = parsePath(path)
  if (parsed === null) return [finding(`${path}#`, 'document.unknown')]
  if (!isObject(document)) return []
  const shape = shapeFindings(path, parsed.kind, document)
  // What lacks the right shape is not looked into further: the reasons would only repeat each other.
  return shape.length > 0 ? shape : meaningFindings(path, parsed, document, model)
}

/** What stands beside workflows in the addresses of the API. */
const reservedWorkflows: ReadonlySet<string> = new Set(['runs', 'simulate'])

/** What a document refers to, by kind. */
function meaningFindings(path: string, parsed: DocumentPath, document: JsonObject, model: Model): readonly Finding[] {
  const entity = model.entities.get(parsed.entity)
  switch (parsed.kind) {
    case 'entity':
      return entity === undefined ? [] : [...entityFindings(path, document, entity, model), ...conditionFindings(path, entity, model)]
    case 'lifecycle':
      return entity === undefined ? orphanFindings(path, parsed.entity, model) : lifecycleFindings(path, document, entity, model)
    case 'form':
    case 'view': {
      if (entity === undefined && orphanFindings(path, parsed.entity, model).length > 0) return orphanFindings(path, parsed.entity, model)
      if (!documentName.test(parsed.name)) return [finding(`${path}#`, 'name.grammar', { name: parsed.name })]
      if (entity === undefined) return []
      return parsed.kind === 'form' ? [...formFindings(path, document, entity, model.documents), ...publicFindings(path, entity.forms.get(parsed.name), entity, model.documents)] : viewFindings(path, document, entity, model)
    }
    case 'calendar':
      return calendarFindings(path, document)
    case 'dashboard':
      return dashboardFindings(path, document, model)
    case 'workflow':
      return [...(reservedWorkflows.has(parsed.name) ? [finding(`${path}#`, 'name.reserved', { name: parsed.name })] : []), ...workflowFindings(path, document), ...triggerFindings(path, document, model), ...callFindings(path, document, model)]
    case 'segment':
      return segmentFindings(path, document, model)
    case 'role':
      return roleFindings(path, document, model)
    case 'texts':
      return textFindings(path, parsed.name, document, model.documents)
    case 'layer':
      return layerFindings(path, document, model)
  }
}

/** Of a document of an entity that nobody defines; what belongs to one that is put away rests with it. */
const orphanFindings = (path: string, entity: string, { documents }: Model): readonly Finding[] =>
  Object.hasOwn(documents, `${entity}/entity.json`) ? [] : [finding(`${path}#`, 'document.orphan', { entity })]

function entityFindings(path: string, document: JsonObject, entity: Entity, model: Model): readonly Finding[] {
  const fields = [...ownFields(entity), ...entity.archived].flatMap((field) => fieldFindings(field, `${path}#${pointer('properties', field.key)}`))
  return [...fields, ...ruleFindings(path, entity, model), ...duplicateFindings(path, document, entity), ...factFindings(path, document, entity), ...timelineFindings(path, entity, model), ...noticeFindings(path, entity, model), ...requiredFindings(path, entity, model)]
}

/** Key facts: a field that is put away rests there, too, also a computed one. */
function factFindings(path: string, document: JsonObject, entity: Entity): readonly Finding[] {
  const { facts } = isObject(document.crm) ? document.crm : {}
  const properties = isObject(document.properties) ? document.properties : {}
  const keys: readonly unknown[] = Array.isArray(facts) ? facts : []
  return keys.flatMap((key, i) => (entity.fields.has(String(key)) || Object.hasOwn(properties, String(key)) ? [] : [finding(`${path}#/crm/facts/${i}`, 'entity.field', { field: String(key), entity: entity.name })]))
}

/** Some reference names its other side so, also one that is put away. */
const isInverse = (model: Model, name: string): boolean =>
  Object.values(model.documents).some(({ properties }) => isObject(properties) && Object.values(properties).some((property) => isObject(property) && isObject(property.crm) && property.crm.inverse === name))

/** A relation, and a date or moment of its records; one that is put away rests there. */
function timelineFindings(path: string, entity: Entity, model: Model): readonly Finding[] {
  return entity.timeline.flatMap((named, i) => {
    const [name = '', key = '', ...rest] = named.split('.')
    const relation = entity.relations.get(name)
    const other = model.entities.get(relation?.entity ?? '')
    const rests = other?.archived.some((field) => field.key === key) === true || (relation === undefined && isInverse(model, name))
    return rests || (other !== undefined && rest.length === 0 && momentKind(other, key) !== undefined) ? [] : [finding(`${path}#/crm/timeline/${String(i)}`, 'entity.timeline', { path: named, entity: entity.name })]
  })
}

/** Conditions of rollups: that they can be read was seen before, here whether their values are such of the fields. */
function conditionFindings(path: string, entity: Entity, model: Model): readonly Finding[] {
  return ownFields(entity).flatMap(({ key, derived }) => {
    if (derived?.kind !== 'rollup' || derived.where === null) return []
    try {
      resolve(model, derived.entity, derived.where, unrestricted(model), '')
      return []
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return [finding(`${path}#${pointer('properties', key, 'crm', 'where')}`, 'field.computed', { problem: error.message })]
    }
  })
}

function duplicateFindings(path: string, document: JsonObject, entity: Entity): readonly Finding[] {
  const crm = isObject(document.crm) ? document.crm : {}
  const duplicates: readonly unknown[] = Array.isArray(crm.duplicates) ? crm.duplicates : []
  return duplicates.flatMap((rule, i) => {
    const match: readonly unknown[] = isObject(rule) && Array.isArray(rule.match) ? rule.match : []
    return match.flatMap((name, k) => {
      const key = String(name).replace(/~$/, '')
      return knows(entity, key) ? [] : [finding(`${path}#/crm/duplicates/${i}/match/${k}`, 'entity.field', { field: key, entity: entity.name })]
    })
  })
}

function layerFindings(path: string, document: JsonObject, { entities, documents }: Model): readonly Finding[] {
  const groups: readonly unknown[] = Array.isArray(document.navigation) ? document.navigation : []
  const { timeZone, language } = document
  const zone = typeof timeZone === 'string' && !isTimeZone(timeZone) ? [finding(`${path}#/timeZone`, 'layer.timeZone', { timeZone })] : []
  const tag = typeof language === 'string' && !isLanguage(language) ? [finding(`${path}#/language`, 'layer.language', { language })] : []
  return [...zone, ...tag, ...groups.flatMap((group, i) => {
    const names: readonly unknown[] = isObject(group) && Array.isArray(group.entities) ? group.entities : []
    const roles: readonly unknown[] = isObject(group) && Array.isArray(group.roles) ? group.roles : []
    return [
      ...names.flatMap((name, k) =>
        entities.has(String(name)) || Object.hasOwn(documents, `${String(name)}/entity.json`) ? [] : [finding(`${path}#/navigation/${i}/entities/${k}`, 'layer.entity', { entity: String(name) })]),
      ...roles.flatMap((name, k) =>
        Object.hasOwn(documents, `roles/${String(name)}.json`) ? [] : [finding(`${path}#/navigation/${i}/roles/${k}`, 'layer.role', { role: String(name) })]),
    ]
  })]
}

function distinct(all: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, Finding>()
  for (const one of all) seen.set(`${one.path} ${one.code} ${one.message}`, one)
  return [...seen.values()]
}
