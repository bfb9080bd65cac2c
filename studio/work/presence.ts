/** Tells that this page shows a record or the studio, and knows who else has it open. */
import './presence.css'
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'

import type { Client } from '../client/client.js'
import { listed, t } from '../client/i18n.js'
import { randomKey } from '../client/random.js'
import { initials } from '../ui/initials.js'

/** The engine waits for more than four of these. */
const beatMs = 20_000
/** Faces that find room; more are a number. */
const facesMost = 4

export interface Other {
  readonly id: number
  readonly name: string
  readonly editing: boolean
}

/** The one that speaks for this page of the browser: the next record may be shown before the last one is gone. */
let speaking = ''

/** One for each page. Call `atRecord` or `inStudio` whenever what it shows may have changed. */
export class Presence implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #name = randomKey()
  #client: Client | undefined
  #address = ''
  #editing = false
  #timer: number | undefined
  #stops: readonly (() => void)[] = []
  others: readonly Other[] = []

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostDisconnected(): void {
    window.clearInterval(this.#timer)
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#address = ''
    window.setTimeout(() => this.#leave())
  }

  atRecord(client: Client, entity: string, id: number, editing: boolean): void {
    this.#at(client, `/api/records/${encodeURIComponent(entity)}/${String(id)}/presence`, editing)
  }

  /** `editing`: the draft has changes that are not published. */
  inStudio(client: Client, editing: boolean): void {
    this.#at(client, '/api/definitions/presence', editing)
  }

  #at(client: Client, address: string, editing: boolean): void {
    if (address === this.#address && editing === this.#editing) return
    speaking = this.#name
    this.#client = client
    this.#address = address
    this.#editing = editing
    if (this.#stops.length === 0) {
      this.#stops = [client.model.present.subscribe(() => void this.#beat())]
      this.#timer = window.setInterval(() => void this.#beat(), beatMs)
    }
    void this.#beat()
  }

  #leave(): void {
    if (speaking !== this.#name) return
    speaking = ''
    void this.#client?.api.delete(`/api/presence/${this.#client.model.page}`).catch(() => {}) // then its time passes
  }

  async #beat(): Promise<void> {
    const { api, model } = this.#client ?? {}
    const address = this.#address
    if (api === undefined || model === undefined || address === '') return
    const others = await api.send<{ readonly others: readonly Other[] }>('PUT', address, { body: { page: model.page, editing: this.#editing } }).then(({ body }) => body.others, () => [])
    if (address !== this.#address || JSON.stringify(others) === JSON.stringify(this.others)) return
    this.others = others
    this.#host.requestUpdate()
  }
}

/** Their faces, with what they do; whoever types is marked. */
export function facesOf(others: readonly Other[], words = (one: Other): string => t(one.editing ? 'presence.edits' : 'presence.reads', { name: one.name })): TemplateResult | typeof nothing {
  if (others.length === 0) return nothing
  const said = others.map(words)
  return html`<span class="faces" role="img" aria-label=${listed(said)} title=${said.join('\n')}>
    ${others.slice(0, facesMost).map(({ name, editing }) => html`<span class="avatar ${editing ? 'edits' : ''}" aria-hidden="true">${initials(name)}</span>`)}
    ${others.length > facesMost ? html`<span class="avatar more" aria-hidden="true">+${String(others.length - facesMost)}</span>` : nothing}</span>`
}

/** A line that warns who is about to change the same record. */
export function editingNote(others: readonly Other[]): TemplateResult | typeof nothing {
  const names = others.filter(({ editing }) => editing).map(({ name }) => name)
  return html`<p class="editing-note" role="status">${names.length === 0 ? nothing : t('presence.editing', { names: listed(names) })}</p>`
}
