/** Widths that this person gave to columns, per entity, kept in this browser: screens differ, people's tables do not. */

const storageKey = (entity: string): string => `tessera.widths.${entity}`
/** What a column can be dragged to and still be found again. Pixels. */
const range = { least: 48, most: 1200 } as const

export interface Widths {
  /** Pixels; undefined where nobody dragged. */
  of(path: string): number | undefined
  set(path: string, pixels: number): void
}

/** The widths for one entity's columns. Storage that is forbidden or full only means that they last for the page. */
export function widthsOf(entity: string): Widths {
  let known = kept.get(entity)
  if (known === undefined) kept.set(entity, (known = read(entity)))
  const widths = known
  return {
    of: (path) => widths.get(path),
    set(path, pixels) {
      if (!Number.isFinite(pixels)) return
      widths.set(path, Math.min(range.most, Math.max(range.least, Math.round(pixels))))
      try {
        localStorage.setItem(storageKey(entity), JSON.stringify(Object.fromEntries(widths)))
      } catch {
        // Lasts for the page then.
      }
    },
  }
}

const kept = new Map<string, Map<string, number>>()

function read(entity: string): Map<string, number> {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey(entity)) ?? '{}') as Record<string, unknown>
    return new Map(Object.entries(stored).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= range.least && entry[1] <= range.most))
  } catch {
    return new Map()
  }
}
