/** What everybody who brings computed values up to date is handed. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Entity, Model } from '../../model/model.js'
import type { Bindings } from '../../storage/contract.js'

/** One unit of writing, by whom and when. */
export interface Writing {
  readonly model: Model
  /** User id; null for the system. */
  readonly by: number | null
  readonly at: Date
  /** False: computed values change without anybody being told (loads, recalculation). */
  readonly announce: boolean
}

/** What became of a stored record: `before` is null for a new one, `after` for one that was erased. */
export interface Written {
  readonly entity: Entity
  readonly before: JsonObject | null
  readonly after: JsonObject | null
  /** A reference that the database emptied, as its target was erased: fields of the record itself that follow are not up to date. */
  readonly cleared?: string
}

/** A value is the same for everybody, so nobody asks; days begin where the definitions say. */
export const bindingsAt = ({ timeZone }: Pick<Model, 'timeZone'>, now: Date): Bindings => ({ user: () => undefined, now, timeZone })
