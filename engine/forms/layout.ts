/** Forms as one caller sees them: the pack's own with what is not theirs left out, or a sensible one made from the fields. */
import type { FormDefinition, FormElement } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { UiField, UiFormElement, UiRelation } from '../../metadata/contract/ui-model.js'
import { scopeKey } from '../model/paths.js'
import type { Translate } from './texts.js'

interface Visible {
  readonly fields: readonly UiField[]
  readonly relations: readonly UiRelation[]
  /** True when `path` may be a column of a list of `entity`. */
  mayShow(entity: string, path: string): boolean
}

const containers: ReadonlySet<string> = new Set(['VerticalLayout', 'HorizontalLayout', 'Group', 'Categorization', 'Category'])

/** The form with texts translated and everything left out that the caller does not see, empty groups included. */
export function pruneForm(form: FormDefinition, path: string, visible: Visible, translate: Translate): UiFormElement {
  return pruneElement(form, '', path, visible, translate) ?? { type: 'VerticalLayout', elements: [] }
}

function pruneElement(element: FormElement, place: string, path: string, visible: Visible, translate: Translate): UiFormElement | undefined {
  if (element.type === 'Control' && !sees(visible, element.scope)) return undefined
  const relation = element.type === 'RelatedList' ? visible.relations.find((one) => one.name === element.options?.relation) : undefined
  if (element.type === 'RelatedList' && relation === undefined) return undefined
  const elements = Array.isArray(element.elements)
    ? element.elements.flatMap((inner, i) => (isObject(inner) ? [pruneElement(inner, `${place}/elements/${i}`, path, visible, translate)] : [])).filter((inner) => inner !== undefined)
    : undefined
  if (containers.has(element.type) && (elements === undefined || elements.length === 0)) return undefined
  const rule = isObject(element.rule?.condition) && sees(visible, element.rule.condition.scope) ? element.rule : undefined
  const options = optionsOf(element, relation, visible)
  return {
    type: element.type,
    ...(typeof element.label === 'string' ? { label: translate(path, `${place}/label`, element.label) } : {}),
    ...(typeof element.text === 'string' ? { text: translate(path, `${place}/text`, element.text) } : {}),
    ...(typeof element.scope === 'string' ? { scope: element.scope } : {}),
    ...(options === undefined ? {} : { options }),
    ...(rule === undefined ? {} : { rule: { effect: rule.effect, condition: { scope: rule.condition.scope, schema: rule.condition.schema } } }),
    ...(elements === undefined ? {} : { elements }),
  }
}

const sees = (visible: Visible, scope: Json | undefined): boolean => {
  const key = scopeKey(scope)
  return key !== undefined && visible.fields.some((field) => field.key === key)
}

function optionsOf(element: FormElement, relation: UiRelation | undefined, visible: Visible): JsonObject | undefined {
  const options = element.label === false ? { ...element.options, label: false } : element.options
  if (relation === undefined || !Array.isArray(options?.columns)) return options
  const columns = (options.columns as readonly Json[]).filter((column) => typeof column === 'string' && visible.mayShow(relation.entity, column))
  const { columns: _all, ...rest } = options
  return columns.length > 0 ? { ...rest, columns } : rest
}

/**
 * A form made from the fields: two columns, required fields first, wide ones alone in their row, related records at the
 * bottom. `wide` tells which fields need the whole width.
 */
export function defaultForm(fields: readonly UiField[], relations: readonly UiRelation[], wide: (key: string) => boolean): UiFormElement {
  const own = fields.filter((field) => !field.system)
  const ordered = [...own.filter((field) => field.required), ...own.filter((field) => !field.required)]
  const narrow = ordered.filter((field) => !wide(field.key))
  const rows: UiFormElement[] = []
  for (let i = 0; i < narrow.length; i += 2) rows.push({ type: 'HorizontalLayout', elements: narrow.slice(i, i + 2).map(control) })
  return {
    type: 'VerticalLayout',
    elements: [...rows, ...ordered.filter((field) => wide(field.key)).map(control), ...relations.map((relation) => ({ type: 'RelatedList', label: relation.title, options: { relation: relation.name } }))],
  }
}

const control = (field: UiField): UiFormElement => ({ type: 'Control', scope: `#/properties/${field.key}` })
