/** Elements of a form that follow the pointer: where they would be put is shown while they move. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

import type { Place } from './form-tree.js'
import type { Target } from './form-edits.js'

/** Sides of an element that something is put at; `inside` is its end. */
type Side = 'before' | 'after' | 'start' | 'end' | 'inside'

export interface FormDropping {
  /** `source` is what was dragged: its `data-part` is a place of the form, its `data-new` names something new. */
  dropped(source: HTMLElement, target: Target): void
}

export const placeIn = (text: string): Place => text.split('/').filter((part) => part !== '').map(Number)

/** Makes every `[data-part]` and `[data-new]` below `ground` movable to the parts of the form. Gives what undoes it. */
export function draggedParts(ground: HTMLElement, { dropped }: FormDropping): () => void {
  const movable = [...ground.querySelectorAll<HTMLElement>('[data-part]:not([data-part=""]), [data-new]')].map((element) =>
    draggable({ element, onDragStart: () => element.classList.add('dragged'), onDrop: () => element.classList.remove('dragged') }))
  const targets = [...ground.querySelectorAll<HTMLElement>('[data-part]')].map((element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => !source.element.contains(element),
      getData: ({ input }) => ({ side: sideAt(element, input.clientX, input.clientY) }),
      onDrag: ({ self, location }) => show(element, location.current.dropTargets[0]?.element === element ? (self.data['side'] as Side) : null),
      onDragLeave: () => show(element, null),
      onDrop: ({ self, source, location }) => {
        show(element, null)
        if (location.current.dropTargets[0]?.element === element && source.element instanceof HTMLElement) dropped(source.element, targetOf(placeIn(element.dataset['part'] ?? ''), self.data['side'] as Side))
      },
    }))
  return combine(...movable, ...targets, ...[...ground.querySelectorAll<HTMLElement>('[data-part] [role=tab]')].map((element) => droppedIntoTab(element, dropped)))
}

/** What is let go on the name of a tab comes to its end, as the inside of other tabs is not in sight. */
function droppedIntoTab(element: HTMLElement, dropped: FormDropping['dropped']): () => void {
  const place = (): Place => [...placeIn(element.closest<HTMLElement>('[data-part]')?.dataset['part'] ?? ''), [...(element.parentElement?.children ?? [])].indexOf(element)]
  return dropTargetForElements({
    element,
    onDragEnter: () => show(element, 'inside'),
    onDragLeave: () => show(element, null),
    onDrop: ({ source }) => {
      show(element, null)
      if (source.element instanceof HTMLElement) dropped(source.element, targetOf(place(), 'inside'))
    },
  })
}

const show = (element: HTMLElement, side: Side | null): void => {
  if (side === null) delete element.dataset['side']
  else element.dataset['side'] = side
}

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

function targetOf(place: Place, side: Side): Target {
  if (side === 'inside') return { into: place, index: Number.MAX_SAFE_INTEGER }
  if (side === 'start' || side === 'end') return { beside: place, side }
  return { into: place.slice(0, -1), index: (place.at(-1) ?? 0) + (side === 'after' ? 1 : 0) }
}
