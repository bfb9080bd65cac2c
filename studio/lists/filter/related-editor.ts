/** What is asked of related records: which, how they are measured, and with what that is compared. */
import '../../fields/inputs.js'
import '@vaadin/select'
import { html, nothing, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import type { Operator } from '../../../metadata/contract/operators.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldOf } from '../../client/model.js'
import { t } from '../../client/i18n.js'
import type { FieldSlot, Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { shownField } from '../../fields/shown-field.js'
import { measureComparisons, measuredFields, relatedMeasures, relationAt, relationChoices } from './comparisons.js'
import { everything, isQuantifier, type Related } from './filter-tree.js'

interface RelatedContext {
  readonly model: UiModel
  readonly entity: UiEntity
  readonly surroundings: Surroundings
}

/** @param read what stands there now; @param change called with every edit */
export function relatedEditor({ model, entity, surroundings }: RelatedContext, read: () => Related | null, change: (next: Related) => void): TemplateResult | typeof nothing {
  const now = read()
  if (now === null) return nothing
  const target = relationAt(model, entity, now.path)?.target
  const set = (changes: Partial<Related>): void => {
    const before = read()
    if (before !== null && Object.entries(changes).some(([key, value]) => before[key as keyof Related] !== value)) change({ ...before, ...changes })
  }
  const relations = relationChoices(model, entity).map(({ path, label }) => ({ value: path, label }))
  const measures = relatedMeasures.filter((measure) => target === undefined || isQuantifier(measure) || measure === '$count' || measuredFields(target, measure).length > 0)
  return html`
    ${choice(t('filters.ask'), measures.map((value) => ({ value, label: t(`filters.ask.${value}`) })), now.measure, (value) => set(asked(now, target, measures.find((one) => one === value) ?? now.measure)))}
    ${choice(t('filters.relation'), relations, now.path, (value) => value !== read()?.path && set({ path: value, measure: '$count', field: '', operator: '$gte', value: 1, rows: everything }), t('field.choose'))}
    ${target === undefined || isQuantifier(now.measure) ? nothing : html`
      ${now.measure === '$count' ? nothing : choice(t('filters.measured'), measuredFields(target, now.measure).map(({ key, title }) => ({ value: key, label: title })), now.field, (value) => set({ field: value }))}
      ${choice(t('list.filterOperator'), measureComparisons(now.measure).map((value) => ({ value, label: now.measure === '$count' ? t(`filters.count.${value as '$gte' | '$lt' | '$eq'}`) : t(`operator.${value}`) })), now.operator, (value) => set({ operator: value as Operator }))}
      <div class="test-value">${valueInput(surroundings, target, now, set)}</div>`}
  `
}

/** What fits the new way of asking: a field that can be measured so, and no value of another kind. */
function asked(now: Related, target: UiEntity | undefined, measure: Related['measure']): Partial<Related> {
  if (measure === now.measure) return {}
  const fields = target === undefined || isQuantifier(measure) || measure === '$count' ? [] : measuredFields(target, measure)
  const field = fields.some(({ key }) => key === now.field) ? now.field : (fields[0]?.key ?? '')
  return { measure, field, operator: '$gte', value: measure === '$count' ? 1 : field === now.field ? now.value : null }
}

const countField = (): UiField => shownField('count', t('list.filterValue'), 'integer', { minimum: 0 })

function valueInput(surroundings: Surroundings, target: UiEntity, now: Related, set: (changes: Partial<Related>) => void): TemplateResult | typeof nothing {
  const field = now.measure === '$count' ? countField() : fieldOf(target, now.field)
  if (field === undefined) return nothing
  const slot: FieldSlot = { ...surroundings, field, value: now.value, label: '', required: false, disabled: false, error: '', help: '', change: (value: Json) => set({ value }), touch: () => {} }
  return viewOf(field.type).input(slot)
}

function choice(label: string, items: readonly { readonly value: string; readonly label: string }[], value: string, choose: (value: string) => void, placeholder = ''): TemplateResult {
  return html`<vaadin-select accessible-name=${label} .items=${[...items]} .value=${value} placeholder=${placeholder} @value-changed=${(event: CustomEvent<{ value: string }>) => event.detail.value !== '' && choose(event.detail.value)}></vaadin-select>`
}
