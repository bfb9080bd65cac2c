/** Forms that are asked outside of a record, as the studio draws them. Pure. */
import { isObject } from '../../metadata/contract/json.js'
import type { UiAction, UiField } from '../../metadata/contract/ui-model.js'
import { askedForm, type AskedForm } from '../model/workflows/asked-form.js'
import type { Entity, Model } from '../model/model.js'
import { formOf, startersOf, subjectOf } from '../model/workflows/buttons.js'
import { pointer } from '../model/paths.js'
import type { Access } from '../permissions/access.js'
import { translated, type Translate } from './texts.js'

/** The fields with their texts in the reader's language. A field that points to what the reader may not know offers nothing. */
export function askedFields({ fields }: AskedForm, { translate, document, place }: { readonly translate: Translate; readonly document: string; readonly place: string }, access: Access): readonly UiField[] {
  return [...fields.values()].map((field): UiField => {
    const at = `${place}/properties${pointer(field.key)}`
    const options = translated(field.options, document, `${at}/crm`, translate)
    const to = field.link !== null && access.entity(field.link.to) !== undefined ? field.link.to : undefined
    const help = translate(document, `${at}/description`, field.help)
    return {
      key: field.key, title: translate(document, `${at}/title`, field.title), ...(help === '' ? {} : { help }), type: field.type.name, options: isObject(options) ? options : {}, required: field.required,
      createable: true, updateable: true, masked: false, system: false, operators: [], sortable: false, measures: [], buckets: [],
      ...(field.default === undefined ? {} : { default: field.default }), ...(to === undefined ? {} : { to }),
    }
  })
}

/** The workflows that the reader may start by hand on records of an entity, by title. */
export function describeActions(model: Model, access: Access, entity: Entity, translate: Translate): { readonly actions?: readonly UiAction[] } {
  const actions = [...model.workflows].flatMap(([name, definition]): readonly UiAction[] => {
    if (subjectOf(definition) !== entity.name || !(access.design || startersOf(definition).some((role) => access.roles.has(role)))) return []
    const document = `workflows/${name}.json`
    const form = formOf(definition)
    const title = translate(document, '/document/title', definition.document.title ?? definition.document.name)
    return [{ name, title, fields: form === null ? [] : askedFields(askedForm(form), { translate, document, place: '/document/metadata/form' }, access) }]
  })
  return actions.length === 0 ? {} : { actions: actions.toSorted((a, b) => (a.title < b.title ? -1 : 1)) }
}
