/** Why records of an entity are looked up by its fields: who asks for them, and which indexes the engine makes by itself. As far as the definitions tell. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { listOf, objectOf, textOf, type EntityDefinition } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { bareKey, combinationsOf } from './combinations.js'

/** One place of the definitions that looks for records. */
export interface Lookup {
  /** Place as in problems: `roles/clerk.json#/entities/member`. */
  readonly path: string
  /** Fields whose values are compared. */
  readonly by: readonly string[]
  /** The field that orders what is found first; '' for none. */
  readonly sort: string
  /** It goes from record to record: an index without this field does not help. */
  readonly through?: string
}

/** What an index does for one who asks: the fields it finds by, and the one it has in order already. */
export type Help = Omit<Lookup, 'through'>

/** Everything in the definitions that looks for records of the entity. */
export function lookupsOf(documents: Documents, entity: string): readonly Lookup[] {
  return Object.entries(documents).flatMap(([path, document]): readonly Lookup[] => {
    const [folder = '', file = ''] = path.split('/')
    if (folder === entity && file.startsWith('view.')) return [viewLookup(path, document)]
    if (folder === 'roles') return roleLookups(path, document, entity)
    if (folder === 'segments') return document['entity'] === entity ? [{ path, by: comparedIn(document['where']), sort: '' }] : []
    if (folder === 'dashboards') return Object.values(objectOf(document['tiles'])).map(objectOf).filter((tile) => tile['entity'] === entity).map((tile) => ({ path, by: comparedIn(tile['filter']), sort: textOf(tile['period']) }))
    return file === 'entity.json' ? relatedLookups(path, document, documents, entity) : []
  }).filter(({ by, sort }) => by.length > 0 || (sort !== '' && sort !== 'id'))
}

function viewLookup(path: string, document: JsonObject): Lookup {
  const [first = ''] = textOf(document['sort']).split(',')
  const moving = textOf(objectOf(document['calendar'])['by']) || textOf(objectOf(document['timeline'])['by'])
  return { path, by: comparedIn(document['filter']), sort: moving === '' ? first.replace(/^-/, '') : moving }
}

function roleLookups(path: string, document: JsonObject, entity: string): readonly Lookup[] {
  const grants = Object.values(objectOf(objectOf(document['entities'])[entity])).map(objectOf)
  const by = [...new Set(grants.flatMap((grant) => comparedIn(grant['where'])))]
  return by.map((key) => ({ path: `${path}#/entities/${entity}`, by: [key], sort: '' }))
}

/** Values of other entities that are counted from these records, and timelines that they stand in. */
function relatedLookups(path: string, document: JsonObject, documents: Documents, entity: string): readonly Lookup[] {
  const counted = Object.entries(objectOf(document['properties'])).flatMap(([key, property]): readonly Lookup[] => {
    const { of, where, archived } = objectOf(objectOf(property)['crm'])
    const [child, reference] = textOf(of).split('.')
    return child === entity && reference !== undefined && archived !== true ? [{ path: `${path}#/properties/${key}`, by: [reference, ...comparedIn(where)], sort: '', through: reference }] : []
  })
  const own = objectOf(documents[`${entity}/entity.json`]?.['properties'])
  const reached = listOf(objectOf(document['crm'])['timeline']).flatMap((named, index): readonly Lookup[] => {
    const [relation, moment] = textOf(named).split('.')
    const reference = Object.keys(own).find((key) => {
      const { to, inverse } = objectOf(objectOf(own[key])['crm'])
      return to === path.split('/')[0] && inverse === relation
    })
    return reference === undefined || moment === undefined ? [] : [{ path: `${path}#/crm/timeline/${String(index)}`, by: [reference], sort: moment, through: reference }]
  })
  return [...counted, ...reached]
}

/** Fields that a condition compares for every record it finds: not those of alternatives, which no index finds alone. */
function comparedIn(condition: Json | undefined): readonly string[] {
  if (!isObject(condition)) return []
  return [...new Set(Object.entries(condition).flatMap(([key, value]) => (key === '$and' ? listOf(value).flatMap(comparedIn) : key.startsWith('$') ? [] : [key])))]
}

/** Those that an index of these fields, in this order, helps, and with what. */
export function helpedBy(keys: readonly string[], lookups: readonly Lookup[]): readonly Help[] {
  return lookups.flatMap((lookup): readonly Help[] => {
    const found = keys.findIndex((key) => !lookup.by.includes(key))
    const by = found < 0 ? keys : keys.slice(0, found)
    const next = keys[by.length]
    const sort = next !== undefined && next === lookup.sort ? next : ''
    const helps = lookup.through === undefined ? by.length > 0 || sort !== '' : by.includes(lookup.through)
    return !helps ? [] : [{ path: lookup.path, by, sort }]
  })
}

/** Why the engine keeps an index without being asked for that combination. */
export type OwnReason = 'unique' | 'asked' | 'link' | 'tree' | 'duplicates'

export interface OwnIndex {
  readonly keys: readonly string[]
  readonly reasons: readonly OwnReason[]
}

/** The indexes of single fields and of duplicate rules, also those that a longer combination answers. */
export function ownIndexes(entity: EntityDefinition): readonly OwnIndex[] {
  const found = new Map<string, { readonly keys: readonly string[]; readonly reasons: OwnReason[] }>()
  const add = (keys: readonly string[], reason: OwnReason): void => {
    const known = found.get(keys.join('+'))
    if (known === undefined) found.set(keys.join('+'), { keys, reasons: [reason] })
    else if (!known.reasons.includes(reason)) known.reasons.push(reason)
  }
  for (const field of entity.fields.filter(({ archived }) => !archived)) {
    const crm = objectOf(field.property['crm'])
    if (crm['unique'] === true) add([field.key], 'unique')
    if (crm['index'] === true) add([field.key], 'asked')
    if (field.to !== '') add([field.key], crm['hierarchy'] === true ? 'tree' : 'link')
  }
  for (const { keys } of combinationsOf(entity, 'duplicates')) {
    const exact = keys.filter((key) => bareKey(key) === key)
    if (exact.length > 0) add(exact, 'duplicates')
  }
  return [...found.values()]
}

/** True when an index of `keys` answers what `own` is for, so that the engine keeps only the longer one. */
export const answers = (keys: readonly string[], own: OwnIndex): boolean => !own.reasons.includes('unique') && own.keys.every((key, place) => key === keys[place])
