/** The lookup that fields get: names and choices from the engine, with the caller's rights. */
import type { UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { displayKey, nameOf } from '../client/records.js'
import { wayTo } from '../client/trees.js'
import type { Lookup } from './contract.js'

/** Same as the page size of Vaadin's combo box, so that its pages and ours are the same. */
const pageSize = 50

/** `address` tells where a record's page is. */
export function lookupFor(client: Client, model: UiModel, address: (entity: string, id: number) => string): Lookup {
  return {
    name: (entity, id) => client.names.of(entity, id),
    above: (entity, id) => wayTo(client, model, entity, id),
    address,
    entity: (name) => model.entities[name],
    find: async (entity, q, cursor) => {
      const target = model.entities[entity]
      if (target === undefined) return { items: [], next: null }
      const key = displayKey(target)
      const display = target.fields.find((field) => field.key === key)
      const sortable = display?.sortable === true
      const page = await client.records.list(entity, {
        fields: key,
        limit: pageSize,
        ...(sortable && (q.trim() === '' || !target.searchable) ? { sort: key } : {}),
        ...(cursor === null ? {} : { cursor }),
        ...(q.trim() === '' ? {} : target.searchable ? { q } : display?.operators.includes('$contains') !== true ? {} : { filter: { [key]: { $contains: q.trim() } } }),
      })
      const items = page.records.map((record) => ({ id: record.id, name: nameOf(target, record) }))
      for (const item of items) client.names.learn(entity, item.id, item.name)
      return { items, next: page.next }
    },
  }
}
