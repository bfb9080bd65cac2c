/** Packs that a test makes up. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { inject } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'

let packs = 0

/** Writes documents (path → content) as a layer folder of this test run; gives the folder, for `layers`. */
export async function writePack(documents: Readonly<Record<string, Json>>): Promise<string> {
  const folder = join(inject('runFolder'), `pack-${String(process.pid)}-${String(++packs)}`)
  for (const [path, document] of Object.entries(documents)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, JSON.stringify(document))
  }
  return folder
}
