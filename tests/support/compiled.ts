/** The product as its users start it: compiled, which a process of a test starts twice as fast as from its sources. */
import { execFile } from 'node:child_process'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')

/** Compiles what changed since (`npm test` has done it already) and gives the path of the command line. */
export async function compiledCommandLine(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--build', 'metadata/contract', 'engine'], { cwd: root })
  return join(root, 'dist/engine/cli.js')
}

/** Compiles a script of a test, with all that it imports from the product, into one file; gives its path. */
export async function compiledScript(source: string): Promise<string> {
  const folder = join(root, 'node_modules/.cache/tessera-scripts', String(process.pid))
  await build({ configFile: false, root, logLevel: 'warn', build: { ssr: source, outDir: folder, emptyOutDir: false, minify: false } })
  return join(folder, `${basename(source, '.ts')}.js`)
}
