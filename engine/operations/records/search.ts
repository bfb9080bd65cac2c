/** Free text over all entities that the caller may read, best first. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { fold, wordsOf } from '../../../metadata/contract/text.js'
import { Problem } from '../../errors.js'
import type { Field } from '../../model/model.js'
import { resolveSearch } from '../../model/conditions/resolve.js'
import type { EntityAccess } from '../../permissions/access.js'
import * as records from '../../storage/records.js'
import { looked } from '../audit/looks.js'
import type { Call } from '../call.js'
import { selectionOf } from '../rights/selection.js'
import { idOf, type Rec } from './row.js'

export const searchLimits = { perEntity: 20, resultsMax: 50, excerpt: 120 } as const

export interface SearchResult extends JsonObject {
  readonly entity: string
  readonly id: number
  /** The display field, or the id where the caller may not read it. */
  readonly title: string
  /** A field other than the title that has a word of the question, with the text around it. */
  readonly match?: Place
  /** Where the title has all words: a field that is looked into and not sensitive, by which namesakes are told apart. */
  readonly hint?: Place
}

interface Place extends JsonObject {
  readonly field: string
  readonly text: string
}

export interface SearchAnswer extends JsonObject {
  readonly results: readonly SearchResult[]
  /** Entities with results, in the order of their best one; `more`: there are more than stand in `results`. */
  readonly groups: readonly { readonly entity: string; readonly count: number; readonly more: boolean }[]
}

/**
 * Records whose readable fields have every word.
 * @throws Problem query.invalid for an empty question
 */
export async function search(call: Call, q: string, limit: number): Promise<SearchAnswer> {
  if (wordsOf(q).length === 0) throw new Problem('query.invalid', { reason: 'q is empty' })
  const searched = [...call.model.entities.keys()].flatMap((name) => {
    const access = call.access.entity(name)
    return access !== undefined && searchedFields(access).length > 0 ? [access] : []
  })
  const pages = await Promise.all(searched.map((access) => searchEntity(call, access, q)))
  const results = pages
    .flatMap(({ found }) => found)
    .toSorted((a, b) => b.rank - a.rank || a.place - b.place)
    .slice(0, limit)
    .map(({ result }) => result)
  const groups = [...new Set(results.map(({ entity }) => entity))].map((entity) => {
    const count = results.filter((result) => result.entity === entity).length
    const page = pages.find((one) => one.entity === entity)
    return { entity, count, more: page !== undefined && (page.more || page.found.length > count) }
  })
  return { results, groups }
}

/** Fields that `q` looks into and the caller reads in full. */
const searchedFields = (access: EntityAccess): readonly Field[] => [...access.entity.fields.values()].filter((field) => field.search && access.field(field.key)?.how === 'full')

interface Found {
  readonly result: SearchResult
  readonly rank: number
  /** Among the results of its entity: the newest of a rank first. */
  readonly place: number
}

async function searchEntity(call: Call, access: EntityAccess, q: string): Promise<{ readonly entity: string; readonly found: readonly Found[]; readonly more: boolean }> {
  const { entity } = access
  const text = resolveSearch(q, access)
  const fields = ['id', ...(access.field(entity.display) === undefined ? [] : [entity.display]), ...searchedFields(access).map(({ key }) => key)]
  const query = {
    entity,
    rows: access.rows,
    archived: 'without' as const,
    selection: selectionOf(call.model, call.access, access, { fields }),
    sort: [],
    limit: searchLimits.perEntity,
    ...(text === undefined ? {} : { text }),
  }
  const page = await records.list(call.engine.database.read, query, call.bindings)
  const phrase = text?.phrase ?? ''
  const found = page.records.map((record, place) => {
    const title = titleOf(access, record)
    const match = matchOf(access, record, title, text?.terms ?? [])
    const hint = match === undefined ? hintOf(access, record) : undefined
    return { result: { entity: entity.name, id: idOf(record), title, ...(match !== undefined && { match }), ...(hint !== undefined && { hint }) }, rank: rankOf(fold(title), phrase), place }
  })
  looked(call, 'search', entity, query.selection, found.map(({ result: { id, match } }, i) => onlyShown(page.records[i] ?? {}, id, [entity.display, match?.field])))
  return { entity: entity.name, found, more: page.next !== null }
}

/** What a result tells of a record; the other fields were only searched. */
const onlyShown = (record: Rec, id: number, keys: readonly (string | undefined)[]): Rec =>
  ({ id, ...Object.fromEntries(keys.flatMap((key) => (key === undefined ? [] : [[key, record[key] ?? null]]))) })

function titleOf(access: EntityAccess, record: Rec): string {
  const field = access.entity.fields.get(access.entity.display)
  return (field === undefined ? undefined : textOf(field, record)) ?? String(idOf(record))
}

function textOf(field: Field, record: Rec): string | undefined {
  const value = record[field.key]
  return value === undefined || value === null ? undefined : field.type.format(value, field.options)
}

/** The first word that the title does not have, where it stands. */
function matchOf(access: EntityAccess, record: Rec, title: string, terms: readonly string[]): Place | undefined {
  const [term] = terms.filter((one) => !fold(title).includes(one))
  if (term === undefined) return undefined
  for (const field of searchedFields(access)) {
    const text = textOf(field, record)
    const at = text === undefined ? -1 : fold(text).indexOf(term)
    if (text !== undefined && at >= 0) return { field: field.key, text: excerpt(text, at) }
  }
  return undefined
}

/** Sensitive fields are shown to whom looks for them, not to whom is on the way to another record. */
function hintOf(access: EntityAccess, record: Rec): Place | undefined {
  for (const field of searchedFields(access)) {
    const text = field.sensitive || field.key === access.entity.display ? undefined : textOf(field, record)
    if (text !== undefined && text !== '') return { field: field.key, text: excerpt(text, 0) }
  }
  return undefined
}

function excerpt(text: string, at: number): string {
  const from = text.length <= searchLimits.excerpt ? 0 : Math.max(0, at - searchLimits.excerpt / 4)
  const part = text.slice(from, from + searchLimits.excerpt).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
  return `${from > 0 ? '…' : ''}${part}${from + searchLimits.excerpt < text.length ? '…' : ''}`
}

/** As the lists of the entities are ranked: the whole title, its beginning, the beginning of a word, anywhere in it, elsewhere. */
function rankOf(title: string, phrase: string): number {
  if (title === phrase) return 4
  if (title.startsWith(phrase)) return 3
  if (title.includes(` ${phrase}`)) return 2
  return title.includes(phrase) ? 1 : 0
}
