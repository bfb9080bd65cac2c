/** Opens the place that the settings name. What only a bucket needs is loaded only then. */
import type { Config } from '../../config.js'
import type { FileStore } from './contract.js'
import { folderStore } from './folder.js'

export async function openFiles(place: Config['files']): Promise<FileStore> {
  if ('folder' in place) return folderStore(place.folder)
  const { s3Store } = await import('./s3.js')
  return s3Store(place)
}
