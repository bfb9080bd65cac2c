/** Where the records are looked for that a column of a file names, when they may be of several entities. */
import type { Field, Model } from '../../model/model.js'
import type { EntityAccess } from '../../permissions/access.js'
import type { Call } from '../call.js'
import { seen, type LinkTarget } from './find.js'

/** By what people call each entity: its name and its titles in every language, as `calledBy` spells them. */
export function severalTargets(call: Call, field: Field, by: string): ReadonlyMap<string, LinkTarget> {
  const targets = new Map<string, LinkTarget>()
  for (const name of field.targets?.keys() ?? []) {
    const target = call.access.entity(name)
    if (target === undefined) continue
    const found = { target, by: naming(target, by) }
    for (const title of [name, ...titlesOf(call.model, target)]) if (!targets.has(calledBy(title))) targets.set(calledBy(title), found)
  }
  return targets
}

/** Without what people write differently. */
export const calledBy = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

const titlesOf = (model: Model, { entity }: EntityAccess): readonly string[] =>
  [entity.title, ...[...model.texts.values()].flatMap((table) => table[`${entity.name}/entity.json`]?.['/title'] ?? [])]

/** The field that was chosen; otherwise unique ones before the display field, and the number at last: so files are written. */
function naming(target: EntityAccess, by: string): readonly Field[] {
  const { entity } = target
  const keys = by === '' ? [...[...entity.fields.values()].flatMap((field) => (field.unique ? [field.key] : [])), entity.display, 'id'] : [by]
  return [...new Set(keys)].flatMap((key) => seen(target, key) ?? [])
}
