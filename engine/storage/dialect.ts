/** What differs between the databases: how a cell travels, how names are quoted, how types are called. Pure text and values. */
import type { Cell, Column, ColumnKind } from '../fields/contract.js'
import type { DialectName } from './contract.js'

/** Turns the cells of one physical column into driver values and back. */
export interface Codec {
  /** Cell → driver value for storing. Null stays null. */
  encode(cell: Cell): unknown
  /** Cell → driver value for a comparison: digits that the column cannot hold are kept, so that nothing equals them. */
  operand(cell: Cell): unknown
  /** Driver value → cell. */
  decode(value: unknown): Cell
  /** Driver value of `CAST(sum(column) AS TEXT)` → the sum in decimal notation, however long. */
  sumText(text: unknown): string | null
}

type ColumnShape = Pick<Column, 'kind' | 'scale'>

/** The codec of a column; the same object for the same shape. */
export function codec(dialect: DialectName, column: ColumnShape): Codec {
  const scale = column.kind === 'decimal' ? (column.scale ?? 0) : 0
  const key = `${dialect}:${column.kind}:${scale}`
  const known = codecs.get(key)
  if (known !== undefined) return known
  const made = dialect === 'sqlite' ? sqliteCodec(column.kind, scale) : postgresCodec(column.kind, scale)
  codecs.set(key, made)
  return made
}
const codecs = new Map<string, Codec>()

const same = (value: unknown): Cell => (value ?? null) as Cell
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const plain: Codec = { encode: same, operand: same, decode: same, sumText: textOf }

function sqliteCodec(kind: ColumnKind, scale: number): Codec {
  const byKind: Record<ColumnKind, Codec> = {
    text: plain,
    date: plain,
    integer: { ...plain, encode: (cell) => integer(cell as number | null), operand: (cell) => integer(cell as number | null) },
    decimal: {
      encode: (cell) => (cell === null ? null : integer(scaled(cell as number, scale))),
      operand: (cell) => (cell === null ? null : scaledOperand(cell as number, scale)),
      decode: (value) => (value === null || value === undefined ? null : unscaled(value as number, scale)),
      sumText: (value) => (typeof value === 'string' ? pointInto(value, scale) : null),
    },
    boolean: {
      ...plain,
      encode: (cell) => (cell === null ? null : cell === true ? 1 : 0),
      operand: (cell) => (cell === null ? null : cell === true ? 1 : 0),
      decode: (value) => (value === null || value === undefined ? null : value === 1),
    },
    instant: {
      ...plain,
      encode: (cell) => (cell === null ? null : Date.parse(cell as string)),
      operand: (cell) => (cell === null ? null : Date.parse(cell as string)),
      decode: (value) => (value === null || value === undefined ? null : isoInstant(value as number)),
    },
    json: {
      ...plain,
      encode: (cell) => (cell === null ? null : JSON.stringify(cell)),
      operand: (cell) => (cell === null ? null : JSON.stringify(cell)),
      decode: (value) => (value === null || value === undefined ? null : (JSON.parse(value as string) as Cell)),
    },
  }
  return byKind[kind]
}

function postgresCodec(kind: ColumnKind, scale: number): Codec {
  // Numbers travel as text, so that no driver or server rounds them as binary floats.
  const asText = (cell: Cell): unknown => (cell === null ? null : JSON.stringify(cell))
  const byKind: Record<ColumnKind, Codec> = {
    text: plain,
    date: plain,
    instant: plain,
    boolean: plain,
    integer: { ...plain, encode: asText, operand: asText },
    decimal: { ...plain, encode: (cell) => (cell === null ? null : decimalText(cell as number, scale)), operand: asText },
    json: {
      ...plain,
      encode: (cell) => (cell === null ? null : JSON.stringify(cell)),
      operand: (cell) => (cell === null ? null : JSON.stringify(cell)),
    },
  }
  return byKind[kind]
}

/** The same text as `toISOString`, several times as fast: lists have thousands of instants, most of them of few days. */
function isoInstant(time: number): string {
  const day = Math.floor(time / dayMilliseconds)
  let date = days.get(day)
  if (date === undefined) {
    date = new Date(time).toISOString().slice(0, -13)
    if (days.size > 10_000) days.clear()
    days.set(day, date)
  }
  const rest = time - day * dayMilliseconds
  const two = (value: number): string => (value < 10 ? `0${String(value)}` : String(value))
  return `${date}${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1000) % 60)}.${String(rest % 1000).padStart(3, '0')}Z`
}
const dayMilliseconds = 86_400_000
/** Day since 1970 → `2026-07-01T`. */
const days = new Map<number, string>()

/** The SQLite driver binds integers beyond 32 bits as floats, exact to 2^53; larger ones go as text, which the column turns into an exact integer. */
const integer = (value: number | bigint | null): number | string | null =>
  value === null ? null : typeof value === 'bigint' ? String(value) : value

/** value × 10^scale, exact. Digits beyond the scale are cut: field types refuse them before. */
function scaled(value: number, scale: number): number | bigint {
  const quick = value * 10 ** scale
  // Below 10^15 the product is less than half a unit off.
  if (Math.abs(quick) < 1e15) return Math.round(quick)
  const exact = BigInt(decimalText(value, scale).replace('.', ''))
  if (exact >= 2n ** 63n || exact < -(2n ** 63n)) throw new RangeError(`A number is too large for a column with ${String(scale)} decimals`)
  return exact
}

function scaledOperand(value: number, scale: number): number | string {
  const quick = value * 10 ** scale
  if (Math.abs(quick) >= 1e15) return Math.abs(quick) < 9e18 && fits(value, scale) ? String(scaled(value, scale)) : quick
  return fits(value, scale) ? Math.round(quick) : quick
}

const fits = (value: number, scale: number): boolean => Number(value.toFixed(scale)) === value

/** The shortest decimal text of a number with exactly `scale` digits after the point, without an exponent. */
function decimalText(value: number, scale: number): string {
  if (Math.abs(value) < 1e21) {
    const shortest = String(value)
    if (!shortest.includes('e')) {
      const [whole = '0', fraction = ''] = shortest.split('.')
      return scale === 0 ? whole : `${whole}.${fraction.slice(0, scale).padEnd(scale, '0')}`
    }
  }
  return value.toFixed(scale)
}

function unscaled(value: number, scale: number): number {
  // Up to 2^53 both operands are exact, so the quotient is the nearest double of the decimal. Beyond, 15 digits are right.
  const quotient = value / 10 ** scale
  return Number.isSafeInteger(value) ? quotient : Number(quotient.toPrecision(15))
}

/** '12345' with scale 2 → '123.45'. */
function pointInto(digits: string, scale: number): string {
  if (scale === 0) return digits
  const negative = digits.startsWith('-')
  const bare = (negative ? digits.slice(1) : digits).padStart(scale + 1, '0')
  return `${negative ? '-' : ''}${bare.slice(0, -scale)}.${bare.slice(-scale)}`
}

/** Quotes a physical name. Names come from the model only; the check is a second wall, not a parser. */
export function quote(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`Not a physical name: ${name}`)
  return `"${name}"`
}

/** Column type in DDL. Text compares by code point on both databases. */
export function columnType(dialect: DialectName, column: ColumnShape): string {
  if (dialect === 'sqlite') return sqliteTypes[column.kind]
  if (column.kind === 'decimal') return `NUMERIC(20,${String(column.scale ?? 0)})`
  return postgresTypes[column.kind]
}

const sqliteTypes: Record<ColumnKind, string> = {
  text: 'TEXT', integer: 'INTEGER', decimal: 'INTEGER', boolean: 'INTEGER', date: 'TEXT', instant: 'INTEGER', json: 'TEXT',
}
const postgresTypes: Record<ColumnKind, string> = {
  text: 'TEXT COLLATE "C"', integer: 'BIGINT', decimal: 'NUMERIC(20,0)', boolean: 'BOOLEAN', date: 'DATE', instant: 'TIMESTAMPTZ(3)', json: 'JSONB',
}

/** PostgreSQL's name of a column's type for a cast of a bound value, e.g. `?::bigint[]`. */
export const castType = (kind: ColumnKind): string => castTypes[kind]
const castTypes: Record<ColumnKind, string> = {
  text: 'text', integer: 'bigint', decimal: 'numeric', boolean: 'boolean', date: 'date', instant: 'timestamptz', json: 'jsonb',
}

/** Replaces `?` by `$1`, `$2` ... outside of quotes. */
export function numbered(sql: string): string {
  let position = 0
  return sql.replace(/'(?:[^']|'')*'|"[^"]*"|\?/g, (token) => (token === '?' ? `$${String(++position)}` : token))
}
