/** The lifecycle of the record that a page shows: what may be done with it now, doing it, and offering it as commands. */
import './lifecycle-path.js'
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'

import type { UiModel, UiTransition } from '../../metadata/contract/ui-model.js'
import type { Offer, Rec } from '../client/records.js'
import { nameOf } from '../fields/name-of.js'
import type { Editing } from '../forms/editing.js'
import { here } from '../shell/here.js'
import { stateOf, transitionsFrom } from './moving.js'
import type { Place } from './place.js'
import { transit } from './transit.js'

/** What tells why besides. */
export type RecordPlace = Place & { readonly model: UiModel }

export class Course implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #editing: Editing
  #place: RecordPlace | undefined
  #offers: readonly Offer[] | null = null
  /** Record and version that the offers are of. */
  #asked = ''
  #busy = false

  constructor(host: ReactiveControllerHost & HTMLElement, editing: Editing) {
    this.#host = host
    this.#editing = editing
    host.addController(this)
  }

  hostDisconnected(): void {
    here.set([])
  }

  /** The page shows this record; without a place, one that is not saved yet, or none. Asks once for each state of it. */
  at(place: RecordPlace | undefined): void {
    const record = this.#record
    const of = place?.entity.lifecycle === undefined || record === null ? '' : `${String(record.id)} ${String(Number(record['version']))} ${String(this.#archived)}`
    if (of === this.#asked) return
    this.#asked = of
    this.#place = place
    this.#offers = null
    here.set([])
    if (place === undefined || record === null || of === '' || this.#archived) return
    void this.#ask(place, record, of)
  }

  async #ask(place: RecordPlace, record: Rec, of: string): Promise<void> {
    // Without an answer the model alone tells, and the engine has the last word.
    const offers = await place.client.records.offers(place.entity.name, record.id).catch(() => null)
    if (this.#asked !== of || !this.#host.isConnected) return
    this.#offers = offers
    this.#command(place, record)
    this.#host.requestUpdate()
  }

  render(place: RecordPlace | undefined): TemplateResult | typeof nothing {
    const record = this.#record
    if (place?.entity.lifecycle === undefined || record === null) return nothing
    return html`<lifecycle-path .entity=${place.entity} .record=${record} .offers=${this.#offers} .archived=${this.#archived} .busy=${this.#busy}
      @transit=${({ detail }: CustomEvent<UiTransition>) => void this.#make(detail)} @why=${({ detail }: CustomEvent<UiTransition>) => void this.#why(detail)}></lifecycle-path>`
  }

  get #record(): Rec | null {
    const { record } = this.#editing
    if (record.state !== 'ready') return null
    const { id } = record.form.original
    return typeof id === 'number' ? { ...record.form.original, id, version: record.version } : null
  }

  get #archived(): boolean {
    const { record } = this.#editing
    return record.state === 'ready' && record.archived
  }

  /** What the engine would refuse is no command. */
  #command({ entity }: Place, record: Rec): void {
    const { lifecycle } = entity
    if (lifecycle === undefined) return
    const open = transitionsFrom(lifecycle, stateOf(entity, lifecycle, record)).filter(({ name }) => this.#offers?.find((offer) => offer.name === name)?.allowed === true)
    here.set(open.map((transition) => ({ title: `${transition.title}: ${nameOf(entity, record)}`, icon: 'arrowRight', act: () => void this.#make(transition) })))
  }

  /** What is typed is saved first: the transition is about the record as the person sees it. */
  async #make(transition: UiTransition): Promise<void> {
    const place = this.#place
    if (place === undefined || this.#busy) return
    this.#busy = true
    this.#host.requestUpdate()
    try {
      if (this.#editing.dirty) await this.#editing.save()
      const record = this.#record
      if (this.#editing.dirty || record === null) return
      await transit(place, record, transition, (after, etag) => {
        if (this.#record?.id === after.id) this.#editing.moved(after, etag, place.entity)
      })
    } finally {
      this.#busy = false
      this.#host.requestUpdate()
    }
  }

  async #why(transition: UiTransition): Promise<void> {
    const place = this.#place
    const record = this.#record
    if (place === undefined || record === null) return
    const { tellWhy } = await import('../forms/why/why-dialog.js')
    await tellWhy({ ...place, id: record.id, field: null, transition })
  }
}
