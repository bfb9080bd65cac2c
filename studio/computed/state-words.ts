/** What is said of a computed value: why it is missing, that it is on its way, for when it is exact. */
import type { FieldState } from '../client/computed.js'
import { hasText, instant, t } from '../client/i18n.js'

/** Share that is done, in percent. */
export const percentOf = ({ done, total }: NonNullable<FieldState['progress']>): number => (total === null || total === 0 ? 0 : Math.min(100, Math.round((done / total) * 100)))

/** One sentence; '' when nothing is to be said. */
export function stateWords({ asOf, progress, failed }: FieldState, timeZone: string): string {
  if (progress !== undefined) return t('computed.going', { percent: percentOf(progress) })
  if (failed !== undefined) {
    const key = `computed.failed.${failed.code}`
    return hasText(key) ? t(key) : t('computed.failed', { reason: failed.message ?? '' })
  }
  return asOf === undefined ? '' : t('computed.asOf', { time: instant(asOf, timeZone) })
}
