/** The layer in an archive or a folder that somebody chose. */
import { filesIn, readFiles, type ReadLayer } from './archive.js'

/** @throws Error when an archive cannot be read */
export async function chosenFiles(files: readonly File[]): Promise<ReadLayer> {
  const [first] = files
  if (first !== undefined && files.length === 1 && first.name.endsWith('.zip')) return readFiles(await filesIn(new Uint8Array(await first.arrayBuffer())))
  return readFiles(await Promise.all(files.filter(({ name }) => name.endsWith('.json')).map(async (file) => ({ path: file.webkitRelativePath || file.name, text: await file.text() }))))
}
