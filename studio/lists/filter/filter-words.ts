/** A condition as a sentence in the reader's language. */
import { html, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt, fieldOf } from '../../client/model.js'
import { number, t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { comparisonLabel, isOwnSegment, relationAt, type RelationChoice } from './comparisons.js'
import { personValue, personWords } from './person-values.js'
import { segmentsAt } from '../segments.js'
import { isQuantifier, isWhole, spanOf, type Group, type Part, type Related, type Test } from './filter-tree.js'

export interface WordContext {
  readonly model: Pick<UiModel, 'entities'>
  readonly surroundings: Surroundings
}

/** One part: `Tier is one of Gold, Silver`. */
export function partWords(context: WordContext, entity: UiEntity, part: Part): TemplateResult {
  if (part.kind === 'test') return testWords(context, entity, part)
  if (part.kind === 'related') return relatedWords(context, entity, part)
  if (part.kind === 'group') return html`${part.match === 'none' ? `${t('filters.not')} ` : ''}${groupWords(context, entity, part)}`
  return html`<code>${JSON.stringify(part.condition)}</code>`
}

/** The parts of a group, one after another; groups inside of it stand in brackets. */
export function groupWords(context: WordContext, entity: UiEntity, { match, parts }: Group): TemplateResult {
  const between = ` ${t(match === 'all' ? 'filters.and' : 'filters.or')} `
  return html`${parts.map((part, i) => html`${i === 0 ? '' : between}${part.kind === 'group' ? html`(${partWords(context, entity, part)})` : partWords(context, entity, part)}`)}`
}

function testWords(context: WordContext, entity: UiEntity, test: Test): TemplateResult {
  const field = fieldAt(context.model, entity, test.path)
  const title = pathTitle(context.model, entity, test.path)
  if (field === undefined) return html`<b>${title}</b> ${comparisonLabel(test.comparison)} ${JSON.stringify(test.value)}`
  if (test.comparison === '$segment') return html`<b>${isOwnSegment(test) ? entity.title : title}</b> ${comparisonLabel(test.comparison)} <b>${segmentsAt(context.model, entity, field).find(({ name }) => name === test.value)?.title ?? test.value}</b>`
  if (isWhole(test.comparison)) return html`<b>${title}</b> ${comparisonLabel(test.comparison)}`
  if (test.comparison === 'past' || test.comparison === 'next') return html`<b>${title}</b> ${comparisonLabel(test.comparison)} <b>${spanWords(test.value)}</b>`
  // A level is a number, whatever the field points to.
  const person = personValue(test.value)
  if (person !== undefined) return html`<b>${title}</b> ${comparisonLabel(test.comparison, field)} <b>${personWords(context.model, person)}</b>`
  const shown = test.comparison === '$level' && typeof test.value === 'number' ? number(test.value) : valueWords(context, field, test.value)
  return html`<b>${title}</b> ${comparisonLabel(test.comparison, field)} <b>${shown}</b>`
}

/** `At least 3 Purchases with Channel is Store`. */
function relatedWords(context: WordContext, entity: UiEntity, part: Related): TemplateResult {
  const relation = relationAt(context.model, entity, part.path)
  if (relation === undefined) return html`<b>${part.path}</b>`
  const rows = part.rows.parts.length === 0 ? '' : html` ${t(part.measure === '$every' ? 'filters.that' : 'filters.with')} ${groupWords(context, relation.target, part.rows)}`
  return html`${measureWords(context, relation, part)}${rows}`
}

function measureWords({ surroundings }: WordContext, { label, target }: RelationChoice, { measure, field, operator, value }: Related): TemplateResult {
  if (isQuantifier(measure)) return html`${t(`filters.${measure}`)} <b>${label}</b>`
  if (measure === '$count') return html`${t(`filters.count.${countWord(operator)}`)} <b>${typeof value === 'number' ? number(value) : '…'} ${label}</b>`
  const measured = fieldOf(target, field)
  const shown = measured === undefined || value === null ? '…' : valueWords({ surroundings }, measured, value)
  return html`${t(`filters.${measure}`)} <b>${label} · ${measured?.title ?? '…'}</b> ${comparisonLabel(operator, measured)} <b>${shown}</b>`
}

const countWord = (operator: Related['operator']): '$gte' | '$gt' | '$lt' | '$lte' | '$eq' | '$ne' =>
  operator === '$gt' || operator === '$lt' || operator === '$lte' || operator === '$eq' || operator === '$ne' ? operator : '$gte'

/** `30 days`; the text is a number and a unit of conditions. */
function spanWords(span: Json): string {
  const { count, unit } = spanOf(span) ?? { count: 0, unit: 'd' }
  return t(`filters.span.${unit}`, { count })
}

function valueWords({ surroundings }: Pick<WordContext, 'surroundings'>, field: UiField, value: Json): unknown {
  const values = Array.isArray(value) ? (value as readonly Json[]) : [value]
  const texts = values.map((one) => (one === null ? t('list.filterEmpty') : viewOf(field.type).text(one, { ...surroundings, field })))
  if (texts.every((text) => typeof text === 'string')) return texts.join(', ')
  return until(Promise.all(texts.map(async (text) => text)).then((all) => all.join(', ')), '…')
}

/** The titles of every step: `Store · Address · City`. */
export function pathTitle(model: Pick<UiModel, 'entities'>, entity: UiEntity, path: string): string {
  const keys = path.split('.')
  return keys.map((key, i) => fieldAt(model, entity, keys.slice(0, i + 1).join('.'))?.title ?? key).join(' · ')
}
