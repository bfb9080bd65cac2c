/** Text that was typed and is no value: why not, in the reader's language. */
import type { UiField } from '../../metadata/contract/ui-model.js'
import { hasText, t } from '../client/i18n.js'

/** @param text as it stands in the input; '' where the browser does not tell it, as of a number's */
export function unreadMessage({ type }: UiField, text: string): string {
  if (text === '') return t('check.unread.number')
  const own = `check.unread.${type}`
  return t(hasText(own) ? own : 'check.unread', { text })
}
