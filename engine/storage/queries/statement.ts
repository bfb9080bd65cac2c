/** A statement while it is compiled: its text, and how each placeholder is bound when it runs. */
import type { Cell } from '../../fields/contract.js'
import type { Entity } from '../../model/model.js'
import type { Bindings, DialectName } from '../contract.js'

/** The rows that a part of a statement speaks of: an entity under its alias. */
export interface Scope {
  readonly entity: Entity
  readonly alias: string
}

/** Gives the driver value of one placeholder. `args` are the values of this very run, such as the id that is asked for. */
export type Binder = (bindings: Bindings, args: readonly unknown[]) => unknown

/** A compiled statement. It may run again with other bindings while `holds` is true. */
export interface Statement {
  readonly sql: string
  readonly binders: readonly Binder[]
  /** `$user` lists are written as `=` when they have one element, which indexes serve better. */
  holds(bindings: Bindings): boolean
}

/** Collects placeholders in the order of the text: callers must write the text from left to right. */
export class Writer {
  readonly binders: Binder[] = []
  private readonly singles = new Map<string, boolean>()
  private aliases = 0

  constructor(
    readonly dialect: DialectName,
    private readonly bindings: Bindings,
  ) {}

  /** A placeholder for a value that is known now. */
  value(value: unknown): string {
    this.binders.push(() => value)
    return '?'
  }

  /** A placeholder whose value depends on who asks and when. */
  bound(binder: Binder): string {
    this.binders.push(binder)
    return '?'
  }

  /** A placeholder for the argument at `index` of each run. */
  argument(index: number): string {
    this.binders.push((_, args) => args[index])
    return '?'
  }

  /** A table alias that no other part of the statement has. */
  alias(): string {
    return `t${String(this.aliases++)}`
  }

  /** True when the attribute is one value or a list of one. The text may depend on it. */
  isSingle(attribute: string): boolean {
    const known = this.singles.get(attribute)
    if (known !== undefined) return known
    const single = isSingle(this.bindings.user(attribute))
    this.singles.set(attribute, single)
    return single
  }

  /** Finishes the statement. */
  statement(sql: string): Statement {
    const assumed = [...this.singles]
    return {
      sql,
      binders: this.binders,
      holds: (bindings) => assumed.every(([attribute, single]) => isSingle(bindings.user(attribute)) === single),
    }
  }
}

const isSingle = (cell: Cell | undefined): boolean => !Array.isArray(cell) || cell.length === 1

/** The driver values of a statement's placeholders. */
export const bind = (statement: Statement, bindings: Bindings, args: readonly unknown[] = []): readonly unknown[] =>
  statement.binders.map((binder) => binder(bindings, args))

// ── compiled once ──

interface Compiled {
  readonly statement: Statement
}

/** Statements kept for one pair of objects; more shapes than this are rare and start over. */
const keptLimit = 200
const kept = new WeakMap<object, WeakMap<object, Map<string, readonly Compiled[]>>>()

/**
 * What was compiled for the two objects (rows and selection of a query, say) and the key, or compiles it. Callers keep
 * those objects for as long as the question has the same shape; with them goes what was compiled.
 */
export function compiled<T extends Compiled>(dialect: DialectName, a: object, b: object, key: string, bindings: Bindings, compile: (w: Writer) => T): T {
  const byKey = inner(inner(kept, a, () => new WeakMap<object, Map<string, readonly Compiled[]>>()), b, () => new Map<string, readonly Compiled[]>())
  const fullKey = `${dialect} ${key}`
  const variants = byKey.get(fullKey) ?? []
  // The key names the kind of statement, so what is kept under it has the type that its only caller compiles.
  const fitting = variants.find(({ statement }) => statement.holds(bindings)) as T | undefined
  if (fitting !== undefined) return fitting
  const made = compile(new Writer(dialect, bindings))
  if (byKey.size > keptLimit) byKey.clear()
  byKey.set(fullKey, [...variants, made])
  return made
}

function inner<V>(map: WeakMap<object, V>, key: object, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
