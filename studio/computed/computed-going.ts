/** Tells on a list that fields are being computed anew, and for when those are exact that move with time. */
import './computed-going.css'
import '@vaadin/progress-bar'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { computedStates, type FieldStates } from '../client/computed.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { percentOf } from './state-words.js'

const lookMs = 2_000

/** `<computed-going .client .entity .paths>` (paths of the columns in sight); draws nothing while nothing is to be told, says `done` when values were computed. */
@customElement('computed-going')
export class ComputedGoing extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, paths: { attribute: false }, states: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare paths: readonly string[]
  declare states: FieldStates
  #timer: number | undefined
  #going = false

  constructor() {
    super()
    this.paths = []
    this.states = {}
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // The client is set right after the element was made.
    queueMicrotask(() => void this.#look())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    const { client, entity } = this
    if (client === undefined || entity === undefined || !entity.fields.some(({ computed }) => computed !== undefined)) return
    try {
      this.states = await computedStates(client.api, entity.name)
    } catch {
      return // the list itself tells what is wrong
    }
    const going = Object.values(this.states).some(({ progress }) => progress !== undefined)
    if (this.#going && !going) this.dispatchEvent(new CustomEvent('done'))
    this.#going = going
    if (going && this.isConnected) this.#timer = window.setTimeout(() => void this.#look(), lookMs)
  }

  override render(): TemplateResult | typeof nothing {
    const shown = (this.entity?.fields ?? []).flatMap((field) => {
      const state = this.paths.includes(field.key) ? this.states[field.key] : undefined
      return state === undefined ? [] : [{ title: field.title, ...state }]
    })
    const going = shown.flatMap(({ title, progress }) => (progress === undefined ? [] : [{ title, percent: percentOf(progress) }]))
    const percent = Math.min(...going.map((one) => one.percent))
    if (going.length > 0) {
      return html`<p class="computed-going" role="status">${icon('hourglass')}<span>${t('computed.goingFor', { fields: listed(going.map(({ title }) => title)), percent })}</span><vaadin-progress-bar .value=${percent / 100} aria-hidden="true"></vaadin-progress-bar></p>`
    }
    const moments = shown.flatMap(({ title, asOf }) => (asOf === undefined ? [] : [{ title, asOf }]))
    const [oldest] = moments.map(({ asOf }) => asOf).toSorted()
    if (oldest === undefined) return nothing
    return html`<p class="computed-as-of">${icon('clock')}${t('computed.asOfFor', { fields: listed(moments.map(({ title }) => title)), time: instant(oldest, this.client?.session.user?.timeZone ?? '') })}</p>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'computed-going': ComputedGoing
  }
}
