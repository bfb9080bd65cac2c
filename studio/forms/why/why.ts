/** Why a record or a field cannot be changed, as a key of the texts with what fills it in. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { TextKey } from '../../client/i18n.js'
import type { Explanation } from '../../client/explain.js'

export interface Reason {
  readonly key: TextKey
  readonly params: Readonly<Record<string, string>>
  /** The condition of a role that does not hold, for those who may know it. */
  readonly where?: JsonObject
}

/** Most telling first: what nobody may, then what the roles say. `field` null: the record as a whole. */
export function reasonsOf({ rules, fields, automatic, transition }: Explanation, field: string | null): readonly Reason[] {
  if (transition?.leadsAway === false) return [{ key: 'why.elsewhere', params: {} }]
  if (transition?.holdsRole === false) return [{ key: 'why.otherRole', params: { roles: (transition.roles ?? []).join(', ') } }]
  if (transition?.guard.holds === false) return [{ key: 'why.guard', params: {}, ...(transition.guard.where !== null && { where: transition.guard.where }) }]
  if (field !== null && automatic.includes(field)) return [{ key: 'why.automatic', params: {} }]
  const granting = rules.filter(({ grants }) => grants)
  const holding = granting.filter(({ holds }) => holds)
  const roles = (of: Explanation['rules']): string => of.map(({ title }) => title).join(', ')
  if (rules.length === 0) return [{ key: 'why.noRole', params: {} }]
  if (granting.length === 0) return [{ key: 'why.noGrant', params: { roles: roles(rules) } }]
  if (holding.length === 0) return granting.map((rule) => ({ key: 'why.otherRows', params: { role: rule.title }, ...(rule.where !== null && { where: rule.where }) }))
  if (field !== null && fields[field] !== undefined && fields[field] !== 'settable') return [{ key: 'why.notField', params: { roles: roles(holding) } }]
  return [{ key: 'why.form', params: {} }]
}
