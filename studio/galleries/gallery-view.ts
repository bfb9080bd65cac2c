/** Records as cards that begin with a picture; further ones come while the reader scrolls. */
import './gallery-view.css'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { until } from 'lit/directives/until.js'

import type { UiField, UiGallery } from '../../metadata/contract/ui-model.js'
import { choicesMade } from '../charts/choice-select.js'
import { language, t } from '../client/i18n.js'
import type { Rec } from '../client/records.js'
import { Watch } from '../client/store.js'
import { pictureFields } from '../fields/face.js'
import { filesIn, isPicture } from '../fields/file-value.js'
import { nameOf } from '../fields/name-of.js'
import { valueAt } from '../lists/table/columns.js'
import { narrowing } from '../lists/narrow.js'
import type { Question } from '../lists/question.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { peekButton } from '../ui/peek-button.js'
import { describeProblem } from '../ui/toast.js'

/** Cards that are asked for at once. */
const page = 48
/** Values of a card besides its name. */
const cardValues = 4
/** Pixels of the longer side. */
const picturePx = 320
/** More are asked for when the end is as near as this. */
const nearEndPx = 600

interface Shown {
  readonly records: readonly Rec[]
  readonly next: string | null
}

/** `<gallery-view .gallery .question>` */
@customElement('gallery-view')
export class GalleryView extends LightElement {
  static override properties = { gallery: { attribute: false }, question: { attribute: false }, shown: { state: true }, failed: { state: true } }
  declare gallery: UiGallery | undefined
  declare question: Question | undefined
  declare shown: Shown | null
  declare failed: string
  #request = new AbortController()
  #asked: readonly unknown[] = []
  #loading = false

  constructor() {
    super()
    this.shown = null
    this.failed = ''
    new Watch(this, language, narrowing)
  }

  override willUpdate(): void {
    const asked = [this.question, this.gallery?.picture]
    if (this.question === undefined || asked.every((part, i) => part === this.#asked[i])) return
    this.#asked = asked
    this.#request.abort()
    this.#request = new AbortController()
    this.#loading = false
    void this.#load(null)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#request.abort()
    this.#asked = []
  }

  /** The first cards, or those behind a page marker. Cards that are there stay until the first new ones have come. */
  async #load(cursor: string | null): Promise<void> {
    const { question, gallery } = this
    if (question === undefined || gallery === undefined || this.#loading) return
    const { signal } = this.#request
    const { client, entity, query } = question
    this.#loading = true
    try {
      const fields = [...new Set([...query.fields.split(','), gallery.picture])].join(',')
      const { records, next } = await client.records.list(entity.name, { ...query, fields, limit: page, ...(cursor === null ? {} : { cursor }) }, signal)
      const before = cursor === null ? [] : (this.shown?.records ?? [])
      const known = new Set(before.map(({ id }) => id))
      this.shown = { records: [...before, ...records.filter(({ id }) => !known.has(id))], next }
      this.failed = ''
    } catch (thrown) {
      if (!signal.aborted) this.failed = describeProblem(thrown)
    } finally {
      if (!signal.aborted) this.#loading = false
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { gallery, question, shown } = this
    if (gallery === undefined || question === undefined) return nothing
    const fields = pictureFields(question.entity)
    const field = fields.find(({ key }) => key === gallery.picture)
    return html`
      ${fields.length < 2 ? nothing : html`<div class="gallery-bar">${choicesMade(t('gallery.picture'), [{ label: t('gallery.picture'), choices: fields.map(({ key, title }) => ({ text: key, label: title })), value: gallery.picture, choose: (picture) => question.choose({ kind: 'gallery', gallery: { picture } }) }])}</div>`}
      ${this.failed === '' ? nothing : html`<p class="list-note" role="alert">${icon('warning')}${this.failed}<button type="button" class="plain accent" @click=${() => void this.#load(shown?.next ?? null)}>${t('retry')}</button></p>`}
      <ul class="cards" aria-label=${question.entity.plural} aria-busy=${shown === null ? 'true' : 'false'} @scroll=${(event: Event & { currentTarget: HTMLElement }) => this.#scrolled(event.currentTarget)}>
        ${field === undefined ? nothing : repeat(shown?.records ?? [], ({ id }) => id, (record) => this.#card(question, field, record))}
      </ul>
    `
  }

  /** A screen that is higher than the first cards has nothing to scroll. */
  override updated(): void {
    const list = this.querySelector<HTMLElement>('.cards')
    if (list !== null) this.#scrolled(list)
  }

  #scrolled(list: HTMLElement): void {
    const next = this.shown?.next ?? null
    if (next !== null && this.failed === '' && list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPx) void this.#load(next)
  }

  #card({ entity, address, columns, surroundings }: Question, field: UiField, record: Rec): TemplateResult {
    const name = nameOf(entity, record)
    const shown = columns.filter(({ path }) => path !== entity.display && path !== field.key && valueAt(record, path) !== null).slice(0, cardValues)
    return html`
      <li>
        <a class="card-picture" href=${address(record)} tabindex="-1" aria-hidden="true">${this.#picture(field, record, entity.icon)}</a>
        <div class="card-head"><a href=${address(record)}>${name}</a>${peekButton(address(record), name)}</div>
        ${shown.length === 0 ? nothing : html`<dl>${shown.map(({ path, title, view, field: of }) => html`<div><dt>${title}</dt><dd>${view.cell(valueAt(record, path), { ...surroundings, field: of, record })}</dd></div>`)}</dl>`}
      </li>`
  }

  /** Always of the same size, so that nothing moves when a picture comes. */
  #picture(field: UiField, record: Rec, sign: string): TemplateResult {
    const none = html`<span class="no-picture">${icon(sign)}</span>`
    const picture = filesIn(record[field.key]).find(isPicture)
    const address = picture === undefined ? undefined : this.question?.surroundings.files?.address(field, record, picture.id, picturePx)
    return address === undefined ? none : html`${until(address.then((url) => (url === null ? none : html`<img src=${url} alt="" loading="lazy" decoding="async" />`)), nothing)}`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gallery-view': GalleryView
  }
}
