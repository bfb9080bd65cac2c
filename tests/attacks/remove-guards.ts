/**
 * Takes each guard away in a copy of the sources and sees its test turn red:
 * `npx tsx tests/attacks/remove-guards.ts [--database sqlite|postgres] [A-0..]`, by default on both databases.
 * Prints one line per guard and database; ends with 1 when a test stayed green, or when a guard was not found where it
 * is said to be.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createVitest, type Vitest } from 'vitest/node'

import type { DatabaseKind } from '../support/databases.js'
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

/** True when a test of that name ran and failed. One runner for all: it starts the databases once and knows what did not change. */
async function turnsRed(vitest: Vitest, [file, name]: Guard['red'], database: DatabaseKind): Promise<boolean> {
  process.env['TESSERA_TEST_DATABASES'] = database
  vitest.setGlobalTestNamePattern(new RegExp(name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)))
  const { testModules } = await vitest.runTestSpecifications(await vitest.globTestSpecifications([file]))
  return testModules.some((tests) => [...tests.children.allTests('failed')].length > 0)
}

/** The guard taken away on each database: `red` as it should be, or what happened instead. */
async function removed(vitest: Vitest, guard: Guard, databases: readonly DatabaseKind[]): Promise<readonly string[]> {
  const path = join(vitest.config.root, guard.file)
  const text = await readFile(path, 'utf8')
  const changed = without(text, guard.swaps)
  if (changed === undefined) return databases.map(() => 'GUARD NOT FOUND')
  const outcomes: string[] = []
  await writeFile(path, changed)
  vitest.invalidateFile(path)
  for (const database of databases) outcomes.push((await turnsRed(vitest, guard.red, database).catch(String)) === true ? 'red' : 'STAYED GREEN')
  await writeFile(path, text)
  vitest.invalidateFile(path)
  return outcomes
}

async function main(wanted: readonly string[], databases: readonly DatabaseKind[]): Promise<void> {
  const folder = await scratch()
  const runner = (project: 'node' | 'browser'): Promise<Vitest> => createVitest('test', { root: folder, config: join(folder, 'vitest.config.ts'), project, watch: false, reporters: [{}] })
  const engine = await runner('node')
  let stayed = 0
  try {
    for (const guard of guards.filter(({ ids }) => wanted.length === 0 || wanted.some((id) => ids.includes(id)))) {
      // A guard of the screens knows no database, and its page has to be made anew.
      const screens = guard.red[0].startsWith('tests/studio/') ? await runner('browser') : undefined
      const asked = screens === undefined ? databases : databases.slice(0, 1)
      const outcomes = await removed(screens ?? engine, guard, asked)
      await screens?.close()
      stayed += outcomes.filter((outcome) => outcome !== 'red').length
      for (const [index, outcome] of outcomes.entries()) process.stdout.write(`${outcome}\t${asked[index] ?? ''}\t${guard.ids}\t${guard.file}: ${guard.what}\n`)
    }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
  process.exitCode = stayed === 0 ? 0 : 1 // the runner leaves a 1 for each red test, which is what is wanted
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { database: { type: 'string' } } })
await main(positionals, values.database === 'sqlite' || values.database === 'postgres' ? [values.database] : ['sqlite', 'postgres'])
