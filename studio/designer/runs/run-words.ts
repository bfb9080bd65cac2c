/** A run in words: its marks on the drawing, how long something took, what went wrong. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiModel } from '../../../metadata/contract/ui-model.js'
import { hasText, number, t } from '../../client/i18n.js'
import { textOf, titleFrom } from '../draft/definitions.js'
import type { RunHead, RunStep } from './runs.js'
import { stepSentence, type Wording } from '../workflows/sentences.js'
import type { Mark } from '../workflows/workflow-drawing.js'
import { stepFor, stepsOf } from '../workflows/workflow-tree.js'

/** Path → what the run says of it: its last time, and how often. */
export function marksOf(steps: readonly RunStep[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>()
  for (const step of steps) marks.set(step.path, { status: step.status, times: (marks.get(step.path)?.times ?? 0) + 1, note: lasted(step.startedAt, step.endedAt) })
  return marks
}

/** `3 days`, `250 ms`; '' while it lasts. */
export function lasted(from: string, to: string | null): string {
  if (to === null) return ''
  const ms = Date.parse(to) - Date.parse(from)
  if (!(ms >= 0)) return ''
  if (ms < 1000) return t('process.lasted.ms', { number: number(ms) })
  const [unit, size] = ([['days', 86_400_000], ['hours', 3_600_000], ['minutes', 60_000], ['seconds', 1000]] as const).find(([, length]) => ms >= length) ?? ['seconds', 1000]
  return t(`process.time.${unit}`, { count: Math.round(ms / size) })
}

/** An error as people read it. */
export interface ErrorWords {
  readonly what: string
  /** The step that it happened at as a sentence; '' where the workflow has none at the place, or none is known. */
  readonly where: string
  /** What the engine says of it, in English; '' where that is shown already. */
  readonly raw: string
}

/** The kind of the error in the reader's language. What a workflow raises, and what is of a kind of its own, says itself what it is. */
export function errorWords(error: JsonObject, wording: Wording | undefined): ErrorWords {
  const step = wording === undefined ? undefined : stepFor(stepsOf(wording.workflow), textOf(error['instance']))
  const [title, detail] = [textOf(error['title']), textOf(error['detail'])]
  const engine = [title, detail === title ? '' : detail].filter((part) => part !== '').join(': ')
  const known = `process.error.${kindOf(error)}`
  const own = step?.kind === 'raise' || !hasText(known)
  return {
    what: own ? engine || t('process.error.unknown') : t(known),
    where: step === undefined || wording === undefined ? '' : stepSentence(wording, step),
    raw: own ? '' : engine,
  }
}

/** What went wrong and where, in one line. */
export const errorText = ({ what, where }: ErrorWords): string => (where === '' ? what : t('process.errorAt', { error: what, step: where }))

const kindOf = (error: JsonObject): string => textOf(error['type']).split('/').at(-1) ?? ''

/** What to do about it, by the kind of the error; '' where nothing is known. */
export function errorHelp(error: JsonObject): string {
  const key = `process.errorHelp.${kindOf(error)}`
  return hasText(key) ? t(key) : ''
}

/** What a run is about: the name of its record, or its entity and number. */
export function recordWords(entities: UiModel['entities'], { record, recordTitle }: RunHead): string {
  if (record === null) return ''
  return recordTitle ?? `${entities[record.entity]?.title ?? titleFrom(record.entity)} ${String(record.id)}`
}
