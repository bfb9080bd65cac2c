/** Numbers as a Markdown table. */

export type Cell = string | number | null

/** Columns are as wide as their widest cell, so that it can be read without a renderer. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows.map((row) => row.map(text))]
  const widths = head.map((_, i) => Math.max(3, ...texts.map((row) => (row[i] ?? '').length)))
  const line = (row: readonly string[]): string => `| ${widths.map((width, i) => (i < 2 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...texts.slice(1).map(line)].join('\n')
}

function text(cell: Cell): string {
  if (cell === null) return ''
  return typeof cell === 'number' ? shown(cell) : cell
}

/** Three digits that count. */
export const shown = (value: number): string => (Number.isNaN(value) ? '-' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value >= 10 ? 3 : 2))

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
