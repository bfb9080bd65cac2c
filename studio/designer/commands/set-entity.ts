/** Changes what an entity says about itself: `title`, a setting such as `plural`, `icon`, `display`, or whom its records tell. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { entityPath } from '../draft/definitions.js'
import { valueAt, type Documents, type Operation } from '../draft/operations.js'
import { setValue } from './set-value.js'

export const setEntityKeyword = (documents: Documents, entity: string, keyword: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [entityPath(entity), keyword], value)

export const setEntitySetting = (documents: Documents, entity: string, setting: string, value: Json | undefined): readonly Operation[] =>
  setValue(documents, [entityPath(entity), 'crm', setting], value)

/** Whom records tell of one kind of thing; `rule` undefined: nobody. The whole setting goes with the last one. */
export function setNotice(documents: Documents, entity: string, kind: string, rule: JsonObject | undefined): readonly Operation[] {
  const keys = [entityPath(entity), 'crm', 'notify']
  const told = valueAt(documents, keys)
  const others = isObject(told) && Object.keys(told).some((other) => other !== kind)
  return rule === undefined && !others ? setValue(documents, keys, undefined) : setValue(documents, [...keys, kind], rule)
}
