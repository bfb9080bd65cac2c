/** The lists of field combinations of an entity: what makes two records look like the same one, what may be there once, what is looked up fast. Pure. */
import type { Json } from '../../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { inWords } from '../../fields/parts.js'
import { listOf, objectOf, type EntityDefinition, type TypeInfo } from '../draft/definitions.js'
import { isComparable, isText } from './type-options.js'

export type CombinationKind = 'duplicates' | 'unique' | 'indexes'

export interface Combination {
  /** As they are written: `address.city`, or `name~` for what is compared loosely. */
  readonly keys: readonly string[]
  /** What stands in the definition; what the editor does not know of it is kept. */
  readonly written: Json
}

/** A field that may be in a combination. */
export interface KeyChoice {
  readonly key: string
  readonly title: string
  /** It may be compared loosely. */
  readonly loose: boolean
}

const texts = (value: Json | undefined): readonly string[] => listOf(value).filter((key) => typeof key === 'string')

export const combinationsOf = ({ document }: Pick<EntityDefinition, 'document'>, kind: CombinationKind): readonly Combination[] =>
  listOf(objectOf(document['crm'])[kind]).map((written) => ({ keys: texts(kind === 'duplicates' ? objectOf(written)['match'] : written), written }))

/** The same combination of other fields. */
export const withKeys = (kind: CombinationKind, { written }: Pick<Combination, 'written'>, keys: readonly string[]): Combination =>
  ({ keys, written: kind === 'duplicates' ? { ...objectOf(written), match: keys } : keys })

/** What the definition gets; undefined where no combination is left. */
export const writtenAs = (combinations: readonly Combination[]): Json | undefined => (combinations.length === 0 ? undefined : combinations.map(({ written }) => written))

export const isLoose = (key: string): boolean => key.endsWith('~')
export const bareKey = (key: string): string => key.replace(/~$/, '')

/** Fields of the draft that may be in a combination of this kind, as far as their types tell; the checker tells the rest. Parts of values stand behind them. */
export function choicesFor(kind: CombinationKind, entity: EntityDefinition, types: readonly TypeInfo[], drafted: UiEntity | undefined): readonly KeyChoice[] {
  const shown = new Map((drafted?.fields ?? []).map((field) => [field.key, field]))
  const own = entity.fields.filter(({ archived }) => !archived).flatMap(({ key, title, type: name }): readonly KeyChoice[] => {
    const type = types.find((one) => one.name === name)
    const parts = kind === 'duplicates' ? [] : (shown.get(key)?.parts ?? []).filter(isCompared).map((part) => ({ key: `${key}.${part.key}`, title: `${title} · ${inWords(part).title}`, loose: false }))
    const fits = type !== undefined && type.computed !== true && parts.length === 0 && isComparable(type) && (kind !== 'duplicates' || type.operators.includes('$in'))
    return [...(fits ? [{ key, title, loose: kind === 'duplicates' && isText(type) }] : []), ...parts]
  })
  const system = kind === 'indexes' ? [...shown.values()].filter((field) => field.system && field.sortable && field.key !== 'id').map(({ key, title }) => ({ key, title, loose: false })) : []
  return [...own, ...system]
}

const isCompared = ({ operators }: UiField): boolean => operators.includes('$eq')

/** What may stand beside the name of a record: values, no lists of records. */
export function factChoices(entity: EntityDefinition, drafted: UiEntity | undefined): readonly KeyChoice[] {
  const lists = new Set((drafted?.fields ?? []).filter(({ lines, listOf: records }) => lines !== undefined || records !== undefined).map(({ key }) => key))
  return entity.fields.filter(({ key, archived }) => !archived && !lists.has(key)).map(({ key, title }) => ({ key, title, loose: false }))
}

/** Days and moments of the records that refer to those of the entity: `purchases.at`. */
export function timelineChoices(drafted: UiEntity | undefined, entities: UiModel['entities']): readonly KeyChoice[] {
  return (drafted?.relations ?? []).flatMap(({ name, title, entity }) => (entities[entity]?.fields ?? [])
    .filter(({ system, buckets }) => !system && buckets.includes('day')).map((field) => ({ key: `${name}.${field.key}`, title: `${title} · ${field.title}`, loose: false })))
}

/** Fields that name people, and moments at which they can be told. */
export function noticeChoices(entity: EntityDefinition, types: readonly TypeInfo[], drafted: UiEntity | undefined): { readonly people: readonly KeyChoice[]; readonly moments: readonly KeyChoice[] } {
  const active = entity.fields.filter(({ archived }) => !archived)
  const owner = drafted?.fields.find(({ key }) => key === 'owner')
  const choice = ({ key, title }: Pick<UiField, 'key' | 'title'>): KeyChoice => ({ key, title, loose: false })
  return {
    people: [...active.filter(({ to }) => to === 'user').map(choice), ...(owner?.to === 'user' ? [choice(owner)] : [])],
    moments: active.filter(({ type: name }) => types.find((type) => type.name === name)?.formula === 'instant').map(choice),
  }
}
