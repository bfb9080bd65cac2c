/** The packs that the product ships with: complete in both languages, and made of nothing but valid definitions. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'

const layers = ['metadata/core', 'metadata/retail']

async function documentsOf(layer: string): Promise<ReadonlyMap<string, JsonObject>> {
  const files = (await readdir(layer, { recursive: true })).filter((file) => file.endsWith('.json'))
  const read = async (file: string): Promise<[string, JsonObject]> => [file, JSON.parse(await readFile(join(layer, file), 'utf8')) as JsonObject]
  return new Map(await Promise.all(files.map(read)))
}

/** Where a person reads a text: titles, help, headings, messages. */
const spoken = new Set(['title', 'description', 'plural', 'label', 'message', 'text', 'lead', 'send', 'thanks'])

/** Pointer → text of everything that is shown. `properties` holds keys, not texts: a field may be called `description`. What kept tests of a workflow expect is compared with, not shown. */
function textsIn(value: Json, pointer = '', names = false): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return value.flatMap((entry: Json, i) => textsIn(entry, `${pointer}/${i}`))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, entry]) => {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!names && spoken.has(key) && typeof entry === 'string') return [[at, entry] as const]
    return at === '/document/metadata/tests' ? [] : textsIn(entry, at, key === 'properties')
  })
}

describe.each(layers)('%s', (layer) => {
  it('has a Chinese text for every text a person reads, and none for what is not there', async () => {
    const documents = await documentsOf(layer)
    const shown = [...documents].filter(([path]) => !path.startsWith('texts/')).flatMap(([path, document]) => textsIn(document).map(([pointer]) => `${path}#${pointer}`))
    const translated = Object.entries(documents.get('texts/zh.json') ?? {}).flatMap(([path, texts]) => (isObject(texts) ? Object.keys(texts).map((pointer) => `${path}#${pointer}`) : []))
    expect(shown.length).toBeGreaterThan(20)
    expect(translated.toSorted()).toEqual(shown.toSorted())
  })

  it('ends every file with a line break and keeps one form of writing, so that differences show changes only', async () => {
    for (const file of (await readdir(layer, { recursive: true })).filter((name) => name.endsWith('.json'))) {
      const text = await readFile(join(layer, file), 'utf8')
      expect(text, file).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`)
    }
  })
})
