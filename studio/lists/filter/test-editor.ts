/** Field, comparison and value of one test: the same in the form of a chip and in the builder. */
import './test-editor.css'
import '../../fields/inputs.js'
import '@vaadin/button'
import '@vaadin/select'
import { html, nothing, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import type { Operator } from '../../../metadata/contract/operators.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt } from '../../client/model.js'
import { t } from '../../client/i18n.js'
import type { FieldSlot, Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { plain } from '../../fields/plain.js'
import { shownField } from '../../fields/shown-field.js'
import { compared, comparisonLabel, comparisonsOf, isOwnSegment, segmentChoice, testChoices, testOf } from './comparisons.js'
import { isSpan, operatorOf, spanOf, spanUnits, type Comparison, type Test } from './filter-tree.js'
import { canBe, personValue, type PersonValue } from './person-values.js'
import { segmentsAt } from '../segments.js'

export interface TestContext {
  readonly model: UiModel
  readonly entity: UiEntity
  readonly surroundings: Surroundings
  /** Labels are only read out: the place is narrow and says what it is. */
  readonly compact: boolean
  /** What a value can stand for besides: fields of the person who asks, in rules about them. */
  readonly person?: readonly PersonValue[]
}

/**
 * @param read the test as it is at that moment: components tell of values that were only put into them, too
 * @param change called with every edit; a field that is chosen brings its first comparison along
 */
export function testEditor(context: TestContext, read: () => Test | null, change: (test: Test) => void, autofocus = false): TemplateResult {
  const { model, entity, compact } = context
  const test = read()
  const choices = testChoices(model, entity)
  const field = test === null ? undefined : fieldAt(model, entity, test.path)
  const chosen = test === null ? undefined : isOwnSegment(test) ? segmentChoice : test.path
  const label = (text: string): string => (compact ? '' : text)
  return html`
    <vaadin-combo-box class="test-field" .label=${label(t('list.filterField'))} accessible-name=${t('list.filterField')} item-label-path="label" item-value-path="path" item-id-path="path" partial-match-mode="only-match" ?autofocus=${autofocus}
      .items=${choices} .placeholder=${t('field.choose')} .selectedItem=${choices.find(({ path }) => path === chosen) ?? null}
      @selected-item-changed=${(event: CustomEvent<{ value: { path: string } | null | undefined }>) => choose(event.detail.value?.path)}></vaadin-combo-box>
    ${field === undefined || test === null ? nothing : isOwnSegment(test) ? segmentInput(context, field, test, setValue) : html`
      <vaadin-select class="test-comparison" .label=${label(t('list.filterOperator'))} accessible-name=${t('list.filterOperator')} .items=${offered(context, field).map((value) => ({ value, label: comparisonLabel(value, field) }))} .value=${test.comparison}
        @value-changed=${(event: CustomEvent<{ value: string }>) => compare(field, event.detail.value)}></vaadin-select>
      ${isSpan(test.comparison) ? spanInput(context.surroundings, test, setValue) : against(context, field, test, set)}`}
  `

  function choose(path: string | undefined): void {
    const now = read()
    if (path !== undefined && path !== (now !== null && isOwnSegment(now) ? segmentChoice : now?.path) && (path === segmentChoice || fieldAt(model, entity, path) !== undefined)) change({ ...now, ...testOf(model, entity, path) })
  }

  function compare(of: UiField, comparison: string): void {
    const now = read()
    const known = offered(context, of).find((one) => one === comparison)
    if (now !== null && known !== undefined && known !== now.comparison) change(compared(of, now, known))
  }

  function setValue(value: Json): void {
    const now = read()
    if (now !== null) set({ comparison: now.comparison, value })
  }

  function set(next: Pick<Test, 'comparison' | 'value'>): void {
    const now = read()
    if (now !== null && (now.comparison !== next.comparison || JSON.stringify(now.value) !== JSON.stringify(next.value))) change({ ...now, ...next })
  }
}

function valueInput(context: TestContext, field: UiField, test: Test, change: (value: Json) => void): TemplateResult | typeof nothing {
  const operator = operatorOf(test.comparison)
  if (operator === undefined) return nothing
  if (operator === '$segment') return segmentInput(context, field, test, change)
  const { surroundings, compact } = context
  const slot: FieldSlot = { ...surroundings, field, value: test.value, label: compact ? '' : t('list.filterValue'), required: false, disabled: false, error: '', help: '', change, touch: () => {} }
  const view = viewOf(field.type)
  // Where no label stands above it, the value is called so for who cannot see the place.
  return html`<div class="test-value" role=${compact ? 'group' : nothing} aria-label=${compact ? t('list.filterValue') : nothing}>${view.filter?.(slot, operator) ?? view.input(slot)}</div>`
}

/** Segments of the records that are asked about; one that is not offered (any more) is shown by its name. */
function segmentInput({ model, entity, compact }: TestContext, field: UiField, test: Test, change: (value: Json) => void): TemplateResult {
  const value = typeof test.value === 'string' ? test.value : ''
  const known = segmentsAt(model, entity, field).map(({ name, title }) => ({ value: name, label: title }))
  const items = value === '' || known.some((one) => one.value === value) ? known : [...known, { value, label: value }]
  return html`<vaadin-select class="test-value" .label=${compact ? '' : t('segments.one')} accessible-name=${t('segments.one')} .placeholder=${t('field.choose')} .items=${items} .value=${value}
    @value-changed=${(event: CustomEvent<{ value: string }>) => event.detail.value !== '' && change(event.detail.value)}></vaadin-select>`
}

/** A link is one of several records that the person has, though nobody lists records here. */
function offered({ person = [] }: TestContext, field: UiField): readonly Comparison[] {
  const usual = comparisonsOf(field)
  const lists = person.some(({ list }) => list) && field.to !== undefined ? (['$in', '$nin'] as const).filter((one) => field.operators.includes(one) && !usual.includes(one)) : []
  return [...usual, ...lists]
}

const isOfPersonOnly = (field: UiField, comparison: Comparison): boolean => (comparison === '$in' || comparison === '$nin') && !comparisonsOf(field).includes(comparison)

/** The value, and where rules are about people whether it is one of theirs. */
function against(context: TestContext, field: UiField, test: Test, change: (test: Pick<Test, 'comparison' | 'value'>) => void): TemplateResult | typeof nothing {
  const setValue = (value: Json): void => change({ comparison: test.comparison, value })
  if (context.person === undefined) return valueInput(context, field, test, setValue)
  return html`<div class="test-against">${personSelect(context, field, test, change)}${personValue(test.value) === undefined && !isOfPersonOnly(field, test.comparison) ? valueInput(context, field, test, setValue) : nothing}</div>`
}

/** Whether the value is one that is given here, or what the person who asks has; of several that they have, the field is one. */
function personSelect({ person = [] }: TestContext, field: UiField, test: Test, change: (test: Pick<Test, 'comparison' | 'value'>) => void): TemplateResult | typeof nothing {
  const chosen = personValue(test.value)
  const { one, of } = pairOf(test.comparison)
  const fitting = person.filter((value) => value.name === chosen || (canBe(field, value) && (value.list ? of !== undefined && field.operators.includes(of) : one !== undefined)))
  if (fitting.length === 0) return nothing
  const given = isOfPersonOnly(field, test.comparison) ? [] : [{ value: givenHere, label: t('filters.givenHere') }]
  const choose = (name: string): void => {
    const value = fitting.find((known) => known.name === name)
    if (name === '' || value?.name === chosen) return
    change(value === undefined ? { comparison: test.comparison, value: null } : { comparison: (value.list ? of : one) ?? test.comparison, value: `$user.${name}` })
  }
  return html`<vaadin-select class="test-person" accessible-name=${t('filters.comparedWith')} .placeholder=${t('field.choose')} .items=${[...given, ...fitting.map(({ name, label }) => ({ value: name, label }))]} .value=${chosen ?? (given.length === 0 ? '' : givenHere)}
    @value-changed=${(event: CustomEvent<{ value: string }>) => choose(event.detail.value)}></vaadin-select>`
}

/** No key of a field. */
const givenHere = '='

/** How a comparison is called with one value, and with several. */
function pairOf(comparison: Comparison): { readonly one?: Comparison; readonly of?: Operator } {
  if (comparison === '$eq' || comparison === '$in') return { one: '$eq', of: '$in' }
  if (comparison === '$ne' || comparison === '$nin') return { one: '$ne', of: '$nin' }
  return operatorOf(comparison) === undefined ? {} : { one: comparison }
}

/** A number of days, weeks, months or years. */
function spanInput(surroundings: Surroundings, { value }: Test, change: (value: Json) => void): TemplateResult {
  const count = spanOf(value)?.count ?? null
  const unit = spanUnits.find((one) => typeof value === 'string' && value.endsWith(one)) ?? 'd'
  // While there is no number that counts days, the unit alone stands there: it is no length of time, and the test not complete.
  const set = (nextCount: Json, nextUnit: string): void => {
    const next = `${plain(nextCount)}${nextUnit}`
    change(spanOf(next) === undefined ? nextUnit : next)
  }
  return html`
    <div class="test-span">
      ${viewOf('integer').input({ ...surroundings, field: shownField('count', t('list.filterValue'), 'integer', { minimum: 1, maximum: 9999 }), value: count, label: '', required: false, disabled: false, error: '', help: '', change: (next) => set(next, unit), touch: () => {} })}
      <vaadin-select accessible-name=${t('filters.unit')} .items=${spanUnits.map((value) => ({ value, label: t(`filters.unit.${value}`) }))} .value=${unit} @value-changed=${(event: CustomEvent<{ value: string }>) => event.detail.value !== '' && set(count, event.detail.value)}></vaadin-select>
    </div>
  `
}
