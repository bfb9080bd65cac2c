/**
 * Writes `contract/definitions.gen.ts` (types) and `contract/schemas.gen.ts` (the schemas as a module) from `schema/*.json`
 * (`npm run generate`); with `--check` it only tells whether they are up to date.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { compile, type JSONSchema } from 'json-schema-to-typescript'

const kinds = ['entity', 'form', 'view', 'lifecycle', 'role', 'dashboard', 'calendar', 'workflow', 'segment', 'layer', 'texts'] as const
const banner = `/** TypeScript types of the definitions, generated from \`metadata/schema\` by \`npm run generate\`. Do not edit. */
import type { Json, JsonObject } from './json.js'

`

/** File name in `contract/` → its source: one exported `<Kind>Definition` per schema, and the schemas themselves. */
export async function generate(): Promise<Readonly<Record<string, string>>> {
  const parts: string[] = []
  const schemas: Record<string, Schema> = {}
  for (const kind of kinds) {
    const schema: unknown = JSON.parse(await readFile(new URL(`./schema/${kind}.json`, import.meta.url), 'utf8'))
    if (!isSchema(schema)) throw new Error(`metadata/schema/${kind}.json is not an object`)
    const options = { bannerComment: '', additionalProperties: false, ignoreMinAndMaxItems: true }
    schemas[kind] = schema
    parts.push(await compile(named(schema, capital(kind)), kind, options))
  }
  return { 'definitions.gen.ts': banner + parts.join('\n'), 'schemas.gen.ts': schemaModule(schemas) }
}

const schemaModule = (schemas: Readonly<Record<string, Schema>>): string => `/** The JSON Schemas of the definitions by kind, copied from \`metadata/schema\` by \`npm run generate\`. Do not edit. */
import type { JsonSchema } from './json.js'

export const definitionSchemas: Readonly<Record<${Object.keys(schemas).map((kind) => `'${kind}'`).join(' | ')}, JsonSchema>> = ${JSON.stringify(schemas, null, 1)}
`

type Schema = Record<string, unknown>
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Types are named by title, so the kind goes in front of each: all kinds stand in one file. */
function named(schema: Schema, kind: string): JSONSchema {
  const { $id: _address, $defs, ...rest } = schema
  const shared = isSchema($defs) ? $defs : {}
  const titled = Object.entries(shared).map(([name, part]): [string, unknown] => [name, { ...readable(part), title: kind + capital(name) }])
  return { ...readable(rest), title: `${kind}Definition`, $defs: Object.fromEntries(titled) }
}

/** The same schema as far as a TypeScript type can say it, in a form that gives one readable type per definition. */
function readable(node: unknown): Schema {
  if (!isSchema(node)) return {}
  const { title: _title, patternProperties: _pattern, description, ...rest } = node
  const comment = typeof description === 'string' ? { description } : {}
  if (typeof rest.$ref === 'string') return { $ref: rest.$ref }
  if (Object.keys(rest).length === 0) return { ...comment, tsType: 'Json' }
  if (rest.type === 'object' && rest.properties === undefined && rest.additionalProperties === undefined) return { ...comment, tsType: 'JsonObject' }
  return { ...comment, ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, part(key, value)])) }
}

function part(key: string, value: unknown): unknown {
  if (key === 'properties' && isSchema(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readable(inner)]))
  if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value)) return value.map(readable)
  if ((key === 'items' || key === 'additionalProperties') && isSchema(value)) return readable(value)
  return value
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, source] of Object.entries(await generate())) {
    const target = new URL(`./contract/${name}`, import.meta.url)
    const current = await readFile(target, 'utf8').catch(() => '')
    if (current === source) continue
    if (process.argv.includes('--check')) {
      process.stderr.write(`metadata/contract/${name} is out of date: run npm run generate\n`)
      process.exitCode = 1
    } else {
      await writeFile(target, source)
    }
  }
}
