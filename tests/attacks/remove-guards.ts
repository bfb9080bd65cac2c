/**
 * Takes each guard away in a copy of the sources and sees its test turn red: `npx tsx tests/attacks/remove-guards.ts [A-0..]`.
 * Prints one line per guard; ends with 1 when a test stayed green, or when a guard was not found where it is said to be.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { guards, type Guard } from './guards.js'

const root = join(import.meta.dirname, '../..')
const outside: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'data'])

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guards-'))
  await cp(root, folder, { recursive: true, filter: (path) => !outside.has(basename(path)) })
  for (const shared of ['node_modules', 'dist']) await symlink(join(root, shared), join(folder, shared))
  return folder
}

/** The text without the guard; undefined when the guard is not there exactly once. */
function without(text: string, swaps: Guard['swaps']): string | undefined {
  let result = text
  for (const [found, instead] of swaps) {
    if (result.split(found).length !== 2) return undefined
    result = result.replace(found, () => instead)
  }
  return result
}

/** True when a test of that name ran and failed. */
function turnsRed(folder: string, [file, name]: Guard['red']): Promise<boolean> {
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, 'run', '--project', 'node', '--root', folder, '--reporter', 'json', file, '-t', pattern], {
      cwd: folder, env: { ...process.env, TESSERA_TEST_DATABASES: 'sqlite' }, maxBuffer: 100_000_000,
    }, (_error, stdout) => {
      const report = JSON.parse(stdout.slice(stdout.indexOf('{"'))) as { numFailedTests: number }
      resolve(report.numFailedTests > 0)
    })
  })
}

async function main(wanted: readonly string[]): Promise<void> {
  const folder = await scratch()
  try {
    for (const guard of guards.filter(({ ids }) => wanted.length === 0 || wanted.some((id) => ids.includes(id)))) {
      const path = join(folder, guard.file)
      const text = await readFile(path, 'utf8')
      const changed = without(text, guard.swaps)
      let outcome = 'guard not found'
      if (changed !== undefined) {
        await writeFile(path, changed)
        outcome = (await turnsRed(folder, guard.red).catch(String)) === true ? 'red' : 'STAYED GREEN'
        await writeFile(path, text)
      }
      if (outcome !== 'red') process.exitCode = 1
      process.stdout.write(`${outcome}\t${guard.ids}\t${guard.file}: ${guard.what}\n`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await main(process.argv.slice(2))
