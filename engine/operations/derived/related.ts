/** Records with those that their computed fields look at over references. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Path } from '../../formulas/formula.js'
import { derivationsOf } from '../../model/computed/derivations.js'
import type { Entity } from '../../model/model.js'
import type { Executor } from '../../storage/contract.js'
import { hold, type Held } from '../../storage/derived.js'
import type { Writing } from './writing.js'

/** Puts the records that a record refers to in the place of their ids. */
export type Widen = (record: JsonObject) => JsonObject

/**
 * One statement for each reference on the paths, however many records. Those records stay as they are until the unit
 * ends: otherwise somebody could change one and not see that ours follows from it.
 */
export async function widening(tx: Executor, writing: Writing, entity: Entity, records: readonly JsonObject[], paths: readonly Path[]): Promise<Widen> {
  const longer = paths.filter((path) => path.length > 1)
  const hops = [...new Set(longer.map(([first = '']) => first))].toSorted()
  const found: { readonly hop: string; readonly held: ReadonlyMap<number, Held>; readonly widen: Widen }[] = []
  for (const hop of hops) {
    const target = writing.model.entities.get(entity.fields.get(hop)?.link?.to ?? '')
    if (target === undefined) continue
    const ids = [...new Set(records.flatMap((record) => { const id = record[hop]; return typeof id === 'number' ? [id] : [] }))]
    // A record that counts ours will be changed in this unit: two units that both only looked at it would wait for each other.
    const counts = (derivationsOf(writing.model).get(target.name)?.rollups.length ?? 0) > 0
    const held = await hold(tx, target, ids, counts ? 'change' : 'look')
    const below = longer.filter(([first]) => first === hop).map(([, ...rest]) => rest)
    found.push({ hop, held, widen: await widening(tx, writing, target, [...held.values()].map(({ record }) => record), below) })
  }
  if (found.length === 0) return (record) => record
  return (record) => ({ ...record, ...Object.fromEntries(found.map(({ hop, held, widen }) => {
    const id = record[hop]
    const target = typeof id === 'number' ? held.get(id) : undefined
    return [hop, target === undefined ? null : widen(target.record)]
  })) })
}
