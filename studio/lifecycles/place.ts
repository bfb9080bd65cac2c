/** Where transitions are made, and what is said when one is refused. */
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiTransition } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { t } from '../client/i18n.js'
import type { Surroundings } from '../fields/contract.js'
import type { Outcome } from '../forms/save.js'
import { describeProblem } from '../ui/toast.js'

/** Where transitions are made. */
export interface Place {
  readonly client: Client
  readonly entity: UiEntity
  readonly surroundings: Surroundings
}

/** The version of a record as it was read. */
export const etagOf = (record: JsonObject): string => `"${Number(record['version'])}"`

/** Why a transition was not made, in one sentence. */
export function refusalText(outcome: Exclude<Outcome, { kind: 'saved' }>, name: string, { entity }: Pick<Place, 'entity'>, { message }: UiTransition): string {
  if (outcome.kind === 'conflict') return t('lifecycle.elsewhere', { name })
  const { problem } = outcome
  if (problem.code === 'transition.state') return t('lifecycle.elsewhere', { name })
  const guarded = problem.code === 'transition.refused'
  if (guarded && message !== undefined && message !== '') return message
  const fields = outcome.kind === 'refused' ? entity.fields.filter(({ key }) => Object.hasOwn(outcome.problems, `/${key}`)).map(({ title }) => title) : []
  if (guarded && fields.length > 0) return t('lifecycle.guardFields', { fields: fields.join(', ') })
  if (guarded) return t('lifecycle.guard')
  return (outcome.kind === 'refused' ? Object.values(outcome.problems)[0] : undefined) ?? describeProblem(problem)
}
