/** How wide columns are: as their values need it, and as this person made them, per entity and kept in this browser: screens differ, people's tables do not. */
import type { GridColumn } from '@vaadin/grid/vaadin-grid-column.js'

import type { Column } from './columns.js'
import type { Summed } from './totals.js'

const storageKey = (entity: string): string => `tessera.widths.${entity}`
/** What a column can be dragged to and still be found again. Pixels. */
const range = { least: 48, most: 1200 } as const

/** The column of boxes to tick. Pixels. */
export const tickPx = 44
/** A total stands with the name of its measure. Pixels. */
const totalPx = 190
/** A column gives way to this part of what its values need. */
const leastPart = 0.75

/**
 * Widths to begin with, as CSS: what the values need. Where a little of that is missing all columns give way alike, so that the last one is not cut;
 * where more is missing the table is scrolled, and each has all that it needs.
 * @param needed pixels that each column needs
 * @param takenPx pixels of columns that do not give way
 */
export function fitting(needed: readonly number[], takenPx: number): readonly string[] {
  const all = needed.reduce((sum, px) => sum + px, 0)
  const room = `(100% - ${String(takenPx)}px)`
  // With less room than the least, the difference is positive, and many times as much is more than any column needs.
  const scrolled = `(${String(Math.round(all * leastPart))}px - ${room}) * ${String(range.most)}`
  return needed.map((px) => `max(min(${String(px)}px, ${room} * ${(px / Math.max(all, 1)).toFixed(4)}), min(${String(px)}px, ${scrolled}))`)
}

export interface Width {
  readonly css: string
  /** Share of what is left; 0 where somebody dragged it. */
  readonly grow: number
}

/** The widths of the columns of a table. @param firstPx what stands before the value in the first one needs, `ticked` that boxes to tick stand before it */
export function columnWidths(columns: readonly Column[], own: Widths, { firstPx, summed, ticked }: { readonly firstPx: number; readonly summed: Summed; readonly ticked: boolean }): readonly Width[] {
  const dragged = columns.map(({ path }) => own.of(path))
  const needed = columns.map(({ path, view }, i) => (dragged[i] === undefined ? Math.max(view.columnPx, summed.has(path) ? totalPx : 0) + (i === 0 ? firstPx : 0) : 0))
  const css = fitting(needed, dragged.reduce<number>((sum, px) => sum + (px ?? 0), ticked ? tickPx : 0))
  return columns.map((_, i) => (dragged[i] === undefined ? { css: css[i] ?? '', grow: i === 0 ? 2 : 1 } : { css: `${String(dragged[i])}px`, grow: 0 }))
}

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

/** Somebody has dragged the edge of a column. */
export function keepWidth(own: Widths, { resizedColumn }: { readonly resizedColumn: GridColumn }): void {
  const path = resizedColumn.dataset['path']
  if (path !== undefined) own.set(path, Number.parseInt(String(resizedColumn.width), 10))
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
