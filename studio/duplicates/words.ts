/** Words that the screens about duplicates share. */
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { language } from '../client/i18n.js'

/** Titles of fields as a list in the reader's language: `Phone and birthday`. */
export const fieldNames = (entity: UiEntity, keys: readonly string[]): string =>
  new Intl.ListFormat(language.value, { style: 'long', type: 'conjunction' }).format(keys.map((key) => entity.fields.find((field) => field.key === key)?.title ?? key))
