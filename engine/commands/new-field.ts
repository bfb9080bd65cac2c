/** `tessera new field NAME`: starts a field type in the sources: one file per side and its line in each index. */
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../errors.js'
import { exitCodes, type Outcome } from './output.js'

/** The places of a field type in a checkout, from its root. */
const places = (name: string) => ({
  engine: `engine/fields/types/${name}.ts`,
  studio: `studio/fields/types/${name}.ts`,
  engineIndex: 'engine/fields/index.ts',
  studioIndex: 'studio/fields/index.ts',
})

/**
 * Writes the files below the working folder, all or none.
 * @throws Problem request.invalid for a name that cannot be used, or outside of a checkout of the sources
 */
export async function newField(name: string): Promise<Outcome> {
  if (!/^[a-z][A-Za-z0-9]{1,30}$/.test(name)) throw invalid(`${name} is no name of a field type: small letter first, then letters and digits, such as loyaltyCode`)
  const at = places(name)
  const read = (path: string): Promise<string> => readFile(join(process.cwd(), path), 'utf8').catch(() => {
    throw invalid(`${path} is not here: run this in the folder with the sources`)
  })
  const [engineIndex, studioIndex] = [await read(at.engineIndex), await read(at.studioIndex)]
  for (const path of [at.engine, at.studio]) if (await isThere(path)) throw invalid(`${path} is there already`)
  const files: Readonly<Record<string, string>> = {
    [at.engineIndex]: registered(engineIndex, at.engineIndex, name, 'export const fieldTypes: readonly FieldType[] = [\n'),
    [at.studioIndex]: registered(studioIndex, at.studioIndex, name, 'export const fieldViews: readonly FieldView[] = [\n'),
    [at.engine]: engineFile(name),
    [at.studio]: studioFile(name),
  }
  for (const [path, content] of Object.entries(files)) await writeFile(join(process.cwd(), path), content)
  const next = ['npm run generate', 'npm run check', 'npx vitest run --project node tests/fields']
  return {
    code: exitCodes.done,
    value: { name, files: Object.keys(files), next },
    text: [...Object.keys(files).map((path) => `wrote ${path}`), '', 'It is a working type that holds one line of text; make it yours, then:', ...next.map((command) => `  ${command}`)].join('\n'),
  }
}

const invalid = (reason: string): Problem => new Problem('request.invalid', { reason })

const isThere = (path: string): Promise<boolean> => access(join(process.cwd(), path)).then(() => true, () => false)

/** The index with the import in its alphabetical place, and the type in front of the list: it must be named to be used. */
function registered(index: string, path: string, name: string, list: string): string {
  const line = `import { ${name} } from './types/${name}.js'`
  const lines = index.split('\n')
  const imports = lines.flatMap((text, i) => (/ from '\.\/types\/\w+\.js'$/.test(text) ? [i] : []))
  const before = imports.find((i) => (lines[i] ?? '').split('./types/')[1]?.localeCompare(`${name}.js'`, 'en') === 1) ?? (imports.at(-1) ?? -1) + 1
  const withImport = lines.toSpliced(before, 0, line).join('\n')
  if (imports.length === 0 || !withImport.includes(list)) throw invalid(`${path} does not look as expected, so nothing was written`)
  return withImport.replace(list, `${list}  ${name},\n`)
}

/** `loyaltyCode` → `Loyalty code`. */
const titleOf = (name: string): string => {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** An import of a new file, which lies one folder below what it needs. */
const imported = (names: string, file: string): string => ['import', names, 'from', `'../${file}.js'`].join(' ')

const engineFile = (name: string): string => `/** ${titleOf(name)}: one line of text without spaces around it, found by any part of it. */
${imported('type { FieldType }', 'contract')}
${imported('{ keywordOptions, optionsOf, optionsSchema }', 'keywords')}
${imported('{ foldedText }', 'text-column')}

type Options = { readonly maxLength?: number }

const defaultLength = 100

export const ${name}: FieldType<Options, string> = {
  // How text is stored, compared, sorted and searched.
  ...foldedText,
  name: '${name}',
  options: optionsSchema({ maxLength: { ...keywordOptions.maxLength, default: defaultLength, maximum: 4000 } }),
  infer: (property, named) => (named ? optionsOf(property, ['maxLength']) : undefined),
  schema: (options) => ({ type: 'string', minLength: 1, maxLength: options.maxLength ?? defaultLength }),
  // One spelling for every way in: the API, forms, imports.
  canonical: (value) => (typeof value === 'string' ? value.trim() : value),
  parse: (written) => (written.trim() === '' ? undefined : written.trim()),
  format: (value) => value,
  // The conformance suite runs over these on both databases; the reference and the designer show the first.
  examples: [
    { options: {}, value: 'Sample 17', text: 'Sample 17' },
    { options: { maxLength: 20 }, value: '示例 100%', text: '示例 100%' },
  ],
}
`

const studioFile = (name: string): string => `/** ${titleOf(name)}: entered and shown as one line of text. */
${imported('{ plain }', 'plain')}
${imported('{ textInput }', 'text-input')}
${imported('type { FieldView }', 'contract')}

export const ${name}: FieldView = {
  type: '${name}',
  icon: 'text',
  align: 'start',
  columnPx: 180,
  wide: false,
  filters: ['$contains', '$startsWith', '$eq', '$ne'],
  input: (slot) => textInput(slot),
  cell: (value) => plain(value),
  text: (value) => plain(value),
}
`
