/** The languages in which people are told something when they do not ask themselves. */
import type { Model } from '../../model/model.js'
import type { Executor } from '../../storage/contract.js'
import * as records from '../../storage/records.js'
import { bindingsOf, systemActor } from '../call.js'
import { idIn } from '../rights/rights.js'

/** The tags that users chose, by user; without those who leave it to their browser. One statement. */
export async function languagesOf(x: Executor, model: Model, users: readonly number[], at: Date): Promise<ReadonlyMap<number, string>> {
  const entity = model.entities.get('user')
  const [id, locale] = [entity?.fields.get('id'), entity?.fields.get('locale')]
  if (entity === undefined || id === undefined || locale === undefined || users.length === 0) return new Map()
  const selection = { fields: [id, locale].map((field) => ({ field, masked: false })), toOne: [], toMany: [] }
  const { records: found } = await records.list(x, { entity, rows: idIn(entity, users), archived: 'without', selection, sort: [], limit: users.length }, bindingsOf(systemActor, at))
  return new Map(found.flatMap((record) => (typeof record['locale'] === 'string' ? [[Number(record['id']), record['locale']] as const] : [])))
}
