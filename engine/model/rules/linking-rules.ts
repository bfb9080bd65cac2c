/** Rules that set a reference: to what another reference of the record leads to, or one of a record that it refers to (`member.store`). Pure. */
import { formulaFault } from '../../../metadata/contract/formula-faults.js'
import { endsOf } from '../../formulas/check.js'
import { environmentOf } from '../../formulas/environment.js'
import { compileExpression, type Evaluate } from '../../formulas/evaluate.js'
import { chainOf, checkFormula, readPaths, type Path, type PathAnswer } from '../../formulas/formula.js'
import { seenAs } from '../../fields/seen-as.js'
import type { Entity, Field, Model } from '../model.js'

/** A reference to one record of one entity. */
export const isLink = (field: Field | undefined): field is Field & { readonly link: NonNullable<Field['link']> } => field !== undefined && field.link !== null && field.within === null && field.derived === null

/** The expression ready to run over a record that holds what is read of others under their paths. */
export function linkExpression(cel: string, fields: ReadonlyMap<string, Field>, timeZone: string): { readonly evaluate: Evaluate; readonly paths: readonly Path[] } {
  const { source, names } = readPaths(cel)
  const variables = [...names].map(([name, path]) => ({ name, kind: path.length > 1 ? ('link' as const) : kindOf(fields.get(path[0] ?? '')) }))
  const evaluate = compileExpression(source, variables, timeZone)
  const paths = [...names.values()].filter((path) => path.length > 1)
  return { paths, evaluate: (record, now) => evaluate(Object.fromEntries([...names].map(([name, path]) => [name, record[path.join('.')] ?? null])), now) }
}

const kindOf = (field: Field | undefined): ReturnType<typeof seenAs> => (field === undefined ? 'none' : seenAs(field.type, field.options))

/** Why an expression cannot fill the reference `field` of `entity`; undefined: it can. */
export function linkProblem(field: Field & { readonly link: NonNullable<Field['link']> }, cel: string, entity: Entity, model: Model): string | undefined {
  const named = (path: Path): Field | undefined => fieldAt(entity, path, model)
  const resolve = (path: Path): PathAnswer => {
    const found = named(path)
    if (found === undefined) return { problem: formulaFault('noField', { found: path.join('.') }) }
    return path.length > 1 && !isLink(found) ? { problem: formulaFault('referencesOnly', { found: path.join('.') }) } : { kind: kindOf(found) }
  }
  const { fault } = checkFormula({ cel, keys: [...entity.fields.keys()], resolve })
  const elsewhere = formulaFault('mustRefer', { entity: model.entities.get(field.link.to)?.title ?? field.link.to })
  if (fault !== undefined) return fault.link === undefined ? fault.message : elsewhere
  for (const path of endPaths(cel)) {
    const found = path === null ? undefined : named(path)
    if (!isLink(found) || found.link.to !== field.link.to) return elsewhere
  }
  return undefined
}

function fieldAt(entity: Entity, [key = '', ...rest]: Path, model: Model): Field | undefined {
  const field = entity.fields.get(key)
  if (rest.length === 0 || field === undefined) return field
  const target = isLink(field) ? model.entities.get(field.link.to) : undefined
  return target === undefined ? undefined : fieldAt(target, rest, model)
}

/** What an expression may end in: the paths, null for what is none. An empty value at an end is no path. */
function endPaths(cel: string): readonly (Path | null)[] {
  const ends = endsOf(environmentOf([], false).parse(cel).ast).flatMap((node) => (node.op === 'call' && node.args[0] === 'coalesce' ? node.args[1] : [node]))
  return ends.flatMap((node) => (node.op === 'value' && node.args === null ? [] : [chainOf(node) ?? null]))
}
