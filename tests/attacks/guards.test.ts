/** The list of guards is true: each stands where it is said to be, so that `remove-guards.ts` can take it away. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { guards } from './guards.js'

const root = join(import.meta.dirname, '../..')
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

test('every guard stands once in its file, and its test is there', () => {
  const lost = guards.flatMap(({ ids, file, what, swaps, red: [test, name] }) => {
    const [id = ''] = name.split(' ')
    const stands = swaps.every(([found]) => textOf(file).split(found).length === 2)
    return [...(stands ? [] : [`${ids} ${file}: ${what}`]), ...(textOf(test).includes(id) ? [] : [`${ids} ${test}: ${name}`])]
  })
  expect(lost).toEqual([])
})
