/**
 * Reading records. Every question is compiled once for its shape (rows, selection, sort) and then only bound and run on
 * the driver's prepared statements. Writing is in `store.ts`, grouping in `aggregate.ts`; callers find all of it here.
 */
import { isObject } from '../../metadata/contract/json.js'
import { Problem } from '../errors.js'
import type { Cell } from '../fields/contract.js'
import type { Entity } from '../model/model.js'
import { everything, type Predicate, type Search } from '../model/conditions/predicate.js'
import type { Bindings, Executor, ListQuery, Row, Selection, TargetName } from './contract.js'
import { castType, quote } from './dialect.js'
import { positionOrder } from './lines.js'
import { afterCondition, cursorArguments, cursorColumns, keysOf, orderBy, pagesAfter, type PagePart } from './queries/keyset.js'
import { condition, identityOf, nearMost, paged, type Archived } from './queries/page.js'
import { fewPlan, fewTitlesPlan, mayBeFew, mayHaveFewTitles, rankedPlan } from './queries/ranked.js'
import { Columns, fullReading, reading, type Parents, type Rec, type ToMany } from './queries/select.js'
import { bind, compiled, type Scope, type Statement, type Writer } from './queries/statement.js'
import { everyWord, allFound } from './queries/text.js'
import { relationSource, where } from './queries/where.js'

export { aggregate } from './queries/aggregate.js'
export { insert, numbered, purge, setArchived, setArchivedAll, update, updateAll } from './store.js'
export type { Rec } from './queries/select.js'

export interface GetQuery {
  readonly entity: Entity
  /** Row rule and whatever else must hold. */
  readonly rows: Predicate
  readonly id: number
  readonly archived: Archived
  readonly selection: Selection
}

/** One record, or null when there is none in these rows. */
export async function get(x: Executor, q: GetQuery, b: Bindings): Promise<Rec | null> {
  const plan = compiled(x.dialect, q.rows, q.selection, `get ${q.archived}`, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const columns = new Columns()
    const read = reading(w, columns, q.selection, scope)
    const { sql, rows } = paged(w.dialect, columns, `SELECT ${read.columns} FROM ${quote(q.entity.table)} ${scope.alias}${read.joins()} WHERE ${scope.alias}.id = ${w.argument(0)} AND ${condition(w, scope, q)} LIMIT 1`)
    return { statement: w.statement(sql), rows, read }
  })
  const [row] = plan.rows(await x.all(plan.statement.sql, bind(plan.statement, b, [q.id])))
  if (row === undefined) return null
  const parents: Parents = new Map()
  const record = plan.read.read(row, parents)
  await expand(x, q.selection, [record], parents, b)
  return record
}

/** Those of several records that are in these rows, in no order. */
export async function getAll(x: Executor, q: Omit<GetQuery, 'id'> & { readonly ids: readonly number[] }, b: Bindings): Promise<readonly Rec[]> {
  const plan = compiled(x.dialect, q.rows, q.selection, `get all ${q.archived}`, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const columns = new Columns()
    const read = reading(w, columns, q.selection, scope)
    const { sql, rows } = paged(w.dialect, columns, `SELECT ${read.columns} FROM ${quote(q.entity.table)} ${scope.alias}${read.joins()} WHERE ${scope.alias}.id ${idsIn(w)} AND ${condition(w, scope, q)}`)
    return { statement: w.statement(sql), rows, read }
  })
  const parents: Parents = new Map()
  const found = plan.rows(await x.all(plan.statement.sql, bind(plan.statement, b, [idsParameter(x, q.ids)]))).map((row) => plan.read.read(row, parents))
  await expand(x, q.selection, found, parents, b)
  return found
}

export const idsIn = (w: Writer): string => (w.dialect === 'sqlite' ? `IN (SELECT value FROM json_each(${w.argument(0)}))` : `= ANY(${w.argument(0)}::${castType('integer')}[])`)

export const idsParameter = ({ dialect }: Executor, ids: readonly number[]): unknown => (dialect === 'sqlite' ? JSON.stringify(ids) : ids)

/** One page; `next` are the cells of its last record's place (see `keyset.ts`, `ranked.ts`) when there are more. */
export async function list(x: Executor, q: ListQuery, b: Bindings): Promise<{ records: Rec[]; next: Cell[] | null }> {
  const parents: Parents = new Map()
  const records: Rec[] = []
  let last: { readonly row: Row; readonly cells: (row: Row) => readonly Cell[] } | null = null
  let more = false
  for (const plan of plansOf(x, q, b)) {
    const wanted = q.limit - records.length
    const rows = plan.rows(await x.all(plan.statement.sql, bind(plan.statement, b, plan.args)))
    const taken = plan.whole === undefined ? rows : plan.whole(rows)
    if (taken === null) continue
    more = taken.length > wanted
    for (const row of taken.slice(0, wanted)) {
      records.push(plan.read.read(row, parents))
      last = { row, cells: plan.cells }
    }
    if (more || plan.whole !== undefined) break
  }
  await expand(x, q.selection, records, parents, b)
  return { records, next: more && last !== null ? [...last.cells(last.row)] : null }
}

/** The statements that give a page, each asked only when those before did not fill it. `whole`: it gives the page by itself, or, when that is null, tells nothing. */
function* plansOf(x: Executor, q: ListQuery, b: Bindings) {
  if (q.text !== undefined && q.sort.length === 0) {
    if (mayBeFew(x, q.text, q.after)) yield fewPlan(x, q, q.text, b)
    if (mayHaveFewTitles(x, q.text, q.after)) yield fewTitlesPlan(x, q, q.text, b)
    yield { ...rankedPlan(x, q, q.text, b), whole: undefined }
    return
  }
  for (const part of q.after === undefined ? (['first'] as const) : partsAfter(x, q, q.after, b)) {
    const plan = listPlan(x, q, part, b)
    const args = q.after === undefined ? [] : cursorArguments(q.after, plan.keys)
    if (q.text !== undefined && mayBeNear(x, part, plan.keys)) yield { ...listPlan(x, q, part, b, q.text), args, whole: (rows: readonly Row[]) => (rows.length > q.limit ? rows : null) }
    yield { ...plan, args, whole: undefined }
  }
}

type Part = PagePart | 'first'

function partsAfter(x: Executor, q: ListQuery, after: readonly Cell[], b: Bindings): readonly PagePart[] {
  return pagesAfter(after, listPlan(x, q, 'first', b).keys)
}

/** False where the first records in an order are not known without sorting all; SQLite sorts them faster than it finds all that have a frequent word. */
const mayBeNear = (x: Executor, part: Part, [key]: readonly { readonly plain: boolean; readonly indexed: boolean }[]): boolean =>
  (part === 'first' || part === 'beyond') && (x.dialect === 'sqlite' ? key?.plain === true : key?.indexed === true)

/** @param near the text of the question, to be looked for among the first records only */
function listPlan(x: Executor, q: ListQuery, part: Part, b: Bindings, near?: Search) {
  const missing = q.after?.map((cell) => cell === null) ?? []
  const seen = (visible: Predicate | undefined): string => (visible === undefined ? '' : `@${String(identityOf(visible))}`)
  const named = ({ target, rows, visible }: TargetName): string => `>${target.id}@${String(identityOf(rows))}${seen(visible)}`
  const sortKey = q.sort.map(({ field, descending, visible, compared, names }) => `${descending ? '-' : ''}${compared === true ? '=' : ''}${field.id}${seen(visible)}${names?.map(named).join('') ?? ''}`).join(',')
  const key = `list ${q.archived} ${q.text === undefined ? '' : String(identityOf(q.text))} ${sortKey} ${String(q.limit)} ${part} ${part === 'first' ? '' : missing.map(Number).join('')}${near === undefined ? '' : ' near'}`
  return compiled(x.dialect, q.rows, q.selection, key, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const keys = keysOf(w, q.sort, scope)
    const columns = new Columns()
    const cells = cursorColumns(columns, keys)
    const read = reading(w, columns, q.selection, scope)
    const holds = (): string => [
      condition(w, scope, q),
      ...(q.text === undefined ? [] : [near === undefined ? where(w, q.text, scope) : everyWord(w, near, scope, (visible) => where(w, visible, scope))]),
      ...(part === 'first' ? [] : [afterCondition(w, keys, missing, part)]),
      ...(near === undefined ? [] : [nearCondition(w, q, part, missing, scope)]),
    ].join(' AND ')
    const table = `${quote(q.entity.table)} ${scope.alias}`
    // PostgreSQL would look for a text in the order of the list as soon as many records have it, even where they stand at its end.
    const from = w.dialect === 'postgres' && q.text !== undefined && near === undefined
      ? `(SELECT * FROM ${table} WHERE ${holds()} OFFSET 0) ${scope.alias}${read.joins()}`
      : `${table}${read.joins()} WHERE ${holds()}`
    const text = [`SELECT ${read.columns} FROM ${from}`, orderBy(w, keys), `LIMIT ${String(q.limit + 1)}`]
    const { sql, rows } = paged(w.dialect, columns, text.join(' '))
    return { statement: w.statement(sql), rows, read, keys, cells }
  })
}

/** True for the first records of a page as it would be without the text; on PostgreSQL also without the row rule, so that they are found at once. */
function nearCondition(w: Writer, q: ListQuery, part: Part, missing: readonly boolean[], scope: Scope): string {
  const other: Scope = { entity: q.entity, alias: w.alias() }
  const [here] = keysOf(w, q.sort, scope)
  const keys = keysOf(w, q.sort, other)
  const [there] = keys
  if (here === undefined || there === undefined) return 'TRUE'
  const from = `${here.sql()} ${here.descending ? '>=' : '<='} (SELECT ${there.sql()} FROM ${quote(q.entity.table)} ${other.alias} WHERE ${condition(w, other, w.dialect === 'sqlite' ? q : { ...q, rows: everything })}`
  return `${from}${part === 'first' ? '' : ` AND ${afterCondition(w, keys, missing, part)}`} ${orderBy(w, keys)} LIMIT 1 OFFSET ${String(nearMost)})`
}

/** Pages of a list to its end, each in constant memory. Begins with the first page, whatever `after` says. */
export async function* stream(x: Executor, q: ListQuery, b: Bindings): AsyncGenerator<readonly Rec[]> {
  let after: readonly Cell[] | null | undefined
  while (after !== null) {
    const page: Awaited<ReturnType<typeof list>> = await list(x, after === undefined ? q : { ...q, after }, b)
    if (page.records.length > 0) yield page.records
    after = page.next
  }
}

/** How many records there are, counted to `cap` + 1 at most. */
export async function count(x: Executor, q: { readonly entity: Entity; readonly rows: Predicate; readonly archived: Archived; readonly text?: Search }, cap: number, b: Bindings): Promise<number> {
  const plan = compiled(x.dialect, q.rows, q.text ?? q.entity, `count ${q.archived} ${String(cap)}`, b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    const source = q.text === undefined ? undefined : allFound(w, q.text, scope)
    const found = source === undefined ? '' : `${source.condition((visible) => where(w, visible, scope))} AND `
    return { statement: w.statement(`SELECT count(*) AS n FROM (SELECT 1 FROM ${source?.from ?? `${quote(q.entity.table)} ${scope.alias}`} WHERE ${found}${condition(w, scope, q)} LIMIT ${String(cap + 1)}) counted`) }
  })
  const [row] = await x.all(plan.statement.sql, bind(plan.statement, b))
  return Number(row?.['n'] ?? 0)
}

/** A record, and rows that it may be in. */
export interface Asked {
  readonly entity: Entity
  readonly rows: Predicate
  readonly id: number
}

/** True when the record (archived or not) is in these rows. */
export const exists = async (x: Executor, asked: Asked, b: Bindings): Promise<boolean> => (await existEach(x, [asked], b))[0] === true

/** The same for a few records of any entities, in one statement. */
export async function existEach(x: Executor, asked: readonly Asked[], b: Bindings): Promise<readonly boolean[]> {
  const [first] = asked
  if (first === undefined) return []
  const plan = compiled(x.dialect, first.rows, first.entity, `exist ${asked.map(({ entity, rows }) => `${entity.id}@${String(identityOf(rows))}`).join()}`, b, (w) => {
    const found = asked.map(({ entity, rows }, i) => {
      const scope = { entity, alias: w.alias() }
      return `EXISTS (SELECT 1 FROM ${quote(entity.table)} ${scope.alias} WHERE ${scope.alias}.id = ${w.argument(i)} AND ${where(w, rows, scope)}) AS "${String(i)}"`
    })
    return { statement: w.statement(`SELECT ${found.join(', ')}`) }
  })
  const [row] = await x.all(plan.statement.sql, bind(plan.statement, b, asked.map(({ id }) => id)))
  return asked.map((_, i) => row?.[String(i)] === 1 || row?.[String(i)] === true)
}

/** Which of the records (archived or not) are in these rows. */
export async function existing(x: Executor, q: { readonly entity: Entity; readonly rows: Predicate; readonly ids: readonly number[] }, b: Bindings): Promise<ReadonlySet<number>> {
  const plan = compiled(x.dialect, q.rows, q.entity, 'existing', b, (w) => {
    const scope = { entity: q.entity, alias: w.alias() }
    return { statement: w.statement(`SELECT ${scope.alias}.id FROM ${quote(q.entity.table)} ${scope.alias} WHERE ${scope.alias}.id ${idsIn(w)} AND ${where(w, q.rows, scope)}`) }
  })
  const found = await x.all(plan.statement.sql, bind(plan.statement, b, [idsParameter(x, q.ids)]))
  return new Set(found.map((row) => Number(row['id'])))
}

/** The full stored record, archived or not, or null when it is not in these rows. Inside a unit it is locked until the unit ends. */
export async function load(x: Executor, entity: Entity, id: number, rows: Predicate, b: Bindings): Promise<Rec | null> {
  const lock = x.writing && x.dialect === 'postgres'
  const full = fullReading(x.dialect, entity)
  const plan = compiled(x.dialect, rows, entity, `load ${String(lock)}`, b, (w) => {
    const scope = { entity, alias: w.alias() }
    const sql = `SELECT ${full.columns} FROM ${quote(entity.table)} ${scope.alias} WHERE ${scope.alias}.id = ${w.argument(0)} AND ${where(w, rows, scope)}`
    return { statement: w.statement(lock ? `${sql} FOR UPDATE OF ${scope.alias}` : sql) }
  })
  const [row] = await x.all(plan.statement.sql, bind(plan.statement, b, [id]))
  return row === undefined ? null : full.read(row)
}

// ── to-many expansions ──

/**
 * Related records in one answer, each counted as often as it stands there: relations of relations multiply, and one
 * request must not cost what thousands do. As many as the largest page has when each record has its most related ones.
 */
const relatedMax = 50_000

/** @throws Problem query.invalid when the records would have more related ones together than one answer may hold */
async function expand(x: Executor, selection: Selection, records: readonly Rec[], parents: Parents, b: Bindings): Promise<void> {
  if (parents.size === 0) return
  await fill(x, parents, b, relatedMax)
  if (related(records, selection, new Map()) > relatedMax) throw tooManyRelated()
}

const tooManyRelated = (): Problem => new Problem('query.invalid', { reason: `these records have more than ${String(relatedMax)} related ones; ask for fewer records at once, or for the related ones by themselves` })

/** How many related records stand below the given ones. Records of the same parent share one list, which is looked at once. */
function related(records: readonly Rec[], selection: Selection, known: Map<readonly Rec[], number>): number {
  const below = (record: Rec): number => {
    let sum = 0
    for (const { field, selection: inner } of selection.toOne) {
      const target = record[field.key]
      if (isObject(target)) sum += related([target], inner, known)
    }
    for (const { relation, selection: inner } of selection.toMany) {
      const rows = record[relation.name] as readonly Rec[] | undefined // filled below, always with records
      if (rows === undefined) continue
      let count = known.get(rows)
      if (count === undefined) known.set(rows, (count = rows.length + related(rows, inner, known)))
      sum += count
    }
    return sum
  }
  return records.reduce((sum, record) => sum + below(record), 0)
}

/** One more statement for each relation, however many records wait for it; then the next level. Gives how many rows may still be read. */
async function fill(x: Executor, parents: Parents, b: Bindings, budget: number): Promise<number> {
  let left = budget
  for (const [expansion, waiting] of parents) {
    const next: Parents = new Map()
    const plan = expansionPlan(x, expansion, b)
    const ids = [...new Set(waiting.map(({ id }) => id))]
    const rows = await x.all(plan.statement.sql, bind(plan.statement, b, [x.dialect === 'sqlite' ? JSON.stringify(ids) : ids]))
    left -= rows.length
    if (left < 0) throw tooManyRelated()
    const byParent = new Map<number, Rec[]>(ids.map((id) => [id, []]))
    for (const row of rows) byParent.get(row[plan.parent] as number)?.push(plan.read.read(row, next))
    for (const { id, record } of waiting) record[expansion.relation.name] = byParent.get(id) ?? []
    left = await fill(x, next, b, left)
  }
  return left
}

function expansionPlan(x: Executor, expansion: ToMany, b: Bindings): { readonly statement: Statement; readonly read: ReturnType<typeof reading>; readonly parent: string } {
  return compiled(x.dialect, expansion.rows, expansion, 'expand', b, (w) => {
    const scope = { entity: expansion.target, alias: w.alias() }
    const columns = new Columns()
    const { from, here } = relationSource(w, expansion.relation, scope)
    const parent = columns.add(here)
    const read = reading(w, columns, expansion.selection, scope)
    const joins = read.joins()
    const ids = w.dialect === 'sqlite' ? `IN (SELECT value FROM json_each(${w.argument(0)}))` : `= ANY(${w.argument(0)}::${castType('integer')}[])`
    const sql = `SELECT ${read.columns} FROM ${from}${joins} WHERE ${here} ${ids} AND ${scope.alias}.archived_at IS NULL AND ${where(w, expansion.rows, scope)} ORDER BY ${here}, ${positionOrder(expansion.target.fields.get(expansion.relation.field ?? ''), scope.alias)}${scope.alias}.id LIMIT ${String(relatedMax + 1)}`
    return { statement: w.statement(sql), read, parent }
  })
}
