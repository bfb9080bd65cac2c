/** Tells on a list that fields are being computed anew, and for when those are exact that move with time. */
import './computed-going.css'

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { Again } from '../client/again.js'
import type { Client } from '../client/client.js'
import { computedStates, type FieldState, type FieldStates } from '../client/computed.js'
import { instant, language, listed, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { goingNote } from '../ui/going-note.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { leftText, recentLooks, secondsLeft, type Look } from '../ui/time-left.js'
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
  readonly #again = new Again(this, () => this.#look(), lookMs)
  #going = false
  /** Of the field that has the most before it. */
  #looks: readonly Look[] = []

  constructor() {
    super()
    this.paths = []
    this.states = {}
    new Watch(this, language)
  }

  /** Another definition may be why values are computed anew. */
  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('entity') !== undefined) this.#again.now()
  }

  /** True while values are being computed. */
  async #look(): Promise<boolean> {
    const { client, entity } = this
    if (client === undefined || entity === undefined || !entity.fields.some(({ computed }) => computed !== undefined)) return false
    try {
      this.states = await computedStates(client.api, entity.name)
    } catch {
      return false // the list itself tells what is wrong
    }
    const going = this.#slowest !== undefined
    this.#looks = this.#slowest === undefined ? [] : recentLooks(this.#looks, { at: Date.now(), done: this.#slowest.done })
    if (this.#going && !going) this.dispatchEvent(new CustomEvent('done'))
    this.#going = going
    return going
  }

  get #slowest(): FieldState['progress'] {
    return Object.values(this.states).flatMap(({ progress }) => progress ?? []).toSorted((a, b) => percentOf(a) - percentOf(b))[0]
  }

  override render(): TemplateResult | typeof nothing {
    const shown = (this.entity?.fields ?? []).flatMap((field) => {
      const state = this.paths.includes(field.key) ? this.states[field.key] : undefined
      return state === undefined ? [] : [{ title: field.title, ...state }]
    })
    const going = shown.flatMap(({ title, progress }) => (progress === undefined ? [] : [{ title, percent: percentOf(progress) }]))
    const percent = Math.min(...going.map((one) => one.percent))
    const left = secondsLeft(this.#looks, this.#slowest?.total ?? null)
    const told = { fields: listed(going.map(({ title }) => title)), percent }
    if (going.length > 0) return goingNote(left === null ? t('computed.goingFor', told) : t('computed.goingForLeft', { ...told, left: leftText(left) }), percent / 100)
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
