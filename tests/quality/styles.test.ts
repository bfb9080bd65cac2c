import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const sides = /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b)/

test('no style names a left or a right side, so that everything turns round where people read from right to left', () => {
  const root = join(import.meta.dirname, '../../studio')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'))
  expect(files.length).toBeGreaterThan(20)
  expect(files.flatMap((file) => readFileSync(join(root, file), 'utf8').split('\n').flatMap((line, i) => (sides.test(line) ? [`${file}:${String(i + 1)} ${line.trim()}`] : [])))).toEqual([])
})
