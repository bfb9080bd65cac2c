/**
 * While the list of a combo box or a select is open, Vaadin keeps the mouse from everything else, and a click elsewhere does no more than close it. People mean
 * what they click on: the click is made once more on what stands under the pointer.
 */
function clicked(event: MouseEvent): void {
  if (!event.defaultPrevented || event.target !== document.documentElement) return
  requestAnimationFrame(() => {
    const meant = at(document, event.clientX, event.clientY)
    if (meant === null || meant === document.documentElement || meant === document.body) return
    meant.closest<HTMLElement>('input, textarea, button, a, select, [tabindex]')?.focus()
    meant.click()
  })
}

/** The innermost element at a point, also within components. */
function at(root: DocumentOrShadowRoot, x: number, y: number): HTMLElement | null {
  const found = root.elementFromPoint(x, y)
  const inner = found?.shadowRoot === null || found?.shadowRoot === undefined ? null : at(found.shadowRoot, x, y)
  return inner ?? (found instanceof HTMLElement ? found : null)
}

document.addEventListener('click', clicked)
