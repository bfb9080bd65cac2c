/** The product as its users start it: built, which a process of a test starts several times as fast as from its sources. */
import { execFile } from 'node:child_process'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'

import { programs } from '../../vite.engine.config.js'

const root = join(import.meta.dirname, '../..')

/** Builds what changed since (`npm test` has done it already) and gives the path of the command line. */
export async function compiledCommandLine(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'setup.mjs'), 'build'])
  return join(root, 'dist/engine/cli.js')
}

/** Builds a script of a test, with all that it imports from the product, as the product is built; gives its path. */
export async function compiledScript(source: string): Promise<string> {
  const name = basename(source, '.ts')
  const folder = join(root, 'node_modules/.cache/tessera-scripts', `${name}-${String(process.pid)}`)
  await build({ ...programs([source], folder), configFile: false, logLevel: 'warn' })
  return join(folder, `${name}.js`)
}
