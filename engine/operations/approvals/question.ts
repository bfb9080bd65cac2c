/** What an approval asks and how it is decided. Pure. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { Problem } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { milliseconds as millisecondsOf } from '../../model/workflows/duration.js'
import { afterWork } from '../../model/workflows/working-time.js'
import type { Seat } from '../../storage/own/approvals.js'
import type { StepPlace } from '../workflows/said.js'

/** As it is kept in the document of an approval. */
export interface Question extends JsonObject, StepPlace {
  /** A text, or one for each language. */
  readonly title: Json
  readonly text: Json
  readonly need: 'one' | 'all' | 'share'
  /** With `share`: percent of those who are asked. */
  readonly share: number
  readonly inOrder: boolean
  readonly exceptAsker: boolean
  /** Time to decide; null: it waits for ever. */
  readonly seconds: number | null
  /** Name of the calendar whose hours count; null: all hours do. */
  readonly calendar: string | null
  readonly late: 'approve' | 'reject' | 'escalate'
  readonly escalateTo: Json
  readonly escalateRole: string | null
  /** Others were asked instead. */
  readonly escalated: boolean
  readonly comment: 'optional' | 'required' | 'refusal'
  /** JSON Schema of what those who approve fill in. */
  readonly form: JsonObject | null
}

const titleMost = 300
const textMost = 20_000

/**
 * The question of a step. @param place where it stands in the definitions
 * @throws Problem request.invalid
 */
export function questionOf(given: JsonObject, place: StepPlace, model: Model): Question {
  const { share = 100, within, calendar, form, escalateRole, escalateTo = null } = given
  const milliseconds = typeof within === 'string' || isObject(within) ? millisecondsOf(within) : undefined
  if (within !== undefined && (milliseconds === undefined || milliseconds < 1_000)) throw wrong('within must be a length of time such as P2D or PT8H')
  if (calendar !== undefined && (typeof calendar !== 'string' || !model.calendars.has(calendar))) throw wrong('calendar must be the name of a calendar')
  const late = oneOf(given, 'late', ['reject', 'approve', 'escalate'] as const)
  if (late === 'escalate' && escalateTo === null && escalateRole === undefined) throw wrong('escalateTo or escalateRole must say who is asked when the time is up')
  if (form !== undefined && !isObject(form)) throw wrong('form must be a JSON Schema')
  if (typeof share !== 'number' || share < 1 || share > 100) throw wrong('share must be a percentage from 1 to 100')
  return {
    title: texts(given.title ?? null, 'title', titleMost), text: given.text === undefined ? null : texts(given.text, 'text', textMost),
    need: oneOf(given, 'need', ['one', 'all', 'share'] as const), share, inOrder: given.inOrder === true, exceptAsker: given.exceptAsker === true,
    seconds: milliseconds === undefined ? null : Math.round(milliseconds / 1000), calendar: typeof calendar === 'string' ? calendar : null,
    late, escalateTo, escalateRole: typeof escalateRole === 'string' ? escalateRole : null, escalated: false,
    comment: oneOf(given, 'comment', ['optional', 'required', 'refusal'] as const), form: form ?? null, ...place,
  }
}

/** When the time to decide that begins at `from` is over; null: never. */
export function dueAfter({ seconds, calendar }: Question, from: Date, model: Model): Date | null {
  return seconds === null ? null : afterWork(from, seconds, calendar === null ? undefined : model.calendars.get(calendar), model.timeZone)
}

/** What the seats decide together; null: nothing yet. Those who were passed over do not count. */
export function outcomeOf({ need, share }: Pick<Question, 'need' | 'share'>, seats: readonly Pick<Seat, 'state'>[]): 'approved' | 'rejected' | null {
  const counted = seats.filter(({ state }) => state !== 'passed')
  const yes = counted.filter(({ state }) => state === 'approved').length
  const no = counted.filter(({ state }) => state === 'rejected').length
  if (need === 'one') return yes > 0 ? 'approved' : no > 0 ? 'rejected' : null
  const wanted = need === 'all' ? counted.length : Math.max(1, Math.ceil((counted.length * share) / 100))
  if (yes >= wanted) return 'approved'
  return counted.length - no < wanted ? 'rejected' : null
}

/** Must who decides so say why? */
export const needsComment = ({ comment }: Question, decision: 'approved' | 'rejected'): boolean => comment === 'required' || (comment === 'refusal' && decision === 'rejected')

/** What the step gives. */
export function outputOf(decision: 'approved' | 'rejected', late: boolean, seats: readonly Seat[]): JsonObject {
  const votes = seats.filter(({ votedAt }) => votedAt !== null).toSorted((a, b) => ((a.votedAt ?? '') < (b.votedAt ?? '') ? -1 : 1))
  const last = late ? undefined : votes.at(-1)
  return {
    decision, approved: decision === 'approved', late, by: last?.votedBy ?? null, comment: last?.comment ?? null, values: Object.assign({}, ...votes.map(({ given }) => given)) as JsonObject,
    votes: votes.map(({ user, votedBy, state, comment, given, votedAt }) => ({ user, by: votedBy, decision: state, comment, values: given, at: votedAt })),
  }
}

function texts(value: Json, name: string, most: number): Json {
  const all = isObject(value) ? Object.values(value) : [value]
  if (all.length === 0 || all.some((text) => typeof text !== 'string' || text.trim() === '' || text.length > most)) throw wrong(`${name} must be a text, or one for each language, of at most ${String(most)} characters`)
  return value
}

function oneOf<const Name extends string>(given: JsonObject, key: string, known: readonly [Name, ...Name[]]): Name {
  const value = given[key]
  if (value === undefined || value === null) return known[0]
  const found = known.find((one) => one === value)
  if (found === undefined) throw wrong(`${key} must be one of ${known.join(', ')}`)
  return found
}

export const wrong = (reason: string): Problem => new Problem('request.invalid', { reason })
