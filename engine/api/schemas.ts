/** `/schemas/{kind}.json`: the JSON Schemas of the definitions, for editors and checkers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageFolder } from '../config.js'
import { Problem } from '../errors.js'
import type { Route } from './handler.js'

const kinds: ReadonlySet<string> = new Set(['entity', 'form', 'view', 'lifecycle', 'role', 'dashboard', 'calendar', 'workflow', 'segment', 'layer', 'texts'])

/** Each is read once. */
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
  const known = texts.get(kind) ?? readFile(join(packageFolder, 'metadata/schema', `${kind}.json`), 'utf8')
  texts.set(kind, known)
  return known
}
