/** Changes that one person made in one go are told as one. Pure. */
import type { Json } from '../../../metadata/contract/json.js'
import type { TimelineItem } from '../../client/timeline.js'
import { same } from '../form-state.js'

export interface ChangeGroup {
  readonly kind: 'changes'
  /** Of the newest. */
  readonly at: string
  readonly by: number | null
  /** Of the oldest that is no plain change, else `updated`. */
  readonly action: string
  /** From before the first to after the last; what came back to where it was is left out. */
  readonly changes: Readonly<Record<string, readonly [Json, Json]>>
  /** Keys of the fields that a rule has set. */
  readonly byRule: readonly string[]
}

/** Longest pause within one go. */
const pauseMs = 15 * 60_000

/** Newest first, as they come; what stands between two changes parts them. */
export function grouped(items: readonly TimelineItem[]): readonly (TimelineItem | ChangeGroup)[] {
  const told: (TimelineItem | ChangeGroup)[] = []
  let oldest = 0
  for (const item of items) {
    const { change } = item
    const last = told.at(-1)
    if (change === undefined) {
      told.push(item)
      continue
    }
    const at = Date.parse(item.at)
    if (last !== undefined && 'by' in last && last.by === change.by && last.action === 'updated' && change.action === 'updated' && oldest - at <= pauseMs) {
      told[told.length - 1] = { ...last, changes: joined(change.changes, last.changes), byRule: [...last.byRule, ...change.byRule] }
    } else {
      told.push({ kind: 'changes', at: item.at, by: change.by, action: change.action, changes: change.changes, byRule: change.byRule })
    }
    oldest = at
  }
  return told
}

function joined(earlier: ChangeGroup['changes'], later: ChangeGroup['changes']): ChangeGroup['changes'] {
  const keys = new Set([...Object.keys(earlier), ...Object.keys(later)])
  return Object.fromEntries([...keys].flatMap((key): readonly (readonly [string, readonly [Json, Json]])[] => {
    const [first, last] = [earlier[key] ?? later[key], later[key] ?? earlier[key]]
    return first === undefined || last === undefined || same(first[0], last[1]) ? [] : [[key, [first[0], last[1]]]]
  }))
}
