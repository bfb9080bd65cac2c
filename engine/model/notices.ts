/** Whom records tell of themselves: the `notify` of an entity. */
import { isObject, type JsonObject } from '../../metadata/contract/json.js'
import { noticeKinds, type NoticeKind } from '../../metadata/contract/notification.js'

export interface Notice {
  readonly kind: NoticeKind
  /** Key of the field that names the person or the people. */
  readonly to: string
  /** Key of the moment at which they are told; null: when a write names them. */
  readonly at: string | null
  /** Only records that meet this condition when the moment comes. */
  readonly where: JsonObject
}

/** Read from the `crm` of an entity. Whether the fields are there and fit is for the check before a publish. */
export function noticesOf(crm: JsonObject): readonly Notice[] {
  const { notify } = crm
  if (!isObject(notify)) return []
  return noticeKinds.flatMap((kind): readonly Notice[] => {
    const rule = notify[kind]
    if (!isObject(rule) || typeof rule['to'] !== 'string') return []
    return [{ kind, to: rule['to'], at: typeof rule['at'] === 'string' ? rule['at'] : null, where: isObject(rule['where']) ? rule['where'] : {} }]
  })
}
