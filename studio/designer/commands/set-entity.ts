/** Changes what an entity says about itself: `title`, or a setting such as `plural`, `icon`, `display`. */
import type { Json } from '../../../metadata/contract/json.js'
import { entityPath } from '../draft/definitions.js'
import type { Documents, Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export const setEntityKeyword = (documents: Documents, entity: string, keyword: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [entityPath(entity), keyword], value)

export const setEntitySetting = (documents: Documents, entity: string, setting: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [entityPath(entity), 'crm', setting], value)
