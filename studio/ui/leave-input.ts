/** Saving by a key, with the cursor still in an input. */

/** What stands in the input counts as typed, as if the person had gone on: pickers read their text only then. The cursor stays where it is. */
export async function leaveInput(): Promise<void> {
  const at = document.activeElement
  if (!(at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement)) return
  at.blur()
  const open = at.closest('[opened]')
  if (open !== null && 'close' in open && typeof open.close === 'function') {
    open.close()
    await new Promise(requestAnimationFrame) // it reads the text when it has closed
  }
  at.focus()
}
