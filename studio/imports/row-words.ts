/** Why a row is not taken, in the reader's language. */
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { hasText, t } from '../client/i18n.js'
import { refusalOf } from '../forms/refusals.js'
import type { RowProblem } from './import-state.js'

/** A reason of the import; what any write would have refused; or a problem of the whole row. */
export function rowWords({ code, params = {}, path = '', message }: RowProblem, entity: UiEntity): string {
  const key = [`reason.${code}`, `problem.${code}`].find(hasText)
  return key !== undefined && hasText(key) ? t(key, { ...params, message }) : refusalOf({ path, code, message }, entity)
}
