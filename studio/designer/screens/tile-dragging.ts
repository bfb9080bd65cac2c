/** Tiles that follow the pointer: by their handles to another place, by their edges to another width. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

import { narrowest, widest } from '../commands/dashboards.js'

export interface TileDragging {
  /** `tile` was put before or after `beside`. */
  moved(tile: string, beside: string, after: boolean): void
  resized(tile: string, columns: number): void
}

const nameOf = (element: Element): string => (element instanceof HTMLElement ? (element.dataset['tile'] ?? '') : '')

/** Makes every `[data-tile]` below `ground` movable and resizable. Gives what undoes it. */
export function draggedTiles(ground: HTMLElement, dragging: TileDragging): () => void {
  const frames = [...ground.querySelectorAll<HTMLElement>('[data-tile]')]
  return combine(...frames.flatMap((element) => {
    const handle = element.querySelector('.tile-handle')
    const isAfter = (x: number): boolean => {
      const box = element.getBoundingClientRect()
      return x > box.left + box.width / 2
    }
    const show = (side: string | null): void => {
      if (side === null) delete element.dataset['side']
      else element.dataset['side'] = side
    }
    return [
      draggable({ element, ...(handle === null ? {} : { dragHandle: handle }), onDragStart: () => element.classList.add('dragged'), onDrop: () => element.classList.remove('dragged') }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.element !== element && nameOf(source.element) !== '',
        onDrag: ({ location }) => show(isAfter(location.current.input.clientX) ? 'after' : 'before'),
        onDragLeave: () => show(null),
        onDrop: ({ source, location }) => {
          show(null)
          dragging.moved(nameOf(source.element), nameOf(element), isAfter(location.current.input.clientX))
        },
      }),
      resizable(element, (columns) => dragging.resized(nameOf(element), columns)),
    ]
  }))
}

/** The edge at the end of a frame: it is followed by the frame while it is held, and told of when it is let go. */
function resizable(frame: HTMLElement, told: (columns: number) => void): () => void {
  const edge = frame.querySelector<HTMLElement>('.tile-edge')
  const begin = (event: PointerEvent): void => {
    const grid = frame.parentElement
    if (edge === null || grid === null) return
    event.preventDefault()
    edge.setPointerCapture(event.pointerId)
    const column = grid.getBoundingClientRect().width / widest
    const start = frame.getBoundingClientRect().left
    const columnsAt = (x: number): number => Math.min(widest, Math.max(narrowest, Math.round((x - start) / column)))
    const follow = (move: PointerEvent): void => frame.style.setProperty('--width', String(columnsAt(move.clientX)))
    const end = (up: PointerEvent): void => {
      edge.removeEventListener('pointermove', follow)
      told(columnsAt(up.clientX))
    }
    edge.addEventListener('pointermove', follow)
    edge.addEventListener('pointerup', end, { once: true })
  }
  edge?.addEventListener('pointerdown', begin)
  return () => edge?.removeEventListener('pointerdown', begin)
}
