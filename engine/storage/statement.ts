/** A statement while it is compiled: its text, and how each placeholder is bound when it runs. */
import type { Cell } from '../fields/contract.js'
import type { Bindings, DialectName } from './contract.js'

/** Gives the driver value of one placeholder. */
export type Binder = (bindings: Bindings) => unknown

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
export function bind(statement: Statement, bindings: Bindings): readonly unknown[] {
  return statement.binders.map((binder) => binder(bindings))
}
