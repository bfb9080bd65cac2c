/** The other side of every link: to-many relations by the entity that gets them. */
import { finding, type Report } from './findings.js'
import type { Entity, Relation } from './model.js'
import { identifier, isReserved } from './names.js'
import { pointer } from './paths.js'

/** Entity name → its relations by name, in the order of entities and fields. A name that is taken is reported and left out. */
export function relationsOf(entities: ReadonlyMap<string, Entity>, report: Report): ReadonlyMap<string, ReadonlyMap<string, Relation>> {
  const result = new Map<string, Map<string, Relation>>()
  for (const entity of entities.values()) {
    for (const field of entity.fields.values()) {
      const name = field.link?.inverse ?? ''
      const target = field.link === null ? undefined : entities.get(field.link.to)
      if (field.system || name === '' || target === undefined) continue
      const relations = result.get(target.name) ?? new Map<string, Relation>()
      result.set(target.name, relations)
      const at = `${entity.name}/entity.json#${pointer('properties', field.key)}/crm/inverse`
      if (!identifier.test(name)) report(finding(at, 'name.grammar', { name }))
      else if (isReserved(name)) report(finding(at, 'name.reserved', { name }))
      else if (relations.has(name) || target.fields.has(name)) report(finding(at, 'field.inverse', { name, entity: target.name }))
      else relations.set(name, { name, title: entity.plural, entity: entity.name, field: field.key })
    }
  }
  return result
}

/** True when both maps hold the same relations in the same order. */
export function sameRelations(a: ReadonlyMap<string, Relation>, b: ReadonlyMap<string, Relation>): boolean {
  const others = [...b.values()]
  return a.size === b.size && [...a.values()].every((one, i) => {
    const other = others[i]
    return other !== undefined && one.name === other.name && one.title === other.title && one.entity === other.entity && one.field === other.field
  })
}
