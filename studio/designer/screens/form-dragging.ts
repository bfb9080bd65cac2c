/** Elements of a form that follow the pointer: where they would be put is shown while they move. */
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { noChange } from 'lit'
import { AsyncDirective, directive } from 'lit/async-directive.js'
import type { ElementPart } from 'lit/directive.js'

import type { Place } from './form-tree.js'
import type { Target } from './form-edits.js'

/** Sides of an element that something is put at; `inside` is its end. */
type Side = 'before' | 'after' | 'start' | 'end' | 'inside'

export const placeIn = (text: string): Place => text.split('/').filter((part) => part !== '').map(Number)

class Movable extends AsyncDirective {
  #element: HTMLElement | null = null
  #undo: (() => void) | null = null

  override render(): unknown {
    return noChange
  }

  override update({ element }: ElementPart): unknown {
    this.#element = element instanceof HTMLElement ? element : null
    this.#begin()
    return noChange
  }

  protected override disconnected(): void {
    this.#undo?.()
    this.#undo = null
  }

  protected override reconnected(): void {
    this.#begin()
  }

  #begin(): void {
    const element = this.#element
    if (element !== null) this.#undo ??= draggable({ element, onDragStart: () => element.classList.add('dragged'), onDrop: () => element.classList.remove('dragged') })
  }
}

/** `<div data-part="0/1" ${movable()}>`: follows the pointer from when it is drawn, whoever draws it and when. */
export const movable = directive(Movable)

/** Where something would be put: beside or into an element, which shows it. */
interface Spot {
  readonly element: HTMLElement
  readonly place: Place
  readonly side: Side
}

/**
 * What is dragged can be dropped on every `[data-part]` below `ground`, and on the names of tabs: what is under the pointer is looked for when it is there,
 * as the form is drawn again at any time, with another tab or by what a colleague changed.
 * @param dropped `source` is what was dragged: its `data-part` is a place of the form, its `data-new` names something new
 * @returns what undoes it
 */
export function droppedOn(ground: HTMLElement, dropped: (source: HTMLElement, target: Target) => void): () => void {
  let shown: HTMLElement | null = null
  const show = (spot: Spot | null): void => {
    if (shown !== null) delete shown.dataset['side']
    shown = spot?.element ?? null
    if (spot !== null) spot.element.dataset['side'] = spot.side
  }
  return dropTargetForElements({
    element: ground,
    canDrop: ({ source, input }) => spotUnder(ground, source.element, input.clientX, input.clientY) !== null,
    onDrag: ({ source, location: { current } }) => show(spotUnder(ground, source.element, current.input.clientX, current.input.clientY)),
    onDragLeave: () => show(null),
    onDrop: ({ source, location: { current } }) => {
      show(null)
      const spot = spotUnder(ground, source.element, current.input.clientX, current.input.clientY)
      if (spot !== null && source.element instanceof HTMLElement) dropped(source.element, targetOf(spot))
    },
  })
}

/** Nothing is put into itself: there it is what is around it. */
function spotUnder(ground: HTMLElement, source: Element, x: number, y: number): Spot | null {
  const under = document.elementsFromPoint(x, y).find((element) => ground.contains(element))
  const tab = under?.closest<HTMLElement>('[role=tab]') ?? null
  const element = around(source.contains(under ?? null) ? source.parentElement : (under ?? null))
  if (element === null) return null
  const place = placeIn(element.dataset['part'] ?? '')
  // What is let go on the name of a tab comes to its end, as the inside of other tabs is not in sight.
  if (tab !== null) return { element: tab, place: [...place, [...(tab.parentElement?.children ?? [])].indexOf(tab)], side: 'inside' }
  const side = sideAt(element, x, y)
  const near = side === 'inside' ? partNear(element, source, x, y) : undefined
  return near === undefined ? { element, place, side } : { element: near, place: placeIn(near.dataset['part'] ?? ''), side: sideAt(near, x, y) }
}

/** The part beside a gap: what is let go between two parts comes between them, not to the end of what they stand in. */
function partNear(holder: HTMLElement, source: Element, x: number, y: number): HTMLElement | undefined {
  const within = placeIn(holder.dataset['part'] ?? '').length
  const parts = [...holder.querySelectorAll<HTMLElement>('[data-part]')].filter((part) => part !== source && placeIn(part.dataset['part'] ?? '').length === within + 1)
  const away = (part: HTMLElement): number => {
    const box = part.getBoundingClientRect()
    return box.width === 0 ? Infinity : Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom))
  }
  const [nearest] = parts.toSorted((a, b) => away(a) - away(b))
  return nearest !== undefined && away(nearest) <= gapPx ? nearest : undefined
}

/** No wider are the gaps between parts. */
const gapPx = 32

const around = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>('[data-part]') ?? null

const rimPx = 14

/** Sections are entered, except at their rim; fields have four sides. */
function sideAt(element: HTMLElement, x: number, y: number): Side {
  if (element.dataset['part'] === '') return 'inside'
  const box = element.getBoundingClientRect()
  const holds = element.dataset['holds'] !== undefined
  if (holds) return y < box.top + rimPx ? 'before' : y > box.bottom - rimPx ? 'after' : 'inside'
  const across = (x - box.left) / box.width
  if (across < 0.22) return 'start'
  if (across > 0.78) return 'end'
  return y < box.top + box.height / 2 ? 'before' : 'after'
}

function targetOf({ place, side }: Spot): Target {
  if (side === 'inside') return { into: place, index: Number.MAX_SAFE_INTEGER }
  if (side === 'start' || side === 'end') return { beside: place, side }
  return { into: place.slice(0, -1), index: (place.at(-1) ?? 0) + (side === 'after' ? 1 : 0) }
}
