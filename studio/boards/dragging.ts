/** Cards of a board that follow the pointer, and columns that take them. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

/** Makes every `[data-id]` below `board` movable into every `[data-lane]`; `dropped` gets the id and the number of the column. Gives what undoes it. */
export function draggedCards(board: HTMLElement, dropped: (id: number, lane: number) => void): () => void {
  const cards = [...board.querySelectorAll<HTMLElement>('[data-id]')].map((element) =>
    draggable({
      element,
      getInitialData: () => ({ id: Number(element.dataset['id']) }),
      onDragStart: () => element.classList.add('dragged'),
      onDrop: () => element.classList.remove('dragged'),
    }))
  const lanes = [...board.querySelectorAll<HTMLElement>('[data-lane]')].map((element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => board.contains(source.element),
      onDragEnter: () => element.classList.add('target'),
      onDragLeave: () => element.classList.remove('target'),
      onDrop: ({ source }) => {
        element.classList.remove('target')
        dropped(Number(source.data['id']), Number(element.dataset['lane']))
      },
    }))
  return combine(...cards, ...lanes)
}
