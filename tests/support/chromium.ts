/** The browser that tests drive: the one named by `TESSERA_CHROMIUM`, or the one that an npm package brings. */
import { execFileSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

const root = join(import.meta.dirname, '../..')
const packed = join(root, 'node_modules/@sparticuz/chromium/bin')
const unpacked = join(root, 'node_modules/.cache/tessera-chromium')

/** What `playwright.chromium.launch` and Vitest's provider need. */
export interface ChromiumLaunch {
  readonly executablePath?: string
  readonly env: Record<string, string>
  readonly args: string[]
  readonly headless: true
}

// Root has no sandbox, containers have a small /dev/shm, and on a closed network background calls only fail slowly.
const args = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
]

/**
 * How to start the browser. Unpacks the packaged one when that has not happened yet (about 2 s). On systems for
 * which there is no packaged browser, Playwright's own is used (`npx playwright install chromium`).
 * @throws when `TESSERA_CHROMIUM` names a file that does not exist
 */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const env = { ...inherited() }
  const named = process.env.TESSERA_CHROMIUM
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`TESSERA_CHROMIUM names ${named}, which does not exist`)
    return { executablePath: named, env, args, headless: true }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { env, args, headless: true }
  const folder = await unpack()
  const executablePath = join(folder, 'chromium')
  if (lacksLibraries(executablePath)) env.LD_LIBRARY_PATH = join(folder, 'libraries/lib')
  return { executablePath, env, args, headless: true }
}

/**
 * The package's own unpacking is not used: it takes a file that another process is still writing for a finished
 * one. Here a private folder is filled and then renamed, so a folder with the final name is always whole.
 */
async function unpack(): Promise<string> {
  if (existsSync(unpacked)) return unpacked
  await mkdir(dirname(unpacked), { recursive: true })
  const folder = await mkdtemp(`${unpacked}-`)
  await decompress('chromium.br', join(folder, 'chromium'))
  await chmod(join(folder, 'chromium'), 0o755)
  const archive = join(folder, 'libraries.tar')
  await decompress('al2023.tar.br', archive)
  await mkdir(join(folder, 'libraries'))
  execFileSync('tar', ['-xf', archive, '-C', join(folder, 'libraries')])
  await rm(archive)
  try {
    await rename(folder, unpacked)
  } catch (error) {
    if (!existsSync(unpacked)) throw error
    await rm(folder, { recursive: true }) // another process was first
  }
  return unpacked
}

async function decompress(file: string, target: string): Promise<void> {
  await pipeline(createReadStream(join(packed, file)), createBrotliDecompress(), createWriteStream(target))
}

function lacksLibraries(executable: string): boolean {
  try {
    return execFileSync('ldd', [executable], { encoding: 'utf8' }).includes('not found')
  } catch {
    return true // no ldd (musl, minimal images): what the package brings is the best there is
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
