/** `tessera new field` leaves a type that compiles and keeps every promise at once: tried in a copy of the sources. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { compiledCommandLine } from '../support/compiled.js'

const root = join(import.meta.dirname, '../..')
/** What compiling and the tests of field types need. */
const copied = ['engine', 'studio', 'metadata', 'tests', 'docs', 'package.json', 'tsconfig.json', 'tsconfig.shared.json', 'vitest.config.ts', 'vite.config.ts', 'vite.engine.config.ts', 'eslint.config.js', '.oxlintrc.json', 'knip.json']

interface Ran {
  readonly code: number
  readonly out: string
}

let program: string
let folder: string

const run = (file: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { cwd: folder, env: { PATH: process.env['PATH'], TESSERA_TEST_POSTGRES: inject('postgresUrl') }, maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out: out + (error === null ? '' : err) })
    })
  })

beforeAll(async () => {
  program = await compiledCommandLine()
  folder = await mkdtemp(join(tmpdir(), 'tessera-new-field-'))
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Compiles the list of field types of one side with all that it needs, and nothing else, as the side is compiled. */
async function compiled(side: string): Promise<Ran> {
  const config = { extends: './tsconfig.json', compilerOptions: { composite: false, incremental: false, emitDeclarationOnly: false, noEmit: true }, include: [], files: ['fields/index.ts'] }
  await writeFile(join(folder, side, 'tsconfig.fields.json'), JSON.stringify(config))
  return run('node_modules/typescript-7/bin/tsc', ['--project', join(side, 'tsconfig.fields.json')])
}

describe('tessera new field', () => {
  test.each([['Loyalty'], ['loyalty-code'], ['../evil'], ['text'], ['']])('%j is refused and nothing is written', async (name) => {
    const before = await readFile(join(folder, 'engine/fields/index.ts'), 'utf8')
    expect(await run(program, ['new', 'field', name])).toMatchObject({ code: 1 })
    expect(await readFile(join(folder, 'engine/fields/index.ts'), 'utf8')).toBe(before)
  })

  test('what it writes compiles, is registered on both sides and passes the conformance suite', async () => {
    const made = await run(program, ['new', 'field', 'loyaltyCode', '--json'])
    expect(made.code, made.out).toBe(0)
    const { files } = JSON.parse(made.out) as { files: readonly string[] }
    expect(files.toSorted()).toEqual(['engine/fields/index.ts', 'engine/fields/types/loyaltyCode.ts', 'studio/fields/index.ts', 'studio/fields/types/loyaltyCode.ts'])
    for (const side of ['engine', 'studio']) expect(await compiled(side)).toMatchObject({ code: 0, out: '' })
    const linted = await run('node_modules/oxlint/bin/oxlint', files)
    expect(linted.code, linted.out).toBe(0)
    const tested = await run('node_modules/vitest/vitest.mjs', ['run', '--project', 'node', 'tests/fields/conformance.test.ts', 'tests/fields/storage.test.ts', 'tests/quality/field-types.test.ts', '--reporter=verbose', '-t', 'loyaltyCode|registered|same types|compile'])
    expect(tested.code, tested.out).toBe(0)
    expect(tested.out).toMatch(/loyaltyCode/)
    expect(await run(program, ['new', 'field', 'loyaltyCode'])).toMatchObject({ code: 1 })
  }, 300_000)
})
