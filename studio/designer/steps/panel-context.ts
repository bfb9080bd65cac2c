/** What the forms of steps work with. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Surroundings } from '../../fields/contract.js'
import type { Desk } from '../desk.js'
import type { EntityDefinition, FieldDefinition } from '../draft/definitions.js'
import type { Operation } from '../draft/operations.js'
import type { Source } from '../workflows/sources.js'
import type { Wording } from '../workflows/sentences.js'
import type { Keys, Step } from '../workflows/workflow-tree.js'

export interface PanelContext {
  readonly desk: Desk
  readonly surroundings: Surroundings
  readonly wording: Wording
  readonly step: Step
  readonly sources: readonly Source[]
  readonly entity: (name: Json | undefined) => EntityDefinition | undefined
  /** Sets a member of the step (`with`, `title`), undefined removes it. */
  readonly set: (member: Keys, value: Json | undefined) => void
  /** Any operations on the workflow, as one step for undo. */
  readonly change: (operations: readonly Operation[]) => void
  /** What is wrong at a place inside of the step, e.g. `/with/entity`; '' for nothing. */
  readonly error: (inside: string) => string
}

/** Fields that a step may set or compare. */
export const openFields = (entity: EntityDefinition | undefined): readonly FieldDefinition[] => (entity?.fields ?? []).filter(({ archived, type }) => !archived && type !== '')

/** The ones that are written: what is computed follows by itself. */
export const writableFields = (desk: Desk, entity: EntityDefinition | undefined): readonly FieldDefinition[] => {
  const computed = new Set(desk.design.published.fieldTypes.filter((type) => type.computed === true).map(({ name }) => name))
  return openFields(entity).filter(({ type, property }) => !computed.has(type) && property['readOnly'] !== true)
}
