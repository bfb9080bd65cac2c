/** Which rows of a tree are seen, and where the keys lead. Pure. */
import type { BranchPage } from '../client/trees.js'
import type { Rec } from '../client/records.js'

/** What was read so far; `null` is the top. */
export interface Tree {
  readonly branches: ReadonlyMap<number | null, BranchPage>
  /** Records whose branches are shown, whether they were read already or not. */
  readonly open: ReadonlySet<number>
}

export const emptyTree: Tree = { branches: new Map(), open: new Set() }

/** A line of the tree. `level`: 1 at the top. */
export type TreeRow = { readonly level: number; readonly parent: number | null } & (
  | { readonly kind: 'record'; readonly record: Rec; readonly children: number; readonly expanded: boolean; readonly position: number; readonly size: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'loading' }
)

/** The lines from top to bottom. `size` is -1 while there are more than were read. */
export function rowsOf(tree: Tree, parent: number | null = null, level = 1): readonly TreeRow[] {
  const branch = tree.branches.get(parent)
  if (branch === undefined) return [{ kind: 'loading', level, parent }]
  const rows = branch.records.flatMap((record, i): readonly TreeRow[] => {
    const children = branch.children.get(record.id) ?? 0
    const expanded = children > 0 && tree.open.has(record.id)
    const row: TreeRow = { kind: 'record', level, parent, record, children, expanded, position: i + 1, size: branch.next === null ? branch.records.length : -1 }
    return expanded ? [row, ...rowsOf(tree, record.id, level + 1)] : [row]
  })
  return branch.next === null ? rows : [...rows, { kind: 'more', level, parent }]
}

/** A further page of a branch. */
export function withPage(tree: Tree, parent: number | null, page: BranchPage, further: boolean): Tree {
  const before = further ? tree.branches.get(parent) : undefined
  const whole: BranchPage = before === undefined ? page : { records: [...before.records, ...page.records], children: new Map([...before.children, ...page.children]), next: page.next }
  return { ...tree, branches: new Map([...tree.branches, [parent, whole]]) }
}

export function withOpen(tree: Tree, id: number, opened: boolean): Tree {
  const open = new Set(tree.open)
  if (opened) open.add(id)
  else open.delete(id)
  return { ...tree, open }
}

/** What a key does: another line has the focus, or a record's branch opens or closes. */
export type Step = { readonly focus: number } | { readonly open: number } | { readonly close: number }

/** As WAI-ARIA's tree grids do it: right opens and then goes in, left closes and then goes up. Undefined: the key means nothing here. */
export function stepOf(rows: readonly TreeRow[], at: number, key: string): Step | undefined {
  const row = rows[at]
  switch (key) {
    case 'ArrowDown': return { focus: Math.min(rows.length - 1, at + 1) }
    case 'ArrowUp': return { focus: Math.max(0, at - 1) }
    case 'Home': return { focus: 0 }
    case 'End': return { focus: rows.length - 1 }
    case 'ArrowRight':
      if (row?.kind !== 'record' || row.children === 0) return undefined
      return row.expanded ? { focus: at + 1 } : { open: row.record.id }
    case 'ArrowLeft': {
      if (row?.kind === 'record' && row.expanded) return { close: row.record.id }
      const above = rows.findLastIndex((one, i) => i < at && one.level < (row?.level ?? 1))
      return above < 0 ? undefined : { focus: above }
    }
    default: return undefined
  }
}
