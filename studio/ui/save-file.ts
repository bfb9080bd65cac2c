/** Something made in the browser as a file of the reader's. */

/** Saves it under a name, which loses what no file may be called. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name.replace(/[\\/:*?"<>|]/g, ' ').trim() || 'export'
  link.click()
  URL.revokeObjectURL(link.href)
}
