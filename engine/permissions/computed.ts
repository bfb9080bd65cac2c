/**
 * Who reads a computed field reads something of what it is computed from. A role that names the field grants just that. One
 * that grants all fields (`*`) grants it where its holder may read all of that anyway: on every record that counts.
 */
import type { RoleDefinition } from '../../metadata/contract/definitions.gen.js'
import type { Entity, Field, Model } from '../model/model.js'
import { sourcesOf } from '../model/computed/sources.js'
import { grantOf, grantsOn, isNamed, type FieldRule } from './grant.js'

interface Holder {
  readonly model: Model
  readonly roles: ReadonlyMap<string, RoleDefinition>
}

/** `named`: what the rule under which the record itself is read says about its fields. */
export function mayFollow(holder: Holder, entity: Entity, field: Field, named: FieldRule): boolean {
  const ofRecord = field.derived?.kind === 'expression'
  return sourcesOf(holder.model, entity, field).every(([owner, source]) =>
    source.system || (ofRecord && owner === entity && grantOf(named, source.key) === true && allowed(holder, owner, source, named)) || readsEverywhere(holder, owner, source))
}

/** Some role lets its holder read the field in full on every record. */
const readsEverywhere = (holder: Holder, entity: Entity, field: Field): boolean =>
  grantsOn(holder.roles, entity.name).some(({ grant: { read } }) => {
    if (read === undefined || read === false) return false
    const named = read === true ? undefined : read.fields
    return (read === true || (read.where === undefined && read.follows === undefined)) && grantOf(named, field.key) === true && allowed(holder, entity, field, named)
  })

const allowed = (holder: Holder, entity: Entity, field: Field, named: FieldRule): boolean =>
  field.derived === null || isNamed(named, field.key) || mayFollow(holder, entity, field, named)
