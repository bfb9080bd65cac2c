/** How long work that goes on will take, by how fast it went lately. */
import { t } from '../client/i18n.js'

/** How many were done at a moment (ms). */
export interface Look {
  readonly at: number
  readonly done: number
}

/** So long the latest looks tell how fast it goes. */
const recentMs = 15_000
/** In less nobody can tell a pace. */
const leastMs = 3_000

/** The looks that tell how fast it goes now. */
export const recentLooks = (looks: readonly Look[], look: Look): readonly Look[] => [...looks.filter(({ at, done }) => at > look.at - recentMs && done <= look.done), look]

/** What a second brought lately; undefined when that cannot be told yet. */
export function recentRate([first]: readonly Look[], { at, done }: Look): number | undefined {
  return first === undefined || at - first.at < leastMs ? undefined : (done - first.done) / ((at - first.at) / 1000)
}

/** Seconds until all are done; null when nobody can say. */
export function secondsLeft(looks: readonly Look[], total: number | null): number | null {
  const last = looks.at(-1)
  const rate = last === undefined ? undefined : recentRate(looks, last)
  return last === undefined || total === null || rate === undefined || rate <= 0 ? null : Math.max(0, total - last.done) / rate
}

/** `about 40 seconds left` */
export const leftText = (seconds: number): string => (seconds < 60 ? t('left.seconds', { count: Math.max(1, Math.ceil(seconds)) }) : t('left.minutes', { count: Math.ceil(seconds / 60) }))
