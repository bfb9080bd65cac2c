/** What roles say about an entity and its fields. */
import type { RoleDefinition, RoleGrant } from '../../metadata/contract/definitions.gen.js'

/** A role's entry for one entity, with the role's name. */
export interface NamedGrant {
  readonly role: string
  readonly grant: RoleGrant
}

/** What each role says about an entity. An entry of its own replaces the role's `*` entry wholly. */
export function grantsOn(roles: ReadonlyMap<string, RoleDefinition>, entity: string): readonly NamedGrant[] {
  const grants: NamedGrant[] = []
  for (const [role, definition] of roles) {
    const entries = new Map(Object.entries(definition.entities ?? {}))
    const grant = entries.get(entity) ?? entries.get('*')
    if (grant !== undefined) grants.push({ role, grant })
  }
  return grants
}

export type FieldRule = readonly string[] | Readonly<Record<string, boolean | 'masked'>> | undefined

/** What a rule says about one field: left out entirely, every field; an entry of its own beats `*`. */
export function grantOf(rule: FieldRule, key: string): boolean | 'masked' {
  if (rule === undefined) return true
  if (isList(rule)) return rule.includes(key)
  if (Object.hasOwn(rule, key)) return rule[key] ?? false
  return Object.hasOwn(rule, '*') ? (rule['*'] ?? false) : false
}

/** True when a rule names the field itself. */
export const isNamed = (rule: FieldRule, key: string): boolean => rule !== undefined && (isList(rule) ? rule.includes(key) : Object.hasOwn(rule, key))

const isList = (rule: Exclude<FieldRule, undefined>): rule is readonly string[] => Array.isArray(rule)
