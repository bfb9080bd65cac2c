/** Records that follow the pointer, and places that take them. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

/** Makes every `[data-id]` below `ground` movable into every `[data-place]`; `dropped` gets what was dragged and the name of the place. Gives what undoes it. */
export function draggedCards(ground: HTMLElement, dropped: (card: HTMLElement, place: string) => void): () => void {
  const cards = [...ground.querySelectorAll<HTMLElement>('[data-id]')].map((element) =>
    draggable({
      element,
      onDragStart: () => element.classList.add('dragged'),
      onDrop: () => element.classList.remove('dragged'),
    }))
  const places = [...ground.querySelectorAll<HTMLElement>('[data-place]')].map((element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => ground.contains(source.element),
      onDragEnter: () => element.classList.add('target'),
      onDragLeave: () => element.classList.remove('target'),
      onDrop: ({ source }) => {
        element.classList.remove('target')
        dropped(source.element, element.dataset['place'] ?? '')
      },
    }))
  return combine(...cards, ...places)
}
