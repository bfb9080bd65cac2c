/** What formulas of a workflow may name: what the step can look at. Pure. */
import type { OfferedFunction } from '../draft/definitions.js'
import { choicesOf } from '../entities/type-options.js'
import type { FormulaLanguage } from '../formulas/offers.js'
import type { Source } from '../workflows/sources.js'

/** Sources are whole paths; behind a dot those are offered that go on from there. Those of jq begin with signs, which formulas do not. */
export const runLanguage = (sources: readonly Source[], functions: readonly OfferedFunction[]): FormulaLanguage => ({
  functions,
  words: ['true', 'false', 'null'],
  names: (before) => sources.filter(({ path }) => (before === '' ? /^[A-Za-z_]/.test(path) : path.startsWith(`${before}.`))).map(({ path, title, group, field }) => ({
    path, title: `${title} · ${group}`, type: field?.type ?? '', leads: false,
    choices: field === null ? [] : choicesOf(field.property),
  })),
})
