/** Which rows of a tree are seen, and where the keys lead. */
import { expect, test } from 'vitest'

import type { BranchPage } from '../../studio/client/trees.js'
import { emptyTree, rowsOf, stepOf, withOpen, withPage, type Tree, type TreeRow } from '../../studio/trees/tree-state.js'

const page = (records: Readonly<Record<number, number>>, next: string | null = null): BranchPage => ({
  records: Object.keys(records).map((id) => ({ id: Number(id) })), children: new Map(Object.entries(records).map(([id, children]) => [Number(id), children])), next,
})
const told = (rows: readonly TreeRow[]): readonly string[] => rows.map((row) => `${'-'.repeat(row.level)}${row.kind === 'record' ? String(row.record.id) : row.kind}`)

// 1 has 11 and 12; 12 has more than was read; 2 has nothing below it; 3 is closed.
const tree: Tree = [[1, { 11: 0, 12: 3 }], [12, { 121: 0 }]].reduce<Tree>((made, [id, records]) => withPage(withOpen(made, Number(id), true), Number(id), page(records as Record<number, number>, id === 12 ? 'more' : null), false), withPage(emptyTree, null, page({ 1: 2, 2: 0, 3: 4 }), false))

test('rows stand below what they belong to; what was not read yet is told', () => {
  expect(told(rowsOf(tree))).toEqual(['-1', '--11', '--12', '---121', '---more', '-2', '-3'])
  expect(told(rowsOf(withOpen(tree, 3, true)))).toEqual(['-1', '--11', '--12', '---121', '---more', '-2', '-3', '--loading'])
  expect(told(rowsOf(withOpen(tree, 1, false)))).toEqual(['-1', '-2', '-3'])
  expect(told(rowsOf(withPage(tree, 12, page({ 122: 0, 123: 0 }), true)))).toEqual(['-1', '--11', '--12', '---121', '---122', '---123', '-2', '-3'])
  expect(rowsOf(tree)[0]).toMatchObject({ position: 1, size: 3, expanded: true })
  expect(rowsOf(tree)[3]).toMatchObject({ size: -1 })
})

test('keys go as in every tree: right opens and goes in, left closes and goes up', () => {
  const rows = rowsOf(tree)
  expect(stepOf(rows, 0, 'ArrowRight')).toEqual({ focus: 1 })
  expect(stepOf(rows, 6, 'ArrowRight')).toEqual({ open: 3 })
  expect(stepOf(rows, 1, 'ArrowRight')).toBeUndefined()
  expect(stepOf(rows, 3, 'ArrowLeft')).toEqual({ focus: 2 })
  expect(stepOf(rows, 2, 'ArrowLeft')).toEqual({ close: 12 })
  expect(stepOf(rows, 5, 'ArrowLeft')).toBeUndefined()
  expect(stepOf(rows, 4, 'ArrowLeft')).toEqual({ focus: 2 })
  expect([stepOf(rows, 0, 'ArrowUp'), stepOf(rows, 6, 'ArrowDown'), stepOf(rows, 3, 'End'), stepOf(rows, 3, 'Home'), stepOf(rows, 3, 'x')]).toEqual([{ focus: 0 }, { focus: 6 }, { focus: 6 }, { focus: 0 }, undefined])
})
