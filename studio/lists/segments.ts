/** Segments that a test can ask for. */
import type { UiEntity, UiField, UiModel, UiSegment } from '../../metadata/contract/ui-model.js'

/** Those of the records that the field points to; of the id: of the entity's own. */
export const segmentsAt = (model: Pick<UiModel, 'entities'>, entity: UiEntity, field: UiField): readonly UiSegment[] => (field.key === 'id' ? entity : model.entities[field.to ?? ''])?.segments ?? []
