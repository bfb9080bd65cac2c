/**
 * Records that go from one place to another: to another column of a board, to other days of a calendar or timeline. By mouse, by menu, or
 * by keys: Space takes one, arrows choose a place, Space or Enter puts it down, Escape leaves it where it was. Each stands in its new
 * place at once, and back in the old one, with the reason, when the engine refuses; a move that was made can be undone.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import type { Rec } from '../client/records.js'
import { nameOf } from '../fields/name-of.js'
import type { Outcome } from '../forms/save.js'
import { changeValues } from '../lists/chosen/change-values.js'
import { describeProblem, toast, toastProblem, toastUndo } from '../ui/toast.js'

/** Where records stand, and what it means to stand there. */
export interface Ground<P extends Json> {
  /** Texts of its own: `board.moved`, `calendar.moved`. */
  readonly words: 'board' | 'calendar' | 'bars'
  /** Whose records they are; undefined while nothing is shown. */
  of(): { readonly client: Client; readonly entity: UiEntity } | undefined
  /** Where a key leads from a place; undefined for a key that leads nowhere. */
  next(place: P, key: string): P | undefined
  /** How a place is called. */
  label(place: P): string
  /** What is said when a record is held over a place. */
  hint(place: P): string
  /** What a record gets there, and what it had here. */
  values(card: Rec, from: P, to: P): { readonly after: JsonObject; readonly before: JsonObject }
  /** Brings it there, where that is more than a change of values; null when the person went back. */
  save?(card: Rec, from: P, to: P): Promise<Outcome | null>
  /** Whether a move that was made can be undone; every one where nothing is said. */
  returns?(card: Rec, from: P, to: P): boolean
  /** Why it was refused, where the ground knows better than the outcome. */
  reason?(outcome: Exclude<Outcome, { kind: 'saved' }>, card: Rec, from: P, to: P): string | undefined
  /** Shows it there, before or instead of an answer of the engine. */
  put(card: Rec, values: JsonObject, to: P): void
  /** Brings the keyboard to where it stands now. */
  focus(id: number): void
  /** Reads again what the engine has. */
  load(): Promise<void>
}

interface Step<P> {
  readonly from: P
  readonly to: P
  readonly after: JsonObject
  readonly before: JsonObject
}

export class Moves<P extends Json> implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #ground: Ground<P>
  /** The record that was taken with the keyboard, where from, and the place that is chosen for it. */
  lifted: { readonly card: Rec; readonly from: P; readonly place: P } | null = null
  /** What screen readers are told. */
  said = ''
  #going = 0
  /** The last move of each record. What is shown is older until it is read again; who moves a record twice in between meets no stranger. */
  readonly #last = new Map<number, Promise<Outcome | null>>()

  constructor(host: ReactiveControllerHost & HTMLElement, ground: Ground<P>) {
    this.#host = host
    this.#ground = ground
    host.addController(this)
  }

  hostConnected(): void {
    this.lifted = null
  }

  /** True while the engine has not answered every move: what it says meanwhile is older than what is shown. */
  get going(): boolean {
    return this.#going > 0
  }

  take(card: Rec, from: P): void {
    this.lifted = { card, from, place: from }
    this.#say(t(`${this.#ground.words}.lifted`, { name: this.#name(card), place: this.#ground.label(from) }))
  }

  /** A key with a record in the hand. True when it was understood. */
  carry(key: string): boolean {
    const { lifted } = this
    if (lifted === null) return false
    const { card, from, place } = lifted
    const next = this.#ground.next(place, key)
    if (next !== undefined) {
      this.lifted = { card, from, place: next }
      this.#say(this.#ground.hint(next))
      return true
    }
    if (key === 'Escape') {
      this.lifted = null
      this.#say(t(`${this.#ground.words}.left`, { name: this.#name(card) }))
      return true
    }
    if (key !== ' ' && key !== 'Enter') return key.startsWith('Arrow')
    this.lifted = null
    this.#host.requestUpdate()
    void this.move(card, from, place)
    return true
  }

  /** Who goes elsewhere puts nothing down. */
  dropWhenLeft({ relatedTarget }: FocusEvent): void {
    if (this.lifted === null || (relatedTarget instanceof Node && this.#host.contains(relatedTarget))) return
    this.lifted = null
    this.#host.requestUpdate()
  }

  async move(card: Rec, from: P, to: P): Promise<void> {
    if (from !== to) await this.#go(card, { from, to, ...this.#ground.values(card, from, to) })
  }

  async #go(card: Rec, { from, to, after, before }: Step<P>): Promise<void> {
    const ground = this.#ground
    const of = ground.of()
    if (of === undefined) return
    const name = this.#name(card)
    this.#going += 1
    ground.put(card, after, to)
    ground.focus(card.id)
    const saving = this.#after(this.#last.get(card.id), of, card, { from, to, after, before })
    this.#last.set(card.id, saving)
    const outcome = await saving
    this.#going -= 1
    if (outcome === null) {
      ground.put(card, before, from)
      this.#say(t(`${ground.words}.left`, { name }))
    } else if (outcome.kind === 'saved') {
      const moved = { ...card, ...after, version: outcome.record['version'] ?? null }
      this.#say(t(`${ground.words}.moved`, { name, place: ground.label(to) }))
      if (ground.returns?.(moved, to, from) === false) toast(this.said)
      else toastUndo(this.said, () => void this.#go(moved, { from: to, to: from, after: before, before: after }))
    } else {
      ground.put(card, before, from)
      this.#say(t(`${ground.words}.refused`, { name, place: ground.label(from), reason: ground.reason?.(outcome, card, from, to) ?? reasonOf(outcome, name) }))
      toastProblem(new Error(this.said))
    }
    if (isStillAt(card.id)) ground.focus(card.id)
    await ground.load()
  }

  /** Saves what follows another move of the same record, on top of it. */
  async #after(earlier: Promise<Outcome | null> | undefined, of: { readonly client: Client; readonly entity: UiEntity }, card: Rec, step: Step<P>): Promise<Outcome | null> {
    const before = await earlier
    const version = before?.kind === 'saved' ? Number(before.record['version']) : 0
    return this.#save(of, { ...card, version: Math.max(Number(card['version']), version) }, step)
  }

  async #save({ client, entity }: { readonly client: Client; readonly entity: UiEntity }, card: Rec, { from, to, after }: Step<P>): Promise<Outcome | null> {
    if (this.#ground.save === undefined) return changeValues(client, entity, card.id, Number(card['version']), after)
    try {
      return await this.#ground.save(card, from, to)
    } catch (thrown) {
      return { kind: 'failed', problem: asProblem(thrown) }
    }
  }

  #name(card: Rec): string {
    return nameOf(this.#ground.of()?.entity, card)
  }

  #say(text: string): void {
    this.said = text
    this.#host.requestUpdate()
  }
}

function reasonOf(outcome: Exclude<Outcome, { kind: 'saved' }>, name: string): string {
  if (outcome.kind === 'conflict') return t('list.cellConflict', { name })
  return (outcome.kind === 'refused' ? Object.values(outcome.problems)[0] : undefined) ?? describeProblem(outcome.problem)
}

/** Places stand in reading order: in languages from right to left the next one is on the left. 1, -1, or 0 for other keys. */
export function stepOf(key: string): number {
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
  return key === forward ? 1 : key === 'ArrowLeft' || key === 'ArrowRight' ? -1 : 0
}

/** Has nobody gone on to something else meanwhile? A card that was put elsewhere has lost the keyboard to the page. */
function isStillAt(id: number): boolean {
  const { activeElement } = document
  return activeElement === null || activeElement === document.body || activeElement.closest(`[data-id="${String(id)}"]`) !== null
}
