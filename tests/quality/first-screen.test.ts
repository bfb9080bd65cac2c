/** What the first screen is not loaded with: it must be there where it is needed. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import { unusedAura } from '../../vite.config.js'
import { filesBelow, read } from './sources.js'

const sources = filesBelow('studio').filter((file) => file.endsWith('.ts')).map((file) => ({ file, text: read(file) }))

/** Files that draw inputs of fields without loading what those are made of. */
const withoutInputs = (files: readonly { readonly file: string; readonly text: string }[]): readonly string[] =>
  files.filter(({ file, text }) => !file.startsWith('studio/fields/') && /\.input\(|\.filter\?\.\(slot/.test(text) && !/import ?\(?'(\.\.\/)+fields\/inputs\.js'/.test(text)).map(({ file }) => file)

test('who draws the input of a field loads the elements of inputs', () => {
  expect(withoutInputs(sources)).toEqual([])
  expect(withoutInputs([{ file: 'studio/lists/new.ts', text: 'view.input(slot)' }])).toEqual(['studio/lists/new.ts'])
})

test('popovers are made and loaded when they are opened', () => {
  const eager = (text: string): boolean => /^import '@vaadin\/popover'/m.test(text) || (text.includes('<vaadin-popover') && !text.includes('onceOpened('))
  expect(sources.filter(({ text }) => eager(text)).map(({ file }) => file)).toEqual([])
  expect(eager("import '@vaadin/popover'\n")).toBe(true)
})

const keysOf = (part: string): readonly string[] => Object.keys(JSON.parse(read(`studio/texts/${part}.json`)) as JsonObject)

/** Which keys a source names, whole or by how they begin. */
function named(text: string): (key: string) => boolean {
  const whole = new Set([...text.matchAll(/'([a-zA-Z][\w.]*)'/g)].map(([, key = '']) => key))
  const starts = new Set([...text.matchAll(/`([a-zA-Z][\w.]*\.)\$\{/g)].map(([, start = '']) => start))
  return (key) => whole.has(key.replace(/\.(one|other)$/, '')) || [...starts].some((start) => key.startsWith(start))
}

test('texts of the studio are read in the studio alone, and each text is in one place', () => {
  const elsewhere = sources.filter(({ file }) => !file.startsWith('studio/designer/')).map(({ text }) => text).join('\n')
  const designer = keysOf('designer.en')
  expect(designer.filter(named(elsewhere))).toEqual([])
  expect(designer.filter(named("t('process.title')"))).toEqual(['process.title'])
  const application = new Set(keysOf('en'))
  expect(designer.filter((key) => application.has(key))).toEqual([])
})

test('the files that people wait for tell V8 on their very first line to compile them on the way: below another it is a comment', () => {
  const files = filesBelow('dist/studio/assets', '.js').filter((file) => /\/(start|frame|common|list|scrolling|grid|inputs|record)-[\w-]{8}\.js$/.test(file))
  expect(files.length).toBeGreaterThanOrEqual(8)
  expect(files.filter((file) => !read(file).startsWith('//# allFunctionsCalledOnLoad\n'))).toEqual([])
})

test('only styles of components that are not installed are left out', () => {
  expect(unusedAura.filter((name) => existsSync(`node_modules/@vaadin/${name}`))).toEqual([])
  expect(unusedAura.filter((name) => !existsSync(`node_modules/@vaadin/aura/src/components/${name}.css`))).toEqual([])
})
