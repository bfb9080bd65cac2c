/** What people may ask of a field or of the records of a relation, and how that is called. */
import type { Operator } from '../../../metadata/contract/operators.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { fieldAt } from '../../client/model.js'
import { hasText, t } from '../../client/i18n.js'
import { viewOf } from '../../fields/index.js'
import { pathChoices, type PathChoice } from '../table/columns.js'
import { isWhole, operatorOf, periodNames, type Comparison, type Related, type Test } from './filter-tree.js'

/** The choice that asks whether the record itself is in a segment, beside those of fields. */
export const segmentChoice = '$segment'
export const isOwnSegment = ({ path, comparison }: Pick<Test, 'path' | 'comparison'>): boolean => path === 'id' && comparison === '$segment'

/** Comparisons of a field: its view's operators that the engine allows, spans of time, and whether there is a value at all. */
export function comparisonsOf(field: UiField): readonly Comparison[] {
  const usual = viewOf(field.type).filters.filter((operator) => field.operators.includes(operator))
  const allowed = field.key !== 'id' && field.operators.includes('$segment') ? [...usual, '$segment' as const] : usual
  const spans: readonly Comparison[] = viewOf(field.type).periods === true && allowed.includes('$gte') ? [...periodNames, 'past', 'next'] : []
  // A list of records is never missing: it is compared by what it contains.
  return field.operators.includes('$eq') ? [...allowed, ...spans, 'empty', 'filled'] : [...allowed, ...spans]
}

/** The words of a comparison, as they stand between a field and a value: a day is before another, and not less than it. */
export function comparisonLabel(comparison: Comparison, field?: UiField): string {
  if (comparison === 'empty') return t('list.filterEmpty')
  if (comparison === 'filled') return t('list.filterNotEmpty')
  if (comparison === 'past' || comparison === 'next') return t(`filters.${comparison}`)
  const inTime = `operator.time.${comparison}`
  if (field !== undefined && viewOf(field.type).periods === true && hasText(inTime)) return t(inTime)
  const period = periodNames.find((name) => name === comparison)
  return period === undefined ? t(`operator.${comparison as Operator}`) : t(`period.${period}`)
}

/** The test with another comparison; a value that fits it too stays. */
export function compared(field: UiField, test: Test, comparison: Comparison): Test {
  const form = (one: Comparison): string => (isWhole(one) ? 'none' : one === 'past' || one === 'next' ? 'span' : one === '$in' || one === '$nin' ? 'list' : one === '$level' ? 'level' : one === '$segment' ? 'segment' : 'one')
  const keeps = form(comparison) === form(test.comparison) && comparisonsOf(field).includes(comparison)
  return { ...test, comparison, value: keeps ? test.value : form(comparison) === 'span' ? '30d' : null }
}

/** A test of the field at `path`, with no value yet. */
export function testOf(model: UiModel, entity: UiEntity, path: string): Test {
  if (path === segmentChoice) return { kind: 'test', path: 'id', comparison: '$segment', value: null }
  const field = fieldAt(model, entity, path)
  const [comparison = 'filled'] = field === undefined ? [] : comparisonsOf(field)
  return { kind: 'test', path, comparison, value: null }
}

/** What can be asked about: in which segments a record is, own fields, and those of linked records. */
export function testChoices(model: UiModel, entity: UiEntity): readonly PathChoice[] {
  const known = choicesOf.get(entity)
  if (known !== undefined) return known
  const made = pathChoices(model, entity).filter(({ field }) => !field.masked && comparisonsOf(field).some((comparison) => operatorOf(comparison) !== undefined))
  const id = fieldAt(model, entity, 'id')
  const all = entity.segments === undefined || id === undefined ? made : [{ path: segmentChoice, label: t('segments.isIn'), field: id }, ...made]
  choicesOf.set(entity, all)
  return all
}
/** Entities are made anew with every model, and so in every language. */
const choicesOf = new WeakMap<UiEntity, readonly PathChoice[]>()

/** To-many relation: records of another entity that belong to one of this. */
export interface RelationChoice {
  readonly path: string
  readonly label: string
  readonly target: UiEntity
}

/** Relations of an entity, and the lists of records and lines among its fields. */
export function relationChoices(model: Pick<UiModel, 'entities'>, entity: UiEntity): readonly RelationChoice[] {
  const of = (path: string, label: string, name: string | undefined): readonly RelationChoice[] => {
    const target = name === undefined ? undefined : model.entities[name]
    return target === undefined ? [] : [{ path, label, target }]
  }
  return [
    ...entity.relations.flatMap(({ name, title, entity: other }) => of(name, title, other)),
    ...entity.fields.filter(({ masked }) => !masked).flatMap((field) => of(field.key, field.title, field.listOf ?? field.lines)),
  ]
}

/** The relation at a path such as `store.members`. */
export function relationAt(model: Pick<UiModel, 'entities'>, entity: UiEntity, path: string): RelationChoice | undefined {
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) return relationChoices(model, entity).find((choice) => choice.path === first)
  const link = fieldAt(model, entity, first)
  const target = link?.to === undefined ? undefined : model.entities[link.to]
  const found = target === undefined ? undefined : relationAt(model, target, rest.join('.'))
  return found === undefined ? undefined : { ...found, path, label: `${link?.title ?? first} · ${found.label}` }
}

/** Ways to ask about the records of a relation, the plain ones first. */
export const relatedMeasures = ['$count', '$some', '$none', '$every', '$sum', '$avg', '$min', '$max'] as const satisfies readonly Related['measure'][]

/** Fields of the other entity that can be measured so. */
export function measuredFields(target: UiEntity, measure: Related['measure']): readonly UiField[] {
  const name = measure.slice(1)
  return target.fields.filter((field) => !field.masked && field.measures.some((one) => one === name))
}

/** Comparisons of a measure. */
export const measureComparisons = (measure: Related['measure']): readonly Operator[] => (measure === '$count' ? ['$gte', '$lt', '$eq'] : ['$gte', '$gt', '$lt', '$lte'])

/** A question about a relation as it begins: at least one record. */
export const relatedOf = (path: string): Related => ({ kind: 'related', path, measure: '$count', field: '', operator: '$gte', value: 1, rows: { kind: 'group', match: 'all', parts: [] } })
