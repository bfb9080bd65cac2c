/** Filters that were begun and not applied, per entity, kept for the session of this browser tab. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Group } from '../filter/filter-tree.js'

const keyOf = (entity: string): string => `tessera.filter.${entity}`
const nameOf = (condition: JsonObject | undefined): string => JSON.stringify(condition ?? {})

/** `condition` is what the list had when the filter was begun: for another one it is not brought back. */
export const unfinished = {
  keep(entity: string, condition: JsonObject | undefined, group: Group): void {
    try {
      sessionStorage.setItem(keyOf(entity), JSON.stringify({ from: nameOf(condition), group }))
    } catch {
      // Storage that is forbidden or full: it lasts as long as the builder is open.
    }
  },

  read(entity: string, condition: JsonObject | undefined): Group | undefined {
    try {
      const kept = JSON.parse(sessionStorage.getItem(keyOf(entity)) ?? 'null') as { readonly from: string; readonly group: Group } | null // written above
      return kept?.from === nameOf(condition) ? kept.group : undefined
    } catch {
      return undefined
    }
  },

  forget(entity: string): void {
    try {
      sessionStorage.removeItem(keyOf(entity))
    } catch {
      // Nothing was kept then.
    }
  },
}
