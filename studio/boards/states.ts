/** A board by the field of a lifecycle: cards go along transitions, what these require is asked for, and only some ways lead back. */
import type { Json } from '../../metadata/contract/json.js'
import type { UiLifecycle } from '../../metadata/contract/ui-model.js'
import type { Rec } from '../client/records.js'
import { nameOf } from '../fields/name-of.js'
import type { Outcome } from '../forms/save.js'
import { refusalText, type Place } from '../lifecycles/place.js'
import { makeTransition } from '../lifecycles/transit.js'
import { missingIn, transitionTo } from '../lifecycles/moving.js'
import type { BoardQuestion } from './lanes.js'

/** The lifecycle that the columns of a board are the states of. */
export const lifecycleOf = (question: BoardQuestion | undefined): UiLifecycle | undefined =>
  question !== undefined && question.entity.lifecycle?.field === question.field.key ? question.entity.lifecycle : undefined

/** True when a card may go from one column to another; every one may where the columns are no states. */
export const leadsTo = (lifecycle: UiLifecycle | undefined, from: Json, to: Json): boolean => lifecycle === undefined || from === to || transitionTo(lifecycle, stateAt(lifecycle, from), to) !== undefined

/** Cards without a state stand in the initial one. */
const stateAt = ({ initial }: UiLifecycle, value: Json): Json => value ?? initial

/** The same card as it stands in a column. */
const standing = ({ field }: UiLifecycle, card: Rec, value: Json): Rec => ({ ...card, [field]: value })

/** Moves a card along; null when the person went back from what is asked. */
export async function moveAlong(place: Place, lifecycle: UiLifecycle, card: Rec, from: Json, to: Json): Promise<Outcome | null> {
  const transition = transitionTo(lifecycle, stateAt(lifecycle, from), to)
  return transition === undefined ? null : makeTransition(place, standing(lifecycle, card, from), transition)
}

/** True when the way back asks for nothing that the card lacks. */
export function mayReturn(lifecycle: UiLifecycle | undefined, card: Rec, from: Json, to: Json): boolean {
  if (lifecycle === undefined) return true
  const back = transitionTo(lifecycle, from, to)
  return back !== undefined && back.require.every((key) => Object.hasOwn(card, key)) && missingIn(back, card).length === 0
}

/** Why a card was not moved. */
export function whyNot(place: Place, lifecycle: UiLifecycle, outcome: Exclude<Outcome, { kind: 'saved' }>, card: Rec, from: Json, to: Json): string | undefined {
  const transition = transitionTo(lifecycle, stateAt(lifecycle, from), to)
  return transition === undefined ? undefined : refusalText(outcome, nameOf(place.entity, card), place, transition)
}
