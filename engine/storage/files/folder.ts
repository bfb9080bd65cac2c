/** Contents of files in a folder of this machine, or of a network drive that all processes see. */
import { randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../errors.js'
import type { FileStore } from './contract.js'

/** Contents under `folder`, in sub-folders by the first digits of their names. */
export function folderStore(folder: string): FileStore {
  const pathOf = (key: string): string => join(folder, checked(key).slice(0, 2), key)
  return {
    place: folder,
    async put(key, path) {
      const target = pathOf(key)
      if (await exists(target)) return
      const partial = `${target}.${randomUUID()}.partial`
      try {
        await mkdir(join(folder, key.slice(0, 2)), { recursive: true })
        // Copied and synced first: what is under its name is whole, whatever happens.
        await copyFile(path, partial, constants.COPYFILE_FICLONE)
        const file = await open(partial, 'r+')
        try {
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(partial, target)
      } catch (error) {
        await rm(partial, { force: true })
        throw error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? new Problem('storage.full', {}, { cause: error }) : error
      }
    },
    size: (key) => stat(pathOf(key)).then(({ size }) => size, () => null),
    async read(key, range) {
      const path = pathOf(key)
      if (!(await exists(path))) throw new Problem('file.missing')
      return createReadStream(path, range === undefined ? {} : { start: range.from, end: range.to })
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  }
}

/** Names are made by the engine; the check is a second wall. */
function checked(key: string): string {
  if (!/^[0-9a-f]{64}(?:\.\d{2,4})?$/.test(key)) throw new Error(`Not a name of a content: ${key}`)
  return key
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false)
