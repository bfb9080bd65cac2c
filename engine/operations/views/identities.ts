/**
 * Saved views name fields and relations by their identities, so that a rename needs to touch none of them and going back
 * to an earlier version of the definitions finds them too. A relation is named by the field that makes it.
 */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { rewriteViewOf } from '../../definitions/references.js'
import type { Entity, Model, Relation } from '../../model/model.js'

/** In front of an identity that no field has now: no key begins so, and nothing is found by it. */
const lost = '?'

/** A view as people see it → as it is kept. */
export function withIdentities(model: Model, entity: Entity, view: JsonObject): JsonObject {
  const names = namesOf(model)
  return rewriteViewOf(entity.name, view, (name, key) => targetOf(model, name, key), { entity: (name) => name, field: (name, key) => names(name).identities.get(key) ?? key })
}

/** A view as it is kept → as people see it now; what has no name any more begins with `?`. */
export function withKeys(model: Model, entity: Entity, view: JsonObject): JsonObject {
  const names = namesOf(model)
  const keyOf = (name: string, identity: string): string => names(name).keys.get(identity) ?? `${lost}${identity}`
  return rewriteViewOf(entity.name, view, (name, identity) => targetOf(model, name, keyOf(name, identity)), { entity: (name) => name, field: keyOf })
}

/** The name of what was lost, for who wrote it. */
export const withoutMark = (path: string): string => path.replaceAll(lost, '')

const targetOf = (model: Model, entity: string, key: string): string | undefined => {
  const { fields, relations } = model.entities.get(entity) ?? {}
  return (fields?.get(key)?.link ?? fields?.get(key)?.links)?.to ?? relations?.get(key)?.entity
}

interface Names {
  /** Key of a field or name of a relation → identity. */
  readonly identities: ReadonlyMap<string, string>
  readonly keys: ReadonlyMap<string, string>
}

const known = new WeakMap<Entity, Names>()

function namesOf(model: Model): (entity: string) => Names {
  return (name) => {
    const entity = model.entities.get(name)
    if (entity === undefined) return nameless
    const made = known.get(entity) ?? readNames(model, entity)
    known.set(entity, made)
    return made
  }
}

const nameless: Names = { identities: new Map(), keys: new Map() }

function readNames(model: Model, entity: Entity): Names {
  const pairs = [
    ...[...entity.relations.values()].filter(({ name }) => !entity.fields.has(name)).map((relation): [string, string] => [relation.name, relationIdentity(model, relation)]),
    ...[...entity.fields.values()].map((field): [string, string] => [field.key, field.id]),
  ]
  return { identities: new Map(pairs), keys: new Map(pairs.map(([key, identity]) => [identity, key])) }
}

/** No identity of a field has a colon, so it is not taken for one. */
function relationIdentity(model: Model, { entity, field }: Relation): string {
  const other = model.entities.get(entity)
  return `${other?.id ?? entity}:${other?.fields.get(field ?? '')?.id ?? ''}`
}
