/** A constraint that a statement broke, told alike for both databases. `records.ts` turns it into a Problem with field names. */
export class ConstraintError extends Error {
  constructor(
    /** `size`: more than an index can hold. */
    readonly kind: 'unique' | 'foreignKey' | 'size' | 'other',
    /** Table as the database names it; undefined where it does not say. */
    readonly table: string | undefined,
    /** Physical columns or the constraint's name: whatever the database tells. */
    readonly columns: readonly string[],
    readonly constraint: string | undefined,
    cause: unknown,
  ) {
    super(`A ${kind} constraint was broken`, { cause })
    this.name = 'ConstraintError'
  }
}
