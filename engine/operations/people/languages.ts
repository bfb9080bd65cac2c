/** The languages in which people are told something when they do not ask themselves. */
import type { Model } from '../../model/model.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor } from '../call.js'
import { idIn } from '../rights/rights.js'

/** The tags that users chose, by user; for those who leave it to their browser, the language of the definitions. One statement. */
export async function languagesOf(x: Executor, model: Model, users: readonly number[], at: Date): Promise<ReadonlyMap<number, string>> {
  const entity = model.entities.get('user')
  const [id, locale] = [entity?.fields.get('id'), entity?.fields.get('locale')]
  if (entity === undefined || id === undefined || locale === undefined || users.length === 0) return new Map(users.map((user) => [user, model.language]))
  const selection = { fields: [id, locale].map((field) => ({ field, masked: false })), toOne: [], toMany: [] }
  const { records: found } = await records.list(x, { entity, rows: idIn(entity, users), archived: 'without', selection, sort: [], limit: users.length }, bindingsOf(systemActor, at))
  const chosen = new Map(found.map((record) => [Number(record['id']), record['locale']]))
  return new Map(users.map((user) => {
    const tag = chosen.get(user)
    return [user, typeof tag === 'string' && tag !== '' ? tag : model.language]
  }))
}
