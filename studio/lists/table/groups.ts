/** The groups of a list, level by level, and the records of one of them: each asked for when it is unfolded. */
import type { Bucket } from '../../../metadata/contract/operators.js'
import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiField } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import type { ListQuery, Rec, Records } from '../../client/records.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import { bucketText } from './buckets.js'
import { KeysetPages } from './keyset-pages.js'
import { sortOf } from '../list-state.js'
import { groupCondition, type GroupKey, type Totals } from './summaries.js'
import { sameRows, totalMeasures, totalsIn, type Summed } from './totals.js'

/** Groups of one level that are shown at most. */
export const groupsMax = 1_000
const pageSize = 100

export interface GroupRow {
  readonly isGroup: true
  readonly rowId: string
  /** 0 for the outermost. */
  readonly level: number
  readonly field: UiField
  readonly bucket: Bucket | undefined
  /** As in a record; the first day of a bucket; null where there is no value. */
  readonly value: Json
  /** Name of the field with the value, for who cannot see where the row stands. */
  readonly title: string
  readonly count: number
  readonly summed: Summed
  /** What all records of the group have in common. */
  readonly condition: JsonObject
}

export interface Groups {
  readonly levels: number
  /** Groups inside of one; the outermost for null. */
  below(group: GroupRow | null): Promise<readonly GroupRow[]>
  /** A page of the records of an innermost group. */
  records(group: GroupRow, page: number): Promise<readonly Rec[]>
}

export interface GroupedQuestion {
  readonly entity: string
  readonly query: ListQuery & { readonly fields: string }
  readonly keys: readonly GroupKey[]
  readonly totals: Totals
  readonly timeZone: string
}

export function groupsOf(records: Records, { entity, query, keys, totals, timeZone }: GroupedQuestion, signal: AbortSignal): Groups {
  const pages = new Map<string, KeysetPages<Rec>>()
  const inside = (condition: JsonObject | undefined): ListQuery => {
    const parts = [query.filter, condition].filter((part) => part !== undefined)
    return { ...query, ...(parts.length === 0 ? {} : { filter: parts.length === 1 && parts[0] !== undefined ? parts[0] : { $and: parts } }) }
  }
  return {
    levels: keys.length,
    async below(group) {
      const level = group === null ? 0 : group.level + 1
      const key = keys[level]
      if (key === undefined) return []
      const rows = await records.aggregate(entity, { ...sameRows(inside(group?.condition)), groupBy: [key.text], measures: { n: { count: true }, ...totalMeasures(totals) }, sort: [sortOf(query.sort ?? '', key.path).direction < 0 ? `-${key.text}` : key.text], limit: groupsMax }, signal)
      return rows.map((row): GroupRow => {
        const value = row[key.text] ?? null
        const own = groupCondition(key.path, key.bucket, value, viewOf(key.field.type).moment === true, timeZone)
        return {
          isGroup: true, rowId: `${group?.rowId ?? ''}/${JSON.stringify(value)}`, level, field: key.field, bucket: key.bucket, value, title: `${key.field.title} ${typeof value === 'string' || typeof value === 'number' ? value : ''}`,
          count: Number(row['n']), summed: totalsIn(totals, row), condition: group === null ? own : { $and: [group.condition, own] },
        }
      })
    },
    records(group, page) {
      const known = pages.get(group.rowId)
      const ask = (fields: string) => (cursor: string | null, limit: number) => records.list(entity, { ...inside(group.condition), fields, limit, ...(cursor === null ? {} : { cursor }) }, signal)
      const made = known ?? new KeysetPages<Rec>({ page: ask(query.fields), skip: ask('id') }, pageSize)
      pages.set(group.rowId, made)
      return made.page(page)
    },
  }
}

/** The value of a group in the reader's words. */
export function groupText({ field, bucket, value }: GroupRow, surroundings: Surroundings): unknown {
  if (value === null) return t('summary.empty')
  if (bucket !== undefined && typeof value === 'string') return bucketText(value, bucket)
  return viewOf(field.type).cell(value, { ...surroundings, field })
}
