/** To-many relations: the other side of every link, and what a field of its own lists. */
import { finding, type Report } from './findings.js'
import type { Entity, Field, Relation } from './model.js'
import { identifier, isReserved } from './names.js'
import { pointer } from './paths.js'

type Relations = ReadonlyMap<string, ReadonlyMap<string, Relation>>

/** Entity name → its relations by name, in the order of entities and fields. A name that is taken is reported and left out. */
export function relationsOf(entities: ReadonlyMap<string, Entity>, report: Report): Relations {
  const result = new Map<string, Map<string, Relation>>()
  const of = (entity: string): Map<string, Relation> => {
    const known = result.get(entity) ?? new Map<string, Relation>()
    result.set(entity, known)
    return known
  }
  for (const entity of entities.values()) {
    for (const field of entity.fields.values()) {
      if (field.link?.hierarchy === true && field.link.to !== entity.name) report(finding(`${entity.name}/entity.json#${pointer('properties', field.key)}/crm/hierarchy`, 'field.hierarchy', { entity: entity.name }))
      if (field.lines !== null) addLines(entity, field, entities, of(entity.name), report)
      const target = entities.get((field.link ?? field.links)?.to ?? '')
      if (field.system || target === undefined) continue
      if (field.links !== null) of(entity.name).set(field.key, { name: field.key, title: field.title, entity: target.name, field: null, through: { table: field.links.table, here: 'source', there: 'target' } })
      const other = otherSide(entity, field)
      if (other.name !== '' && mayStand(other.name, target, of(target.name), `${entity.name}/entity.json#${pointer('properties', field.key)}/crm/inverse`, report)) of(target.name).set(other.name, other)
    }
  }
  return result
}

/** The owned records of a field; where nothing is owned so, the field has no lines. */
function addLines(entity: Entity, field: Field, entities: ReadonlyMap<string, Entity>, relations: Map<string, Relation>, report: Report): void {
  const { entity: name, field: key } = field.lines ?? { entity: '', field: '' }
  const link = entities.get(name)?.fields.get(key)?.link
  if (link?.owned === true && link.to === entity.name) relations.set(field.key, { name: field.key, title: field.title, entity: name, field: key, through: null })
  else report(finding(`${entity.name}/entity.json#${pointer('properties', field.key)}/crm/of`, 'field.lines', { of: `${name}.${key}`, entity: entity.name }))
}

const otherSide = (entity: Entity, field: Field): Relation => ({
  name: (field.link ?? field.links)?.inverse ?? '',
  title: entity.plural,
  entity: entity.name,
  field: field.key,
  through: field.links === null ? null : { table: field.links.table, here: 'target', there: 'source' },
})

function mayStand(name: string, target: Entity, relations: ReadonlyMap<string, Relation>, at: string, report: Report): boolean {
  if (!identifier.test(name)) report(finding(at, 'name.grammar', { name }))
  else if (isReserved(name)) report(finding(at, 'name.reserved', { name }))
  else if (relations.has(name) || target.fields.has(name)) report(finding(at, 'field.inverse', { name, entity: target.name }))
  else return true
  return false
}

/** True when both maps hold the same relations in the same order. */
export function sameRelations(a: ReadonlyMap<string, Relation>, b: ReadonlyMap<string, Relation>): boolean {
  const others = [...b.values()]
  return a.size === b.size && [...a.values()].every((one, i) => JSON.stringify(one) === JSON.stringify(others[i]))
}
