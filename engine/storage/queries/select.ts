/** Selection → columns, joins, and the function that makes records of rows. Compiled once, then only run. */
import { isObject, type Json } from '../../../metadata/contract/json.js'
import { blankOf } from '../../model/blank.js'
import type { Entity, Field, LinkTable, PhysicalColumn } from '../../model/model.js'
import type { Predicate } from '../../model/conditions/predicate.js'
import { composed } from '../../model/targets.js'
import type { DialectName, Row, SelectedField, Selection, ToOne } from '../contract.js'
import { codec, quote } from '../dialect.js'
import type { Scope, Writer } from './statement.js'
import { mainColumn, where } from './where.js'

/** A record: field key → value as on the wire. */
export interface Rec {
  [key: string]: Json
}

export type ToMany = Selection['toMany'][number]

/** Records that wait for the rows of a to-many expansion, with their ids. */
export type Parents = Map<ToMany, { readonly id: number; readonly record: Rec }[]>

/** Fills what one column, or a few, say about a record. */
type Part = (row: Row, record: Rec, parents: Parents) => void

/** What a SELECT needs for a selection. Columns come first in the text, then joins: in this order they are written. */
export interface Reading {
  /** `t0."name" AS "0", ...` */
  readonly columns: string
  /** ` LEFT JOIN ...`, or ''; written when it is called, after the columns. */
  joins(): string
  read(row: Row, parents: Parents): Rec
}

/** Expressions of a SELECT list under short names; the same expression is read once. */
export class Columns {
  readonly texts: string[] = []
  private readonly names = new Map<string, string>()

  /** The name under which the row has the expression. Only for expressions without placeholders. */
  add(sql: string): string {
    const known = this.names.get(sql)
    if (known !== undefined) return known
    const name = this.addNew(sql)
    this.names.set(sql, name)
    return name
  }

  /** For expressions with placeholders, which must not be looked up by their text. */
  addNew(sql: string): string {
    // A number, so that a reader finds it in a row that is an object and in one that is an array.
    const name = String(this.texts.length)
    this.texts.push(`${sql} AS "${name}"`)
    return name
  }
}

/** Compiles a selection of the rows in `scope`. */
export function reading(w: Writer, columns: Columns, selection: Selection, scope: Scope): Reading {
  const joins: (() => string)[] = []
  const part = selectionPart(w, columns, joins, selection, scope)
  const blank = blankFor(selection)
  return {
    columns: columns.texts.join(', '),
    joins: () => joins.map((join) => join()).join(''),
    read: (row, parents) => {
      const record: Rec = { ...blank }
      part(row, record, parents)
      return record
    },
  }
}

/** Has the fields that every record has, whoever reads which rows. */
const blankFor = ({ fields }: Selection): Readonly<Rec> => blankOf(fields.filter(({ field, masked, visible }) => field.lines === null && !masked && visible === undefined).map(({ field }) => field.key))

function selectionPart(w: Writer, columns: Columns, joins: (() => string)[], selection: Selection, scope: Scope): Part {
  const flags = new Map<Predicate, string>()
  /** Name of a 0/1 column that tells where a predicate holds. */
  const flag = (predicate: Predicate): string => {
    let name = flags.get(predicate)
    if (name === undefined) flags.set(predicate, (name = columns.addNew(`CASE WHEN ${where(w, predicate, scope)} THEN 1 ELSE 0 END`)))
    return name
  }
  const parts: Part[] = [
    // Lines are read as the related records that they are.
    ...selection.fields.filter(({ field }) => field.lines === null).map((selected) => fieldPart(w, columns, joins, flag, selected, scope)),
    ...selection.toOne.map((expansion) => toOnePart(w, columns, joins, flag, expansion, scope)),
  ]
  if (selection.toMany.length > 0) parts.push(toManyPart(columns, flag, selection.toMany, scope))
  return (row, record, parents) => {
    for (const part of parts) part(row, record, parents)
  }
}

type Flag = (predicate: Predicate) => string

function fieldPart(w: Writer, columns: Columns, joins: (() => string)[], flag: Flag, selected: SelectedField, scope: Scope): Part {
  const { field, masked, visible, maskedWhere, parts } = selected
  const { key, type, options } = field
  const whole = wholeOf(w, columns, joins, flag, selected, scope)
  const value = parts === undefined ? whole : (row: Row): Json => partsOf(whole(row), parts)
  const mask = (row: Row): Json => {
    const full = whole(row)
    const masked = full === null || type.mask === undefined ? null : type.mask(full, options)
    return parts === undefined ? masked : partsOf(masked, parts)
  }
  if (!masked && visible === undefined) return (row, record) => void (record[key] = value(row))
  const seen = visible === undefined ? undefined : flag(visible)
  const masking = masked && maskedWhere !== undefined ? flag(maskedWhere) : undefined
  return (row, record) => {
    if (seen !== undefined && row[seen] === 1) record[key] = value(row)
    else if (masked && (masking === undefined || row[masking] === 1)) record[key] = mask(row)
  }
}

function wholeOf(w: Writer, columns: Columns, joins: (() => string)[], flag: Flag, selected: SelectedField, scope: Scope): (row: Row) => Json {
  const { field, listed } = selected
  if (field.targets !== null) return oneOfOf(w, columns, joins, flag, selected, scope)
  if (field.links !== null) return listOf(columns.addNew(listSql(w, field.links, `${scope.alias}.id`, listed)))
  return valueOf(w.dialect, field, (column) => columns.add(`${scope.alias}.${quote(column.name)}`))
}

interface OneOfReading {
  readonly entity: string
  /** Of the column with the id. */
  readonly name: string
  readonly labelled: ((row: Row) => string | undefined) | undefined
}

/** The record that one of the references behind a field points to, with its name where that was asked for. */
function oneOfOf(w: Writer, columns: Columns, joins: (() => string)[], flag: Flag, { field, targets = [...(field.targets?.keys() ?? [])].map((entity): { entity: string; label?: ToOne } => ({ entity })) }: SelectedField, scope: Scope): (row: Row) => Json {
  const { decode } = codec(w.dialect, { kind: 'integer' })
  const read = targets.flatMap(({ entity, label }): readonly OneOfReading[] => {
    const column = field.targets?.get(entity)?.column
    const display = label?.target.fields.get(label.target.display)
    if (column === undefined) return []
    const name = columns.add(`${scope.alias}.${quote(column)}`)
    if (label === undefined || display === undefined) return [{ entity, name, labelled: undefined }]
    const part = toOnePart(w, columns, joins, flag, label, scope)
    const labelled = (row: Row): string | undefined => {
      const found: Rec = {}
      part(row, found, new Map())
      const target = found[label.field.key]
      const value = isObject(target) ? (target[display.key] ?? null) : null
      return value === null ? undefined : display.type.format(value, display.options)
    }
    return [{ entity, name, labelled }]
  })
  return (row) => {
    for (const { entity, name, labelled } of read) {
      const id = decode(row[name])
      if (id === null) continue
      const label = labelled?.(row)
      return { entity, id, ...(label === undefined ? {} : { label }) }
    }
    return null
  }
}

/** The ids that a record lists, as JSON text in their order; `listed` leaves out those that are not shown. */
function listSql(w: Writer, { table }: LinkTable, id: string, listed: SelectedField['listed']): string {
  if (listed === undefined || isEverything(listed.rows)) return wholeList(w.dialect, table, id)
  if (listed.target === null) return "'[]'"
  const link = w.alias()
  const other: Scope = { entity: listed.target, alias: w.alias() }
  const shown = `SELECT ${link}.target FROM ${quote(table)} ${link} JOIN ${quote(other.entity.table)} ${other.alias} ON ${other.alias}.id = ${link}.target WHERE ${link}.source = ${id} AND ${where(w, listed.rows, other)} ORDER BY 1`
  return gathered(w.dialect, shown)
}

const wholeList = (dialect: DialectName, table: string, id: string): string => gathered(dialect, `SELECT target FROM ${quote(table)} WHERE source = ${id} ORDER BY target`)

const gathered = (dialect: DialectName, rows: string): string =>
  dialect === 'sqlite' ? `(SELECT json_group_array(target) FROM (${rows}))` : `(SELECT coalesce(json_agg(target), '[]')::text FROM (${rows}) listed)`

/** Within a page of SQLite the list is a part of the JSON that was parsed already. */
const listOf = (name: string) => (row: Row): Json => {
  const list = row[name]
  return (typeof list === 'string' ? JSON.parse(list) : list) as Json
}

/** Of a value that is made of parts only these, null where there is none. */
const partsOf = (value: Json, names: readonly string[]): Json => (isObject(value) ? Object.fromEntries(names.map((name) => [name, value[name] ?? null])) : null)

/** Reads a field's value from a row; `nameOf` gives the name under which the row has a column. */
export function valueOf(dialect: DialectName, field: Field, nameOf: (column: PhysicalColumn) => string): (row: Row) => Json {
  const { type, options } = field
  // Columns with a role say nothing that the others do not.
  const cells = field.columns.map((column) => (column.role !== undefined ? undefined : { name: nameOf(column), decode: codec(dialect, column).decode }))
  const [first] = cells
  if (first !== undefined && cells.slice(1).every((cell) => cell === undefined)) {
    const { name, decode } = first
    return (row) => type.fromColumns([decode(row[name])], options)
  }
  return (row) => type.fromColumns(cells.map((cell) => (cell === undefined ? null : cell.decode(row[cell.name]))), options)
}

function toOnePart(w: Writer, columns: Columns, joins: (() => string)[], flag: Flag, expansion: ToOne, scope: Scope): Part {
  const other: Scope = { entity: expansion.target, alias: w.alias() }
  const seen = expansion.visible === undefined ? undefined : flag(expansion.visible)
  joins.push(() => ` LEFT JOIN ${quote(other.entity.table)} ${other.alias} ON ${other.alias}.id = ${scope.alias}.${mainColumn(expansion.field)}${isEverything(expansion.rows) ? '' : ` AND ${where(w, expansion.rows, other)}`}`)
  const id = columns.add(`${other.alias}.${quote('id')}`)
  const part = selectionPart(w, columns, joins, expansion.selection, other)
  const { key } = expansion.field
  const blank = blankFor(expansion.selection)
  return (row, record, parents) => {
    if (seen !== undefined && row[seen] !== 1) return
    if (row[id] === null) {
      record[key] = null
      return
    }
    const target: Rec = { ...blank }
    part(row, target, parents)
    record[key] = target
  }
}

const isEverything = (predicate: Predicate): boolean => predicate.kind === 'all' && predicate.of.length === 0

function toManyPart(columns: Columns, flag: Flag, expansions: readonly ToMany[], scope: Scope): Part {
  const id = columns.add(`${scope.alias}.${quote('id')}`)
  const flagged = expansions.map((expansion) => ({ expansion, seen: expansion.visible === undefined ? undefined : flag(expansion.visible) }))
  return (row, record, parents) => {
    for (const { expansion, seen } of flagged) {
      if (seen !== undefined && row[seen] !== 1) continue
      record[expansion.relation.name] = []
      const waiting = parents.get(expansion)
      const parent = { id: row[id] as number, record }
      if (waiting === undefined) parents.set(expansion, [parent])
      else waiting.push(parent)
    }
  }
}

// ── whole records, as writing needs them ──

interface FullReading {
  /** `"id", "version", "name", ...` without aliases, for SELECT and RETURNING. */
  readonly columns: string
  read(row: Row): Rec
}

const fullReadings = new WeakMap<Entity, Map<DialectName, FullReading>>()

/** Every field of an entity, system fields too. */
export function fullReading(dialect: DialectName, entity: Entity): FullReading {
  let byDialect = fullReadings.get(entity)
  if (byDialect === undefined) fullReadings.set(entity, (byDialect = new Map<DialectName, FullReading>()))
  let made = byDialect.get(dialect)
  if (made === undefined) byDialect.set(dialect, (made = compileFull(dialect, entity)))
  return made
}

function compileFull(dialect: DialectName, entity: Entity): FullReading {
  const names: string[] = []
  const several = [...entity.fields.values()].filter(({ targets }) => targets !== null)
  const values = [...entity.fields.values()].filter(({ lines, targets }) => lines === null && targets === null).map((field) => {
    if (field.links !== null) {
      const name = field.links.table
      // A link table has no column `id`, so that is the record's, with an alias and without.
      names.push(`${wholeList(dialect, name, 'id')} AS ${quote(name)}`)
      return [field.key, listOf(name)] as const
    }
    const value = valueOf(dialect, field, (column) => {
      names.push(quote(column.name))
      return column.name
    })
    return [field.key, value] as const
  })
  const blank = blankOf([...values.map(([key]) => key), ...several.map(({ key }) => key)])
  return {
    columns: names.join(', '),
    read: (row) => {
      const record: Rec = { ...blank }
      for (const [key, value] of values) record[key] = value(row)
      for (const field of several) record[field.key] = composed(field, (_entity, key) => record[key] ?? null)
      return record
    },
  }
}
