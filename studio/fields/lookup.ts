/** The lookup that fields get: names and choices from the engine, with the caller's rights. */
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { displayKey, type Rec } from '../client/records.js'
import { wayTo } from '../client/trees.js'
import { nameOf } from './name-of.js'
import { columnsOf, fieldsFor, valueAt, type Column } from '../lists/table/columns.js'
import type { Choice, Lookup, Surroundings } from './contract.js'
import { face, pictureField } from './face.js'
import { filesFor } from './files-for.js'
import { viewOf } from './index.js'

/** Same as the page size of Vaadin's combo box, so that its pages and ours are the same. */
const pageSize = 50

/** Facts that fit beside a name. */
const factsMost = 3

/** What is told of a record besides its name: what it stands below, and its key facts. Nobody's looking at personal data is recorded for a search. */
function detailColumns(model: UiModel, target: UiEntity): readonly Column[] {
  const facts = target.facts.filter((key) => key !== displayKey(target) && target.fields.some((field) => field.key === key && field.sensitive !== true && !field.masked))
  return columnsOf(model, target, [...(target.tree === undefined ? [] : [target.tree]), ...facts])
}

async function detailOf(columns: readonly Column[], record: Rec, surroundings: Surroundings): Promise<string> {
  const texts: string[] = []
  for (const { path, field, view } of columns) {
    const value = valueAt(record, path)
    const text = value === null || value === '' ? '' : await view.text(value, { ...surroundings, field, record })
    if (text !== '' && texts.length < factsMost) texts.push(text)
  }
  return texts.join(' · ')
}

/** `address` tells where a record's page is. */
export function lookupFor(client: Client, model: UiModel, address: (entity: string, id: number) => string): Lookup {
  const lookup: Lookup = {
    name: (entity, id) => client.names.of(entity, id),
    above: (entity, id) => wayTo(client, model, entity, id),
    address,
    entity: (name) => model.entities[name],
    find: async (entity, q, cursor) => {
      const target = model.entities[entity]
      if (target === undefined) return { items: [], next: null }
      const key = displayKey(target)
      const display = target.fields.find((field) => field.key === key)
      const columns = detailColumns(model, target)
      const picture = pictureField(target)
      const files = filesFor(client, entity)
      const sortable = display?.sortable === true
      const page = await client.records.list(entity, {
        fields: [key, ...(picture === undefined ? [] : [picture.key]), ...(columns.length === 0 ? [] : [fieldsFor(model, target, columns)])].join(','),
        limit: pageSize,
        ...(sortable && (q.trim() === '' || !target.searchable) ? { sort: key } : {}),
        ...(cursor === null ? {} : { cursor }),
        ...(q.trim() === '' ? {} : target.searchable ? { q } : display?.operators.includes('$contains') !== true ? {} : { filter: { [key]: { $contains: q.trim() } } }),
      })
      const items = await Promise.all(page.records.map(async (record): Promise<Choice> => ({ id: record.id, name: nameOf(target, record), detail: await detailOf(columns, record, surroundings), face: face(target, record, files, record) })))
      for (const item of items) client.names.learn(entity, item.id, item.name)
      return { items, next: page.next }
    },
    create: async (entity, name) => {
      const target = model.entities[entity]
      if (target === undefined) return null
      const { createQuickly } = await import('../forms/quick/quick-create.js')
      return createQuickly({ client, model, entity: target, surroundings }, name)
    },
  }
  const surroundings: Surroundings = { timeZone: client.session.user?.timeZone ?? '', viewOf, lookup }
  return lookup
}
