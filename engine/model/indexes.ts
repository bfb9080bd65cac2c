/** The indexes of one entity: those that its definition asks for and those that links need, each once. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { finding, shown, type Report } from './findings.js'
import { unindexable } from './indexable.js'
import { comparedColumn, isFolded } from './duplicates.js'
import type { DuplicateRule, Field, Index } from './model.js'
import { indexName } from './names.js'
import { placeOf } from './parts.js'

interface IndexSource {
  readonly table: string
  readonly document: JsonObject
  readonly fields: ReadonlyMap<string, Field>
  readonly archived: readonly Field[]
  readonly duplicates: readonly DuplicateRule[]
  /** Path of the document, for findings. */
  readonly at: string
}

type Add = (columns: readonly string[], unique: boolean) => void

/** Unique ones first as asked for, none that another one already answers. */
export function indexesOf(source: IndexSource, report: Report): readonly Index[] {
  const found = new Map<string, Index>()
  const add: Add = (columns, unique) => {
    const name = indexName(source.table, columns, unique)
    found.set(name, { name, columns, unique })
  }
  addSingle(source, add)
  addCombined(source, add, report)
  for (const field of source.fields.values()) {
    const [main] = field.columns
    if (!field.system && field.link !== null && main !== undefined) add([main.name], false)
    const path = field.columns.find(({ role }) => role === 'path')
    if (path !== undefined) add([path.name], false)
  }
  addDuplicates(source, add)
  const all = [...found.values()]
  return all.filter((index) => index.unique || !all.some((other) => answers(other, index)))
}

/** True when `other` begins with the columns of `index`, so that `index` would only cost writes. A partial unique index does not help every reader. */
const answers = (other: Index, index: Index): boolean =>
  other !== index && !other.unique && other.columns.length > index.columns.length && index.columns.every((column, i) => column === other.columns[i])

/** Records that look like another one are found by what must be the same. */
function addDuplicates({ duplicates }: IndexSource, add: Add): void {
  for (const { exact } of duplicates) {
    const [only, ...more] = exact
    // Records that are not archived are asked for, which is what a unique index holds.
    if (only?.unique === true && more.length === 0 && comparedColumn(only) === only.columns[0]) continue
    add(exact.flatMap((field) => comparedColumn(field)?.name ?? []), false)
  }
}

function addSingle({ document, fields }: IndexSource, add: Add): void {
  const properties = isObject(document.properties) ? document.properties : {}
  for (const field of fields.values()) {
    const [main] = field.columns
    if (field.system || main === undefined) continue
    const property = properties[field.key]
    if (field.unique) add([main.name], true)
    if (!isObject(property) || !isObject(property.crm) || property.crm.index !== true) continue
    if (!field.unique) add([equalColumn(field)], false)
    if (sortColumn(field) !== main.name) add([sortColumn(field)], false)
  }
}

/** In an index that is not unique the last field is the one that lists are sorted by. */
function addCombined(source: IndexSource, add: Add, report: Report): void {
  const crm = isObject(source.document.crm) ? source.document.crm : {}
  for (const [list, unique] of [[crm.unique, true], [crm.indexes, false]] as const) {
    const at = `${source.at}/crm/${unique ? 'unique' : 'indexes'}`
    for (const [i, keys] of (Array.isArray(list) ? (list as readonly Json[]) : []).entries()) {
      const members = membersOf(keys, source, `${at}/${i}`, unique, report)
      if (members === undefined) continue
      const last = members.length - 1
      add(members.map((field, k) => (unique ? ownColumn(field) : k === last ? sortColumn(field) : equalColumn(field))), unique)
    }
  }
}

/** What may be there once. Of a whole that is made of parts only its order is worth an index. */
const ownColumn = (field: Field): string => (field.parts.size > 0 ? sortColumn(field) : (field.columns[0]?.name ?? ''))

/** What equality is asked of: of text as it is folded, too, so that one index serves its equality, its beginning and its order. */
const equalColumn = (field: Field): string => (isFolded(field) ? (comparedColumn(field)?.name ?? '') : ownColumn(field))

const sortColumn = (field: Field): string => field.columns[field.type.sortColumn(field.options) ?? 0]?.name ?? field.columns[0]?.name ?? ''

/** The fields of a combination; undefined when one is archived (the index rests with it) or, reported, does not exist or cannot be in one. */
function membersOf(keys: Json, { fields, archived }: IndexSource, at: string, unique: boolean, report: Report): readonly Field[] | undefined {
  const members: Field[] = []
  const names = Array.isArray(keys) ? (keys as readonly Json[]) : []
  for (const key of names) {
    const field = typeof key === 'string' ? placeOf({ fields }, key)?.field : undefined
    const unfit = field === undefined ? undefined : unindexable(field, at, unique)
    if (unfit !== undefined) report(unfit)
    else if (field !== undefined) members.push(field)
    // A part rests with its whole.
    else if (!archived.some((one) => one.key === shown(key).split('.')[0])) report(finding(at, 'entity.field', { field: shown(key), entity: at.split('/')[0] ?? '' }))
  }
  return members.length === names.length && members.length > 0 ? members : undefined
}
