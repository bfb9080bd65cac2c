/**
 * The rows of an open list of choices are used again for others: when it narrows, or more is found, while a finger or a button of the mouse is down, another
 * choice stands under it when it is lifted. What is chosen is what was there when the press began, where the list still has it; otherwise nothing.
 */
type Row = HTMLElement & { readonly item?: unknown }

let pressed: unknown

const rowAt = (event: Event): Row | undefined =>
  event.composedPath().find((node): node is Row => node instanceof HTMLElement && /^vaadin-(multi-select-)?combo-box-item$/.test(node.localName))

/** Lists that are asked for anew have other objects for the same choices. */
const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one) === JSON.stringify(other)

document.addEventListener('pointerdown', (event) => (pressed = rowAt(event)?.item), { capture: true })

document.addEventListener('click', (event) => {
  const [row, meant] = [rowAt(event), pressed]
  pressed = undefined // what is not pressed, such as by a screen reader, is meant as it stands
  if (row === undefined || meant === undefined || same(row.item, meant)) return
  event.stopImmediatePropagation()
  const rows: readonly Row[] = [...(row.parentElement?.querySelectorAll<Row>(row.localName) ?? [])]
  rows.find(({ item, hidden }) => !hidden && same(item, meant))?.click()
}, { capture: true })
