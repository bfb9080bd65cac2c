/** Free text over all entities that the caller may read, best first. */
import { fold } from '../../../metadata/contract/text.js'
import { Problem } from '../../errors.js'
import { all } from '../../model/predicate.js'
import { resolveSearch } from '../../model/resolve.js'
import type { EntityAccess } from '../../permissions/access.js'
import * as records from '../../storage/records.js'
import type { Call } from '../call.js'
import { idOf, type Rec } from './row.js'
import { selectionOf } from '../rights/selection.js'

export const searchLimits = { perEntity: 20, resultsMax: 50 } as const

export interface SearchResult {
  readonly entity: string
  readonly id: number
  /** The display field, or the id where the caller may not read it. */
  readonly title: string
}

/** Records whose readable fields contain every word. @throws Problem query.invalid for an empty question */
export async function search(call: Call, q: string, limit: number): Promise<readonly SearchResult[]> {
  if (q.trim() === '') throw new Problem('query.invalid', { reason: 'q is empty' })
  const searched = [...call.model.entities.keys()].flatMap((name) => {
    const access = call.access.entity(name)
    return access !== undefined && isSearchable(access) ? [access] : []
  })
  const found = await Promise.all(searched.map((access) => searchEntity(call, access, q)))
  const wanted = fold(q.trim())
  return found
    .flat()
    .map((result) => ({ result, rank: rankOf(fold(result.title), wanted) }))
    .toSorted((a, b) => b.rank - a.rank || a.result.title.length - b.result.title.length)
    .slice(0, Math.min(limit, searchLimits.resultsMax))
    .map(({ result }) => result)
}

/** True when the caller reads some field that `q` looks into. */
const isSearchable = (access: EntityAccess): boolean =>
  [...access.entity.fields.values()].some((field) => field.search && access.field(field.key)?.how === 'full')

async function searchEntity(call: Call, access: EntityAccess, q: string): Promise<readonly SearchResult[]> {
  const shown = access.field(access.entity.display) === undefined ? ['id'] : ['id', access.entity.display]
  const query = {
    entity: access.entity,
    rows: all(access.rows, resolveSearch(q, access)),
    archived: 'without' as const,
    selection: selectionOf(call.model, call.access, access, { fields: shown }),
    sort: [],
    limit: searchLimits.perEntity,
  }
  const page = await records.list(call.engine.database.read, query, call.bindings)
  return page.records.map((record) => ({ entity: access.entity.name, id: idOf(record), title: titleOf(access, record) }))
}

function titleOf(access: EntityAccess, record: Rec): string {
  const value = record[access.entity.display]
  const field = access.entity.fields.get(access.entity.display)
  if (field === undefined || value === undefined || value === null) return String(idOf(record))
  return field.type.format(value, field.options)
}

/** The whole title, its beginning, the beginning of a word, anywhere in it, in another field. */
function rankOf(title: string, wanted: string): number {
  if (title === wanted) return 4
  if (title.startsWith(wanted)) return 3
  if (title.includes(` ${wanted}`)) return 2
  return title.includes(wanted) ? 1 : 0
}
