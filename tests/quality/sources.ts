/** The project's own sources and who imports whom, for the tests of its structure. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Import {
  /** Both relative to the root, with `/`. */
  readonly from: string
  readonly to: string
}

/** Files of the project below `folder`, relative to the root, in order. A folder that does not exist has none. */
export function filesBelow(folder: string, ending = '.ts'): string[] {
  const place = join(root, folder)
  if (!existsSync(place)) return []
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules/'))
    .toSorted()
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

const statement = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.{1,2}\/[^'"]+)\1/g

/** Every relative import, `import type` and `import()` as well: a type that is needed is a thing that must be known. */
export function importsOf(file: string, source: string = read(file)): Import[] {
  return [...source.matchAll(statement)].map((match) => {
    const target = join(dirname(file), match[2] ?? '')
    return { from: file, to: target.replace(/\.js$/, '.ts') }
  })
}

/** Source text without comments, so that examples in them are not taken for code. Lines keep their numbers. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/.*$/gm, (comment, before: unknown) =>
    typeof before === 'string' ? before : comment.replace(/[^\n]/g, ''),
  )
}
