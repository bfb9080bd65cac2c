/** Records where they are, and beside the map the list of those that are in sight: the same by keyboard, and for who cannot see it. */
import './map-view.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'

import type { UiMap } from '../../metadata/contract/ui-model.js'
import { boardFields } from '../boards/lanes.js'
import { Asking } from '../charts/asking.js'
import { choicesMade } from '../charts/choice-select.js'
import { colorsOf } from '../charts/colors.js'
import { theme } from '../client/preferences.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { face } from '../fields/face.js'
import { valueAt } from '../lists/table/columns.js'
import { narrowing } from '../lists/narrow.js'
import type { Question } from '../lists/question.js'
import { icon, type IconName } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { peekButton } from '../ui/peek-button.js'
import { describeProblem } from '../ui/toast.js'
import type { MapDrawing } from './draw-map.js'
import { colorOf, placeFields } from './map-fields.js'
import { around, isWithin, placesMost, placesOf, standsIn, type Place, type Places, type Section } from './places.js'

/** The list beside the map says how many more there are. */
const listedMost = 100
/** Values that the list shows of a record besides its name. */
const listedValues = 3
const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** `<map-view .map .question>` */
@customElement('map-view')
export class MapView extends LightElement {
  static override properties = { map: { attribute: false }, question: { attribute: false }, section: { state: true }, failed: { state: true } }
  declare map: UiMap | undefined
  declare question: Question | undefined
  /** What is in sight; null until the map is drawn. */
  declare section: Section | null
  /** Why there is no map. */
  declare failed: string
  readonly #asking = new Asking<Places>(this)
  #drawing: MapDrawing | null = null
  #shown: readonly unknown[] = []
  readonly #sizes = new ResizeObserver(() => this.#drawing?.resize())
  readonly #again = (): void => {
    this.#shown = []
    this.requestUpdate()
  }

  constructor() {
    super()
    this.section = null
    this.failed = ''
    new Watch(this, language, theme, narrowing)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    dark.addEventListener('change', this.#again)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    dark.removeEventListener('change', this.#again)
    this.#sizes.disconnect()
    this.#drawing?.end()
    this.#drawing = null
    this.#shown = []
  }

  override willUpdate(): void {
    const { map, question } = this
    if (map === undefined || question === undefined) return
    this.#asking.ask([question, JSON.stringify(map)], (signal) => placesOf(question, map, colorOf(question.entity, map), signal))
  }

  override updated(): void {
    void this.#draw()
  }

  get #places(): readonly Place[] {
    const { answer } = this.#asking
    return answer.state === 'ready' ? answer.value.places : []
  }

  /** Draws when there are other places or colours. Where the records stand is shown first; later the reader's section stays. */
  async #draw(): Promise<void> {
    const { answer } = this.#asking
    const host = this.querySelector<HTMLElement>('.map-drawing')
    if (host === null || answer.state !== 'ready') return
    const shown = [answer.value, theme.value, dark.matches]
    if (shown.every((part, i) => part === this.#shown[i])) return
    this.#shown = shown
    try {
      const { landLoaded, mapDrawing } = await import('./draw-map.js')
      await landLoaded()
      if (!host.isConnected) return
      const first = this.#drawing === null
      this.#drawing ??= mapDrawing(host, {
        moved: (section) => (this.section = section),
        open: (id) => this.question?.open(id),
        count: (count) => t('map.count', { count }),
      })
      this.#drawing.show(answer.value.places, colorsOf(this))
      if (!first) return
      this.#drawing.look(around(answer.value.places))
      this.#sizes.observe(host)
    } catch (thrown) {
      this.failed = describeProblem(thrown)
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { map, question } = this
    if (map === undefined || question === undefined) return nothing
    const { answer } = this.#asking
    const seen = this.section === null ? [] : this.#places.filter((place) => this.section !== null && isWithin(this.section, place))
    return html`
      ${this.#bar(question, map)}
      ${answer.state === 'failed' || this.failed !== '' ? html`<p class="list-note" role="alert">${icon('warning')}${answer.state === 'failed' ? answer.reason : t('map.failed', { reason: this.failed })}</p>` : nothing}
      ${answer.state === 'ready' && answer.value.cut ? html`<p class="list-note" role="status">${icon('warning')}${t('map.cut', { count: placesMost })}</p>` : nothing}
      <div class="map-body" aria-busy=${this.#asking.busy ? 'true' : 'false'}>
        <div class="map-drawing" role="img" aria-label=${t('map.drawn', { count: this.#places.length, entity: question.entity.plural })}></div>
        <aside class="map-list" aria-label=${t('map.inSight')}>
          <header><h3 role="status">${t('map.count', { count: seen.length })}</h3>
            ${this.section === null || seen.length === 0 ? nothing : html`<a class="plain accent" href=${question.among(standsIn(map.at, this.section))}>${icon('list')}<span>${t('map.asList')}</span></a>`}</header>
          ${answer.state === 'ready' && this.#places.length === 0 ? html`<p class="quiet">${t('map.none', { entity: question.entity.plural })}</p>` : nothing}
          <ul @mouseleave=${() => this.#drawing?.point(null)}>${repeat(seen.slice(0, listedMost), ({ record }) => record.id, (place) => this.#item(question, map, place))}</ul>
          ${seen.length > listedMost ? html`<p class="quiet">${t('map.more', { count: seen.length - listedMost })}</p>` : nothing}
        </aside>
      </div>
    `
  }

  #item({ entity, address, columns, surroundings }: Question, map: UiMap, { record, name, color, label }: Place): TemplateResult {
    const shown = columns.filter(({ path }) => ![entity.display, map.at, map.color].includes(path) && valueAt(record, path) !== null).slice(0, listedValues)
    const point = (): void => this.#drawing?.point(record.id)
    return html`
      <li @mouseenter=${point} @focusin=${point}>
        <div class="map-item">${face(entity, record, surroundings.files, record)}<a href=${address(record)}>${name}</a>${peekButton(address(record), name)}</div>
        <div class="map-facts">${label === '' ? nothing : html`<span class="badge" data-color=${color}>${label}</span>`}${shown.map(({ path, title, view, field }) => html`<span title=${title}>${view.cell(valueAt(record, path), { ...surroundings, field, record })}</span>`)}</div>
      </li>`
  }

  #bar({ entity, choose }: Question, map: UiMap): TemplateResult {
    const fields = placeFields(entity)
    const colors = boardFields(entity)
    const { color: _color, ...plain } = map
    const named = (list: typeof fields): readonly { readonly text: string; readonly label: string }[] => list.map(({ key, title }) => ({ text: key, label: title }))
    const button = (sign: IconName, title: string, act: () => void): TemplateResult => html`<button type="button" class="plain icon-only" title=${title} aria-label=${title} @click=${act}>${icon(sign)}</button>`
    return html`
      <div class="map-bar">
        ${choicesMade(t('map.made'), [
          ...(fields.length < 2 ? [] : [{ label: t('map.at'), choices: named(fields), value: map.at, choose: (at: string) => choose({ kind: 'map', map: { ...map, at } }) }]),
          ...(colors.length === 0 ? [] : [{ label: t('calendar.color'), choices: named(colors), value: map.color ?? '', choose: (color: string) => choose({ kind: 'map', map: color === '' ? plain : { ...plain, color } }), none: t('calendar.noColor') }]),
        ])}
        <span class="map-tools" role="group" aria-label=${t('map.look')}>
          ${button('plus', t('map.closer'), () => this.#drawing?.zoom(2))}${button('minus', t('map.farther'), () => this.#drawing?.zoom(0.5))}
          <button type="button" class="plain" @click=${() => this.#drawing?.look(around(this.#places))}>${t('map.all')}</button>
        </span>
      </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'map-view': MapView
  }
}
