import { expect, test } from 'vitest'

import { filesBelow, read } from './sources.js'

const sides = /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b)/

test('no style names a left or a right side, so that everything turns round where people read from right to left', () => {
  const files = filesBelow('studio', '.css')
  expect(files.length).toBeGreaterThan(20)
  const lines = files.flatMap((file) => read(file).replaceAll(/\/\*.*?\*\//gs, (comment) => comment.replaceAll(/[^\n]/g, ' ')).split('\n').map((line, i) => `${file}:${String(i + 1)} ${line}`))
  expect(lines.filter((line) => sides.test(line))).toEqual([])
})
