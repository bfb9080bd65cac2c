/** The studio's files as a browser asks for them. */
import { mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import type { OpenRequest } from '../../engine/api/handler.js'
import { staticRoute } from '../../engine/api/static.js'

test('a studio that is built anew under a running server is served: what is gone is not found, and the next page is the new one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'static-'))
  const build = async (name: string): Promise<void> => {
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'index.html'), `<script src="/assets/${name}.js"></script>`)
    await writeFile(join(folder, `assets/${name}.js`), `'${name}'`)
  }
  const { handle } = staticRoute(folder)
  const ask = async (path: string): Promise<string> => {
    const { bytes } = await handle({ path, headers: {} } as OpenRequest)
    return Buffer.from(bytes ?? []).toString()
  }
  await build('old')
  expect(await ask('/records/member')).toContain('/assets/old.js')
  await rename(join(folder, 'assets/old.js'), join(folder, 'gone'))
  await build('new')
  await expect(ask('/assets/old.js')).rejects.toMatchObject({ code: 'request.path' })
  expect(await ask('/records/member')).toContain('/assets/new.js')
  expect(await ask('/assets/new.js')).toBe("'new'")
  await rm(folder, { recursive: true })
})
