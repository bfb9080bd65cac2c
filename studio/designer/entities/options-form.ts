/** The form for a field type's own options, drawn from the schema that the engine publishes. Knows no type. */
import { html, nothing, type TemplateResult } from 'lit'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { fieldsOf } from '../../fields/json-shape.js'
import { listOf, textOf, titleFrom, type EntityDefinition } from '../draft/definitions.js'
import { choiceField, entry } from '../entry.js'
import type { Option } from './type-options.js'
import { textFor } from '../words.js'

export interface OptionsForm {
  readonly surroundings: Surroundings
  readonly entities: readonly EntityDefinition[]
  readonly options: readonly Option[]
  readonly value: (option: Option) => Json | undefined
  readonly error: (option: Option) => string
  readonly change: (option: Option, value: Json | undefined) => void
}

/** Common options first; rare ones behind a fold, open when one of them is set. */
export function optionsForm(form: OptionsForm): TemplateResult {
  const rare = form.options.filter((option) => option.rare)
  return html`
    ${form.options.filter((option) => !option.rare).map((option) => optionInput(form, option))}
    ${rare.length === 0 ? nothing : html`
      <details class="more-options" ?open=${rare.some((option) => form.value(option) !== undefined || form.error(option) !== '')}>
        <summary>${t('designer.moreOptions')}</summary>
        <div class="panel-fields">${rare.map((option) => optionInput(form, option))}</div>
      </details>
    `}
  `
}

function optionInput(form: OptionsForm, option: Option): TemplateResult {
  const help = textFor(`designer.optionHelp.${option.name}${option.entry === 'entities' ? 'Several' : ''}`, textOf(option.schema['description']))
  return entry(form.surroundings, {
    field: optionField(option, form.entities),
    value: form.value(option) ?? null,
    help: hint(option, help),
    error: form.error(option),
    change: (value) => form.change(option, value === null || value === '' || (option.entry === 'entities' && Array.isArray(value) && value.length === 0) ? undefined : value),
  })
}

/** The help, and what holds when nothing is entered. */
function hint(option: Option, help: string): string {
  const standard = option.schema['default']
  if (standard === undefined || typeof standard === 'object') return help
  const shown = textFor(`designer.value.${option.name}.${String(standard)}`, String(standard))
  return `${help} ${t('designer.standard', { value: shown })}`.trim()
}

function optionField(option: Option, entities: readonly EntityDefinition[]): UiField {
  const title = textFor(`designer.option.${option.name}`, textOf(option.schema['title']) || titleFrom(option.name))
  if (option.entry === 'entity') return choiceField(option.name, title, entities.filter(({ archived }) => !archived).map((entity) => [entity.name, entity.title]), option.required)
  if (option.entry === 'entities') return { ...choiceField(option.name, title, entities.filter(({ archived }) => !archived).map((entity) => [entity.name, entity.title]), option.required), type: 'multiSelect' }
  const listed = listOf(option.schema['enum']).flatMap((value) => (typeof value === 'string' ? [value] : []))
  if (listed.length > 0) return choiceField(option.name, title, listed.map((value) => [value, textFor(`designer.value.${option.name}.${value}`, titleFrom(value))]), option.required)
  const [made] = fieldsOf({ properties: { [option.name]: bare(option.schema) } })
  // A schema with one property gives one field.
  if (made === undefined) throw new Error(`The option ${option.name} has no input`)
  return { ...made, title, required: option.required }
}

/** Limits stay with the engine's check: an input that refuses letters while typing only confuses. */
const bare = ({ $comment: _place, maxLength: _longest, ...schema }: JsonObject): JsonObject => schema
