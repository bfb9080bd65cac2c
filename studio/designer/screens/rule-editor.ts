/** When an element of a form is shown or may be changed: clicked together as one question about one field. */
import { html, nothing, type TemplateResult } from 'lit'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { plain } from '../../fields/plain.js'
import { objectOf, textOf } from '../draft/definitions.js'
import { choiceField, entry, shownField } from '../entry.js'
import { pointer } from '../draft/operations.js'
import { comparisons, effects, questionIn, schemaFor, type Comparison, type Question } from './form-rules.js'

export interface RuleEditor {
  readonly entity: UiEntity
  readonly surroundings: Surroundings
  /** The element's rule as the draft has it. */
  readonly rule: JsonObject | undefined
  /** Where its text is edited. */
  readonly address: string
  readonly change: (rule: JsonObject | undefined) => void
}

export function ruleEditor({ entity, surroundings, rule, address, change }: RuleEditor): TemplateResult {
  const condition = objectOf(rule?.['condition'])
  const question = rule === undefined ? null : questionIn(condition)
  const asked = entity.fields.filter(({ system }) => !system)
  const write = (effect: string, next: Question): void =>
    change({ effect, condition: { scope: `#/properties${pointer(next.field)}`, schema: schemaFor(next) } })
  const effect = textOf(rule?.['effect'])
  const first = asked[0]
  return html`
    ${entry(surroundings, {
      field: choiceField('rule-effect', t('form.rule'), effects.map((name) => [name, t(`form.rule.${name}`)])), value: effect === '' ? null : effect,
      change: (value) => {
        if (value === null || value === '') return effect === '' ? undefined : change(undefined)
        if (typeof value !== 'string' || value === effect) return undefined
        if (rule !== undefined) return change({ ...rule, effect: value })
        if (first !== undefined) write(value, { field: first.key, comparison: 'filled', values: [] })
      },
    })}
    ${rule === undefined ? nothing : question === null ? html`<p class="quiet form-kept">${t('form.ruleKept')} <a href=${address}>${t('form.asText')}</a></p>` : questionEditor(question, (next) => write(effect, next))}
  `

  function questionEditor(now: Question, put: (next: Question) => void): TemplateResult {
    const field = entity.fields.find(({ key }) => key === now.field)
    const numeric = field?.measures.includes('sum') === true
    const offered = comparisons.filter((name) => numeric || (name !== 'atLeast' && name !== 'atMost'))
    return html`
      ${entry(surroundings, {
        field: choiceField('rule-field', t('list.filterField'), asked.map(({ key, title }) => [key, title]), true), value: now.field,
        change: (value) => { if (typeof value === 'string' && value !== '' && value !== now.field) put({ field: value, comparison: 'filled', values: [] }) },
      })}
      ${entry(surroundings, {
        field: choiceField('rule-comparison', t('list.filterOperator'), offered.map((name) => [name, t(`form.compare.${name}`)]), true), value: now.comparison,
        change: (value) => { if (isComparison(value) && value !== now.comparison) put({ ...now, comparison: value, values: value === 'is' || value === 'isNot' ? (now.values.length > 0 ? now.values : firstValue()) : [0] }) },
      })}
      ${now.comparison === 'filled' || now.comparison === 'empty' ? nothing : valueInput()}
    `

    function firstValue(): readonly Json[] {
      const [step] = field === undefined ? [] : (viewOf(field.type).steps?.(field) ?? [])
      return [step?.value ?? '']
    }

    function valueInput(): TemplateResult {
      const set = (value: Json): void => {
        const values = Array.isArray(value) ? (value as readonly Json[]) : value === null ? [] : [value]
        if (values.length > 0 && JSON.stringify(values) !== JSON.stringify(now.values)) put({ ...now, values })
      }
      const several = field !== undefined && viewOf(field.type).steps !== undefined && (now.comparison === 'is' || now.comparison === 'isNot')
      if (several) {
        const steps = viewOf(field.type).steps?.(field) ?? []
        return entry(surroundings, {
          field: { ...choiceField('rule-values', t('list.filterValue'), steps.map(({ value, label }) => [plain(value), label])), type: 'multiSelect' }, value: now.values.map(plain),
          change: (chosen) => set(Array.isArray(chosen) ? steps.flatMap(({ value }) => (chosen.includes(plain(value)) ? [value] : [])) : null),
        })
      }
      const input = field === undefined || isObject(now.values[0]) ? shownField('rule-value', t('list.filterValue'), 'text') : { ...field, key: 'rule-value', title: t('list.filterValue'), required: false, createable: true, updateable: true }
      return entry(surroundings, { field: input, value: now.values[0] ?? null, change: set })
    }
  }
}

const isComparison = (value: Json): value is Comparison => comparisons.some((name) => name === value)
