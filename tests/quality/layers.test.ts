import { describe, expect, test } from 'vitest'

import { filesBelow, importsOf, type Import } from './sources.js'

/** docs/architecture.md, "Allowed directions". The first match counts. */
const levels: readonly (readonly [pattern: RegExp, level: number])[] = [
  [/^metadata\/contract\//, 0],
  // What plugins are, and the plugins: they know nothing above the contract, so everything may know what they offer.
  [/^engine\/plugins\/contract\.ts$/, 0.3],
  [/^plugins\//, 0.6],
  [/^engine\/(errors|config)\.ts$/, 1],
  [/^engine\/formulas\//, 1.5],
  [/^engine\/fields\//, 2],
  [/^engine\/model\//, 3],
  [/^engine\/(definitions|storage|permissions)\//, 4],
  [/^engine\/forms\//, 5],
  [/^engine\/operations\//, 6],
  [/^engine\/workflows\//, 7],
  [/^engine\/api\//, 8],
  [/^engine\/commands\//, 9],
  [/^engine\/(compose|main|cli|command-line|first-start|log)\.ts$/, 9],
]

/** Levels above the operations reach the database only through them. */
const withoutStorage = /^engine\/(forms|workflows|api)\//

const pluginsMayImport = [
  /^engine\/plugins\/contract\.ts$/,
  /^metadata\/contract\//,
]

function level(path: string): number | undefined {
  return levels.find(([pattern]) => pattern.test(path))?.[1]
}

/** Two folders of one level stand side by side; level 9 is where everything is put together. */
function part(path: string): string {
  return level(path) === 9 ? 'top' : path.split('/').slice(0, 2).join('/')
}

/** Why an import is not allowed; undefined when it is. */
function objection({ from, to }: Import): string | undefined {
  const line = `${from} imports ${to}`
  if (from.startsWith('studio/')) {
    return to.startsWith('studio/') || to.startsWith('metadata/contract/') ? undefined : `${line}: the studio knows only itself and the contract`
  }
  if (from === 'plugins/index.ts') return to.startsWith('plugins/') || to === 'engine/plugins/contract.ts' ? undefined : `${line}: the list of plugins knows only them`
  if (from.startsWith('plugins/')) {
    const own = from.split('/').slice(0, 2).join('/')
    return to.startsWith(`${own}/`) || pluginsMayImport.some((allowed) => allowed.test(to)) ? undefined : `${line}: a plugin knows only the contracts`
  }
  const [lower, higher] = [level(to), level(from)]
  if (higher === undefined) return `${from} stands in no level`
  if (lower === undefined) return `${line}: no part of the engine`
  if (withoutStorage.test(from) && to.startsWith('engine/storage/')) return `${line}: only operations reach the storage`
  if (part(from) === part(to)) return undefined
  return lower < higher ? undefined : `${line}: level ${higher} may not know level ${lower}`
}

const files = ['engine', 'metadata/contract', 'studio', 'plugins'].flatMap((folder) => filesBelow(folder)).filter((file) => !file.endsWith('.test.ts'))
const imports = files.flatMap((file) => importsOf(file))

describe('layers', () => {
  test('every import goes down, and every file of the engine has a level', () => {
    expect(files.length).toBeGreaterThan(10)
    expect(imports.map(objection).filter((found) => found !== undefined)).toEqual([])
    expect(files.filter((file) => /^(engine|metadata)\//.test(file) && level(file) === undefined)).toEqual([])
  })

  test.each([
    { from: 'engine/fields/types/text.ts', to: 'engine/model/model.ts' },
    { from: 'engine/storage/queries/where.ts', to: 'engine/permissions/access.ts' },
    { from: 'engine/api/records.ts', to: 'engine/storage/contract.ts' },
    { from: 'engine/model/compile.ts', to: 'engine/main.ts' },
    { from: 'metadata/contract/json.ts', to: 'engine/errors.ts' },
    { from: 'studio/main.ts', to: 'engine/errors.ts' },
    { from: 'plugins/iban/engine.ts', to: 'engine/model/model.ts' },
    { from: 'engine/somewhere/new.ts', to: 'engine/errors.ts' },
  ])('$from may not import $to', (planted) => {
    expect(objection(planted)).toBeDefined()
  })

  test('no file imports itself by a detour', () => {
    expect(cycle(imports)).toEqual([])
    expect(cycle(importsOf('a/one.ts', "import x from './two.js'").concat(importsOf('a/two.ts', "import('./one.js')")))).toEqual(['a/one.ts', 'a/two.ts', 'a/one.ts'])
  })
})

/** The files of the first cycle found, its first file again at the end; empty when there is none. */
function cycle(edges: readonly Import[]): readonly string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const walk = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    for (const target of next.get(file) ?? []) {
      const found = walk(target, [...path, file])
      if (found.length > 0) return found
    }
    done.add(file)
    return []
  }
  for (const file of next.keys()) {
    const found = walk(file, [])
    if (found.length > 0) return found
  }
  return []
}
