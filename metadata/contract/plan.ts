/** What a publish would do: made by the engine (`storage/tables/plan.ts`, `operations/definitions/plan.ts`), shown by the studio and the command line. */
import type { Json, JsonObject } from './json.js'

export const planActions = [
  'createEntity', 'renameEntity', 'archiveEntity', 'restoreEntity',
  'addField', 'renameField', 'archiveField', 'restoreField', 'convertField', 'recomputeField', 'requireField', 'narrowField', 'relinkField',
  'addIndex', 'dropIndex', 'changeSearch', 'changeScreen', 'changeAccess', 'changeText', 'changeRule', 'changeTimeZone',
] as const
export type PlanAction = (typeof planActions)[number]

export interface PlanStep {
  /** Stable for the same change, so that consent can name it, e.g. `convertField:member.income`. */
  readonly key: string
  readonly action: PlanAction
  /** API names after the change; absent for steps that concern no entity. */
  readonly entity?: string
  readonly field?: string
  /** Whether a definition is there only afterwards or only before; absent where it is there before and after, and in steps of storage. */
  readonly change?: 'added' | 'removed'
  /** Keys of the fields whose settings change (`changeRule`); absent where it is none. */
  readonly fields?: readonly string[]
  /** Name before, for renames and conversions (`from` and `to` are then names or types). */
  readonly from?: string
  readonly to?: string
  /**
   * `safe`: at once, nothing lost. `slow`: rewrites rows. `lossy`: some values would not survive, or would not be accepted
   * once more (`narrowField`): consent is needed.
   * `blocked`: some records stand in the way (`failing`); no consent helps, they must be corrected first.
   */
  readonly safety: 'safe' | 'slow' | 'lossy' | 'blocked'
  /** Rows that the step reads or writes; absent when it touches none. */
  readonly rows?: number
  /**
   * Rows whose values do not fit, or that have none where one is required from now on, at most 5 of them as samples; of a formula those on which it cannot be computed, with the reason in
   * the place of the value. `looked`: only so many rows were looked at, the newest. `filter`: the condition that selects them in
   * what is in force, where it can be asked there.
   */
  readonly failing?: { readonly count: number; readonly looked?: number; readonly samples: readonly { readonly id: number; readonly value: Json }[]; readonly filter?: JsonObject }
  /**
   * How long the step takes, about, and who waits meanwhile; absent where nobody notices it. `nobody`: it goes on in the background, behind the publish;
   * `saving`: whoever saves (on PostgreSQL: records of this entity); `opening`: whoever opens or saves records of this entity.
   */
  readonly takes?: { readonly milliseconds: number; readonly waits: 'nobody' | 'saving' | 'opening' }
  /** Names of the API tokens in force that may use what is renamed, put away or gets another type. */
  readonly programs?: readonly string[]
  /** Views, forms, roles, rules and indexes that refer to what changes, as document paths. */
  readonly references?: readonly string[]
}

/** How far a right goes: on no record, on some records or fields, on all. */
export type AccessReach = 'none' | 'some' | 'all'

/** What some people may do otherwise after a publish. */
export interface AccessChange {
  readonly entity: string
  readonly action: 'read' | 'create' | 'update' | 'archive' | 'purge' | 'export' | 'history'
  readonly before: AccessReach
  readonly after: AccessReach
  /** Keys of fields that they see in full, or may set, only afterwards or only before. */
  readonly gained: readonly string[]
  readonly lost: readonly string[]
  /** Keys of fields that they saw in full and see masked afterwards; not among `lost`. */
  readonly masked: readonly string[]
  /** Names of the changed roles that they hold. */
  readonly roles: readonly string[]
  /** `name` is null for whom the caller may not know. */
  readonly people: { readonly count: number; readonly samples: readonly { readonly id: number; readonly name: string | null }[] }
  /** Records that the first of them reads, counted to `capped`; absent where it cannot be said yet. */
  readonly records?: { readonly before: number; readonly after: number; readonly capped: number }
}

export interface Plan {
  /** Metadata version that the plan starts from. */
  readonly base: number
  readonly steps: readonly PlanStep[]
  /** Who gains or loses access; absent on the command line, which asks for nobody. */
  readonly access?: readonly AccessChange[]
}
