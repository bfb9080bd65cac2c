/** Texts of a file that name other records become the ids of those records. */
import type { Json } from '../../../metadata/contract/json.js'
import type { Executor } from '../../storage/contract.js'
import type { Call } from '../call.js'
import { byName, type LinkTarget, type NotFound } from './find.js'
import type { NamedRow } from './outcome.js'
import { shortened, type ImportPlan, type PlannedColumn, type ReadRow, type RowProblem } from './plan.js'
import { calledBy } from './several.js'
import { reason } from './reasons.js'

/** What a text names: nothing, several records, or one. */
type Found = NotFound | Json

/** Rows with the records that they name: one statement for each column and entity that names some. */
export async function withLinks(tx: Executor, call: Call, plan: ImportPlan, rows: readonly ReadRow[]): Promise<readonly NamedRow[]> {
  const found = new Map<PlannedColumn, (text: string) => Found>()
  for (const column of plan.columns) {
    if (column.link === null && column.several === null) continue
    const texts = [...new Set(rows.flatMap((row) => row.names.filter((name) => name.column === column).flatMap(({ texts }) => texts)))]
    if (texts.length === 0) continue
    if (column.link !== null) found.set(column, await inOne(tx, call, column.link, texts))
    else if (column.several !== null) found.set(column, await inSeveral(tx, call, column.several, texts))
  }
  return rows.map((row) => {
    if (row.names.length === 0) return { row, values: row.values, problems: row.problems }
    const values = { ...row.values }
    const problems: RowProblem[] = [...row.problems]
    for (const { column, texts } of row.names) {
      const named: Json[] = []
      for (const text of texts) {
        const one = found.get(column)?.(text) ?? 'none'
        if (one === 'none' || one === 'several') problems.push({ column: column.title, ...reason(one === 'none' ? 'noLink' : 'manyLinks', { text: shortened(text) }) })
        else named.push(one)
      }
      values[column.field.key] = column.field.links === null ? (named[0] ?? null) : [...new Set(named)]
    }
    return { row, values, problems }
  })
}

async function inOne(tx: Executor, call: Call, { target, by }: LinkTarget, texts: readonly string[]): Promise<(text: string) => Found> {
  const ids = await byName(tx, call, target, by, texts)
  return (text) => ids.get(text) ?? 'none'
}

/** `member/M2026-000001`: what the entity is called, and what names the record. */
async function inSeveral(tx: Executor, call: Call, several: ReadonlyMap<string, LinkTarget>, texts: readonly string[]): Promise<(text: string) => Found> {
  const byTarget = new Map<LinkTarget, Map<string, string>>()
  for (const text of texts) {
    const slash = text.indexOf('/')
    const target = slash < 0 ? undefined : several.get(calledBy(text.slice(0, slash)))
    if (target !== undefined) byTarget.set(target, (byTarget.get(target) ?? new Map<string, string>()).set(text, text.slice(slash + 1).trim()))
  }
  const found = new Map<string, Found>()
  for (const [{ target, by }, names] of byTarget) {
    const ids = await byName(tx, call, target, by, [...new Set(names.values())])
    for (const [text, name] of names) {
      const id = ids.get(name) ?? 'none'
      found.set(text, typeof id === 'number' ? { entity: target.entity.name, id } : id)
    }
  }
  return (text) => found.get(text) ?? 'none'
}
