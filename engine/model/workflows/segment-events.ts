/** Events that tell of segments: `crm.member.entered` and `crm.member.left`, with the name of the segment beside the type. */
import type { JsonObject } from '../../../metadata/contract/json.js'

export type SegmentVerb = 'entered' | 'left'

/** What an event filter waits for, when it is one of these; undefined for others. */
export function segmentEventOf({ type, segment }: JsonObject): { readonly entity: string; readonly verb: SegmentVerb; readonly segment: string } | undefined {
  const [, entity, verb] = typeof type === 'string' ? /^crm\.(\w+)\.(entered|left)$/.exec(type) ?? [] : []
  if (entity === undefined || (verb !== 'entered' && verb !== 'left')) return undefined
  return { entity, verb, segment: typeof segment === 'string' ? segment : '' }
}
