/** A publish with every kind of step, before and after. */
import type { Documents } from '../../engine/model/model.js'
import { entityOf, reference } from './store.js'

const text = { type: 'string', maxLength: 100 }

export const before: Documents = {
  'team/entity.json': entityOf({ name: text }),
  'person/entity.json': entityOf({ name: { ...text, crm: { search: true } }, size: text, team: reference('team', 'cascade'), nick: text }),
}

export const after: Documents = {
  'team/entity.json': entityOf({ title: { ...text, crm: { id: 'name', unique: true } } }),
  'person/entity.json': entityOf({ name: { ...text, crm: { search: true } }, size: { type: 'integer', crm: { index: true } }, team: reference('team', 'clear'), city: { ...text, crm: { search: true } } }),
  'visit/entity.json': entityOf({ person: reference('person', 'cascade') }),
}
