/** Trees of records: what stands below a record, and the way up from it. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from './client.js'
import { displayKey, storedName, type Rec } from './records.js'

/** Records are asked for in such pages. */
export const branchSize = 200

/** A record by name. */
export interface Step {
  readonly id: number
  readonly name: string
}

/** Some of the records below one (null: at the top), in order, each with the number of those below itself. */
export interface BranchPage {
  readonly records: readonly Rec[]
  readonly children: ReadonlyMap<number, number>
  readonly next: string | null
}

/** One page of a branch. `fields`: what is shown of each record. */
export async function branchOf(client: Client, entity: UiEntity, parent: number | null, query: { readonly fields: string; readonly cursor: string | null }): Promise<BranchPage> {
  const tree = entity.tree ?? ''
  const display = entity.fields.find(({ key }) => key === displayKey(entity))
  const page = await client.records.list(entity.name, {
    filter: { [tree]: parent }, fields: query.fields, limit: branchSize,
    ...(display?.sortable === true ? { sort: display.key } : {}), ...(query.cursor === null ? {} : { cursor: query.cursor }),
  })
  const ids = page.records.map(({ id }) => id)
  const { body } = ids.length === 0 ? { body: { groups: [] } } : await client.api.post<{ readonly groups: readonly JsonObject[] }>(`/api/records/${encodeURIComponent(entity.name)}/aggregate`, { filter: { [tree]: { $in: ids } }, groupBy: [tree], measures: { children: { count: true } }, limit: branchSize })
  return { records: page.records, next: page.next, children: new Map(body.groups.map((group) => [Number(group[tree]), Number(group['children'])])) }
}

/** The records above one, from the top; none where records form no tree, or may not be seen. */
export async function wayTo(client: Client, model: UiModel, name: string, id: number): Promise<readonly Step[]> {
  const entity = model.entities[name]
  const tree = entity?.tree
  if (entity === undefined || tree === undefined) return []
  const { records } = await client.records.list(name, { filter: { id: { $above: id } }, fields: `${displayKey(entity)},${tree}`, limit: 100 })
  const byId = new Map(records.map((record) => [record.id, record]))
  const way: Step[] = []
  for (let at = byId.get(id); at !== undefined && way.length < records.length; ) {
    const parent = at[tree]
    at = typeof parent === 'number' ? byId.get(parent) : undefined
    if (at !== undefined) way.unshift({ id: at.id, name: storedName(entity, at) })
  }
  return way
}
