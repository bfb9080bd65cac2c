/** The form of a call to a function of the product, drawn from the schema of its catalogue. Knows no function. */
import { html, nothing, type TemplateResult } from 'lit'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { hasText, language, listed, t } from '../../client/i18n.js'
import { listOf, objectOf, textOf, titleFrom, translated, type EntityDefinition, type WorkflowFunction } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { choiceField, entry, shownField } from '../entry.js'
import './asked-form-editor.js'
import { jsonPart } from './json-part.js'
import { isInLanguages, isList, isPlain } from './several.js'
import { parameterHelp, parameterTitle, stillToSay } from './parameters.js'
import type { PanelContext } from './panel-context.js'
import { durationForm } from './plain-forms.js'
import { recordFilter } from './record-filter.js'
import { transitionTitle } from '../workflows/sentences.js'
import type { Source } from '../workflows/sources.js'
import { rolesOf } from '../workflows/workflows.js'
import { languagesForm, listForm, moreLanguages, oneMore, valueInput, type SeveralForm } from './several-form.js'
import { isExpression } from './tests.js'
import { valuesForm } from './values-form.js'

export function callForm(context: PanelContext, call: WorkflowFunction): TemplateResult {
  const required = listOf(call.with['required'])
  const given = objectOf(context.step.task['with'])
  const known = objectOf(call.with['properties'])
  const others = Object.keys(given).filter((key) => !Object.hasOwn(known, key))
  const missing = stillToSay(call, given)
  const at = missing.length > 0 ? t('process.stillToSay', { what: listed(missing.map((name) => t('process.say.quoted', { text: name }))) }) : context.error('/with')
  const parameters = Object.entries(known).map(([key, schema]) => [key, objectOf(schema)] as const)
  const [shown, rare] = [false, true].map((wanted) => parameters.filter(([, schema]) => (schema['rare'] === true) === wanted)) as [typeof parameters, typeof parameters]
  const draw = ([key, schema]: (typeof parameters)[number]): TemplateResult | typeof nothing => parameter({ context, call: call.name, key, schema, required: required.includes(key), given })
  return html`
    ${at === '' ? nothing : html`<p class="panel-error" role="alert">${at}</p>`}
    ${shown.map(draw)}
    ${rare.length === 0 ? nothing : html`<details class="more-options" ?open=${rare.some(([key]) => given[key] !== undefined || context.error(`/with/${key}`) !== '')}><summary>${t('process.moreWays')}</summary><div class="panel-fields">${rare.map(draw)}</div></details>`}
    ${others.map((key) => jsonPart(context, titleFrom(key), ['with', key]))}
  `
}

interface Parameter {
  readonly context: PanelContext
  readonly call: string
  readonly key: string
  readonly schema: JsonObject
  readonly required: boolean
  readonly given: JsonObject
}

const titleOf = ({ call, key, schema }: Parameter): string => parameterTitle(call, key, schema)
const helpOf = ({ call, key, schema }: Parameter): string => parameterHelp(call, key, schema)

type Draw = (parameter: Parameter) => TemplateResult | typeof nothing

/** By `format` of the schema. */
const drawings: Readonly<Record<string, Draw>> = {
  entity: (one) => entityChoice(one),
  values: (one) => {
    const entity = entityOf(one)
    return entity === undefined ? nothing : valuesForm(one.context, ['with', one.key], titleOf(one), entity)
  },
  condition: (one) => {
    const entity = entityOf(one)
    return entity === undefined ? nothing : recordFilter(one.context, ['with', one.key], titleOf(one), entity)
  },
  order: (one) => orderChoice(one),
  field: (one) => fieldChoice(one),
  named: (one) => namedForm(one),
  transition: (one) => transitionChoice(one),
  record: (one) => valueOf(one, shownField(one.key, titleOf(one), 'integer', {}, one.required), recordSources(one)),
  user: (one) => valueOf(one, shownField(one.key, titleOf(one), 'reference', { to: 'user' }, one.required), one.context.sources.filter(({ record }) => record === 'user')),
  role: (one) => choice(one, rolesOf(one.context.desk.design, language.value)),
  calendar: (one) => choice(one, calendarsOf(one.context.wording.documents)),
  duration: (one) => durationForm({ ...one.context, set: (member, value) => one.context.set(member, objectOf(value)['seconds'] === 0 && Object.keys(objectOf(value)).length === 1 ? undefined : value) }, ['with', one.key], titleOf(one)),
  form: ({ context, ...one }) => html`<fieldset class="row-group"><legend>${titleOf({ context, ...one })}</legend>
    <asked-form-editor .desk=${context.desk} .place=${{ path: context.wording.path, keys: [...context.step.keys, 'with', one.key] }}></asked-form-editor></fieldset>`,
  moment: (one) => valueOf(one, shownField(one.key, titleOf(one), 'date', {}, one.required)),
  long: (one) => valueOf(one, shownField(one.key, titleOf(one), 'longText', {}, one.required)),
}

/** The entity that the parameters beside name; a function that has none works on what its name says. */
const entityOf = ({ context, call, given }: Parameter): EntityDefinition | undefined => context.entity(given['entity'] ?? (call === 'crm.task' ? undefined : '')) ?? (call === 'crm.task' ? context.entity('task') : undefined)

function parameter(one: Parameter): TemplateResult | typeof nothing {
  const draw = drawings[textOf(one.schema['format'])]
  if (draw !== undefined) return draw(one)
  const known = listOf(one.schema['enum']).flatMap((value) => (typeof value === 'string' ? [value] : []))
  if (known.length > 0) return choice(one, known.map((value) => [value, hasText(`process.value.${value}`) ? t(`process.value.${value}` as 'process.value.all') : titleFrom(value)]))
  const type = plainTypes[textOf(one.schema['type'])]
  if (type === undefined && one.schema['several'] !== true && one.schema['languages'] !== true && !isPlain(one.given[one.key])) return jsonPart(one.context, titleOf(one), ['with', one.key])
  return valueOf(one, shownField(one.key, titleOf(one), type ?? 'text', {}, one.required))
}

const plainTypes: Readonly<Record<string, string>> = { string: 'text', integer: 'integer', number: 'decimal', boolean: 'boolean' }
function valueOf(one: Parameter, field: UiField, sources: readonly Source[] = one.context.sources): TemplateResult {
  const { context, key, given, schema } = one
  const value = given[key]
  const form: SeveralForm = { context, key, field, sources, help: helpOf(one), error: one.required && value === '' ? '' : context.error(`/with/${key}`) }
  if (schema['languages'] === true && isInLanguages(value)) return languagesForm(form, value)
  if (schema['several'] === true && isList(value)) return listForm(form, value)
  if (!isPlain(value)) return jsonPart(context, field.title, ['with', key])
  const more = schema['languages'] === true && !isExpression(value) ? moreLanguages(form, value) : schema['several'] === true ? oneMore(form, value) : nothing
  return html`${valueInput(form, field, value, form.help, (next) => context.set(['with', key], next ?? (one.required ? '' : undefined)))}${more}`
}

const calendarsOf = (documents: Documents): readonly (readonly [string, string])[] =>
  Object.entries(documents).flatMap(([path, calendar]) => {
    const [, name] = /^calendars\/(\w+)\.json$/.exec(path) ?? []
    return name === undefined ? [] : [[name, translated(documents, language.value, path, '/title') || textOf(calendar['title']) || titleFrom(name)] as const]
  })

const recordSources = (one: Parameter): readonly Source[] => {
  const entity = textOf(one.given['entity'])
  const fitting = one.context.sources.filter(({ record }) => record !== '' && (entity === '' || record === entity))
  return fitting.length > 0 ? fitting : one.context.sources.filter(({ record }) => record !== '')
}

/** Another entity has other fields: what was said about the one before goes. */
function entityChoice(one: Parameter): TemplateResult {
  const { context, key, given } = one
  const entities = context.wording.entities.filter(({ archived }) => !archived)
  return entry(context.surroundings, {
    field: choiceField(key, titleOf(one), entities.map(({ name, title }) => [name, title]), one.required), value: given[key] ?? null, error: context.error(`/with/${key}`),
    change: (value) => {
      if (value === given[key] || (value === null && given[key] === undefined)) return
      const { values, filter, sort: _sort, ...kept } = given
      context.set(['with'], { ...kept, ...(values === undefined ? {} : { values: {} }), ...(filter === undefined ? {} : { filter: {} }), [key]: value ?? '' })
    },
  })
}

function choice(one: Parameter, choices: readonly (readonly [string, string])[]): TemplateResult {
  const { context, key, given } = one
  if (isExpression(given[key])) return valueOf(one, shownField(key, titleOf(one), 'text', {}, one.required))
  return entry(context.surroundings, { field: choiceField(key, titleOf(one), choices, one.required), value: given[key] ?? null, error: context.error(`/with/${key}`), change: (value) => context.set(['with', key], value ?? (one.required ? '' : undefined)) })
}

function orderChoice(one: Parameter): TemplateResult | typeof nothing {
  const entity = entityOf(one)
  if (entity === undefined) return nothing
  const fields = entity.fields.filter(({ archived }) => !archived)
  const given = textOf(one.given[one.key])
  const known = [['-id', t('process.newest')] as const, ...fields.flatMap(({ key, title }) => [[key, t('process.ascending', { field: title })] as const, [`-${key}`, t('process.descending', { field: title })] as const])]
  return choice(one, given === '' || known.some(([value]) => value === given) ? known : [...known, [given, given]])
}

/** Fields of the entity beside, of those that the function asks for: the schema says of which type they are, or where they lead. */
function fieldChoice(one: Parameter): TemplateResult | typeof nothing {
  const entity = entityOf(one)
  if (entity === undefined) return nothing
  const { fits } = one.schema
  const given = textOf(one.given[one.key])
  const known = entity.fields.filter(({ archived, type, to }) => !archived && (fits === type || fits === to)).map(({ key, title }) => [key, title] as const)
  return choice(one, given === '' || known.some(([key]) => key === given) ? known : [...known, [given, given]])
}

/** A value for each name that the texts beside have in braces, and for those that were given before. */
function namedForm(one: Parameter): TemplateResult | typeof nothing {
  const { context, key, given } = one
  const values = objectOf(given[key])
  const names = [...new Set([...namesInTexts(given), ...Object.keys(values)])]
  if (names.length === 0) return nothing
  const put = (name: string, value: Json | undefined): void => {
    const { [name]: _before, ...others } = values
    const next = value === undefined ? others : { ...others, [name]: value }
    context.set(['with', key], Object.keys(next).length === 0 ? undefined : next)
  }
  return html`<fieldset class="row-group"><legend>${titleOf(one)}</legend>
    ${names.map((name) => (isPlain(values[name])
      ? html`<value-editor .surroundings=${context.surroundings} .field=${shownField(name, `{${name}}`, 'text')} .value=${values[name]} .sources=${context.sources} .functions=${context.desk.design.published.functions} .error=${context.error(`/with/${key}/${name}`)}
          @value=${(event: CustomEvent<Json | undefined>) => put(name, event.detail)}></value-editor>`
      : jsonPart(context, `{${name}}`, ['with', key, name])))}
  </fieldset>`
}

/** `Dear {name}` → `name`, in each language that a text is written in. An expression, `${name}`, is no such place. */
const namesInTexts = (given: JsonObject): readonly string[] =>
  Object.values(given).flatMap((text) => (isObject(text) ? Object.values(text) : [text])).flatMap((text) => (typeof text === 'string' ? [...text.matchAll(/(?<!\$)\{(\w+)\}/g)].map(([, name = '']) => name) : []))

function transitionChoice(one: Parameter): TemplateResult {
  const entity = textOf(one.given['entity'])
  const { documents } = one.context.wording
  const names = [...new Set(Object.values(objectOf(documents[`${entity}/lifecycle.json`]?.['states'])).flatMap((state) => Object.keys(objectOf(objectOf(state)['on']))))]
  return choice(one, names.map((name) => [name, transitionTitle(documents, entity, name)]))
}
