/** `/schemas/{kind}.json`: the JSON Schemas of the definitions, for editors and checkers. */
import { readFile } from 'node:fs/promises'
import { Problem } from '../errors.js'
import type { Route } from './handler.js'

const kinds: ReadonlySet<string> = new Set(['entity', 'form', 'view', 'role', 'layer', 'texts'])

/** Read once; compiled code lies in `dist/engine/api`, sources in `engine/api`, the schemas in `metadata/schema` of the package. */
const roots = [new URL('../../metadata/schema/', import.meta.url), new URL('../../../metadata/schema/', import.meta.url)]
const texts = new Map<string, Promise<string>>()

/** The route of the schemas; open, because editors ask for them without a session. */
export const schemaRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/schemas/:file', open: true,
    async handle({ params }) {
      const kind = /^([a-z]+)\.json$/.exec(params['file'] ?? '')?.[1]
      if (kind === undefined || !kinds.has(kind)) throw new Problem('request.path')
      return { status: 200, headers: { 'Content-Type': 'application/schema+json', 'Cache-Control': 'public, max-age=300' }, text: await schemaText(kind) }
    },
  },
]

function schemaText(kind: string): Promise<string> {
  const known = texts.get(kind)
  if (known !== undefined) return known
  const read = readFirst(roots.map((root) => new URL(`${kind}.json`, root)))
  texts.set(kind, read)
  return read
}

async function readFirst(places: readonly URL[]): Promise<string> {
  for (const place of places) {
    try {
      return await readFile(place, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new Problem('request.path')
}
