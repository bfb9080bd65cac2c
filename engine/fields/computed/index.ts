/** Every kind of computed field. */
import type { ComputedType } from './contract.js'
import { formula } from './formula.js'
import { lookup } from './lookup.js'
import { rollup } from './rollup.js'

export const computedTypes: readonly ComputedType[] = [formula, lookup, rollup]

/** The kind of that name, or undefined. */
export const computedType = (name: unknown): ComputedType | undefined => computedTypes.find((type) => type.name === name)
