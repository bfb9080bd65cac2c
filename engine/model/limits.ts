/** Limits of what definitions may contain, so that a deployment stays quick to compile and to understand. */

export const limits = {
  entities: 500,
  fieldsPerEntity: 500,
  optionsPerField: 2000,
  /** Levels of objects and arrays in a document. */
  nesting: 40,
  /** Levels of objects and arrays inside one value of a record. */
  valueNesting: 12,
  documentBytes: 1024 * 1024,
  /** JSON values in one property after its references are followed. */
  inlinedValues: 20_000,
  /** Findings of one record that are told at once. */
  recordFindings: 100,
} as const
