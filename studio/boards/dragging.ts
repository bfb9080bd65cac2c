/** Records that follow the pointer, and places that take them. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

/** What happens to records that are dragged, and which places take them; all do where nothing is said. */
export interface Dropping {
  dropped(card: HTMLElement, place: string): void
  takes?(card: HTMLElement, place: string): boolean
}

/** Makes every `[data-id]` below `ground` movable into the `[data-place]`s that take it; the others are marked meanwhile. Gives what undoes it. */
export function draggedCards(ground: HTMLElement, { dropped, takes = () => true }: Dropping): () => void {
  const places = (): readonly HTMLElement[] => [...ground.querySelectorAll<HTMLElement>('[data-place]')]
  const mark = (card: HTMLElement): void => {
    for (const place of places()) place.classList.toggle('unreachable', !takes(card, place.dataset['place'] ?? ''))
  }
  const cards = [...ground.querySelectorAll<HTMLElement>('[data-id]')].map((element) =>
    draggable({
      element,
      onDragStart: () => {
        element.classList.add('dragged')
        mark(element)
      },
      onDrop: () => {
        element.classList.remove('dragged')
        for (const place of places()) place.classList.remove('unreachable')
      },
    }))
  const targets = places().map((element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => source.element instanceof HTMLElement && ground.contains(source.element) && takes(source.element, element.dataset['place'] ?? ''),
      onDragEnter: () => element.classList.add('target'),
      onDragLeave: () => element.classList.remove('target'),
      onDrop: ({ source }) => {
        element.classList.remove('target')
        dropped(source.element, element.dataset['place'] ?? '')
      },
    }))
  return combine(...cards, ...targets)
}
