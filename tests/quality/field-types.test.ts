import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'

import { fieldTypes } from '../../engine/fields/index.js'
import { filesBelow, read, withoutComments } from './sources.js'

/** Folder → names of the types that have a file there. */
const engineTypes = typeFiles('engine/fields/types')
const studioTypes = typeFiles('studio/fields/types')

/**
 * Names that also mean something else: kinds of columns, JSON Schema types, results of `typeof`. Of these only a
 * comparison with something called `type` is a question for the field type.
 */
const ambiguous = new Set(['text', 'integer', 'decimal', 'boolean', 'date', 'instant', 'json', 'user', 'number', 'select', 'time', 'file'])

describe('field types', () => {
  test.each([
    { side: 'engine', types: engineTypes },
    { side: 'studio', types: studioTypes },
  ])('every file in $side/fields/types is registered in the index', ({ side, types }) => {
    expect(types.length).toBeGreaterThan(0)
    const index = read(`${side}/fields/index.ts`)
    expect(types.filter((type) => !index.includes(`'./types/${type}.js'`))).toEqual([])
  })

  test('every type of the engine is registered under the name of its file', () => {
    expect(fieldTypes.map(({ name }) => name).toSorted()).toEqual(engineTypes)
  })

  test('both sides know the same types', () => {
    expect(studioTypes).toEqual(engineTypes)
  })

  test('nobody outside of fields asks which type a field has', () => {
    const outside = ['engine', 'studio', 'metadata'].flatMap((folder) => filesBelow(folder)).filter((file) => !/^(engine|studio)\/fields\//.test(file))
    expect(outside.flatMap((file) => questions(read(file)).map((line) => `${file}: ${line}`))).toEqual([])
  })

  test.each([
    "if (field.type === 'money') return 1",
    "if (field.type.name !== 'text') return 1",
    "switch (field.type) {\n case 'boolean':\n }",
    "const found = 'reference' === kind",
    "case 'multiSelect':",
    "['money', 'percent'].includes(field.type)",
  ])('%s would be found', (source) => {
    expect(questions(source)).not.toEqual([])
  })

  test.each(["if (typeof value === 'boolean') return 1", "case 'json': // a column kind", "// field.type === 'money'", "const label = 'money'"])(
    '%s is no such question',
    (source) => {
      expect(questions(source)).toEqual([])
    },
  )
})

/** Lines that compare something with the name of a field type. */
function questions(source: string): string[] {
  const clear = engineTypes.filter((name) => !ambiguous.has(name)).join('|')
  const all = engineTypes.join('|')
  const patterns = [
    new RegExp(`[=!]==?\\s*['"](${clear})['"]|['"](${clear})['"]\\s*[=!]==?|\\bcase\\s+['"](${clear})['"]`),
    new RegExp(`\\b(type|fieldType)(\\.name)?\\s*[=!]==?\\s*['"](${all})['"]|['"](${all})['"]\\s*[=!]==?\\s*[\\w.]*\\b(type|fieldType)\\b`),
    new RegExp(`['"](${all})['"][^;\\n]*\\]\\.includes\\([\\w.]*\\b(type|fieldType)(\\.name)?\\)`),
    /switch\s*\([\w.]*\b(field|property|column)\.type(\.name)?\)/,
  ]
  return withoutComments(source)
    .split('\n')
    .filter((line) => patterns.some((pattern) => pattern.test(line)))
    .map((line) => line.trim())
}

function typeFiles(folder: string): string[] {
  return filesBelow(folder).map((file) => basename(file, '.ts'))
}
