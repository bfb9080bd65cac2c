/**
 * What a set of roles may do, compiled once per model and role set. Allow-list: what is not here does not exist for the
 * caller. Several roles add up per row: a field is visible on a row if some grant that covers the row names the field.
 */
import type { SegmentDefinition } from '../../metadata/contract/definitions.gen.js'
import type { Entity } from '../model/model.js'
import type { Predicate } from '../model/conditions/predicate.js'

export interface Access {
  /** Sorted role names, joined: the key of everything compiled for them. */
  readonly key: string
  /** The roles with all that they inherit. */
  readonly roles: ReadonlySet<string>
  /** True when some role may change definitions (`"design": true` in the role). */
  readonly design: boolean
  /** True when some role may read the audit log (`"audit": true` in the role). */
  readonly audit: boolean
  /** True when some role may administer people (`"people": true`), or may design. */
  readonly people: boolean
  /** True when some role may share views (`"share": true`), or may design. */
  readonly share: boolean
  /** Undefined: the entity does not exist for this caller. */
  entity(name: string): EntityAccess | undefined
  /** A published segment. Who may not ask what its condition asks may not ask for it either: conditions are resolved in full. */
  segment(name: string): SegmentDefinition | undefined
}

export interface EntityAccess {
  readonly entity: Entity
  /** At least one. */
  readonly read: readonly ReadGrant[]
  /** Disjunction of the read grants' rows. */
  readonly rows: Predicate
  /** Empty: may not. */
  readonly create: readonly WriteGrant[]
  readonly update: readonly WriteGrant[]
  /** `false`: may not; otherwise the rows. */
  readonly archive: Predicate | false
  readonly purge: Predicate | false
  readonly export: Predicate | false
  readonly history: boolean
  /** How the caller sees a field; undefined: not at all. System fields are seen with the row. */
  field(key: string): FieldAccess | undefined
}

export interface ReadGrant {
  readonly rows: Predicate
  /** Field key → how. Contains no field that is not granted. */
  readonly fields: ReadonlyMap<string, 'full' | 'masked'>
}

export interface WriteGrant {
  /** Must hold for the record before and after. */
  readonly rows: Predicate
  readonly fields: ReadonlySet<string>
}

export interface FieldAccess {
  /** `masked` when no grant gives it in full. A masked field can't be filtered, sorted, searched or grouped by. */
  readonly how: 'full' | 'masked'
  /** Where it is seen in full; absent when that is on every row that the caller sees at all (or, for `masked`, on none). */
  readonly visible?: Predicate
  /** Where it is shown masked when it is not seen in full; absent: nowhere. On all other rows it is left out. */
  readonly masked?: Predicate
}
