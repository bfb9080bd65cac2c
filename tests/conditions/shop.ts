/** A small model with every kind of hop: to-one chains, to-many, users, each kind of value. */
import { compile } from '../../engine/model/compile.js'
import type { Documents, Model } from '../../engine/model/model.js'
import type { JsonObject } from '../../metadata/contract/json.js'

const entity = (properties: JsonObject): JsonObject => ({ type: 'object', properties })

export const documents: Documents = {
  'user/entity.json': entity({ name: { type: 'string', crm: { search: true } }, email: { type: 'string', format: 'email' } }),
  'store/entity.json': entity({
    name: { type: 'string' },
    region: { enum: ['north', 'south'] },
    rent: { crm: { type: 'money', currency: 'CNY' } },
    manager: { crm: { type: 'user' } },
    visitors: { crm: { type: 'references', to: 'member', inverse: 'visited' } },
    place: { crm: { type: 'geoPoint' } },
    opens: { type: 'string', format: 'time' },
  }),
  'member/entity.json': entity({
    name: { type: 'string', crm: { search: true } },
    note: { type: 'string', maxLength: 2000, crm: { search: true } },
    phone: { crm: { type: 'phone', country: 'CN' } },
    tier: { enum: ['bronze', 'silver', 'gold'] },
    income: { type: 'integer' },
    rate: { type: 'number', crm: { scale: 2 } },
    active: { type: 'boolean' },
    born: { type: 'string', format: 'date' },
    joined: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { enum: ['news', 'offers', 'events'] } },
    labels: { crm: { type: 'tags' } },
    home: { crm: { type: 'address' } },
    mailing: { crm: { type: 'consent' } },
    extra: { type: 'object', properties: { a: { type: 'integer' } } },
    store: { crm: { type: 'reference', to: 'store', inverse: 'members' } },
  }),
  'purchase/entity.json': entity({
    member: { crm: { type: 'reference', to: 'member', inverse: 'purchases' } },
    store: { crm: { type: 'reference', to: 'store', inverse: 'purchases' } },
    amount: { crm: { type: 'money', currency: 'CNY' } },
    quantity: { type: 'integer' },
    took: { type: 'string', format: 'duration' },
    channel: { enum: ['store', 'web'] },
    at: { type: 'string', format: 'date-time' },
    day: { type: 'string', format: 'date' },
  }),
}

export function shop(): Model {
  const model = compile(documents, 1)
  if (model.quarantined.length > 0) throw new Error(JSON.stringify(model.quarantined))
  return model
}
