/** Objects in definitions that are one value: they are replaced as a whole, like an array, and `null` inside of them is a value. */

const wholes: ReadonlySet<string> = new Set(['where', 'filter', 'guard', 'set', 'requiredWhen'])
/** Members below these are names that people chose, not words of ours. */
const nameMaps: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'entities', 'fields', 'options', 'states', 'on', 'filters', 'tiles'])

/** True where an object is one value: a condition, or what is set. `parent` is the key of the object that `key` is a member of. */
export const isWhole = (key: string, parent: string): boolean => (wholes.has(key) && !nameMaps.has(parent)) || (key === 'schema' && parent === 'condition')
