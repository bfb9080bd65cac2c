/** Do lists and forms name what exists? */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { Problem, type Finding } from '../errors.js'
import { finding } from '../model/findings.js'
import type { Documents, Entity, Field, Model } from '../model/model.js'
import { placeOf } from '../model/parts.js'
import { pointer, scopeKey } from '../model/paths.js'
import { fallsOnDays, holdsPictures, isGroupable, isMeasurable, isPlace, makesRows, measureOf, stepsOf, type MeasureDefinition } from '../model/view.js'
import { resolve, unrestricted } from '../model/conditions/resolve.js'

/** Findings of a view. Archived fields may still be named. */
export const viewFindings = (path: string, view: JsonObject, entity: Entity, model: Model): readonly Finding[] => [
  ...listFindings(`${path}#`, view, entity, model),
  ...roleFindings(path, view, model.documents),
  ...boardFindings(path, view, entity, model.documents),
  ...keyFindings(`${path}#/calendar`, view.calendar, entity, model.documents, { by: days, end: days, color: colors }),
  ...keyFindings(`${path}#/timeline`, view.timeline, entity, model.documents, { by: days, end: days, group: { code: 'view.rows', fits: makesRows }, color: colors }),
  ...keyFindings(`${path}#/map`, view.map, entity, model.documents, { at: { code: 'view.map', fits: isPlace }, color: colors }),
  ...keyFindings(`${path}#/gallery`, view.gallery, entity, model.documents, { picture: { code: 'view.gallery', fits: holdsPictures } }),
  ...chartFindings(`${path}#/chart`, view.chart, entity, model),
  ...pivotFindings(`${path}#/pivot`, view.pivot, entity, model),
]

/** Findings of the roles that a view or form is for. */
const roleFindings = (path: string, { roles }: JsonObject, documents: Documents): readonly Finding[] =>
  (Array.isArray(roles) ? (roles as readonly Json[]) : []).flatMap((role, i) => (typeof role !== 'string' || Object.hasOwn(documents, `roles/${role}.json`) ? [] : [finding(`${path}#/roles/${i}`, 'screen.role', { role })]))

/** Findings of what a list is asked by, at a place: columns (also over references: `store.name`), order, groups, totals, filter. */
export function listFindings(at: string, view: JsonObject, entity: Entity, model: Model): readonly Finding[] {
  const columns = (Array.isArray(view.columns) ? (view.columns as readonly Json[]) : []).flatMap((column, i) =>
    typeof column === 'string' && fieldAt(column, entity, model) === undefined ? [finding(`${at}/columns/${i}`, 'view.field', { field: column })] : [])
  const groups = (Array.isArray(view.groupBy) ? (view.groupBy as readonly Json[]) : []).flatMap((text, i) => groupFindings(`${at}/groupBy/${i}`, text, entity, model))
  const totals = Object.entries(isObject(view.totals) ? view.totals : {}).flatMap(([key, measure]) => totalFindings(`${at}/totals${pointer(key)}`, key, measure, entity, model))
  return [...columns, ...sortFindings(`${at}/sort`, view, entity, model.documents), ...groups, ...totals, ...filterFindings(`${at}/filter`, view.filter, entity, model)]
}

/** Findings of what records are grouped by. */
export const groupFindings = (at: string, text: Json | undefined, entity: Entity, model: Model): readonly Finding[] =>
  typeof text !== 'string' || isGroupable(entity, text, (name) => model.entities.get(name)) || fieldAt(text.split(':')[0] ?? '', entity, model) === 'resting' ? [] : [finding(at, 'view.group', { field: text })]

/** Findings of a field of the entity's own that is summed up. */
export const totalFindings = (at: string, key: string, measure: Json | undefined, entity: Entity, model: Model): readonly Finding[] =>
  typeof measure !== 'string' || isMeasurable(entity, key, measure) || fieldAt(key, entity, model) === 'resting' ? [] : [finding(at, 'view.total', { field: key, measure })]

/** True for what the entity has as a field: in use, put away, or with a finding of its own, which then says enough. */
export const isDeclared = (entity: Entity, key: string, documents: Documents): boolean => {
  const properties = documents[`${entity.name}/entity.json`]?.properties
  return entity.fields.has(key) || (isObject(properties) && Object.hasOwn(properties, key))
}

/** The field at a path of keys, `resting` when it is declared and not in use, or undefined. */
export function fieldAt(path: string, entity: Entity, model: Model): Field | 'resting' | undefined {
  const [key = '', ...rest] = path.split('.')
  const field = entity.fields.get(key)
  if (field === undefined) return isDeclared(entity, key, model.documents) ? 'resting' : undefined
  if (rest.length === 0) return field
  if (field.link === null) return placeOf(entity, path)?.field
  const target = model.entities.get(field.link.to)
  return target === undefined ? undefined : fieldAt(rest.join('.'), target, model)
}

function sortFindings(at: string, view: JsonObject, entity: Entity, documents: Documents): readonly Finding[] {
  const keys = typeof view.sort === 'string' ? view.sort.split(',').map((key) => key.trim().replace(/^-/, '')) : []
  return keys.flatMap((key) => {
    const field = placeOf(entity, key)?.field
    const fine = field === undefined ? isDeclared(entity, key.split('.')[0] ?? '', documents) : field.targets !== null || field.type.sortColumn(field.options) !== null
    return fine ? [] : [finding(at, 'view.sort', { field: key })]
  })
}

/** Findings of what is measured: of a field of the entity's own that can be summed up so. */
export function measureFindings(at: string, definition: MeasureDefinition | undefined, entity: Entity, model: Model): readonly Finding[] {
  const { measure, field } = measureOf(definition)
  return field === null ? [] : totalFindings(`${at}/${measure}`, field, measure, entity, model)
}

/** Findings of a chart, which has the right shape. */
export function chartFindings(at: string, chart: Json | undefined, entity: Entity, model: Model): readonly Finding[] {
  if (!isObject(chart)) return []
  return [...groupFindings(`${at}/by`, chart.by, entity, model), ...groupFindings(`${at}/series`, chart.series, entity, model), ...measureFindings(`${at}/measure`, chart.measure as MeasureDefinition | undefined, entity, model)]
}

export function pivotFindings(at: string, pivot: Json | undefined, entity: Entity, model: Model): readonly Finding[] {
  if (!isObject(pivot)) return []
  const groups = (name: 'rows' | 'columns'): readonly Finding[] => (Array.isArray(pivot[name]) ? (pivot[name] as readonly Json[]) : []).flatMap((text, i) => groupFindings(`${at}/${name}/${i}`, text, entity, model))
  return [...groups('rows'), ...groups('columns'), ...measureFindings(`${at}/measure`, pivot.measure as MeasureDefinition | undefined, entity, model)]
}

function boardFindings(path: string, view: JsonObject, entity: Entity, documents: Documents): readonly Finding[] {
  if (!isObject(view.board) || typeof view.board.by !== 'string') return []
  const { by, limits } = view.board
  const steps = stepsOf(entity, by)
  if (steps === undefined) return !entity.fields.has(by) && isDeclared(entity, by, documents) ? [] : [finding(`${path}#/board/by`, 'view.board', { field: by })]
  return Object.keys(isObject(limits) ? limits : {}).flatMap((value) =>
    steps.includes(value) ? [] : [finding(`${path}#/board/limits${pointer(value)}`, 'view.limit', { value, field: by })])
}

/** What a member of a view must name a field for. */
interface Needed {
  readonly code: 'view.calendar' | 'view.color' | 'view.rows' | 'view.map' | 'view.gallery'
  readonly fits: (entity: Entity, key: string) => boolean
}
const days: Needed = { code: 'view.calendar', fits: fallsOnDays }
const colors: Needed = { code: 'view.color', fits: (entity, key) => stepsOf(entity, key) !== undefined }

/** Findings of members that name fields of the entity's own. */
function keyFindings(at: string, part: Json | undefined, entity: Entity, documents: Documents, needed: Readonly<Record<string, Needed>>): readonly Finding[] {
  if (!isObject(part)) return []
  return Object.entries(needed).flatMap(([name, { code, fits }]) => {
    const key = part[name]
    return typeof key !== 'string' || fits(entity, key) || (!entity.fields.has(key) && isDeclared(entity, key, documents)) ? [] : [finding(`${at}/${name}`, code, { field: key })]
  })
}

/** Findings of a condition. */
export function filterFindings(at: string, filter: Json | undefined, entity: Entity, model: Model): readonly Finding[] {
  const reason = isObject(filter) ? conditionProblem(model, entity.name, filter) : undefined
  return reason === undefined ? [] : [finding(at, 'view.filter', { reason })]
}

/** Why a condition cannot be used on an entity, as a sentence, or undefined. */
export function conditionProblem(model: Model, entity: string, condition: JsonObject): string | undefined {
  try {
    resolve(model, entity, condition, unrestricted(model), '')
    return undefined
  } catch (error) {
    if (error instanceof Problem) return `${error.problems[0]?.message ?? error.message}.`.replace(/\.\.$/, '.')
    throw error
  }
}

/** Findings of a form: every scope is a field of the entity, every related list one of its relations. What is put away may still be named. */
export function formFindings(path: string, form: JsonObject, entity: Entity, documents: Documents): readonly Finding[] {
  const found: Finding[] = []
  const walk = (element: JsonObject, at: string): void => {
    if (element.type === 'Control') checkScope(element.scope, `${at}/scope`)
    if (element.type === 'RelatedList') checkRelation(element, at)
    const condition = isObject(element.rule) ? element.rule.condition : undefined
    if (isObject(condition)) checkScope(condition.scope, `${at}/rule/condition/scope`)
    const inner = Array.isArray(element.elements) ? (element.elements as readonly Json[]) : []
    for (const [i, child] of inner.entries()) if (isObject(child)) walk(child, `${at}/elements/${i}`)
  }
  const checkScope = (scope: Json | undefined, at: string): void => {
    const key = scopeKey(scope)
    if (key === undefined || !isDeclared(entity, key, documents)) found.push(finding(at, 'form.field', { scope: typeof scope === 'string' ? scope : '' }))
  }
  const checkRelation = (element: JsonObject, at: string): void => {
    const relation = isObject(element.options) ? element.options.relation : undefined
    if (typeof relation !== 'string' || !(entity.relations.has(relation) || isPutAway(documents, entity.name, relation))) found.push(finding(`${at}/options`, 'form.relation', { relation: typeof relation === 'string' ? relation : '' }))
  }
  walk(form, `${path}#`)
  return [...found, ...roleFindings(path, form, documents)]
}

/** True when an archived field, or one of an archived entity, would give `entity` this list of related records. */
function isPutAway(documents: Documents, entity: string, relation: string): boolean {
  return Object.entries(documents).some(([path, document]) => {
    if (!path.endsWith('/entity.json') || !isObject(document.properties)) return false
    const archived = isObject(document.crm) && document.crm.archived === true
    return Object.values(document.properties).some((property) => {
      const crm = isObject(property) && isObject(property.crm) ? property.crm : {}
      return crm.inverse === relation && crm.to === entity && (archived || crm.archived === true)
    })
  })
}
